/// @file
/// How much of a document is read before it is refused.
#pragma once

#include <cstddef>

namespace patt::blizzard {

/// Bounds for documents from outside. What is above one of them is refused with `limit_exceeded`.
struct document_limits {
    std::size_t max_bytes =
        32U * 1024U * 1024U;          ///< Default 32 MiB; a member of a roster takes about 700 bytes.
    std::size_t max_depth = 32;       ///< Default 32 nested values; real documents have six.
    std::size_t max_members = 50'000; ///< Default 50,000; the game lets a guild have 1,000.
    std::size_t max_files = 50'000;   ///< Default 50,000 profiles in one directory.
};

} // namespace patt::blizzard
