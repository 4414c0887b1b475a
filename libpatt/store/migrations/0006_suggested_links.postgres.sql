-- patt: concurrently
-- Who is suggested for a character. The other index of targets holds only links that count, so this was asked of all links of
-- the guild, for each character that an input touches.
CREATE INDEX CONCURRENTLY link_suggested ON link (guild_id, kind, target) WHERE active = 1 AND level = 0;
