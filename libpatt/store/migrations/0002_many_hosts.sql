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

-- Instance-wide. What all hosts together have used of an API (calls a second, an hour) and which hosts wait for more.
-- One row an API: its lock is what makes the sum exact. The state is text of the program's own making.
CREATE TABLE api_budget (
    api TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
