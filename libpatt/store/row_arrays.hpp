/// @file
/// Several rows as arrays: one parameter for their whole numbers, and one for each other column.
#pragma once

#include <patt/store/db.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

/// Collects rows of one shape, binds them, and writes the query that makes rows of the parameters again.
///
/// PostgreSQL needs some 250 ns for each value that comes in an array of its column (read it, unnest it) and
/// 50 for a whole number in the one array that holds those of all columns, row by row (measured with rows of
/// 18 columns; docs/performance.md).
class row_arrays {
public:
    /// All rows have values of the same types, none is NULL. @throws sql_error  for NULL and NaN
    void add(const std::vector<value>& row);
    /// Forgets the rows and keeps their memory.
    void clear() noexcept;

    /// Appends the parameters. @par Ownership  They point into this object.
    void bind(std::vector<value>& to);

    /// `SELECT ... AS column1, ... FROM UNNEST(...)`, for the rows that were added.
    /// @param function  `dialect().rows_of_arrays`. @param first  The number of the first parameter: 1 for
    /// $1.
    [[nodiscard]] std::string query(std::string_view function, std::size_t first) const;
    /// Only for rows of one column: its array, `CAST($1 AS BIGINT[])`.
    [[nodiscard]] std::string list(std::size_t first) const;

private:
    /// A column that has an array of its own: the first, and any that is no whole number.
    struct column {
        std::size_t number; ///< From 0.
        std::string_view type;
        std::string text; ///< The array as text; unused for whole numbers.
        std::vector<std::int64_t> numbers;
    };
    void shape(const std::vector<value>& row);

    std::vector<column> own_;
    std::vector<std::size_t> together_; ///< The numbers of the other columns.
    std::vector<std::int64_t> numbers_; ///< Their values, row by row.
    std::size_t width_ = 0;             ///< Columns of a row; 0 before the first.
};

} // namespace patt::store
