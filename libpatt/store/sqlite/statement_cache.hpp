/// @file
/// Prepared statements by their text, least recently used first to go.
#pragma once

#include "store/sqlite/statement.hpp"

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace patt::store::sqlite {

/// Finds or prepares the statement for a text. Statements that a cursor is on are never dropped: the cache
/// grows above its limit rather than break them.
class statement_cache {
public:
    /// @param limit  How many texts are kept; at least one is.
    statement_cache(session& shared, std::size_t limit);
    statement_cache(const statement_cache&) = delete;
    statement_cache& operator=(const statement_cache&) = delete;
    ~statement_cache() = default;

    /// A statement with this text that no cursor is on. @throws sql_error when it cannot be prepared.
    [[nodiscard]] sqlite_statement& find(std::string_view sql);
    /// Drops everything; statements that a cursor is on go when the cursor does.
    void clear() noexcept;
    /// Ends the rows of all open cursors: their transaction is over.
    void end_open_cursors() noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

private:
    /// One text and its statements: a second one when the same text is run while its first run is still open.
    struct entry {
        std::string sql;
        std::vector<std::unique_ptr<sqlite_statement>> copies;
        [[nodiscard]] bool in_use() const noexcept;
    };
    using entries = std::list<entry>;

    [[nodiscard]] entries::iterator look_up(std::string_view sql);
    [[nodiscard]] sqlite_statement& free_copy(entry& found);
    void add(std::string_view sql);
    void drop_oldest();

    session& session_;
    std::size_t limit_;
    entries entries_; ///< Most recently used first.
    entries retired_; ///< Dropped while in use.
    std::unordered_map<std::string_view, entries::iterator>
        by_text_; ///< Keys are views of the entries' own text.

    /// Statements are mostly literals: the same address has the same text, so comparing replaces hashing.
    struct recent {
        const char* address = nullptr;
        entries::iterator where;
    };
    static constexpr std::size_t recent_count = 64;
    std::array<recent, recent_count> recent_{};
};

} // namespace patt::store::sqlite
