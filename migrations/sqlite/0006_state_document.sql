-- What of a character has no column of its own, as one document by the names of its fields; and the hash of what this program
-- wrote into it. NULL: not known.

ALTER TABLE character_profiles ADD COLUMN state TEXT NOT NULL DEFAULT '{}';
ALTER TABLE character_profiles ADD COLUMN written_state INTEGER;
