-- Who is who: notes and aliases as evidence, what humans decided, and the queue of what is not linked.

-- What the game's notes say of a character, and which group of alts an add-on puts it into.
CREATE TABLE character_note (
    guild_id BIGINT NOT NULL,
    character_id BIGINT NOT NULL,
    guild_note TEXT NOT NULL,
    officer_note TEXT NOT NULL,
    alt_group TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, character_id)
);

-- Further names of a member: its global name (`ruling_id` is 0), and what was learned from rulings, a row each.
CREATE TABLE member_alias (
    guild_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('global_name', 'learned')),
    alias TEXT NOT NULL,
    ruling_id BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (guild_id, member_id, source, alias, ruling_id)
);

-- `facts` is the fingerprint of the names and notes that a ruling was about; it ends when they change.
CREATE TABLE match_ruling (
    guild_id BIGINT NOT NULL,
    ruling_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('accepted', 'rejected', 'not_in_chat', 'merged', 'split')),
    character_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    other_id BIGINT NOT NULL,
    facts BIGINT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    ended_by TEXT NOT NULL,
    PRIMARY KEY (guild_id, ruling_id)
);
CREATE UNIQUE INDEX match_ruling_one_active ON match_ruling (guild_id, kind, character_id, member_id, other_id)
    WHERE active = 1;
CREATE INDEX match_ruling_character ON match_ruling (guild_id, character_id) WHERE active = 1;
CREATE INDEX match_ruling_member ON match_ruling (guild_id, member_id) WHERE active = 1 AND member_id <> 0;
CREATE INDEX match_ruling_other ON match_ruling (guild_id, other_id) WHERE active = 1 AND other_id <> 0;

-- Who belongs to no person, or is linked and contradicted: one open row a subject, that says why.
CREATE TABLE match_item (
    guild_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('character', 'member')),
    subject BIGINT NOT NULL,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    why TEXT NOT NULL,
    advice TEXT NOT NULL,
    member_id BIGINT NOT NULL,
    other_id BIGINT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    level TEXT NOT NULL,
    route TEXT NOT NULL,
    candidates TEXT NOT NULL,
    evidence TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, item_id)
);
CREATE UNIQUE INDEX match_item_one_open ON match_item (guild_id, subject_kind, subject) WHERE is_open = 1;

CREATE INDEX issue_open_character ON issue (guild_id, character_id) WHERE resolved_at = 0 AND character_id <> 0;
