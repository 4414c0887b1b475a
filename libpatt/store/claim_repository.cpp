#include "store/claim_repository.hpp"

#include "store/array_text.hpp"
#include "store/binding.hpp"
#include "store/codec.hpp"
#include "store/repeated.hpp"
#include "store/several_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

namespace patt::store {

namespace {

template <class Row>
std::vector<const Row*> pointers(std::span<const Row> rows) {
    std::vector<const Row*> out;
    for (const Row& r : rows) {
        out.push_back(&r);
    }
    return out;
}

pending_effect read_pending(const cursor& rows) {
    reader r(rows);
    pending_effect e;
    e.guild = r.id<guild_id>();
    e.id = r.id<effect_id>();
    e.not_before = r.time();
    e.first_in_lane = r.flag();
    e.settings_version = r.number();
    return e;
}

/// As `read_claimed` reads them.
constexpr std::string_view returning =
    " RETURNING guild_id, effect_id, effect_key, order_key, class, gate, kind,"
    " session_id, required, body, attempts, claim_epoch";

/// Whether this program knows the kind of an effect, as a condition.
std::string known_kind(std::string_view row) {
    return fmt::format("{0}.kind >= 0 AND {0}.kind < {1}", row, std::variant_size_v<effect_body>);
}

/// What it holds may be broken: that is this effect's affair, and no reason to claim none of those beside it.
void read_body(claimed_effect& into, std::size_t kind, std::string_view text) {
    try {
        into.what.body = decode_effect(kind, text);
    } catch (const failure& broken) {
        into.what.body = empty_effect(kind);
        into.unreadable = broken.what();
    }
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
    read_body(c, kind, r.view());
    c.attempts = r.integer();
    c.epoch = r.number();
    return c;
}

} // namespace

// `outbox_due` has what is pending by slot, guild, time and id. What is asked of it is compared as places in
// it, and not column by column: PostgreSQL, which takes a queue for empty, would as soon take another index,
// read all that the guild has and sort it. SQLite compares so only with what is no column, hence the sums.

std::vector<guild_work> guilds_with_work(connection& db, slot_range range, int most) {
    // A skip scan: each step asks for what would stand behind the last row of the guild before.
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
#define PATT_NEXT_GUILD                                                                                      \
    " FROM outbox o WHERE o.state = 2 AND (o.slot, o.guild_id, o.not_before) > (r.slot + 0, r.guild_id + 0," \
    " $4) AND o.slot < $2 ORDER BY o.slot, o.guild_id, o.not_before LIMIT 1)"
    cursor rows =
        db.query("WITH RECURSIVE ready (slot, guild_id, not_before) AS ("
                 "SELECT f.slot, f.guild_id, f.not_before FROM (SELECT o.slot, o.guild_id,"
                 " o.not_before FROM outbox o WHERE o.state = 2 AND o.slot >= $1 AND o.slot < $2"
                 " ORDER BY o.slot, o.guild_id, o.not_before LIMIT 1) AS f"
                 " UNION ALL "
                 "SELECT (SELECT o.slot" PATT_NEXT_GUILD ", (SELECT o.guild_id" PATT_NEXT_GUILD
                 ", (SELECT o.not_before" PATT_NEXT_GUILD " FROM ready r WHERE r.guild_id IS NOT NULL)"
                 " SELECT guild_id, not_before FROM ready WHERE guild_id IS NOT NULL LIMIT $3",
                 {range.first, range.end, param(most), last});
#undef PATT_NEXT_GUILD
    std::vector<guild_work> out;
    while (rows->next()) {
        reader r(rows);
        guild_work w;
        w.guild = r.id<guild_id>();
        w.due = r.time();
        out.push_back(w);
    }
    return out;
}

scanned_effects scan_guilds(connection& db, std::span<const guild_scan> from, instant now) {
    // Kinds that are not known are looked at, too: else one statement would pass over as many as there are.
    static const std::string each =
        "SELECT found.guild_id, found.effect_id, found.not_before, found.leads, found.settings_version"
        " FROM (SELECT o.guild_id, o.effect_id, o.not_before, CASE WHEN " +
        known_kind("o") +
        " AND (SELECT b.effect_id FROM outbox b WHERE b.guild_id = o.guild_id"
        " AND b.order_key = o.order_key AND b.state = 2 ORDER BY b.effect_id LIMIT 1) = o.effect_id"
        " THEN 1 ELSE 0 END AS leads, (SELECT g.settings_version FROM guild g"
        " WHERE g.guild_id = o.guild_id) AS settings_version"
        " FROM outbox o WHERE o.state = 2 AND (o.slot, o.guild_id, o.not_before, o.effect_id) > (?, ?, ?, ?)"
        " AND (o.slot, o.guild_id, o.not_before) <= (?, ?, $1)"
        " ORDER BY o.slot, o.guild_id, o.not_before, o.effect_id LIMIT ?) AS found"
        " UNION ALL "
        "SELECT later.guild_id, later.effect_id, later.not_before, 0, 0"
        " FROM (SELECT o.guild_id, o.effect_id, o.not_before FROM outbox o WHERE o.state = 2"
        " AND (o.slot, o.guild_id, o.not_before) > (?, ?, $1) AND (o.slot, o.guild_id) <= (?, ?)"
        " ORDER BY o.slot, o.guild_id, o.not_before LIMIT 1) AS later";
    static const repeated sql({.each = each, .between = " UNION ALL ", .shared = 1});
    scanned_effects out;
    sql.query(
        db, from,
        [](std::vector<value>& to, const guild_scan& g) {
            const value slot = guild_slot(g.guild);
            const value guild = param(g.guild);
            to.insert(to.end(), {slot, guild, param(g.above.due), param(g.above.id), slot, guild,
                                 param(g.most), slot, guild, slot, guild});
        },
        {param(now)},
        [&](const cursor& row) {
            pending_effect e = read_pending(row);
            if (e.not_before > now) {
                out.not_yet.push_back({e.guild, e.not_before});
            } else {
                out.due.push_back(e);
            }
        });
    std::sort(out.due.begin(), out.due.end(), [](const pending_effect& a, const pending_effect& b) {
        return std::tie(a.guild, a.not_before, a.id) < std::tie(b.guild, b.not_before, b.id);
    });
    return out;
}

std::vector<pending_effect> first_in_lanes(connection& db, std::span<const lane> lanes) {
    static const std::string firsts =
        "), firsts AS MATERIALIZED (SELECT w.guild_id, (SELECT CASE WHEN " + known_kind("b") +
        " THEN b.effect_id END FROM outbox b"
        " WHERE b.guild_id = w.guild_id AND b.order_key = w.order_key AND b.state = 2"
        " ORDER BY b.effect_id LIMIT 1) AS effect_id FROM want w)"
        // Not joined: by its statistics a planner may take few effects for each guild, and read all of one's.
        " SELECT f.guild_id, f.effect_id, (SELECT o.not_before FROM outbox o WHERE o.guild_id = f.guild_id"
        " AND o.effect_id = f.effect_id), 1, (SELECT g.settings_version FROM guild g"
        " WHERE g.guild_id = f.guild_id) FROM firsts f WHERE f.effect_id IS NOT NULL";
    static const several_rows sql("WITH want (guild_id, order_key) AS (VALUES ", 2, firsts);
    std::vector<pending_effect> out;
    sql.query(
        db, pointers(lanes),
        [](std::vector<value>& to, const lane& l) {
            to.insert(to.end(), {param(l.guild), param(l.order_key)});
        },
        {}, [&](const cursor& row) { out.push_back(read_pending(row)); });
    return out;
}

namespace {

/// The values of one column.
template <class Get>
std::string array_of(std::span<const claim_wish> wishes, Get get) {
    std::string out;
    for (const claim_wish& w : wishes) {
        add_element(out, param(get(w)));
    }
    return out + '}';
}

/// By the places of the rows, each found by its key: a hundred keys side by side would open a hundred scans
/// of the index, each with buffers of its own, and a join may read the whole queue, as few as its statistics
/// say that it has. A row that somebody has locked is left for the next look: a host that was stopped in the
/// middle of an input may have it for seconds, and who waits for that cannot renew their leases.
void claim_by_places(connection& db, std::span<const claim_wish> wishes, std::int64_t epoch, instant now,
                     std::vector<claimed_effect>& out) {
    const std::string guilds = array_of(wishes, [](const claim_wish& w) { return w.guild; });
    const std::string ids = array_of(wishes, [](const claim_wish& w) { return w.id; });
    static const std::string sql =
        "UPDATE outbox SET attempts = attempts + 1, claimed_at = $1, claim_epoch = $2"
        " WHERE state + 0 = 2 AND ctid = ANY (ARRAY (SELECT (SELECT o.ctid FROM outbox o"
        " WHERE o.guild_id = w.guild_id AND o.effect_id = w.effect_id AND o.state + 0 = 2" +
        std::string(db.dialect().skip_locked) +
        ") FROM UNNEST(CAST($3 AS BIGINT[]), CAST($4 AS BIGINT[])) AS w (guild_id, effect_id)))" +
        std::string(returning);
    cursor rows = db.query(sql, {param(now), epoch, param(guilds), param(ids)});
    while (rows->next()) {
        out.push_back(read_claimed(rows));
    }
}

void claim_by_keys(connection& db, std::span<const claim_wish> wishes, std::int64_t epoch, instant now,
                   std::vector<claimed_effect>& out) {
    // The state as a sum: the indexes of what is pending begin otherwise, and are no way to one row.
    static const std::string after = ")" + std::string(returning);
    static const repeated sql({
        .before = "UPDATE outbox SET attempts = attempts + 1, claimed_at = $1, claim_epoch = $2"
                  " WHERE state + 0 = 2 AND (",
        .each = "(guild_id = ? AND effect_id = ?)",
        .between = " OR ",
        .after = after,
        .shared = 2,
    });
    sql.query(
        db, wishes,
        [](std::vector<value>& to, const claim_wish& w) {
            to.insert(to.end(), {param(w.guild), param(w.id)});
        },
        {param(now), epoch}, [&](const cursor& row) { out.push_back(read_claimed(row)); });
}

} // namespace

std::vector<claimed_effect> claim_effects(connection& db, std::span<const claim_wish> wishes, instant now) {
    std::map<std::int64_t, std::vector<claim_wish>> by_epoch;
    for (const claim_wish& w : wishes) {
        by_epoch[w.epoch].push_back(w);
    }
    const auto claim = db.dialect().rows_of_arrays.empty() ? claim_by_keys : claim_by_places;
    std::vector<claimed_effect> out;
    for (const auto& [epoch, same] : by_epoch) {
        claim(db, same, epoch, now, out);
    }
    std::sort(out.begin(), out.end(), [](const claimed_effect& a, const claimed_effect& b) {
        return a.what.id != b.what.id ? a.what.id < b.what.id : a.guild < b.guild;
    });
    return out;
}

} // namespace patt::store
