/// @file
/// What the ranks of a guild are called before its officers name them.
#pragma once

#include <cstdint>
#include <string>

namespace patt::identity {

/// The default name of a rank: Guild Leader, Officer, Veteran, Member, Initiate, then `Rank 5` to `Rank 9`.
///
/// Battle.net sends rank numbers only. A number outside 0 to 9 gives `Rank n` too.
[[nodiscard]] std::string default_rank_name(std::int32_t rank);

} // namespace patt::identity
