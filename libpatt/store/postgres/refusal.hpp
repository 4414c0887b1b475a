/// @file
/// Why a connection could not be made, read from libpq's text.
#pragma once

#include <patt/store/db.hpp>

#include <string>
#include <string_view>

namespace patt::store::postgres {

struct refusal {
    sql_errc code =
        sql_errc::lost; ///< `lost` can heal, `busy` is a server that is full, `other` needs a person.
    std::string why;    ///< One line, without the SQLSTATE.
};

/// @param text  libpq's message, verbose: a paragraph for each address of the host that was tried, and one
/// more where it was tried again without TLS. What a server said counts before that nobody listens.
[[nodiscard]] refusal read_refusal(std::string_view text);

} // namespace patt::store::postgres
