-- Many worlds in one database: what one of them reads of the log lies together, so that it costs no more with others
-- beside it. Replaces the index by tick alone.
CREATE INDEX action_events_by_world_tick ON action_events (world_id, tick);
DROP INDEX action_events_by_tick;

-- Which programs can work with these tables, so that an older one can take over again from a newer one: those that know
-- this migration. A migration that takes something away which older programs use, or after which rows are written that
-- they cannot read, sets it to its own number.
CREATE TABLE oldest_program (migration bigint NOT NULL);
INSERT INTO oldest_program VALUES (9);
