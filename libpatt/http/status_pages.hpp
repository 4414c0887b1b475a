/// @file
/// The answers of the status server, apart from the protocol.
#pragma once

#include <patt/http/status_server.hpp>

#include <string>
#include <string_view>

namespace patt::http {

/// An answer before it is HTTP.
struct page {
    unsigned status = 200;
    std::string type;
    std::string body;
    std::string allow = {}; ///< The methods that are allowed, for 405.
};

/// Answers one request. Never throws.
/// @param target  As the client sent it, with a query if it has one (which is ignored).
[[nodiscard]] page answer_status(const status_source& from, std::string_view method,
                                 std::string_view target) noexcept;

} // namespace patt::http
