/// @file
/// What a story came to: the database and the chat server's ledger, told as lines that two runs can be
/// compared by, and what is wrong in itself.
#pragma once

#include "crash/story.hpp"

#include <patt/store/db.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace patt::crash {

/// A run that is over. Ids, which differ from run to run, are `#` in every line, invite codes `CODE`.
struct outcome {
    std::vector<std::string> broken; ///< What no run may show, whatever the story; empty when all is well.
    std::vector<std::string>
        facts; ///< The rows of every table that matters, and the roles in the chat. Sorted.
    std::map<std::string, std::vector<std::string>> lanes; ///< Per target: what was visible, in order.
};

/// Reads what is in the database, whose hosts have ended, and in the chat server's world.
[[nodiscard]] outcome read_outcome(store::database& database, std::string_view chat_world,
                                   const std::vector<step>& story);

/// All facts and lanes as one number, for people to compare.
[[nodiscard]] std::string digest_of(const outcome& of);

/// What is wrong with a run, as sentences that begin with the invariant's name; empty when nothing is.
/// @param sound  The same story, never disturbed.
[[nodiscard]] std::vector<std::string> compare(const outcome& sound, const outcome& run);

} // namespace patt::crash
