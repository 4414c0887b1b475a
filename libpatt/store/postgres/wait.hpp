/// @file
/// Waiting for a server, never longer than asked.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <cstdint>

namespace patt::store::postgres {

enum class wanted : std::uint8_t { read, write, read_or_write };

/// Waits until the connection's socket is ready; false when the time is over before. May return early.
[[nodiscard]] bool wait_for_socket(const PGconn* connection, wanted what,
                                   std::chrono::steady_clock::time_point until) noexcept;

/// True when there is something to read now, be it the end.
[[nodiscard]] bool is_readable(const PGconn* connection) noexcept;

} // namespace patt::store::postgres
