-- Jumps of the clock that were seen, so that nothing is deleted on the word of a clock that may be wrong.

CREATE TABLE clock_jumps (
    world_id  text        NOT NULL,
    came_from timestamptz NOT NULL, -- the newest sign of life of the world before it
    went_to   timestamptz NOT NULL,
    PRIMARY KEY (world_id, went_to)
);

-- What this program wrote into a profile, as hashes, so that what was changed by hand can be told from it. NULL: not known.

ALTER TABLE character_profiles ADD COLUMN written_body bigint;      -- of position and health
ALTER TABLE character_profiles ADD COLUMN written_inventory bigint;
ALTER TABLE character_profiles ADD COLUMN written_stats bigint;
