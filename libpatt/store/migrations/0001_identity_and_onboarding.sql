-- Guilds, persons, members, characters, links; sessions; grants; the outbox with its ledger; timers; jobs; the log.
-- Times are microseconds since 1970 UTC, 0 is never. Ids are 64-bit, 0 is none. Booleans are 0 or 1.

CREATE TABLE guild (
    guild_id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    owner_member BIGINT NOT NULL,
    settings_version BIGINT NOT NULL,
    log_seq BIGINT NOT NULL,
    log_hash {blob} NOT NULL,
    last_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE setting (
    guild_id BIGINT NOT NULL,
    setting_key TEXT NOT NULL,
    value TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, setting_key)
);

CREATE TABLE person (
    guild_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    display_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, person_id)
);

CREATE TABLE member (
    guild_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    roles TEXT NOT NULL,
    present INTEGER NOT NULL CHECK (present IN (0, 1)),
    joined_at BIGINT NOT NULL,
    left_at BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, member_id)
);
-- A direct message names no guild: where is this account?
CREATE INDEX member_anywhere ON member (member_id) WHERE present = 1;
CREATE INDEX member_person ON member (guild_id, person_id) WHERE person_id <> 0;

-- "character" is a type name in standard SQL, so the table says whose characters they are.
CREATE TABLE game_character (
    guild_id BIGINT NOT NULL,
    character_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    game_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    realm_slug TEXT NOT NULL,
    realm_name TEXT NOT NULL,
    class_id INTEGER NOT NULL,
    spec TEXT NOT NULL,
    level INTEGER NOT NULL,
    item_level INTEGER NOT NULL,
    rank_index INTEGER NOT NULL,
    last_login BIGINT NOT NULL,
    present INTEGER NOT NULL CHECK (present IN (0, 1)),
    first_seen BIGINT NOT NULL,
    removed_at BIGINT NOT NULL,
    seen_run BIGINT NOT NULL,
    PRIMARY KEY (guild_id, character_id)
);
CREATE INDEX game_character_name ON game_character (guild_id, name_key);
CREATE INDEX game_character_person ON game_character (guild_id, person_id) WHERE person_id <> 0;
CREATE UNIQUE INDEX game_character_game ON game_character (guild_id, game_id) WHERE game_id <> 0;

CREATE TABLE character_name (
    guild_id BIGINT NOT NULL,
    character_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    realm_slug TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, character_id, recorded_at)
);

CREATE TABLE link (
    guild_id BIGINT NOT NULL,
    link_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('character', 'member')),
    target BIGINT NOT NULL,
    level INTEGER NOT NULL,
    claim_role TEXT NOT NULL CHECK (claim_role IN ('main', 'alt')),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    source TEXT NOT NULL,
    evidence TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, link_id)
);
CREATE UNIQUE INDEX link_one_active ON link (guild_id, kind, target) WHERE active = 1 AND level > 0;
CREATE INDEX link_person ON link (guild_id, person_id);

CREATE TABLE session (
    guild_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    flow TEXT NOT NULL,
    flow_version INTEGER NOT NULL,
    member_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    step TEXT NOT NULL,
    surface INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    verification_attempts INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    dm_sent_at BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    dialogue_done_at BIGINT NOT NULL,
    nudged_at BIGINT NOT NULL,
    deadline_at BIGINT NOT NULL,
    escalated_at BIGINT NOT NULL,
    last_verification_at BIGINT NOT NULL,
    verified_at BIGINT NOT NULL,
    completed_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (guild_id, session_id)
);
CREATE UNIQUE INDEX session_one_open ON session (guild_id, flow, member_id) WHERE is_open = 1;
CREATE INDEX session_member ON session (guild_id, member_id, session_id);

CREATE TABLE answer (
    guild_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, session_id, field)
);

CREATE TABLE session_step (
    guild_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    step TEXT NOT NULL,
    status TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, session_id, step)
);

CREATE TABLE acceptance (
    guild_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    decided_at BIGINT NOT NULL,
    decision TEXT NOT NULL,
    PRIMARY KEY (guild_id, member_id, document, version, decided_at)
);

-- "grant" is a reserved word.
CREATE TABLE role_grant (
    guild_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    since BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, member_id, role_id, source)
);

CREATE TABLE invite (
    guild_id BIGINT NOT NULL,
    invite_id BIGINT NOT NULL,
    code_hash {blob} NOT NULL,
    session_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    generated_by TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    used_by TEXT NOT NULL,
    revoked_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, invite_id)
);
CREATE UNIQUE INDEX invite_code ON invite (guild_id, code_hash);
CREATE UNIQUE INDEX invite_one_live ON invite (guild_id, session_id)
    WHERE session_id <> 0 AND used_at = 0 AND revoked_at = 0;

CREATE TABLE roster_entry (
    guild_id BIGINT NOT NULL,
    character_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    realm_slug TEXT NOT NULL,
    realm_name TEXT NOT NULL,
    character_class TEXT NOT NULL,
    spec TEXT NOT NULL,
    role_category TEXT NOT NULL,
    level INTEGER NOT NULL,
    chat_name TEXT NOT NULL,
    is_main INTEGER NOT NULL CHECK (is_main IN (0, 1)),
    auto_signup INTEGER NOT NULL CHECK (auto_signup IN (0, 1)),
    reminders INTEGER NOT NULL CHECK (reminders IN (0, 1)),
    availability TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, character_id)
);

CREATE TABLE issue (
    guild_id BIGINT NOT NULL,
    issue_id BIGINT NOT NULL,
    issue_type TEXT NOT NULL,
    severity TEXT NOT NULL,
    member_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    character_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    detail TEXT NOT NULL,
    issue_hash TEXT NOT NULL,
    summary_key TEXT NOT NULL,
    summary_args TEXT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    notified_at BIGINT NOT NULL,
    resolved_at BIGINT NOT NULL,
    resolved_by TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (guild_id, issue_id)
);
CREATE UNIQUE INDEX issue_one_open ON issue (guild_id, issue_hash) WHERE resolved_at = 0;
CREATE INDEX issue_open_member ON issue (guild_id, member_id) WHERE resolved_at = 0;

-- Effects that are not done. Done and cancelled ones move to the ledger.
CREATE TABLE outbox (
    guild_id BIGINT NOT NULL,
    effect_id BIGINT NOT NULL,
    effect_key TEXT NOT NULL,
    order_key TEXT NOT NULL,
    after_key TEXT NOT NULL,
    class INTEGER NOT NULL,
    gate INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    session_id BIGINT NOT NULL,
    required INTEGER NOT NULL CHECK (required IN (0, 1)),
    body TEXT NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    not_before BIGINT NOT NULL,
    claimed_at BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, effect_id)
);
CREATE UNIQUE INDEX outbox_key ON outbox (guild_id, effect_key);
CREATE INDEX outbox_session ON outbox (guild_id, session_id) WHERE session_id <> 0;
-- Lanes: what stands before an effect in its order. State 2 is pending, 3 is sending.
CREATE INDEX outbox_lane ON outbox (guild_id, order_key, effect_id) WHERE state IN (2, 3);
CREATE INDEX outbox_due ON outbox (not_before, effect_id) WHERE state = 2;
CREATE INDEX outbox_sending ON outbox (claimed_at) WHERE state = 3;
CREATE INDEX outbox_waiting ON outbox (guild_id, after_key) WHERE state = 0;

CREATE TABLE ledger (
    guild_id BIGINT NOT NULL,
    effect_key TEXT NOT NULL,
    effect_id BIGINT NOT NULL,
    kind INTEGER NOT NULL,
    session_id BIGINT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('done', 'cancelled')),
    external_ref TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, effect_key)
);

CREATE TABLE timer (
    guild_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    grace BIGINT NOT NULL,
    PRIMARY KEY (guild_id, owner_id, purpose)
);
CREATE INDEX timer_due ON timer (due_at);

CREATE TABLE job (
    guild_id BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    sync_run_id BIGINT NOT NULL,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, job_id)
);

CREATE TABLE job_chunk (
    guild_id BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    chunk INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (guild_id, job_id, chunk)
);

CREATE TABLE sync_run (
    guild_id BIGINT NOT NULL,
    sync_run_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    cause TEXT NOT NULL,
    status TEXT NOT NULL,
    found INTEGER NOT NULL,
    added INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    renamed INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    note TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, sync_run_id)
);

CREATE TABLE event (
    guild_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT NOT NULL,
    commitment {blob} NOT NULL,
    prev {blob} NOT NULL,
    hash {blob} NOT NULL,
    PRIMARY KEY (guild_id, seq)
);

-- Apart from the chain, so that a payload can be erased and the chain still verifies.
CREATE TABLE event_payload (
    guild_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    salt {blob} NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (guild_id, seq)
);

-- Inputs that came with a key of their own, and what they were answered.
CREATE TABLE inbox (
    guild_id BIGINT NOT NULL,
    input_key TEXT NOT NULL,
    reply TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, input_key)
);

-- Instance-wide: a direct message names no guild. The last open question decides.
CREATE TABLE dm_route (
    member_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    PRIMARY KEY (member_id, guild_id)
);

-- S0's table of sessions, in its words. One row a member: the latest session.
CREATE VIEW onboarding_sessions AS
SELECT s.guild_id,
       s.session_id AS id,
       s.member_id AS discord_member_id,
       CAST(s.member_id AS TEXT) AS discord_id,
       CASE
           WHEN s.state = 'created' THEN 'awaiting_dm'
           WHEN s.state = 'active' AND s.step = 'in_guild' THEN 'asked_in_guild'
           WHEN s.state = 'active' AND s.step IN ('main', 'main_again', 'that_you', 'which_main', 'did_you_mean')
               THEN 'asked_main'
           WHEN s.state = 'active' AND s.step IN ('alts', 'alts_unknown') THEN 'asked_alts'
           WHEN s.state IN ('active', 'verifying', 'reviewing') THEN 'pending_verification'
           WHEN s.state = 'provisioning' THEN 'verified'
           WHEN s.state = 'completed' THEN 'provisioned'
           WHEN s.state IN ('expired', 'cancelled') THEN 'timed_out'
           WHEN s.state = 'resolved' THEN 'manually_resolved'
           ELSE 'declined'
       END AS state,
       (SELECT a.value FROM answer a
         WHERE a.guild_id = s.guild_id AND a.session_id = s.session_id AND a.field = 'main') AS reported_main_name,
       (SELECT a.value FROM answer a
         WHERE a.guild_id = s.guild_id AND a.session_id = s.session_id AND a.field = 'main.realm')
           AS reported_main_realm,
       (SELECT a.value FROM answer a
         WHERE a.guild_id = s.guild_id AND a.session_id = s.session_id AND a.field = 'alts') AS reported_alt_names,
       (SELECT CASE WHEN a.value = 'yes' THEN 1 ELSE 0 END FROM answer a
         WHERE a.guild_id = s.guild_id AND a.session_id = s.session_id AND a.field = 'in_guild') AS is_in_guild,
       s.verification_attempts,
       s.last_verification_at,
       s.verified_at,
       s.person_id AS verified_person_id,
       CASE WHEN EXISTS (SELECT 1 FROM ledger l WHERE l.guild_id = s.guild_id AND l.result = 'done'
                            AND l.effect_key = 'confirm:' || CAST(s.session_id AS TEXT))
             AND EXISTS (SELECT 1 FROM invite i WHERE i.guild_id = s.guild_id AND i.session_id = s.session_id)
            THEN 1 ELSE 0 END AS website_invite_sent,
       CASE WHEN EXISTS (SELECT 1 FROM ledger l WHERE l.guild_id = s.guild_id AND l.result = 'done'
                            AND l.effect_key = 'roster:' || CAST(s.session_id AS TEXT))
            THEN 1 ELSE 0 END AS roster_entries_created,
       CASE WHEN EXISTS (SELECT 1 FROM role_grant g WHERE g.guild_id = s.guild_id AND g.member_id = s.member_id
                            AND g.state IN ('given', 'found'))
            THEN 1 ELSE 0 END AS discord_role_assigned,
       s.dm_sent_at,
       s.dialogue_done_at AS dm_completed_at,
       s.deadline_at,
       s.escalated_at,
       s.completed_at,
       s.created_at,
       s.updated_at
  FROM session s
 WHERE s.flow = 'newcomer'
   AND s.surface <> 2
   AND NOT EXISTS (SELECT 1 FROM session n
                    WHERE n.guild_id = s.guild_id AND n.member_id = s.member_id AND n.flow = s.flow
                      AND n.surface <> 2 AND n.session_id > s.session_id);
