/// @file
/// The secret of an installation, from which invite codes are derived. Made once and kept.
#pragma once

#include <patt/engine/ports.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace patt::cli {

/// What to do where there is no key yet.
enum class missing_key : std::uint8_t {
    make,
    stand_in, ///< For what is not kept: nothing is made.
};

/// The key from `PATT_INSTANCE_KEY`, else from the file that `PATT_INSTANCE_KEY_FILE` names, else from
/// `FILE.key` beside the database. Only there it is made when it does not exist, readable by its owner alone.
///
/// @throws failure  the file cannot be read or made, the key is too short, or others may read the file.
[[nodiscard]] std::string instance_key(const std::filesystem::path& database, engine::entropy& random,
                                       missing_key when = missing_key::make);

} // namespace patt::cli
