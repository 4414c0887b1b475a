/// @file
/// Owning handles for what libpq gives out.
#pragma once

#include <libpq-fe.h>

#include <memory>

namespace patt::store::postgres {

struct close_connection {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
struct clear_result {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};

using connection_handle = std::unique_ptr<PGconn, close_connection>;
using result_handle = std::unique_ptr<PGresult, clear_result>;

} // namespace patt::store::postgres
