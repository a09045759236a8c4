-- A new reconnect token can get lost on its way to the player: the one before it stays good until the new one has
-- been seen in use.

ALTER TABLE sessions ADD COLUMN previous_token_hash BLOB; -- SHA-256; NULL when there is none

CREATE INDEX sessions_by_previous_token ON sessions (world_id, previous_token_hash);
