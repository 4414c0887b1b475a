#include "store/outbox_repository.hpp"

#include "store/binding.hpp"
#include "store/codec.hpp"
#include "store/ordering.hpp"
#include "store/several_rows.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace patt::store {

namespace {

bool in_ledger(connection& db, guild_id guild, std::string_view key) {
    cursor rows =
        db.query("SELECT 1 FROM ledger WHERE guild_id = $1 AND effect_key = $2", {param(guild), param(key)});
    return rows->next();
}

claimed_effect read_claimed(const cursor& rows) {
    reader r(rows);
    claimed_effect c;
    c.guild = r.id<guild_id>();
    c.what.id = r.id<effect_id>();
    c.what.key = r.text();
    c.what.order_key = r.text();
    c.what.cls = r.enumerator<effect_class>();
    c.what.gate = r.enumerator<gate>();
    const auto kind = static_cast<std::size_t>(r.number());
    c.what.owner = r.id<session_id>();
    c.what.need = r.flag() ? necessity::required : necessity::optional;
    c.what.body = decode_effect(kind, r.view());
    c.attempts = r.integer();
    return c;
}

std::vector<open_effect> read_open(cursor rows) {
    std::vector<open_effect> out;
    while (rows->next()) {
        reader r(rows);
        open_effect e;
        e.id = r.id<effect_id>();
        e.key = r.text();
        e.state = r.enumerator<effect_state>();
        e.need = r.flag() ? necessity::required : necessity::optional;
        e.kind = static_cast<std::size_t>(r.number());
        e.attempts = r.integer();
        e.last_error = r.text();
        e.not_before = r.time();
        out.push_back(std::move(e));
    }
    return out;
}

/// Marks the effects as being sent, guild by guild.
void mark_claimed(connection& db, const std::vector<claimed_effect>& claims, instant now) {
    static const several_rows sql("UPDATE outbox SET state = 3, attempts = attempts + 1, claimed_at = $2"
                                  " WHERE guild_id = $1 AND effect_id IN (",
                                  1, ")", 2);
    std::map<guild_id, std::vector<const claimed_effect*>> by_guild;
    for (const claimed_effect& c : claims) {
        by_guild[c.guild].push_back(&c);
    }
    for (const auto& [guild, rows] : by_guild) {
        sql.run(db, rows,
                [](std::vector<value>& to, const claimed_effect& c) { to.push_back(param(c.what.id)); },
                {param(guild), param(now)});
    }
}

} // namespace

void insert_effect(connection& db, guild_id guild, const effect& e, effect_state state, instant now) {
    if (in_ledger(db, guild, e.key)) {
        return;
    }
    if (!e.after.empty() && !in_ledger(db, guild, e.after)) {
        state = effect_state::waiting;
    }
    const std::string body = encode_effect(e.body);
    db.run("INSERT INTO outbox (guild_id, effect_id, effect_key, order_key, after_key, class, gate, kind, "
           "session_id,"
           " required, body, state, attempts, not_before, claimed_at, last_error, created_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, 0, '', $13)"
           " ON CONFLICT (guild_id, effect_key) DO NOTHING",
           {param(guild), param(e.id), param(e.key), param(e.order_key), param(e.after), param(e.cls),
            param(e.gate), param(e.body.index()), param(e.owner), param(e.need == necessity::required),
            param(body), param(state), param(now)});
}

bool anything_to_claim(connection& db, instant now, instant stale_before) {
    cursor rows = db.query("SELECT 1 WHERE EXISTS (SELECT 1 FROM outbox WHERE state = 2 AND not_before <= $1)"
                           " OR EXISTS (SELECT 1 FROM outbox WHERE state = 3 AND claimed_at < $2)",
                           {param(now), param(stale_before)});
    return rows->next();
}

std::vector<claimed_effect> claim_effects(connection& db, instant now, instant stale_before, int most) {
    db.run("UPDATE outbox SET state = 2 WHERE state = 3 AND claimed_at < $1", {param(stale_before)});
    static const std::string due =
        "SELECT o.guild_id, o.effect_id, o.effect_key, o.order_key, o.class, o.gate, o.kind, o.session_id,"
        " o.required, o.body, o.attempts FROM outbox o"
        " WHERE o.state = 2 AND o.not_before <= $1 AND NOT EXISTS (SELECT 1 FROM outbox b"
        "  WHERE b.guild_id = o.guild_id AND b.order_key = o.order_key AND b.effect_id < o.effect_id"
        "  AND b.state IN (2, 3))"
        " ORDER BY o.not_before, o.effect_id LIMIT $2";
    std::vector<claimed_effect> out;
    {
        cursor rows = db.query(due, {param(now), param(most)});
        while (rows->next()) {
            out.push_back(read_claimed(rows));
            ++out.back().attempts; // This one.
        }
    }
    std::sort(out.begin(), out.end(), [](const claimed_effect& a, const claimed_effect& b) {
        return a.what.id != b.what.id ? a.what.id < b.what.id : a.guild < b.guild;
    });
    mark_claimed(db, out, now);
    return out;
}

void release_claims(connection& db, instant now) {
    db.run("UPDATE outbox SET state = 2, not_before = $1 WHERE state = 3", {param(now)});
}

std::optional<open_claim> read_claim(connection& db, guild_id guild, effect_id id) {
    cursor rows = db.query("SELECT o.effect_key, o.kind, o.session_id, o.state, o.attempts, o.created_at,"
                           " CASE WHEN EXISTS (SELECT 1 FROM outbox w WHERE w.guild_id = o.guild_id"
                           " AND w.after_key = o.effect_key AND w.state = 0) THEN 1 ELSE 0 END"
                           " FROM outbox o WHERE o.guild_id = $1 AND o.effect_id = $2",
                           {param(guild), param(id)});
    if (!rows->next()) {
        return std::nullopt;
    }
    reader r(rows);
    open_claim out;
    out.id = id;
    out.key = r.text();
    out.kind = static_cast<std::size_t>(r.number());
    out.session = r.id<session_id>();
    out.state = r.enumerator<effect_state>();
    out.attempts = r.integer();
    out.created_at = r.time();
    out.awaited = r.flag();
    return out;
}

void finish_effect(connection& db, guild_id guild, effect_id id, std::string_view result,
                   std::string_view ref, instant now) {
    if (const std::optional<open_claim> ended = read_claim(db, guild, id)) {
        finish_effect(db, guild, *ended, result, ref, now);
    }
}

void finish_effect(connection& db, guild_id guild, const open_claim& ended, std::string_view result,
                   std::string_view ref, instant now) {
    const bool fresh =
        db.run("INSERT INTO ledger (guild_id, effect_key, effect_id, kind, session_id, result, external_ref,"
               " attempts, created_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
               " ON CONFLICT (guild_id, effect_key) DO NOTHING",
               {param(guild), param(ended.key), param(ended.id), param(ended.kind), param(ended.session),
                param(result), param(ref), param(ended.attempts), param(ended.created_at), param(now)}) == 1;
    db.run("DELETE FROM outbox WHERE guild_id = $1 AND effect_id = $2", {param(guild), param(ended.id)});
    if (result == "done" && fresh && ended.awaited) {
        db.run("UPDATE outbox SET state = 2, not_before = $3 WHERE guild_id = $1 AND after_key = $2 AND "
               "state = 0",
               {param(guild), param(ended.key), param(now)});
    }
}

void retry_effect(connection& db, guild_id guild, effect_id id, instant not_before, std::string_view error) {
    db.run("UPDATE outbox SET state = 2, not_before = $3, last_error = $4 WHERE guild_id = $1 AND effect_id "
           "= $2",
           {param(guild), param(id), param(not_before), param(error)});
}

void fail_effect(connection& db, guild_id guild, effect_id id, std::string_view error) {
    db.run("UPDATE outbox SET state = 4, last_error = $3 WHERE guild_id = $1 AND effect_id = $2",
           {param(guild), param(id), param(error)});
}

void hold_effect(connection& db, guild_id guild, effect_id id) {
    db.run("UPDATE outbox SET state = 1, attempts = attempts - 1 WHERE guild_id = $1 AND effect_id = $2 AND "
           "state = 3",
           {param(guild), param(id)});
}

void rearm_effects(connection& db, guild_id guild, session_id session, instant now) {
    // The count starts again, but not at none: that an attempt was made before matters to what was its doing.
    db.run("UPDATE outbox SET state = 2, not_before = $3, attempts = 1"
           " WHERE guild_id = $1 AND session_id = $2 AND session_id <> 0 AND state = 4",
           {param(guild), param(session), param(now)});
}

void cancel_effects(connection& db, guild_id guild, session_id session, instant now) {
    db.run("INSERT INTO ledger (guild_id, effect_key, effect_id, kind, session_id, result, external_ref, "
           "attempts,"
           " created_at, ended_at)"
           " SELECT guild_id, effect_key, effect_id, kind, session_id, 'cancelled', '', attempts, created_at,"
           " CAST($3 AS BIGINT) FROM outbox WHERE guild_id = $1 AND session_id = $2 AND session_id <> 0 AND "
           "state <> 3"
           " ON CONFLICT (guild_id, effect_key) DO NOTHING",
           {param(guild), param(session), param(now)});
    db.run("DELETE FROM outbox WHERE guild_id = $1 AND session_id = $2 AND session_id <> 0 AND state <> 3",
           {param(guild), param(session)});
}

void apply_gates(connection& db, guild_id guild, const std::vector<gate>& open, effect_state publish,
                 instant now) {
    for (const gate g : {gate::none, gate::onboarding, gate::invite, gate::announcements, gate::officers}) {
        const bool passes =
            publish != effect_state::held && std::find(open.begin(), open.end(), g) != open.end();
        if (passes) {
            db.run(
                "UPDATE outbox SET state = 2, not_before = $3 WHERE guild_id = $1 AND gate = $2 AND class = 0"
                " AND state = 1",
                {param(guild), param(g), param(now)});
        } else {
            db.run(
                "UPDATE outbox SET state = 1 WHERE guild_id = $1 AND gate = $2 AND class = 0 AND state = 2",
                {param(guild), param(g)});
        }
    }
}

std::vector<open_effect> effects_of(connection& db, guild_id guild, session_id session) {
    return by_id(read_open(db.query(
                     "SELECT effect_id, effect_key, state, required, kind, attempts, last_error, not_before"
                     " FROM outbox WHERE guild_id = $1 AND session_id = $2 AND session_id <> 0",
                     {param(guild), param(session)})),
                 [](const open_effect& e) { return e.id; });
}

std::vector<open_effect> effects_in_lane(connection& db, guild_id guild, std::string_view order_key) {
    return read_open(
        db.query("SELECT effect_id, effect_key, state, required, kind, attempts, last_error, not_before"
                 " FROM outbox WHERE guild_id = $1 AND order_key = $2 AND state IN (2, 3)"
                 " ORDER BY effect_id",
                 {param(guild), param(order_key)}));
}

outbox_counts count_outbox(connection& db, guild_id guild) {
    outbox_counts out;
    cursor rows =
        db.query("SELECT state, COUNT(*) FROM outbox WHERE guild_id = $1 GROUP BY state", {param(guild)});
    while (rows->next()) {
        const std::int64_t n = rows->i64(1);
        switch (static_cast<effect_state>(rows->i64(0))) {
        case effect_state::waiting:
            out.waiting = n;
            break;
        case effect_state::held:
            out.held = n;
            break;
        case effect_state::pending:
            out.pending = n;
            break;
        case effect_state::sending:
            out.sending = n;
            break;
        case effect_state::failed:
            out.failed = n;
            break;
        }
    }
    return out;
}

instant next_effect_due(connection& db) {
    // Only what could be claimed then: what stands behind another in its lane becomes due with that one.
    cursor rows =
        db.query("SELECT o.not_before FROM outbox o WHERE o.state = 2 AND NOT EXISTS (SELECT 1 FROM outbox b"
                 " WHERE b.guild_id = o.guild_id AND b.order_key = o.order_key"
                 " AND b.effect_id < o.effect_id AND b.state IN (2, 3))"
                 " ORDER BY o.not_before LIMIT 1");
    return rows->next() ? instant{rows->i64(0)} : instant{};
}

std::vector<ledger_row> ledger_of(connection& db, guild_id guild) {
    std::vector<ledger_row> out;
    cursor rows =
        db.query("SELECT effect_key, effect_id, kind, result, external_ref, attempts, ended_at FROM ledger"
                 " WHERE guild_id = $1 ORDER BY ended_at, effect_id",
                 {param(guild)});
    while (rows->next()) {
        reader r(rows);
        ledger_row l;
        l.key = r.text();
        l.id = r.id<effect_id>();
        l.kind = static_cast<std::size_t>(r.number());
        l.result = r.text();
        l.external_ref = r.text();
        l.attempts = r.integer();
        l.ended_at = r.time();
        out.push_back(std::move(l));
    }
    return out;
}

} // namespace patt::store
