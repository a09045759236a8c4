-- Names are unique by how they look (FR-031). The keys of a name are made by the program, because no database knows the
-- tables they come from; `name_rule` says by which of its rules a character's were, 0 for not yet.

CREATE TABLE character_name_keys (
    world_id     text NOT NULL,
    name_key     text NOT NULL,
    character_id uuid NOT NULL,
    PRIMARY KEY (world_id, name_key)
);

ALTER TABLE character_profiles ADD COLUMN name_rule integer NOT NULL DEFAULT 0;

CREATE INDEX character_profiles_by_name_rule ON character_profiles (world_id, name_rule);

-- The issuers whose users have played here, and where they sign in now if that has moved.
CREATE TABLE world_issuers (
    world_id  text        NOT NULL,
    issuer    text        NOT NULL,
    linked_to text,                   -- the issuer whose users are the same people; NULL for one that stands for itself
    noted_at  timestamptz NOT NULL,
    PRIMARY KEY (world_id, issuer)
);
