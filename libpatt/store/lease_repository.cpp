#include "store/lease_repository.hpp"

#include "store/binding.hpp"
#include "store/several_rows.hpp"

#include <algorithm>

namespace patt::store {

namespace {

constexpr std::string_view take_begin =
    "INSERT INTO lease (kind, lease_key, epoch, holder, expires_at) VALUES ";
constexpr std::string_view take_end =
    " ON CONFLICT (kind, lease_key) DO UPDATE SET epoch = lease.epoch + 1, holder = excluded.holder,"
    " expires_at = excluded.expires_at WHERE lease.expires_at <= $1 OR lease.holder = excluded.holder"
    " RETURNING lease_key, epoch";

lease_row read_short(const cursor& rows, std::string_view kind, std::int64_t holder, instant expires_at) {
    return {std::string(kind), rows->i64(0), rows->i64(1), holder, expires_at};
}

bool exists(connection& db, std::string_view kind, std::int64_t key) {
    return db.query("SELECT 1 FROM lease WHERE kind = $1 AND lease_key = $2", {param(kind), key})->next();
}

lease_row read_lease(const cursor& rows) {
    reader r(rows);
    lease_row l;
    l.kind = r.text();
    l.key = r.number();
    l.epoch = r.number();
    l.holder = r.number();
    l.expires_at = r.time();
    return l;
}

} // namespace

std::vector<lease_row> take_leases(connection& db, std::string_view kind, std::span<const std::int64_t> keys,
                                   std::int64_t holder, instant now, instant expires_at, force how) {
    static const several_rows sql(take_begin, 5, take_end, 1);
    std::vector<const std::int64_t*> rows;
    for (const std::int64_t& key : keys) {
        rows.push_back(&key);
    }
    const instant free_before = how == force::yes ? instant{INT64_MAX} : now;
    std::vector<lease_row> out;
    sql.query(
        db, rows,
        [&](std::vector<value>& to, const std::int64_t& key) {
            to.insert(to.end(), {param(kind), key, std::int64_t{1}, holder, param(expires_at)});
        },
        {param(free_before)},
        [&](const cursor& row) { out.push_back(read_short(row, kind, holder, expires_at)); });
    return out;
}

std::optional<std::int64_t> take_lease(connection& db, std::string_view kind, std::int64_t key,
                                       std::int64_t holder, instant now, instant expires_at, force how) {
    if (how == force::no && lock_idle_leases(db, kind, {&key, 1}).empty() && exists(db, kind, key)) {
        return std::nullopt;
    }
    const auto taken = take_leases(db, kind, {&key, 1}, holder, now, expires_at, how);
    return taken.empty() ? std::nullopt : std::optional(taken.front().epoch);
}

std::vector<lease_row> renew_leases(connection& db, std::string_view kind, std::int64_t holder,
                                    instant expires_at) {
    if (!db.dialect().for_update.empty()) {
        // In the order of the fences, who would else wait for each other: an update goes by the places of
        // rows.
        static const std::string in_order = "SELECT lease_key FROM lease WHERE kind = $1 AND holder = $2"
                                            " ORDER BY lease_key FOR NO KEY UPDATE";
        for (cursor locked = db.query(in_order, {param(kind), holder}); locked->next();) {
        }
    }
    std::vector<lease_row> out;
    cursor rows = db.query("UPDATE lease SET expires_at = $3 WHERE kind = $1 AND holder = $2"
                           " RETURNING lease_key, epoch",
                           {param(kind), holder, param(expires_at)});
    while (rows->next()) {
        out.push_back(read_short(rows, kind, holder, expires_at));
    }
    return out;
}

bool renew_lease(connection& db, std::string_view kind, std::int64_t key, std::int64_t epoch,
                 instant expires_at) {
    return db.run("UPDATE lease SET expires_at = $4 WHERE kind = $1 AND lease_key = $2 AND epoch = $3",
                  {param(kind), key, epoch, param(expires_at)}) == 1;
}

void release_lease(connection& db, std::string_view kind, std::int64_t key, std::int64_t epoch) {
    db.post("UPDATE lease SET holder = 0, expires_at = 0 WHERE kind = $1 AND lease_key = $2 AND epoch = $3",
            {param(kind), key, epoch});
}

std::int64_t lease_epoch(connection& db, std::string_view kind, std::int64_t key) {
    const cursor rows = db.query(
        with_lock("SELECT epoch FROM lease WHERE kind = $1 AND lease_key = $2", db.dialect().for_share),
        {param(kind), key});
    return rows->next() ? rows->i64(0) : 0;
}

std::vector<lease_row> lock_leases(connection& db, std::string_view kind,
                                   std::span<const std::int64_t> keys) {
    static const several_rows sql("SELECT kind, lease_key, epoch, holder, expires_at FROM lease"
                                  " WHERE kind = $1 AND lease_key IN (",
                                  1, ") ORDER BY lease_key", 1);
    std::vector<std::int64_t> ascending(keys.begin(), keys.end());
    std::sort(ascending.begin(), ascending.end());
    ascending.erase(std::unique(ascending.begin(), ascending.end()), ascending.end());
    std::vector<const std::int64_t*> rows;
    for (const std::int64_t& key : ascending) {
        rows.push_back(&key);
    }
    std::vector<lease_row> out;
    sql.query(
        db, rows, [](std::vector<value>& to, const std::int64_t& key) { to.emplace_back(key); },
        {param(kind)}, [&](const cursor& row) { out.push_back(read_lease(row)); }, db.dialect().for_share);
    return out;
}

std::vector<std::int64_t> lock_idle_leases(connection& db, std::string_view kind,
                                           std::span<const std::int64_t> keys) {
    static const several_rows sql("SELECT lease_key FROM lease WHERE kind = $1 AND lease_key IN (", 1,
                                  ") ORDER BY lease_key", 1);
    std::vector<const std::int64_t*> rows;
    for (const std::int64_t& key : keys) {
        rows.push_back(&key);
    }
    std::vector<std::int64_t> out;
    sql.query(
        db, rows, [](std::vector<value>& to, const std::int64_t& key) { to.emplace_back(key); },
        {param(kind)}, [&](const cursor& row) { out.push_back(row->i64(0)); }, db.dialect().skip_locked);
    return out;
}

std::vector<lease_row> leases(connection& db, std::string_view kind) {
    std::vector<lease_row> out;
    cursor rows = db.query("SELECT kind, lease_key, epoch, holder, expires_at FROM lease"
                           " WHERE kind = $1 OR CAST($1 AS TEXT) = '' ORDER BY kind, lease_key",
                           {param(kind)});
    while (rows->next()) {
        out.push_back(read_lease(rows));
    }
    return out;
}

void void_leases(connection& db, std::string_view kind, instant free_at) {
    db.run("UPDATE lease SET epoch = epoch + 1, holder = 0, expires_at = $2 WHERE kind = $1",
           {param(kind), param(free_at)});
}

instant lease_time(connection& db, instant otherwise) {
    if (db.dialect().clock.empty()) {
        return otherwise;
    }
    cursor rows = db.query(db.dialect().clock);
    return rows->next() ? instant{rows->i64(0)} : otherwise;
}

} // namespace patt::store
