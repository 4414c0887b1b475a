/// @file
/// What a guild lets each level of a match do.
#pragma once

#include <cstdint>

namespace patt::identity {

/// What a level of confidence may do.
enum class level_use : std::uint8_t {
    link,    ///< Make a link of level `matched`.
    suggest, ///< Put it before an officer.
    nothing, ///< Say in the queue that nobody fits.
};

} // namespace patt::identity
