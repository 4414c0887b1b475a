/// @file
/// What matching keeps as rows: notes and aliases as evidence, rulings, and the queue of what is not linked.
#pragma once

#include <patt/identity/link.hpp>
#include <patt/identity/matcher.hpp>
#include <patt/identity/person.hpp>
#include <patt/identity/records.hpp>
#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace patt::identity {

using ruling_id = id<struct ruling_tag>;
using review_id = id<struct review_tag>;

/// What notes say of a character. One row a character; empty texts say nothing.
struct character_note {
    character_id character;
    std::string guild_note;
    std::string officer_note;
    std::string alt_group; ///< What an add-on calls the group of alts.
    instant updated_at;
    friend bool operator==(const character_note&, const character_note&) = default;
};

enum class alias_source : std::uint8_t {
    global_name, ///< The member's name outside of this server.
    learned, ///< What the notes of a character that an officer accepted call its owner; without a ruling: a
             ///< username that the member had.
};
enum class alias_state : std::uint8_t { known, forgotten };

/// Another name of a member.
struct member_alias {
    member_id member;
    alias_source source{};
    std::string alias;
    ruling_id ruling;                       ///< From which it was learned; none: from the member's own names.
    instant since;                          ///< When it was learned.
    alias_state state = alias_state::known; ///< `forgotten` deletes the row.
    friend bool operator==(const member_alias&, const member_alias&) = default;
};

/// The name that a member has given up, as another name of theirs: whoever knew them by it means them still.
/// Only the username, which is unique in the chat and rarely changed; nicknames are often jokes about others.
[[nodiscard]] std::optional<member_alias> former_username(const member& before, const member& after,
                                                          instant now);

enum class ruling_state : std::uint8_t { ended, active };

/// What a human decided, with who, when and for how long.
struct ruling {
    ruling_id id;
    match_ruling what; ///< With the fingerprint of its facts.
    ruling_state state = ruling_state::active;
    std::string actor;
    std::string reason;
    instant decided_at;
    instant ended_at;
    std::string ended_by;      ///< An actor, or `facts` when the names or notes it was about changed.
    route about = route::none; ///< By which way it had been proposed, `alt_of` for a tie; none: it was not.
    std::int32_t expected_per_mille = 0; ///< How likely the owner, or the tie, was shown to be.
    friend bool operator==(const ruling&, const ruling&) = default;
};

enum class review_state : std::uint8_t { closed, open };

/// A character or a member that belongs to nobody, or a link that is contradicted.
struct review_item {
    review_id id;
    link_kind subject_kind{}; ///< What `subject` is the id of.
    std::int64_t subject = 0;
    review_state state = review_state::open;
    std::string why; ///< A doubt of the matcher, or `privileged`, `nobody_fits`, `no_character` and others.
    std::string advice; ///< `link`, `suggest` or `nothing`, as the matcher said.
    member_id member;   ///< The best candidate; none when nobody fits.
    character_id other; ///< Another character that it is about: the group's, or the likely main.
    double probability = 0.0;
    std::string level;
    std::string route;
    std::string candidates; ///< JSON: an array of `member`, `name`, `probability`, the best first.
    std::string evidence;   ///< JSON: an array of explanations as lines of text; two for a contradiction.
    instant created_at;
    instant updated_at;
    instant closed_at;
    friend bool operator==(const review_item&, const review_item&) = default;
};

} // namespace patt::identity
