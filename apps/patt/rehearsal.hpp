/// @file
/// `--dry-run`: a command decides as always, and nothing that it writes is kept.
#pragma once

#include <patt/store/db.hpp>

#include <memory>

namespace patt::cli {

/// The database, with transactions that end as they began: what is committed is checked and taken back. So a
/// rehearsed command is refused where the real one is. Nothing is announced to other hosts.
/// @throws store::sql_error  `misuse`, from connections of it: migrations cannot be rehearsed.
[[nodiscard]] std::shared_ptr<store::database> rehearsal_of(std::shared_ptr<store::database> real);

} // namespace patt::cli
