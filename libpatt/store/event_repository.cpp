#include "store/event_repository.hpp"

#include "store/binding.hpp"
#include "store/several_rows.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace patt::store {

void append_events(connection& db, guild_id guild, std::span<const log::row> rows) {
    static const several_rows chain("INSERT INTO event (guild_id, seq, happened_at, kind, actor, subject,"
                                    " commitment, prev, hash) VALUES ",
                                    9, "");
    static const several_rows payloads("INSERT INTO event_payload (guild_id, seq, salt, payload) VALUES ", 4,
                                       "");
    std::vector<const log::row*> all;
    std::vector<const log::row*> with_payload;
    for (const log::row& row : rows) {
        all.push_back(&row);
        if (row.payload && row.salt) {
            with_payload.push_back(&row);
        }
    }
    chain.run(db, all, [guild](std::vector<value>& to, const log::row& row) {
        to.insert(to.end(), {param(guild), param(row.seq), param(row.at), param(row.kind), param(row.actor),
                             param(row.subject), param(row.commitment), param(row.prev), param(row.hash)});
    });
    payloads.run(db, with_payload, [guild](std::vector<value>& to, const log::row& row) {
        to.insert(to.end(), {param(guild), param(row.seq), param_bytes(*row.salt), param(*row.payload)});
    });
}

bool has_event(connection& db, guild_id guild, const log::head& what) {
    cursor rows =
        db.query("SELECT hash FROM event WHERE guild_id = $1 AND seq = $2", {param(guild), param(what.seq)});
    return rows->next() && reader(rows).hash() == what.hash;
}

namespace {

#define PATT_EVENTS                                                                                          \
    "SELECT e.seq, e.happened_at, e.kind, e.actor, e.subject, e.commitment, e.prev, e.hash, p.payload,"      \
    " p.salt FROM event e LEFT JOIN event_payload p ON p.guild_id = e.guild_id AND p.seq = e.seq"            \
    " WHERE e.guild_id = $1 "

std::vector<log::row> read_events(cursor rows) {
    std::vector<log::row> out;
    while (rows->next()) {
        reader r(rows);
        log::row row;
        row.seq = r.number();
        row.at = r.time();
        row.kind = r.text();
        row.actor = r.text();
        row.subject = r.text();
        row.commitment = r.hash();
        row.prev = r.hash();
        row.hash = r.hash();
        row.payload = r.optional_text();
        row.salt = r.optional_bytes();
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace

std::vector<log::row> events_from(connection& db, guild_id guild, std::int64_t first, std::size_t most) {
    return read_events(db.query(PATT_EVENTS "AND e.seq >= $2 ORDER BY e.seq LIMIT $3",
                                {param(guild), param(first), param(most)}));
}

std::vector<log::row> last_events(connection& db, guild_id guild, std::size_t most) {
    const std::size_t as_many = std::min<std::size_t>(most, std::numeric_limits<std::int64_t>::max());
    std::vector<log::row> out =
        read_events(db.query(PATT_EVENTS "ORDER BY e.seq DESC LIMIT $2", {param(guild), param(as_many)}));
    std::reverse(out.begin(), out.end());
    return out;
}

} // namespace patt::store
