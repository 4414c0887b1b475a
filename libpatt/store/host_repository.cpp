#include "store/host_repository.hpp"

#include "store/binding.hpp"
#include "store/lease_repository.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace patt::store {

namespace {

/// Stands in the column of what a host does, behind it: nobody of an older version reads that.
constexpr std::string_view connections_word = " connections ";
/// The last word of it, as `way` counts, and behind it how many go past the pooler, if any do. A version that
/// does not know that reads `untold`.
constexpr std::array<std::string_view, 3> way_words{"untold", "server", "pooler"};

std::string with_connections(const host_row& h) {
    const host_connections& c = h.connections;
    return c.most == 0 ? h.kinds
                       : fmt::format("{}{}{} {} {} {}{}", h.kinds, connections_word, c.most, c.open,
                                     c.waiting, way_words.at(static_cast<std::size_t>(c.leads_to)),
                                     c.direct == 0 ? std::string() : fmt::format(" {}", c.direct));
}

/// Splits what `with_connections` made; anything else is what the host does.
void take_kinds(std::string text, host_row& into) {
    const std::size_t at = text.find(connections_word);
    if (at != std::string::npos) {
        const char* next = text.data() + at + connections_word.size();
        const char* const end = text.data() + text.size();
        host_connections& c = into.connections;
        for (std::int64_t* number : {&c.most, &c.open, &c.waiting}) {
            next = std::from_chars(next, end, *number).ptr;
            next += next != end ? 1 : 0;
        }
        const char* const behind = std::find(next, end, ' ');
        if (behind != end) {
            std::from_chars(behind + 1, end, c.direct);
        }
        const auto word = std::find(way_words.begin(), way_words.end(), std::string_view(next, behind));
        c.leads_to = word == way_words.end() ? way::untold : static_cast<way>(word - way_words.begin());
        text.resize(at);
    }
    into.kinds = std::move(text);
}

} // namespace

void put_host(connection& db, const host_row& h) {
    const std::string kinds = with_connections(h);
    db.post("INSERT INTO host (boot_id, name, version, kinds, started_at, last_seen, clock_skew)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (boot_id) DO UPDATE SET"
            " kinds = excluded.kinds, last_seen = excluded.last_seen, clock_skew = excluded.clock_skew",
            {param(h.boot_id), param(h.name), param(h.version), param(kinds), param(h.started_at),
             param(h.last_seen), param(h.clock_skew)});
}

void drop_host(connection& db, std::int64_t boot_id) {
    db.post("DELETE FROM host WHERE boot_id = $1", {boot_id});
}

void drop_hosts_before(connection& db, instant before, std::int64_t keep) {
    db.post("DELETE FROM host WHERE last_seen < $1 AND boot_id <> $2", {param(before), keep});
}

std::vector<host_row> hosts(connection& db) {
    std::vector<host_row> out;
    cursor rows = db.query("SELECT boot_id, name, version, kinds, started_at, last_seen, clock_skew FROM host"
                           " ORDER BY boot_id");
    while (rows->next()) {
        reader r(rows);
        host_row h;
        h.boot_id = r.number();
        h.name = r.text();
        h.version = r.text();
        take_kinds(r.text(), h);
        h.started_at = r.time();
        h.last_seen = r.time();
        h.clock_skew = duration{r.number()};
        out.push_back(std::move(h));
    }
    return out;
}

std::int64_t partitions(connection& db) {
    cursor rows = db.query("SELECT partitions FROM instance WHERE only_one = 1");
    return rows->next() ? rows->i64(0) : 1;
}

void set_partitions(connection& db, std::int64_t number, instant free_at) {
    db.post("UPDATE instance SET partitions = $1 WHERE only_one = 1", {number});
    void_leases(db, partition_lease, free_at);
}

bool take_slot(connection& db, guild_id guild, std::string_view name, instant slot, std::int64_t host,
               instant now) {
    return db.run(
               "INSERT INTO cron_slot (guild_id, name, slot_at, host, taken_at) VALUES ($1, $2, $3, $4, $5)"
               " ON CONFLICT (guild_id, name, slot_at) DO NOTHING",
               {param(guild), param(name), param(slot), host, param(now)}) == 1;
}

void forget_slots(connection& db, guild_id guild, instant before) {
    db.post("DELETE FROM cron_slot WHERE guild_id = $1 AND slot_at < $2", {param(guild), param(before)});
}

} // namespace patt::store
