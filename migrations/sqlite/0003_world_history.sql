-- The history of a world: what its ticks did beside their events, snapshots to recover from, and who may write it.
-- The same tables as in Postgres, but that the data of a snapshot is in a table of its own, in parts.

CREATE TABLE world_ticks (
    world_id        TEXT    NOT NULL,
    tick            INTEGER NOT NULL,
    hash_characters INTEGER NOT NULL, -- unsigned numbers, their 64 bits read as a signed one
    hash_objects    INTEGER NOT NULL,
    hash_tiles      INTEGER NOT NULL,
    arrivals        TEXT,             -- JSON array; NULL when nobody came
    departures      TEXT,             -- JSON array; NULL when nobody left
    events          INTEGER NOT NULL, -- how many rows of action_events belong to it
    persisted_at    TEXT    NOT NULL,
    PRIMARY KEY (world_id, tick),
    -- The bulk insert writes a negative number when the tick is stored with another outcome, so that this check refuses
    -- the whole batch; a repeat of the same tick passes without effect.
    CONSTRAINT one_outcome_per_tick CHECK (events >= 0)
) STRICT;

CREATE TABLE world_snapshots (
    world_id TEXT    NOT NULL,
    tick     INTEGER NOT NULL,
    save_id  INTEGER NOT NULL, -- whose parts hold the data
    taken_at TEXT    NOT NULL,
    PRIMARY KEY (world_id, tick)
) STRICT;

-- A file has one writer at a time: parts let commits in between. A save has taken place when world_snapshots names it.
CREATE TABLE world_snapshot_parts (
    world_id TEXT    NOT NULL,
    save_id  INTEGER NOT NULL,
    part     INTEGER NOT NULL, -- from 0
    data     BLOB    NOT NULL,
    PRIMARY KEY (world_id, save_id, part)
) STRICT;

CREATE TABLE world_leases (
    world_id   TEXT    NOT NULL PRIMARY KEY,
    epoch      INTEGER NOT NULL, -- one more with every change of the holder; never goes back
    holder     TEXT,             -- NULL when it was given back
    renewed_at TEXT    NOT NULL
) STRICT;

-- Recovery reads whole ticks in order.
CREATE INDEX action_events_by_tick ON action_events (world_id, tick, tick_order);

-- Retention looks for tokens that have expired.
CREATE INDEX sessions_by_expiry ON sessions (world_id, token_expires_at);
