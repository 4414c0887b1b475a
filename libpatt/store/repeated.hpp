/// @file
/// One statement with a part that is there once for each of several rows: `a OR a OR a`, `q UNION ALL q`.
///
/// For tables that are queues. Where several rows are a table of their own that is joined, PostgreSQL may
/// take the queue for empty, as it was when it looked, and read all of it; a part of its own can only use the
/// key.
#pragma once

#include <patt/store/db.hpp>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

/// The texts for 1, 2, 3 ... up to 100 rows, made once.
/// @par Threads  Safe; it never changes.
class repeated {
public:
    struct parts {
        std::string_view before = {};
        std::string_view each; ///< Each `?` is a value of the row, in their order; `$1` to `$N` are shared.
        std::string_view between;
        std::string_view after = {};
        int shared = 0;
    };
    explicit repeated(const parts& of);

    /// Asks for all rows, several at a time.
    /// @param add  `add(std::vector<value>&, const Row&)` appends the values of a row.
    /// @param read  `read(const cursor&)` is called for each row that comes back.
    template <class Row, class Add, class Read>
    void query(connection& db, std::span<const Row> rows, Add add, std::initializer_list<value> shared,
               Read read) const {
        std::vector<value> values;
        for (std::size_t which = 0; !rows.empty();) {
            while (sizes[which] > rows.size()) {
                ++which;
            }
            values.assign(shared);
            for (const Row& row : rows.first(sizes[which])) {
                add(values, row);
            }
            rows = rows.subspan(sizes[which]);
            const cursor found = db.query(texts_[which], values);
            while (found->next()) {
                read(found);
            }
        }
    }

private:
    static constexpr std::array<std::size_t, 11> sizes{100, 50, 20, 8, 7, 6, 5, 4, 3, 2, 1};
    std::array<std::string, sizes.size()> texts_;
};

} // namespace patt::store
