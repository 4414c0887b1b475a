/// @file
/// What can be told from a statement's text alone; the same for every driver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace patt::store {

/// What a statement does, as far as drivers care.
enum class statement_kind : std::uint8_t {
    reading,     ///< Changes nothing.
    writing,     ///< Changes rows: the number of changed rows is meaningful.
    defining,    ///< Changes the schema or a setting.
    savepoint,   ///< SAVEPOINT or RELEASE.
    rollback_to, ///< ROLLBACK TO: ends the failed state of a transaction.
    transaction, ///< BEGIN, COMMIT and their like, which are refused as text.
};

/// The kind by the first words. Only a guess between `reading`, `writing` and `defining`: a `WITH` may do
/// either.
[[nodiscard]] statement_kind kind_by_words(std::string_view sql) noexcept;

/// True when there is nothing but white space, semicolons and comments.
[[nodiscard]] bool is_blank(std::string_view sql) noexcept;

/// True for `SAVEPOINT name`.
[[nodiscard]] bool opens_savepoint(std::string_view sql) noexcept;

/// The name behind `SAVEPOINT`, `RELEASE [SAVEPOINT]` and `ROLLBACK TO [SAVEPOINT]`, as written.
[[nodiscard]] std::string_view savepoint_name(std::string_view sql) noexcept;

/// The head of a text, for messages: statements can have a hundred rows of VALUES.
[[nodiscard]] std::string_view head_of(std::string_view sql) noexcept;

/// The parameters that a text names.
struct text_parameters {
    std::size_t count = 0;    ///< `$1` to `$count`, each of them used.
    std::string_view problem; ///< What is wrong with them; empty when nothing is.
};

/// Finds the parameters outside of texts, names, comments and PostgreSQL's `$tag$` quotes.
[[nodiscard]] text_parameters parameters_in(std::string_view sql);

/// Cuts the first statement, with its semicolon, off the front.
[[nodiscard]] std::string_view cut_statement(std::string_view& statements) noexcept;

} // namespace patt::store
