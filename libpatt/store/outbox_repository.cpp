#include "store/outbox_repository.hpp"

#include "store/binding.hpp"
#include "store/codec.hpp"
#include "store/ordering.hpp"
#include "store/several_rows.hpp"
#include "store/slot.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace patt::store {

namespace {

/// The state as the core knows it: an effect that is claimed is being sent.
#define PATT_EFFECT_STATE "CASE WHEN state = 2 AND claimed_at <> 0 THEN 3 ELSE state END"

std::vector<open_effect> read_open(const cursor& rows) {
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

} // namespace

void insert_effects(connection& db, guild_id guild, std::span<const new_effect> effects, instant now) {
    // What waits for an effect that is done already need not wait. One row is asked for and its absence seen:
    // NOT EXISTS may be answered by reading all that the guild has ever done.
    static const several_rows sql(
        "INSERT INTO outbox (guild_id, effect_id, effect_key, order_key, after_key, class, gate, kind,"
        " session_id, required, body, state, attempts, not_before, claimed_at, last_error, created_at, slot,"
        " claim_epoch) SELECT v.column1, v.column2, v.column3, v.column4, v.column5, v.column6, v.column7,"
        " v.column8, v.column9, v.column10, v.column11, CASE WHEN v.column5 <> '' AND (SELECT 1"
        " FROM ledger a WHERE a.guild_id = v.column1 AND a.effect_key = v.column5 LIMIT 1) IS NULL THEN 0"
        " ELSE v.column12 END,"
        " 0, v.column13, 0, '', v.column13, v.column14, 0 FROM (VALUES ",
        14,
        ") AS v WHERE (SELECT 1 FROM ledger l WHERE l.guild_id = v.column1"
        " AND l.effect_key = v.column3 LIMIT 1) IS NULL ON CONFLICT (guild_id, effect_key) WHERE effect_key "
        "<> '' DO "
        "NOTHING");
    std::vector<const new_effect*> rows;
    std::vector<std::string> bodies; // The parameters point to them.
    bodies.reserve(effects.size());
    for (const new_effect& e : effects) {
        rows.push_back(&e);
    }
    sql.run(db, rows, [&](std::vector<value>& to, const new_effect& n) {
        const effect& e = *n.what;
        bodies.push_back(encode_effect(e.body));
        to.insert(to.end(),
                  {param(guild), param(e.id), param(e.key), param(e.order_key), param(e.after), param(e.cls),
                   param(e.gate), param(e.body.index()), param(e.owner), param(e.need == necessity::required),
                   param(bodies.back()), param(n.state), param(now), guild_slot(guild)});
    });
}

void insert_effect(connection& db, guild_id guild, const effect& what, effect_state state, instant now) {
    const new_effect one{&what, state};
    insert_effects(db, guild, {&one, 1}, now);
}

namespace {

#define PATT_CLAIM                                                                                           \
    "SELECT o.effect_id, o.effect_key, o.kind, o.session_id, " PATT_EFFECT_STATE                             \
    ", o.attempts, o.claim_epoch, o.created_at,"                                                             \
    " CASE WHEN (SELECT 1 FROM outbox w WHERE w.guild_id = o.guild_id AND w.after_key = o.effect_key"        \
    " AND w.state = 0 LIMIT 1) IS NULL THEN 0 ELSE 1 END"                                                    \
    " FROM outbox o WHERE o.guild_id = $1 AND o.effect_id "

open_claim read_open_claim(const cursor& rows) {
    reader r(rows);
    open_claim out;
    out.id = r.id<effect_id>();
    out.key = r.text();
    out.kind = static_cast<std::size_t>(r.number());
    out.session = r.id<session_id>();
    out.state = r.enumerator<effect_state>();
    out.attempts = r.integer();
    out.epoch = r.number();
    out.created_at = r.time();
    out.awaited = r.flag();
    return out;
}

} // namespace

asked<std::optional<open_claim>> ask_claim(connection& db, guild_id guild, effect_id id) {
    return {db.ask(PATT_CLAIM "= $2", {param(guild), param(id)}), [](const cursor& rows) {
                return rows->next() ? std::optional(read_open_claim(rows)) : std::nullopt;
            }};
}

std::optional<open_claim> read_claim(connection& db, guild_id guild, effect_id id) {
    return ask_claim(db, guild, id).get();
}

std::vector<open_claim> read_claims(connection& db, guild_id guild, std::span<const effect_id> ids) {
    static const several_rows sql(PATT_CLAIM "IN (", 1, ")", 1, several_rows::list_form::each);
    std::vector<const effect_id*> rows;
    for (const effect_id& id : ids) {
        rows.push_back(&id);
    }
    std::vector<open_claim> out;
    sql.query(
        db, rows, [](std::vector<value>& to, const effect_id& id) { to.push_back(param(id)); },
        {param(guild)}, [&](const cursor& row) { out.push_back(read_open_claim(row)); });
    return by_id(std::move(out), [](const open_claim& c) { return c.id; });
}

void finish_effect(connection& db, guild_id guild, effect_id id, std::string_view result,
                   std::string_view ref, instant now) {
    if (const std::optional<open_claim> ended = read_claim(db, guild, id)) {
        finish_effect(db, guild, *ended, result, ref, now);
    }
}

void finish_effect(connection& db, guild_id guild, const open_claim& ended, std::string_view result,
                   std::string_view ref, instant now) {
    const bool frees_others = result == "done" && ended.awaited;
    constexpr std::string_view into_ledger =
        "INSERT INTO ledger (guild_id, effect_key, effect_id, kind, session_id, result, external_ref,"
        " attempts, created_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (guild_id, effect_key) DO NOTHING";
    const std::array<value, 10> row{
        param(guild),  param(ended.key), param(ended.id),       param(ended.kind),       param(ended.session),
        param(result), param(ref),       param(ended.attempts), param(ended.created_at), param(now)};
    bool fresh = false;
    if (frees_others) {
        fresh = db.run(into_ledger, row) == 1;
    } else {
        db.post(into_ledger, row);
    }
    db.post("DELETE FROM outbox WHERE guild_id = $1 AND effect_id = $2", {param(guild), param(ended.id)});
    if (fresh) {
        db.post("UPDATE outbox SET state = 2, not_before = $3 WHERE guild_id = $1 AND after_key = $2 AND "
                "state = 0",
                {param(guild), param(ended.key), param(now)});
    }
}

namespace {

/// `$1` is the guild; `$2` and `$3` are the lowest and the highest id, `bounds` may use them. `$4` is now.
several_rows into_ledger_within(const std::string& bounds) {
    return several_rows(
        "INSERT INTO ledger (guild_id, effect_key, effect_id, kind, session_id, result, external_ref,"
        " attempts, created_at, ended_at) SELECT o.guild_id, o.effect_key, o.effect_id, o.kind, o.session_id,"
        " 'done', v.column2, o.attempts, o.created_at, CAST($4 AS BIGINT) FROM (VALUES ",
        2,
        ") AS v CROSS JOIN outbox o WHERE o.guild_id = $1" + bounds +
            " AND o.effect_id = v.column1 ON CONFLICT (guild_id, effect_key) DO NOTHING",
        4);
}

/// Ids are numbers of their guild: between two of them are no more rows than numbers.
bool close_together(effect_id lowest, effect_id highest, std::size_t count) {
    constexpr std::int64_t numbers_each = 16;
    return highest.value() - lowest.value() < numbers_each * static_cast<std::int64_t>(count);
}

} // namespace

void acknowledge_effects(connection& db, guild_id guild, std::span<const done_effect> done, instant now) {
    if (done.empty()) {
        return;
    }
    // Those of one backlog are joined within their bounds: a plan that was made while the queue was empty
    // might go through all of the guild. Those that are far from each other have only their keys.
    static const several_rows close_ones = into_ledger_within(" AND o.effect_id >= $2 AND o.effect_id <= $3");
    static const several_rows any_ones = into_ledger_within(" AND $2 <= $3");
    static const several_rows delete_close("DELETE FROM outbox WHERE guild_id = $1 AND effect_id >= $2"
                                           " AND effect_id <= $3 AND effect_id IN (",
                                           1, ")", 3, several_rows::list_form::joined);
    static const several_rows delete_any("DELETE FROM outbox WHERE guild_id = $1 AND $2 <= $3"
                                         " AND effect_id IN (",
                                         1, ")", 3);
    const auto [lowest, highest] = std::ranges::minmax_element(done, {}, &done_effect::id);
    const bool close = close_together(lowest->id, highest->id, done.size());
    std::vector<const done_effect*> rows;
    for (const done_effect& e : done) {
        rows.push_back(&e);
    }
    (close ? close_ones : any_ones)
        .run(db, rows,
             [](std::vector<value>& to, const done_effect& e) {
                 to.insert(to.end(), {param(e.id), param(e.external_ref)});
             },
             {param(guild), param(lowest->id), param(highest->id), param(now)});
    (close ? delete_close : delete_any)
        .run(db, rows, [](std::vector<value>& to, const done_effect& e) { to.push_back(param(e.id)); },
             {param(guild), param(lowest->id), param(highest->id)});
}

void retry_effect(connection& db, guild_id guild, effect_id id, instant not_before, std::string_view error) {
    db.post("UPDATE outbox SET state = 2, claimed_at = 0, not_before = $3, last_error = $4 WHERE guild_id = "
            "$1 AND effect_id "
            "= $2",
            {param(guild), param(id), param(not_before), param(error)});
}

void fail_effect(connection& db, guild_id guild, effect_id id, std::string_view error) {
    db.post(
        "UPDATE outbox SET state = 4, claimed_at = 0, last_error = $3 WHERE guild_id = $1 AND effect_id = $2",
        {param(guild), param(id), param(error)});
}

void hold_effect(connection& db, guild_id guild, effect_id id) {
    db.post("UPDATE outbox SET state = 1, claimed_at = 0, attempts = attempts - 1"
            " WHERE guild_id = $1 AND effect_id = $2 AND state = 2",
            {param(guild), param(id)});
}

void rearm_effects(connection& db, guild_id guild, session_id session, instant now) {
    // The count starts again, but not at none: that an attempt was made before matters to what was its doing.
    db.post("UPDATE outbox SET state = 2, not_before = $3, attempts = 1"
            " WHERE guild_id = $1 AND session_id = $2 AND session_id <> 0 AND state = 4",
            {param(guild), param(session), param(now)});
}

void cancel_effects(connection& db, guild_id guild, session_id session, instant now) {
    db.post(
        "INSERT INTO ledger (guild_id, effect_key, effect_id, kind, session_id, result, external_ref, "
        "attempts,"
        " created_at, ended_at)"
        " SELECT guild_id, effect_key, effect_id, kind, session_id, 'cancelled', '', attempts, created_at,"
        " CAST($3 AS BIGINT) FROM outbox WHERE guild_id = $1 AND session_id = $2 AND session_id <> 0 AND "
        "claimed_at = 0"
        " ON CONFLICT (guild_id, effect_key) DO NOTHING",
        {param(guild), param(session), param(now)});
    db.post(
        "DELETE FROM outbox WHERE guild_id = $1 AND session_id = $2 AND session_id <> 0 AND claimed_at = 0",
        {param(guild), param(session)});
}

void apply_gates(connection& db, guild_id guild, const std::vector<gate>& open, effect_state publish,
                 instant now) {
    for (const gate g : {gate::none, gate::onboarding, gate::invite, gate::announcements, gate::officers}) {
        const bool passes =
            publish != effect_state::held && std::find(open.begin(), open.end(), g) != open.end();
        if (passes) {
            db.post(
                "UPDATE outbox SET state = 2, not_before = $3 WHERE guild_id = $1 AND gate = $2 AND class = 0"
                " AND state = 1",
                {param(guild), param(g), param(now)});
        } else {
            db.post(
                "UPDATE outbox SET state = 1 WHERE guild_id = $1 AND gate = $2 AND class = 0 AND state = 2"
                " AND claimed_at = 0",
                {param(guild), param(g)});
        }
    }
}

asked<std::vector<open_effect>> ask_effects_of(connection& db, guild_id guild, session_id session) {
    return {
        db.ask("SELECT effect_id, effect_key, " PATT_EFFECT_STATE
               ", required, kind, attempts, last_error, not_before"
               " FROM outbox WHERE guild_id = $1 AND session_id = $2 AND session_id <> 0",
               {param(guild), param(session)}),
        [](const cursor& rows) { return by_id(read_open(rows), [](const open_effect& e) { return e.id; }); }};
}

std::vector<open_effect> effects_of(connection& db, guild_id guild, session_id session) {
    return ask_effects_of(db, guild, session).get();
}

std::vector<open_effect> effects_in_lane(connection& db, guild_id guild, std::string_view order_key) {
    return read_open(db.query("SELECT effect_id, effect_key, " PATT_EFFECT_STATE
                              ", required, kind, attempts, last_error, not_before"
                              " FROM outbox WHERE guild_id = $1 AND order_key = $2 AND state = 2"
                              " ORDER BY effect_id",
                              {param(guild), param(order_key)}));
}

outbox_counts count_outbox(connection& db, guild_id guild) {
    outbox_counts out;
    cursor rows = db.query("SELECT " PATT_EFFECT_STATE
                           " AS shown, COUNT(*) FROM outbox WHERE guild_id = $1 GROUP BY shown",
                           {param(guild)});
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

std::vector<ledger_row> ledger_of(connection& db, guild_id guild) {
    constexpr std::int64_t a_piece = 1'000; // All of a long one would take longer than a statement may.
    std::vector<ledger_row> out;
    std::string above;
    for (std::int64_t read = a_piece; read == a_piece;) {
        read = 0;
        cursor rows = db.query("SELECT effect_key, effect_id, kind, result, external_ref, attempts, ended_at"
                               " FROM ledger WHERE guild_id = $1 AND effect_key > $2"
                               " ORDER BY effect_key LIMIT $3",
                               {param(guild), param(above), param(a_piece)});
        for (; rows->next(); ++read) {
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
        above = out.empty() ? std::string() : out.back().key;
    }
    std::sort(out.begin(), out.end(), [](const ledger_row& a, const ledger_row& b) {
        return a.ended_at != b.ended_at ? a.ended_at < b.ended_at : a.id < b.id;
    });
    return out;
}

} // namespace patt::store
