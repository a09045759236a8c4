-- The maps that a world is or was played on, by their content, so that it can be recovered and replayed when the file of the
-- map is another by now; and the ticks in which a world went on with another one.

CREATE TABLE world_maps (
    world_id  text        NOT NULL,
    map_id    bytea       NOT NULL, -- SHA-256 of the content
    data      bytea       NOT NULL, -- the content, compressed
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (world_id, map_id)
);
-- It is compressed already.
ALTER TABLE world_maps ALTER COLUMN data SET STORAGE EXTERNAL;

ALTER TABLE world_ticks ADD COLUMN map_change jsonb; -- {"from", "to"}: ids of maps; NULL in nearly every tick
