-- What is due, guild by guild: a look for work goes through what has fallen due and no further. The index before this one has
-- the ids instead of the times, so a look went through all that waits for its next attempt, too.
CREATE INDEX outbox_due ON outbox (slot, guild_id, not_before, effect_id) WHERE state = 2;
