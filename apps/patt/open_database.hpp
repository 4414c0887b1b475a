/// @file
/// From `--db` to a database that is there.
#pragma once

#include "options.hpp"

#include <patt/store/db.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace patt::cli {

/// What to do when there is no such file; a server's database is never made here.
enum class missing : std::uint8_t { refuse, make };

/// What a server's database is opened for.
enum class server_use : std::uint8_t {
    work,
    migrate, ///< As the owner of the tables; statements may take hours.
};

/// The database of `--db`; its schema is not looked at. With `--dry-run` it keeps nothing of what is written,
/// whichever command forgets to ask.
/// @throws refusal  `not_found`, with the command that makes one. @throws usage_error as `database_file`.
[[nodiscard]] std::shared_ptr<store::database> open_existing(const common_options& options,
                                                             missing when = missing::refuse,
                                                             server_use use = server_use::work);

/// Whether PATT_DB_STATEMENTS says `unnamed`. @throws usage_error
[[nodiscard]] bool sends_unnamed();
/// PATT_DB_WAKE: how wake-ups connect, when not as everything else. May be empty.
[[nodiscard]] std::string wake_conninfo();

/// A connection to it, refused when its schema is not that of this program.
/// @throws refusal
[[nodiscard]] std::unique_ptr<store::connection> connect_current(const common_options& options);

} // namespace patt::cli
