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

/// The texts of a statement for 1, 2, 3 ... rows, made once: their number is small, so all stay prepared.
/// @par Threads  Safe; it never changes.
class several_rows {
public:
    /// @param before   The statement up to the rows. @param columns  Of each row. @param after  Its end.
    /// @param shared   How many parameters `before` names itself: `$1` to `$N`.
    several_rows(std::string_view before, int columns, std::string_view after, int shared = 0);

    /// Runs the statement for all rows, several at a time. Nothing is run for none.
    /// @param add  `add(std::vector<value>&, const Row&)` appends the values of a row.
    template <class Row, class Add>
    void run(connection& db, const std::vector<const Row*>& rows, Add add,
             std::initializer_list<value> shared = {}) const {
        std::vector<value> values;
        for (std::size_t first = 0; first < rows.size(); first += most) {
            const std::size_t count = std::min(most, rows.size() - first);
            values.assign(shared);
            for (std::size_t i = first; i < first + count; ++i) {
                add(values, *rows[i]);
            }
            db.run(texts_[count - 1], values);
        }
    }

private:
    static constexpr std::size_t most = 8;
    std::array<std::string, most> texts_;
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
