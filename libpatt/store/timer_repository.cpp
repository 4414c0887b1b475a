#include "store/timer_repository.hpp"

#include "store/binding.hpp"
#include "store/several_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace patt::store {

namespace {

std::vector<timer_row> read_timers(cursor rows) {
    std::vector<timer_row> out;
    while (rows->next()) {
        reader r(rows);
        timer_row t;
        t.guild = r.id<guild_id>();
        t.owner = r.number();
        const auto purpose = parse_timer_purpose(r.view());
        t.due = r.time();
        t.grace = duration{r.number()};
        if (purpose) {
            t.purpose = *purpose;
            out.push_back(t);
        }
    }
    return out;
}

/// `(slot >= $3 AND slot < $4 OR ...)`, one for each range: a host that holds parts of the guilds asks once.
std::string append_ranges(std::string sql, std::span<const slot_range> where,
                          std::vector<value>& parameters) {
    sql += '(';
    for (const slot_range& range : where) {
        const std::size_t first = parameters.size() + 1;
        parameters.insert(parameters.end(), {range.first, range.end});
        sql += fmt::format("{}slot >= ${} AND slot < ${}", &range == where.data() ? "" : " OR ", first,
                           first + 1);
    }
    return sql + ')';
}

/// ` AND purpose || '' IN ('nudge', ...)`. Timers of a newer version are left to its hosts: not for these to
/// fire, and not for these to count or to wait for. No bare column: the key ends in it, and all of the key
/// might be gone through for it instead of those that are due.
const std::string& of_known_purpose() {
    static const std::string out = [] {
        std::string list;
        for (std::uint8_t i = 0;; ++i) {
            const std::string_view name = to_string(timer_purpose{i});
            if (!parse_timer_purpose(name)) {
                break;
            }
            list += fmt::format("{}'{}'", list.empty() ? "" : ", ", name);
        }
        return " AND purpose || '' IN (" + list + ")";
    }();
    return out;
}

} // namespace

void set_timer(connection& db, guild_id guild, const timer_change& t) {
    if (!t.due) {
        db.post("DELETE FROM timer WHERE guild_id = $1 AND owner_id = $2 AND purpose = $3",
                {param(guild), param(t.owner), param(to_string(t.purpose))});
        return;
    }
    db.post(
        "INSERT INTO timer (guild_id, owner_id, purpose, due_at, grace, slot) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (guild_id, owner_id, purpose) DO UPDATE SET due_at = excluded.due_at, grace = "
        "excluded.grace",
        {param(guild), param(t.owner), param(to_string(t.purpose)), param(t.due), param(t.grace),
         guild_slot(guild)});
}

void set_timers(connection& db, guild_id guild, std::span<const timer_change> timers) {
    static const several_rows sql(
        "INSERT INTO timer (guild_id, owner_id, purpose, due_at, grace, slot) VALUES ", 6,
        " ON CONFLICT (guild_id, owner_id, purpose) DO UPDATE SET due_at = excluded.due_at, grace ="
        " excluded.grace");
    static const several_rows away("DELETE FROM timer WHERE guild_id = $1 AND owner_id = $2 AND purpose IN (",
                                   1, ")", 2);
    std::vector<const timer_change*> set;
    std::map<std::int64_t, std::vector<const timer_change*>> cancelled;
    for (auto t = timers.begin(); t != timers.end(); ++t) {
        const bool last = std::none_of(t + 1, timers.end(), [&](const timer_change& later) {
            return later.owner == t->owner && later.purpose == t->purpose;
        });
        if (last) { // One statement may not write a row twice.
            (t->due ? set : cancelled[t->owner]).push_back(&*t);
        }
    }
    for (const auto& [owner, some] : cancelled) {
        away.run(
            db, some,
            [](std::vector<value>& to, const timer_change& t) { to.push_back(param(to_string(t.purpose))); },
            {param(guild), param(owner)});
    }
    sql.run(db, set, [guild](std::vector<value>& to, const timer_change& t) {
        to.insert(to.end(), {param(guild), param(t.owner), param(to_string(t.purpose)), param(t.due),
                             param(t.grace), guild_slot(guild)});
    });
}

void cancel_timers(connection& db, guild_id guild, std::int64_t owner) {
    db.post("DELETE FROM timer WHERE guild_id = $1 AND owner_id = $2", {param(guild), param(owner)});
}

void wake_timers(connection& db, guild_id guild, timer_purpose purpose, instant now) {
    db.post("UPDATE timer SET due_at = $3 WHERE guild_id = $1 AND purpose = $2 AND due_at > $3",
            {param(guild), param(to_string(purpose)), param(now)});
}

std::vector<timer_row> due_timers(connection& db, std::span<const slot_range> where, instant now, int most) {
    if (where.empty()) {
        return {};
    }
    std::vector<value> parameters{param(now), param(most)};
    const std::string sql =
        append_ranges("SELECT guild_id, owner_id, purpose, due_at, grace FROM timer WHERE due_at <= $1 AND ",
                      where, parameters) +
        of_known_purpose() + " ORDER BY due_at, guild_id, owner_id, purpose LIMIT $2";
    return read_timers(db.query(sql, parameters));
}

std::vector<timer_row> timers_of(connection& db, guild_id guild) {
    return read_timers(
        db.query("SELECT guild_id, owner_id, purpose, due_at, grace FROM timer WHERE guild_id = $1"
                 " ORDER BY due_at, owner_id, purpose",
                 {param(guild)}));
}

bool take_timer(connection& db, const timer_row& t) {
    return db.run("DELETE FROM timer WHERE guild_id = $1 AND owner_id = $2 AND purpose = $3 AND due_at = $4",
                  {param(t.guild), param(t.owner), param(to_string(t.purpose)), param(t.due)}) == 1;
}

bool postpone_timer(connection& db, const timer_row& t, instant due) {
    constexpr std::string_view which =
        " WHERE guild_id = $1 AND owner_id = $2 AND purpose = $3 AND due_at = $4";
    // What remains of the grace: to its end it is as long as before, and past it less than nothing.
    std::string sql = "UPDATE timer SET due_at = $5, grace = CASE WHEN grace = 0 THEN 0"
                      " WHEN grace + due_at = $5 THEN -1 ELSE grace + due_at - $5 END WHERE (guild_id, "
                      "owner_id, purpose) IN"
                      " (SELECT guild_id, owner_id, purpose FROM timer";
    sql.append(which).append(db.dialect().skip_locked).append(")");
    return db.run(sql, {param(t.guild), param(t.owner), param(to_string(t.purpose)), param(t.due),
                        param(due)}) == 1;
}

instant next_timer_due(connection& db, std::span<const slot_range> where) {
    if (where.empty()) {
        return {};
    }
    std::vector<value> parameters;
    const std::string sql = append_ranges("SELECT due_at FROM timer WHERE ", where, parameters) +
                            of_known_purpose() + " ORDER BY due_at LIMIT 1";
    cursor rows = db.query(sql, parameters);
    return rows->next() ? instant{rows->i64(0)} : instant{};
}

} // namespace patt::store
