#include "store/key_rule.hpp"
#include "store/transfer/format.hpp"
#include "store/transfer/schema_number.hpp"

#include <patt/digest_stream.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace patt::store {
namespace {

using transfer::cell;

constexpr std::int64_t page = 500; // rows

/// What one host holds for a moment; a file has none of it.
struct held_value {
    std::string_view table;
    std::string_view column;
};
constexpr std::array<held_value, 3> held{
    {{"outbox", "claimed_at"}, {"outbox", "claim_epoch"}, {"cron_slot", "host"}}};

/// Where a database still stores that an effect is being sent (3), the file says pending (2).
void let_go(const table_shape& table, std::vector<cell>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto is_held = [&](const held_value& h) {
            return h.table == table.name && h.column == table.columns[i].name;
        };
        if (std::any_of(held.begin(), held.end(), is_held)) {
            cells[i] = std::int64_t{0};
        } else if (table.name == "outbox" && table.columns[i].name == "state") {
            const auto* state = std::get_if<std::int64_t>(&cells[i]);
            cells[i] = state != nullptr && *state == 3 ? cell(std::int64_t{2}) : cells[i];
        }
    }
}

cell read_cell(const cursor& rows, int at, column_kind kind) {
    if (rows->is_null(at)) {
        return null_t{};
    }
    switch (kind) {
    case column_kind::number:
    case column_kind::small_number:
        return rows->i64(at);
    case column_kind::floating:
        return rows->f64(at);
    case column_kind::text:
        return std::string(rows->text(at));
    case column_kind::bytes:
        break;
    }
    const auto bytes = rows->bytes(at);
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

/// One table's rows of the guild in the order of its key, page by page: some drivers hold a whole result.
class table_pages {
public:
    explicit table_pages(const table_shape& table)
        : table_(table) {
        std::vector<std::string> names;
        std::vector<std::string> places;
        for (const column& c : table.columns) {
            names.push_back(c.name);
        }
        for (const std::string& k : table.primary_key) {
            if (k != "guild_id") {
                places.push_back(fmt::format("${}", places.size() + 2));
                keys_.push_back(k);
            }
        }
        first_ = fmt::format("SELECT {} FROM {} WHERE guild_id = $1", fmt::join(names, ", "), table.name);
        const std::string order =
            keys_.empty() ? "" : fmt::format(" ORDER BY {} LIMIT {}", fmt::join(keys_, ", "), page);
        next_ = fmt::format("{} AND ({}) > ({}){}", first_, fmt::join(keys_, ", "), fmt::join(places, ", "),
                            order);
        first_ += order;
    }

    template <class See>
    void each(connection& db, guild_id guild, See&& see) {
        std::vector<cell> last;
        for (bool more = true; more;) {
            std::vector<value> parameters{guild.value()};
            for (const std::string& k : keys_) {
                if (!last.empty()) {
                    const column* c = table_.find(k);
                    parameters.push_back(
                        transfer::bound(last[static_cast<std::size_t>(c - table_.columns.data())], c->kind));
                }
            }
            std::int64_t found = 0;
            std::vector<cell> row;
            {
                const cursor rows = db.query(last.empty() ? first_ : next_, parameters);
                while (rows->next()) {
                    row.clear();
                    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
                        row.push_back(read_cell(rows, static_cast<int>(i), table_.columns[i].kind));
                    }
                    ++found;
                    see(row);
                }
            }
            more = !keys_.empty() && found == page;
            last = std::move(row);
        }
    }

private:
    const table_shape& table_;
    std::vector<std::string> keys_; // The primary key without the guild.
    std::string first_;
    std::string next_;
};

/// The guild's tables; that of the guild itself comes first, so that a reader meets it first.
std::vector<table_shape> tables_of_guilds(connection& db) {
    std::vector<table_shape> tables = read_catalogue(db);
    std::erase_if(tables, [](const table_shape& t) { return !part_of_guild(t); });
    std::stable_partition(tables.begin(), tables.end(),
                          [](const table_shape& t) { return t.name == "guild"; });
    return tables;
}

std::int64_t count_rows(connection& db, const std::vector<table_shape>& tables, guild_id guild) {
    std::int64_t all = 0;
    for (const table_shape& t : tables) {
        const cursor rows =
            db.query(fmt::format("SELECT COUNT(*) FROM {} WHERE guild_id = $1", t.name), {guild.value()});
        all += rows->next() ? rows->i64(0) : 0;
    }
    return all;
}

result<transfer_report> write_all(connection& db, guild_id guild, instant now, const line_sink& to,
                                  const transfer_progress& progress) {
    transfer_report report;
    report.guild = guild;
    report.schema = transfer::schema_number(db);
    {
        const cursor row = db.query("SELECT name FROM guild WHERE guild_id = $1", {guild.value()});
        if (!row->next()) {
            return error{errc::not_found, fmt::format("there is no guild {}", guild.value())};
        }
        report.name = row->text(0);
    }
    const std::vector<table_shape> tables = tables_of_guilds(db);
    const std::int64_t total = count_rows(db, tables, guild);
    sha256_stream hash;
    const auto put = [&](const std::string& line) {
        hash.add(line);
        hash.add("\n");
        to(line);
    };
    put(transfer::header_line({transfer_format, report.schema, guild, report.name, now}));
    for (const table_shape& t : tables) {
        std::int64_t of_table = 0;
        table_pages(t).each(db, guild, [&](std::vector<cell>& row) {
            std::vector<cell> written = row; // The page goes on from the row as it is.
            let_go(t, written);
            put(transfer::row_line(t, written));
            ++of_table;
            ++report.rows;
            if (progress) {
                progress(report.rows, total);
            }
        });
        report.tables.emplace_back(t.name, of_table);
    }
    report.checksum = to_hex(hash.end());
    to(transfer::trailer_line(report));
    return report;
}

} // namespace

result<transfer_report> export_guild(connection& db, guild_id guild, instant now, const line_sink& to,
                                     const transfer_progress& progress) {
    // Never run again, as in_tx would: the lines are already on their way.
    db.begin(tx_mode::read);
    try {
        db.allow_pauses(); // The lines may go into a pipe.
        db.enter_guild(guild);
        result<transfer_report> report = write_all(db, guild, now, to, progress);
        db.commit();
        return report;
    } catch (...) {
        db.rollback();
        throw;
    }
}

} // namespace patt::store
