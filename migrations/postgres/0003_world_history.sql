-- The history of a world: what its ticks did beside their events, snapshots to recover from, and who may write it.

CREATE TABLE world_ticks (
    world_id        text        NOT NULL,
    tick            bigint      NOT NULL,
    hash_characters bigint      NOT NULL, -- unsigned numbers, their 64 bits read as a signed one
    hash_objects    bigint      NOT NULL,
    hash_tiles      bigint      NOT NULL,
    arrivals        jsonb,                -- NULL when nobody came
    departures      jsonb,                -- NULL when nobody left
    events          integer     NOT NULL, -- how many rows of action_events belong to it
    persisted_at    timestamptz NOT NULL,
    PRIMARY KEY (world_id, tick),
    -- The bulk insert writes a negative number when the tick is stored with another outcome, so that this check refuses
    -- the whole batch; a repeat of the same tick passes without effect.
    CONSTRAINT one_outcome_per_tick CHECK (events >= 0)
);

CREATE TABLE world_snapshots (
    world_id text        NOT NULL,
    tick     bigint      NOT NULL,
    data     bytea       NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (world_id, tick)
);
-- Compressing it would cost more than it saves.
ALTER TABLE world_snapshots ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE world_leases (
    world_id   text        NOT NULL PRIMARY KEY,
    epoch      bigint      NOT NULL, -- one more with every change of the holder; never goes back
    holder     text,                 -- NULL when it was given back
    renewed_at timestamptz NOT NULL
) WITH (fillfactor = 50); -- rewritten with every commit; room in the page keeps the index out of it

-- Recovery reads whole ticks in order.
CREATE INDEX action_events_by_tick ON action_events (world_id, tick, tick_order);

-- Retention looks for tokens that have expired.
CREATE INDEX sessions_by_expiry ON sessions (world_id, token_expires_at);
