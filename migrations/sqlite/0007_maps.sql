-- The maps that a world is or was played on, by their content, so that it can be recovered and replayed when the file of the
-- map is another by now; and the ticks in which a world went on with another one.

CREATE TABLE world_maps (
    world_id  TEXT NOT NULL,
    map_id    BLOB NOT NULL, -- SHA-256 of the content
    data      BLOB NOT NULL, -- the content, compressed
    stored_at TEXT NOT NULL,
    PRIMARY KEY (world_id, map_id)
) STRICT;

ALTER TABLE world_ticks ADD COLUMN map_change TEXT; -- {"from", "to"}: ids of maps; NULL in nearly every tick
