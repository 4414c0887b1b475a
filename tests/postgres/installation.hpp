/// @file
/// Where Debian's PostgreSQL and PgBouncer are, and as whom they run.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace patt::postgres {

/// The programs of one version of the server.
struct installation {
    std::filesystem::path programs; ///< The folder of `postgres`, `initdb`, `pg_basebackup`, `pg_rewind`.
    int version = 0;                ///< The major one.
};

/// The newest server of at least version 15 in Debian's places; none when there is none. Debian keeps the
/// programs out of the PATH.
[[nodiscard]] std::optional<installation> find_installation();
/// The same. @throws std::runtime_error with `why_missing()` when there is none.
[[nodiscard]] installation installed();

[[nodiscard]] std::optional<std::filesystem::path> find_bouncer();

/// Why tests that need PostgreSQL cannot run here, in a sentence; empty when they can.
[[nodiscard]] std::string why_missing();
[[nodiscard]] std::string why_bouncer_missing();

/// In CI a missing server is a failure, elsewhere a reason to skip: `CI=true`.
[[nodiscard]] bool is_ci();

/// The account that servers run as, because they refuse to run as root: `postgres`, else `nobody`. Empty for
/// an ordinary user, who runs them as themselves.
[[nodiscard]] std::string server_account();

/// Gives a file or an empty folder to that account.
void hand_over(const std::filesystem::path& what);

} // namespace patt::postgres
