/// @file
/// One statement for several rows: `VALUES ($1, $2), ($3, $4)`.
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

/// The texts of a statement for some numbers of rows, made once: they are few, so all stay prepared.
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
    /// 1 to 8 rows, then powers of two: any number takes few statements, and few texts are prepared.
    static constexpr std::array<std::size_t, 11> sizes = {1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 64};

    template <class Row, class Add, class Run>
    void in_pieces(const std::vector<const Row*>& rows, Add add, std::initializer_list<value> shared,
                   Run run) const {
        std::vector<value> values;
        for (std::size_t first = 0; first < rows.size();) {
            const auto fits =
                std::upper_bound(sizes.begin(), sizes.end(), rows.size() - first) - sizes.begin() - 1;
            const std::size_t count = sizes[static_cast<std::size_t>(fits)];
            values.assign(shared);
            for (std::size_t i = first; i < first + count; ++i) {
                add(values, *rows[i]);
            }
            run(texts_[static_cast<std::size_t>(fits)], values);
            first += count;
        }
    }

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
