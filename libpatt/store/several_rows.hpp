/// @file
/// One statement for several rows, `VALUES ($1, $2), ($3, $4)`, or for several values, `IN ($2, $3)`.
#pragma once

#include <patt/store/db.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

/// The texts of a statement for 1, 2, 3 ... up to 100 rows, made once: their number is small, so all stay
/// prepared.
/// @par Threads  Safe; it never changes.
class several_rows {
public:
    /// @param before   The statement up to the rows. @param columns  Of each row. @param after  Its end.
    /// @param shared   How many parameters `before` names itself: `$1` to `$N`.
    several_rows(std::string_view before, int columns, std::string_view after, int shared = 0);

    /// Posts the statement for all rows, several at a time. Nothing is run for none.
    /// @param add  `add(std::vector<value>&, const Row&)` appends the values of a row.
    template <class Row, class Add>
    void run(connection& db, const std::vector<const Row*>& rows, Add add,
             std::initializer_list<value> shared = {}) const {
        in_pieces(rows, add, shared,
                  [&](const std::string& sql, const std::vector<value>& values) { db.post(sql, values); });
    }

    /// The same, reading the rows that come back: `read(const cursor&)` is called for each.
    template <class Row, class Add, class Read>
    void query(connection& db, const std::vector<const Row*>& rows, Add add,
               std::initializer_list<value> shared, Read read) const {
        in_pieces(rows, add, shared, [&](const std::string& sql, const std::vector<value>& values) {
            cursor found = db.query(sql, values);
            while (found->next()) {
                read(found);
            }
        });
    }

private:
    template <class Row, class Add, class Run>
    void in_pieces(const std::vector<const Row*>& rows, Add add, std::initializer_list<value> shared,
                   Run run_one) const {
        std::vector<value> values;
        std::size_t size = 0;
        for (std::size_t first = 0; first < rows.size(); first += sizes[size]) {
            while (sizes[size] > rows.size() - first) {
                ++size;
            }
            values.assign(shared);
            for (std::size_t i = first; i < first + sizes[size]; ++i) {
                add(values, *rows[i]);
            }
            run_one(texts_[size], values);
        }
    }

    /// Many rows take few statements, and few rows one.
    static constexpr std::array<std::size_t, 11> sizes{100, 50, 20, 8, 7, 6, 5, 4, 3, 2, 1};
    std::array<std::string, sizes.size()> texts_;
};

/// The texts of a query `before IN ($2, $3 ...) after` for a few and for many values; `$1` is the guild.
/// @par Threads  Safe; it never changes.
class in_list {
public:
    in_list(std::string_view before, std::string_view after);

    /// Asks for all values, several at a time; a value twice finds its rows once in each query.
    /// @param see  `see(const cursor&)` is called for each row.
    template <class See>
    void query(connection& db, const value& guild, std::span<const value> values, See see) const {
        std::vector<value> parameters;
        while (!values.empty()) {
            const std::size_t which = values.size() > sizes[0] ? 1 : 0;
            const auto now = values.subspan(0, std::min(sizes[which], values.size()));
            parameters.assign(1, guild);
            parameters.insert(parameters.end(), now.begin(), now.end());
            parameters.resize(1 + sizes[which], now.back()); // The last one fills what is left.
            const cursor rows = db.query(texts_[which], parameters);
            while (rows->next()) {
                see(rows);
            }
            values = values.subspan(now.size());
        }
    }

private:
    static constexpr std::array<std::size_t, 2> sizes{8, 100};
    std::array<std::string, sizes.size()> texts_;
};

/// Without those that a later one replaces: one statement may not write a row twice (PostgreSQL).
template <class Row, class Same>
[[nodiscard]] std::vector<const Row*> last_of_each(std::span<const Row* const> rows, Same same) {
    std::vector<const Row*> out;
    for (auto row = rows.begin(); row != rows.end(); ++row) {
        if (std::none_of(row + 1, rows.end(), [&](const Row* later) { return same(**row, *later); })) {
            out.push_back(*row);
        }
    }
    return out;
}

} // namespace patt::store
