-- Profiles, the action log, sessions and the state of a world. The same tables and columns as in Postgres.
-- Ids are hyphenated text, times RFC 3339 UTC text with six decimals (so that text order is time order),
-- documents JSON text: readable by any program without knowledge of this one.

CREATE TABLE world_state (
    world_id   TEXT    NOT NULL PRIMARY KEY,
    last_tick  INTEGER NOT NULL,
    updated_at TEXT    NOT NULL
) STRICT;

CREATE TABLE character_profiles (
    world_id            TEXT    NOT NULL,
    character_id        TEXT    NOT NULL,
    user_id             TEXT    NOT NULL,
    display_name        TEXT    NOT NULL,
    display_name_folded TEXT    NOT NULL, -- the name without regard to case, in all alphabets
    look                TEXT    NOT NULL,
    position_x          INTEGER,          -- both NULL until the character first entered the world
    position_y          INTEGER,
    health              INTEGER NOT NULL,
    inventory           TEXT    NOT NULL, -- [{"item", "quantity"}]
    stats               TEXT    NOT NULL, -- {"name": number}
    projected_tick      INTEGER NOT NULL, -- watermark: the log up to this tick is contained in this row
    created_at          TEXT    NOT NULL,
    updated_at          TEXT    NOT NULL,
    PRIMARY KEY (world_id, character_id),
    CONSTRAINT one_character_per_user UNIQUE (world_id, user_id),
    CONSTRAINT display_name_is_unique UNIQUE (world_id, display_name_folded)
) STRICT;

CREATE TABLE action_events (
    world_id        TEXT    NOT NULL,
    session_id      TEXT    NOT NULL,
    sequence_number INTEGER NOT NULL,
    action_id       TEXT    NOT NULL,
    user_id         TEXT    NOT NULL,
    character_id    TEXT    NOT NULL,
    action_type     TEXT    NOT NULL, -- move, chat, ability, system
    payload         TEXT    NOT NULL, -- JSON object
    persisted_at    TEXT    NOT NULL,
    tick            INTEGER NOT NULL,
    tick_order      INTEGER NOT NULL,
    PRIMARY KEY (world_id, session_id, sequence_number),
    -- The bulk insert writes a negative tick_order when a sequence number is already used by another action,
    -- so that this check refuses the whole batch; a repeat of the same action passes without effect.
    CONSTRAINT one_action_per_sequence_number CHECK (tick_order >= 0)
) STRICT;

CREATE INDEX action_events_by_character ON action_events (world_id, character_id, tick, tick_order);
CREATE INDEX action_events_by_time ON action_events (world_id, persisted_at);

CREATE TABLE sessions (
    world_id         TEXT NOT NULL,
    session_id       TEXT NOT NULL,
    user_id          TEXT NOT NULL,
    character_id     TEXT NOT NULL,
    token_hash       BLOB NOT NULL, -- SHA-256 of the reconnect token
    token_expires_at TEXT NOT NULL,
    started_at       TEXT NOT NULL,
    PRIMARY KEY (world_id, session_id),
    CONSTRAINT one_session_per_token UNIQUE (world_id, token_hash)
) STRICT;
