/// @file
/// The one kind of migration that cannot run in a transaction: an index that is built while others write.
#pragma once

#include <patt/store/db.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace patt::store {

/// What a file that begins with `-- patt: concurrently` says.
struct concurrent_index {
    std::string
        statement;     ///< `CREATE [UNIQUE] INDEX CONCURRENTLY name ON ...`, without comments or semicolon.
    std::string name;  ///< Of the index.
    std::string table; ///< That it is on.
};

/// Whether the text is marked so.
[[nodiscard]] bool is_concurrent(std::string_view text) noexcept;

/// Takes a marked text apart. @throws failure when it is anything but one such statement.
[[nodiscard]] concurrent_index parse_concurrent(std::string_view text);

/// Whether the table is no larger than that, and no earlier try has left anything behind.
[[nodiscard]] bool is_quick(connection& db, const concurrent_index& index, std::int64_t bytes);
[[nodiscard]] bool is_built(connection& db, const concurrent_index& index);
/// The statement that builds the index in a transaction.
[[nodiscard]] std::string in_transaction(const concurrent_index& index);

/// Holds the migration lock of the session, so that it outlives transactions, until the scope ends. It is
/// asked for and never waited for: whoever waits for it inside a transaction has a snapshot that the building
/// of an index waits for, and neither would ever go on.
class session_migration_lock {
public:
    explicit session_migration_lock(connection& db);
    session_migration_lock(const session_migration_lock&) = delete;
    session_migration_lock& operator=(const session_migration_lock&) = delete;
    ~session_migration_lock();
    /// False when somebody else has it.
    [[nodiscard]] bool taken() const noexcept { return taken_; }
    /// @throws sql_error `lost`  when the connection is in another session by now.
    void check() const;

private:
    connection& db_;
    std::int64_t session_ = 0; ///< The server's process.
    bool taken_ = false;
};

/// Builds the index, outside of any transaction. Repeatable: what an interrupted try left behind is dropped
/// first, and an index that is complete is left alone. It waits for the transactions that are under way as
/// long as they take, and holds up none of them.
/// @throws sql_error  `lost` when the lock went with its session.
void build_concurrently(connection& db, const concurrent_index& index, const session_migration_lock& lock);

} // namespace patt::store
