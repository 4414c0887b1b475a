/// @file
/// What `patt doctor` sees, over HTTP, for Prometheus and for whoever restarts what does not work.
#pragma once

#include "../exit_code.hpp"
#include "../options.hpp"

#include <patt/engine/health.hpp>

#include <string>

namespace patt::cli {

/// What `--db` says of itself and of the work in it.
[[nodiscard]] engine::health look_at(store::connection& db);

/// Serves until SIGINT or SIGTERM. The database is looked at when somebody asks, at most every five seconds
/// however many do. @param where  `9187`, `127.0.0.1:9187`, `[::1]:9187`; without an address
/// only this machine is served.
/// @throws usage_error  `where` is none of these.
/// @throws failure      the address cannot be used.
exit_code serve_status(const common_options& common, const std::string& where);

} // namespace patt::cli
