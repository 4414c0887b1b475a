-- Many hosts on one database: who is alive, who holds what, and which host an effect belongs to.

-- Instance-wide. A host is known by a random number of its own making, never by its machine's name.
CREATE TABLE host (
    boot_id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    kinds TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    clock_skew BIGINT NOT NULL
);

-- Instance-wide. Whoever acts under a lease locks its row and compares the epoch; taking one raises it.
CREATE TABLE lease (
    kind TEXT NOT NULL,
    lease_key BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (kind, lease_key)
);

-- Instance-wide, one row: what all hosts must agree on. `timeline` is the highest that any host has seen.
CREATE TABLE instance (
    only_one BIGINT NOT NULL PRIMARY KEY CHECK (only_one = 1),
    partitions BIGINT NOT NULL,
    timeline BIGINT NOT NULL
);
INSERT INTO instance (only_one, partitions, timeline) VALUES (1, 64, 0);

-- A recurring job runs once a slot because its row can be inserted once.
CREATE TABLE cron_slot (
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    slot_at BIGINT NOT NULL,
    host BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, name, slot_at)
);

-- An effect and a timer belong to the slot of their guild; a partition is a range of slots. Computed here for rows that are
-- there already, afterwards by the application (libpatt/store/slot.hpp has the same formula).
ALTER TABLE outbox ADD COLUMN slot BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN claim_epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE timer ADD COLUMN slot BIGINT NOT NULL DEFAULT 0;

DROP INDEX outbox_key;
DROP INDEX outbox_lane;
DROP INDEX outbox_due;
DROP INDEX outbox_sending;

-- Being sent is no state any more: a claim changes only columns that stand in no index, so that PostgreSQL need not touch
-- the indexes. Pending is 2, and claimed when claimed_at is not 0.
UPDATE outbox SET slot = (guild_id % 1000003 * 7919 + guild_id / 4194304 % 1000003 * 104729) % 1024;
UPDATE outbox SET claimed_at = 0 WHERE state <> 3;
UPDATE outbox SET state = 2 WHERE state = 3;
UPDATE timer SET slot = (guild_id % 1000003 * 7919 + guild_id / 4194304 % 1000003 * 104729) % 1024;

-- A queue is empty most of the time, and by such statistics all indexes look alike: PostgreSQL then may walk through all
-- rows of a guild to find one by its id. So this one is of use only where the key is asked for, ...
CREATE UNIQUE INDEX outbox_key ON outbox (guild_id, effect_key) WHERE effect_key <> '';
-- What is to be done, guild by guild, in the order of its ids.
CREATE INDEX outbox_queue ON outbox (slot, guild_id, effect_id) WHERE state = 2;
-- What stands before an effect in its lane. The last one made: of equals PostgreSQL takes that.
CREATE INDEX outbox_lane ON outbox (guild_id, order_key, effect_id) WHERE state = 2;

-- A direct message is routed from this table alone: it is known before any guild is.
ALTER TABLE dm_route ADD COLUMN present INTEGER NOT NULL DEFAULT 0;
INSERT INTO dm_route (member_id, guild_id, session_id, asked_at, is_open, present)
SELECT m.member_id, m.guild_id, 0, 0, 0, m.present FROM member m WHERE TRUE
ON CONFLICT (member_id, guild_id) DO UPDATE SET present = excluded.present;

-- Instance-wide. What all hosts together have used of an API (calls a second, an hour) and which hosts wait for more.
-- One row an API: its lock is what makes the sum exact. The state is text of the program's own making.
CREATE TABLE api_budget (
    api TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
