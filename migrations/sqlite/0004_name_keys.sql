-- Names are unique by how they look (FR-031). The keys of a name are made by the program, because no database knows the
-- tables they come from; `name_rule` says by which of its rules a character's were, 0 for not yet.

CREATE TABLE character_name_keys (
    world_id     TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    character_id TEXT NOT NULL,
    PRIMARY KEY (world_id, name_key)
) STRICT;

ALTER TABLE character_profiles ADD COLUMN name_rule INTEGER NOT NULL DEFAULT 0;

CREATE INDEX character_profiles_by_name_rule ON character_profiles (world_id, name_rule);

-- The issuers whose users have played here, and where they sign in now if that has moved.
CREATE TABLE world_issuers (
    world_id  TEXT NOT NULL,
    issuer    TEXT NOT NULL,
    linked_to TEXT,          -- the issuer whose users are the same people; NULL for one that stands for itself
    noted_at  TEXT NOT NULL,
    PRIMARY KEY (world_id, issuer)
) STRICT;
