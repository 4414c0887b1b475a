/// @file
/// The validators of answers, by name. Each reads what a member typed and remembers values, or asks again.
#pragma once

#include "core/onboarding/draft.hpp"

#include <patt/onboarding/answers.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::onboarding {

enum class parse_status : std::uint8_t {
    taken,   ///< The answer is remembered.
    again,   ///< It cannot be used: `again` says why, and the question stands.
    unclear, ///< A yes/no that was neither; remembered as the step says.
    missing, ///< Facts are needed first.
};

struct parse_outcome {
    parse_status status = parse_status::taken;
    text_ref again;
};

/// Reads the answer to a step's question. @param missing  Filled for `missing`.
[[nodiscard]] parse_outcome parse_answer(draft& d, const step& which, std::string_view text, need& missing);

/// One remembered choice: a character's id, the query that finds it, and what was shown.
struct offered_line {
    std::string id;
    std::string query;
    std::string label;
};
[[nodiscard]] std::vector<offered_line> offered_lines(std::string_view remembered);

/// Remembers a choice of characters under `field`, one line each: id, query and label, parted by `|`.
void offer(draft& d, std::string_view field, std::span<const identity::character> choices);

/// What a typed name is looked up by: `Name` or `Name-Realm`.
[[nodiscard]] std::string query_of(const character_answer& typed);

/// The hits that a name means: who typed the accents means the character with these accents.
[[nodiscard]] std::vector<const candidate*> narrowed(const lookup& found, std::string_view name);
[[nodiscard]] std::vector<identity::character> characters_of(std::span<const candidate* const> hits);

/// The lines of a remembered list.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

/// How a character is shown in a list of choices: name, realm, class and rank.
[[nodiscard]] std::string label_of(const identity::character& who, const policy::guild_settings& settings);

} // namespace patt::onboarding
