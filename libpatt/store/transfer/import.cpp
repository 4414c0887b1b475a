#include "store/key_rule.hpp"
#include "store/transfer/reader.hpp"
#include "store/transfer/schema_number.hpp"

#include <fmt/format.h>

#include <map>

namespace patt::store {
namespace {

using transfer::row_text;

/// Inserts rows of one table several at a time.
class batch {
public:
    void add(connection& db, row_text row, std::int64_t line) {
        if (table_ != row.table) {
            flush(db);
            table_ = row.table;
        }
        if (rows_.empty()) {
            first_line_ = line;
        }
        last_line_ = line;
        bytes_ += size_of(row);
        rows_.push_back(std::move(row));
        if (rows_.size() == most || bytes_ > most_bytes) {
            flush(db);
        }
    }

    void flush(connection& db) {
        if (rows_.size() == most) {
            run(db, rows_);
        } else {
            for (const row_text& row : rows_) {
                run(db, {&row, 1});
            }
        }
        rows_.clear();
        bytes_ = 0;
    }

    /// The lines of what was inserted last, for messages.
    [[nodiscard]] std::string lines() const {
        return first_line_ == last_line_ ? fmt::format("line {}", first_line_)
                                         : fmt::format("lines {} to {}", first_line_, last_line_);
    }

private:
    static constexpr std::size_t most = 100;
    static constexpr std::size_t most_bytes = std::size_t{8} * 1024 * 1024;

    static std::size_t size_of(const row_text& row) {
        std::size_t bytes = 0;
        for (const transfer::cell& c : row.cells) {
            const auto* text = std::get_if<std::string>(&c);
            bytes += text == nullptr ? sizeof(std::int64_t) : text->size();
        }
        return bytes;
    }

    /// One text for a table and a number of rows (1 or `most`), so that both stay prepared.
    const std::string& statement(std::size_t rows) {
        std::string& sql = texts_[{table_, rows}];
        if (sql.empty()) {
            std::string columns;
            for (const column& c : table_->columns) {
                columns += (columns.empty() ? "" : ", ") + c.name;
            }
            sql = fmt::format("INSERT INTO {} ({}) VALUES ", table_->name, columns);
            std::size_t number = 0;
            for (std::size_t r = 0; r < rows; ++r) {
                sql += r == 0 ? "(" : ", (";
                for (std::size_t c = 0; c < table_->columns.size(); ++c) {
                    sql += fmt::format("{}${}", c == 0 ? "" : ", ", ++number);
                }
                sql += ")";
            }
        }
        return sql;
    }

    void run(connection& db, std::span<const row_text> rows) {
        std::vector<value> values;
        for (const row_text& row : rows) {
            for (std::size_t i = 0; i < row.cells.size(); ++i) {
                values.push_back(transfer::bound(row.cells[i], table_->columns[i].kind));
            }
        }
        db.run(statement(rows.size()), values);
    }

    const table_shape* table_ = nullptr;
    std::vector<row_text> rows_;
    std::size_t bytes_ = 0;
    std::int64_t first_line_ = 0;
    std::int64_t last_line_ = 0;
    std::map<std::pair<const table_shape*, std::size_t>, std::string> texts_;
};

bool is_about_the_data(sql_errc code) {
    return code == sql_errc::unique || code == sql_errc::foreign_key || code == sql_errc::check ||
           code == sql_errc::not_null || code == sql_errc::bad_value;
}

/// Makes room for the guild, or says why there is none.
std::optional<error> make_room(connection& db, guild_id guild, const std::vector<table_shape>& tables,
                               existing_guild existing) {
    db.enter_guild(guild);
    bool there = false;
    {
        const std::string sql =
            "SELECT guild_id FROM guild WHERE guild_id = $1" + std::string(db.dialect().for_update);
        const cursor row = db.query(sql, {guild.value()});
        there = row->next();
    }
    if (!there) {
        return std::nullopt;
    }
    if (existing == existing_guild::refuse) {
        return error{errc::already_exists,
                     fmt::format("the guild {} is in this database already; nothing was written. To put the "
                                 "file in its place, stop the hosts and add --replace",
                                 guild.value())};
    }
    for (const table_shape& t : tables) {
        db.run(fmt::format("DELETE FROM {} WHERE guild_id = $1", t.name), {guild.value()});
    }
    return std::nullopt;
}

result<transfer_report> read_all(connection& db, const line_source& from, existing_guild existing) {
    std::vector<table_shape> tables = read_catalogue(db);
    std::erase_if(tables, [](const table_shape& t) { return !part_of_guild(t); });
    transfer::reader file(tables, transfer::schema_number(db));
    batch rows;
    bool room = false;
    try {
        while (const auto line = from()) {
            result<std::optional<row_text>> read = file.take(*line);
            if (!read) {
                return read.err();
            }
            if (!room) {
                if (const auto full = make_room(db, file.head()->guild, tables, existing)) {
                    return *full;
                }
                room = true;
            }
            if (*read) {
                rows.add(db, std::move(**read), file.line());
            }
        }
        rows.flush(db);
    } catch (const sql_error& problem) {
        if (!is_about_the_data(problem.code())) {
            throw;
        }
        return error{errc::invalid_input,
                     fmt::format("{}: the database does not take it ({}: {})", rows.lines(),
                                 to_string(problem.code()), problem.what())};
    }
    return file.end();
}

} // namespace

result<transfer_report> import_guild(connection& db, const line_source& from, import_options options) {
    // Never run again, as in_tx would: the lines come once.
    db.begin(tx_mode::write);
    try {
        db.allow_pauses(); // The lines may come out of a pipe.
        result<transfer_report> report = read_all(db, from, options.existing);
        if (report && options.mode == import_mode::keep) {
            db.commit();
        } else {
            db.rollback();
        }
        return report;
    } catch (...) {
        db.rollback();
        throw;
    }
}

} // namespace patt::store
