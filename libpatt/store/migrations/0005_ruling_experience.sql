-- What had been shown when an officer ruled: the way by which the member was proposed ('' if it was not), and how likely it was
-- said to be, in thousandths. How often officers agree teaches the matcher what such evidence is worth in this guild.
ALTER TABLE match_ruling ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE match_ruling ADD COLUMN expected INTEGER NOT NULL DEFAULT 0;
