/// @file
/// What a connection knows about the texts it ran, least recently used first to go.
#pragma once

#include "store/statement_text.hpp"

#include <libpq-fe.h>

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace patt::store::postgres {

/// One text. In prepared mode the server knows it by `name`.
struct statement {
    std::string sql;
    statement_kind kind = statement_kind::reading;
    std::size_t parameters = 0;
    std::vector<Oid> types; ///< Of the parameters, as told to the server; `type::none` while only NULLs came.
    std::string name;       ///< Empty until it is prepared, and again when it left the cache.
    bool cached = true;     ///< False when it left the cache under an open cursor: it runs unnamed then.
};

using statement_ref = std::shared_ptr<statement>;

/// Finds or makes the entry for a text. An entry that a cursor is on outlives its place in the cache.
class statement_cache {
public:
    /// @param limit  How many texts are kept; at least one is.
    explicit statement_cache(std::size_t limit);

    /// @throws sql_error `misuse` when the text cannot be a statement of a caller.
    [[nodiscard]] const statement_ref& find(std::string_view sql);
    /// Drops everything.
    void clear() noexcept;
    /// Forgets what the server knew: the connection is a new one.
    void forget_names() noexcept;
    /// Names that the server still knows and nobody uses any more; the caller takes them.
    [[nodiscard]] std::vector<std::string>& abandoned() noexcept { return abandoned_; }

private:
    using entries = std::list<statement_ref>;

    void drop(entries::iterator which);

    std::size_t limit_;
    entries entries_; ///< Most recently used first.
    std::unordered_map<std::string_view, entries::iterator>
        by_text_; ///< Keys are views of the entries' text.
    std::vector<std::string> abandoned_;
};

} // namespace patt::store::postgres
