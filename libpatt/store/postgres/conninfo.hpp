/// @file
/// Connection strings: taken apart into one set of settings for each host.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::store::postgres {

/// The settings for one server, as libpq takes them.
struct target {
    std::vector<std::pair<std::string, std::string>> settings;
    std::string shown; ///< `host:port`, for messages.
    std::string name;  ///< Must be looked up before; empty for an address and a local socket.
};

/// Takes a connection string apart. @throws sql_error `misuse`; the text is never part of the message, as it
/// may hold a password.
[[nodiscard]] std::vector<target> targets_of(std::string_view conninfo);

/// A time-out as the server takes it, at least 1: 0 would switch it off.
[[nodiscard]] std::string milliseconds_text(std::chrono::milliseconds time);

} // namespace patt::store::postgres
