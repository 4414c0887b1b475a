/// @file
/// From what the matcher says of a character to what a guild does with it. Pure.
///
/// The matcher advises, the guild's settings say what each level may do, and the table of trust has the last
/// word: a link that a human or a proof made is never changed here, a privileged rank is suggested only. And
/// what somebody owns is not given to another: while its owner takes part, the officers are asked.
#pragma once

#include <patt/identity/level_use.hpp>
#include <patt/identity/link.hpp>
#include <patt/identity/matcher.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// What a guild lets matching do.
struct match_rules {
    level_use certain = level_use::link;
    level_use high = level_use::link;
    level_use medium = level_use::suggest;
    level_use low = level_use::suggest;
    int officer_rank = 1; ///< This rank and above need a proof or an officer.
    friend bool operator==(const match_rules&, const match_rules&) = default;
};

[[nodiscard]] level_use use_of(const match_rules& rules, confidence level) noexcept;

/// The settings of a matcher whose advice fits the rules: it advises links from the least level that may
/// link.
[[nodiscard]] matcher_settings settings_for(const match_rules& rules) noexcept;

enum class match_act : std::uint8_t {
    none,    ///< Links stay as they are.
    link,    ///< A new link of level `matched`; an older matched one of somebody who is gone ends.
    suggest, ///< A link of level `suggested`: the rank needs proof.
    unlink,  ///< The matched link ends: the evidence does not carry it any more.
};
[[nodiscard]] std::string_view to_string(match_act what) noexcept;

/// What is known of the character besides the decision.
struct match_facts {
    match_decision decided;
    int rank = 0;
    std::optional<link> held;       ///< Its active link above `suggested`.
    person_id candidate;            ///< The person of `decided.member`; none when nobody knows yet.
    member_id holder;               ///< An account of the person that holds it; none when there is none.
    std::vector<member_id> holders; ///< Those of that person's accounts that take part in matching.
};

/// What is to be done.
struct match_plan {
    match_act act = match_act::none;
    std::string why; ///< Why it stands in the queue; empty: it does not.
};

/// Decides about one character.
[[nodiscard]] match_plan plan_match(const match_facts& facts, const match_rules& rules);

} // namespace patt::identity
