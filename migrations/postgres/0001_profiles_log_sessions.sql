-- Profiles, the action log, sessions and the state of a world. The same tables and columns as in SQLite.

CREATE TABLE world_state (
    world_id   text        NOT NULL PRIMARY KEY,
    last_tick  bigint      NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE character_profiles (
    world_id            text        NOT NULL,
    character_id        uuid        NOT NULL,
    user_id             text        NOT NULL,
    display_name        text        NOT NULL,
    display_name_folded text        NOT NULL, -- the name without regard to case, in all alphabets
    look                text        NOT NULL,
    position_x          integer,              -- both NULL until the character first entered the world
    position_y          integer,
    health              integer     NOT NULL,
    inventory           jsonb       NOT NULL, -- [{"item", "quantity"}]
    stats               jsonb       NOT NULL, -- {"name": number}
    projected_tick      bigint      NOT NULL, -- watermark: the log up to this tick is contained in this row
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    PRIMARY KEY (world_id, character_id),
    CONSTRAINT one_character_per_user UNIQUE (world_id, user_id),
    CONSTRAINT display_name_is_unique UNIQUE (world_id, display_name_folded)
) WITH (fillfactor = 70); -- rows are rewritten every second; room in the page keeps the indexes out of it

-- Session ids are UUIDs v7: they begin with the time the session began. Partitioned by them, the log can be dropped
-- by the day of its sessions while a sequence number stays unique within its session; partitioned by persisted_at it
-- could not, because a unique key must hold the partition key. All rows go into the default partition until days are
-- cut off from it.
CREATE TABLE action_events (
    world_id        text        NOT NULL,
    session_id      uuid        NOT NULL,
    sequence_number bigint      NOT NULL,
    action_id       uuid        NOT NULL,
    user_id         text        NOT NULL,
    character_id    uuid        NOT NULL,
    action_type     text        NOT NULL, -- move, chat, ability, system
    payload         jsonb       NOT NULL,
    persisted_at    timestamptz NOT NULL,
    tick            bigint      NOT NULL,
    tick_order      integer     NOT NULL,
    PRIMARY KEY (world_id, session_id, sequence_number),
    -- The bulk insert writes a negative tick_order when a sequence number is already used by another action,
    -- so that this check refuses the whole batch; a repeat of the same action passes without effect.
    CONSTRAINT one_action_per_sequence_number CHECK (tick_order >= 0)
) PARTITION BY RANGE (session_id);

CREATE TABLE action_events_default PARTITION OF action_events DEFAULT;

CREATE INDEX action_events_by_character ON action_events (world_id, character_id, tick, tick_order);
-- The log grows in order of time, so the summary of page ranges finds old rows at next to no cost for new ones.
CREATE INDEX action_events_by_time ON action_events USING brin (persisted_at);

CREATE TABLE sessions (
    world_id         text        NOT NULL,
    session_id       uuid        NOT NULL,
    user_id          text        NOT NULL,
    character_id     uuid        NOT NULL,
    token_hash       bytea       NOT NULL, -- SHA-256 of the reconnect token
    token_expires_at timestamptz NOT NULL,
    started_at       timestamptz NOT NULL,
    PRIMARY KEY (world_id, session_id),
    CONSTRAINT one_session_per_token UNIQUE (world_id, token_hash)
);
