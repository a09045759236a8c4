-- The log is written far more often than it is read: what a row costs is mostly its indexes and the conversion of its
-- payload. Other programs read the payload as before; it is now kept as the text that was written.

DROP INDEX action_events_by_character;
DROP INDEX action_events_by_time;
DROP INDEX action_events_by_tick;

ALTER TABLE action_events ALTER COLUMN payload TYPE json USING payload::text::json;

-- Ids of characters are unique among all worlds. The few events of one tick are put in order when they are read.
CREATE INDEX action_events_by_character ON action_events (character_id, tick);
-- Recovery reads whole ticks in order.
CREATE INDEX action_events_by_tick ON action_events (tick);
-- The log grows in order of time, so the summary of page ranges finds old rows at next to no cost for new ones.
CREATE INDEX action_events_by_time ON action_events USING brin (persisted_at);
