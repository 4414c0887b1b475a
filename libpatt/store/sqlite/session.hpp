/// @file
/// What a connection and its statements know in common.
#pragma once

#include "store/sqlite/handles.hpp"

#include <patt/store/db.hpp>

#include <cstdint>
#include <optional>

namespace patt::store::sqlite {

/// The state of one connection. Statements refer to it and must not outlive it.
struct session {
    database_handle database;
    std::optional<tx_mode> transaction; ///< The open transaction's mode.
    bool failed = false;                ///< An error happened in the open transaction.
    std::uint32_t open_statements = 0;  ///< How many statements a cursor is on.
    std::uint64_t statements_run = 0;

    /// Marks the open transaction, if any, as failed.
    void fail() noexcept { failed = transaction.has_value(); }
};

} // namespace patt::store::sqlite
