-- Which programs can work with these tables, so that an older one can take over again from a newer one: those that know
-- this migration. A migration that takes something away which older programs use, or after which rows are written that
-- they cannot read, sets it to its own number.
CREATE TABLE oldest_program (migration INTEGER NOT NULL) STRICT;
INSERT INTO oldest_program VALUES (8);
