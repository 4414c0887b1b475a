/// @file
/// Evidence: where it comes from, how well two values agree, and how many bits that is worth.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// A weight of evidence in 1/1024 bit: log2 of how much likelier the evidence is if the link is true.
/// Integers, so that sums are equal for any order and any compiler.
using bits = std::int32_t;
inline constexpr bits one_bit = 1024;

/// Where a piece of evidence comes from.
enum class channel : std::uint8_t {
    name,         ///< The character's name against the names of the member.
    former_name,  ///< One of its former names.
    guild_note,   ///< What the guild note says.
    officer_note, ///< What the officer note says.
    claim,        ///< The member named the character as own.
    alias,        ///< The name against a known or learned alias of the member.
    char_class,   ///< The member's roles name the class.
    realm,        ///< The member's name names the realm.
    join_time,    ///< Both came at the same time.
    relation,     ///< A note says that it belongs to somebody the member stands in a relation to: evidence
                  ///< against.
    group,        ///< Another character of the same person is linked.
    prior,        ///< How likely the owner is in the chat at all, and among how many.
    experience,   ///< How officers ruled on such evidence in this guild before.
    competition,  ///< Other members fit too.
    rivalry,      ///< Other characters fit the same name of the member.
    calibration,  ///< What experience says of such values.
    ruling,       ///< An officer decided, or a proof was given.
};

/// How well two names agree, best first. What the notes of the seeds call exact, fuzzy and so on.
enum class agreement : std::uint8_t {
    none,
    identical,   ///< Byte for byte.
    exact,       ///< But for case, width and font.
    folded,      ///< But for accents and separators.
    token,       ///< One is a whole word of the other.
    sound,       ///< Equal when read aloud.
    leet,        ///< Equal when digits are read as letters.
    core,        ///< Equal without affixes and trailing digits.
    shared_word, ///< Both contain the same word.
    edge,        ///< One begins or ends with the other.
    inside,      ///< One contains the other.
    one_edit,    ///< One typing error apart.
    two_edits,   ///< Two typing errors apart.
    prefix,      ///< They begin alike (five letters or more).
    look,        ///< They only look alike: a warning, never a reason.
};

/// By which way the link was found; the seeds' names for the sources of links.
enum class route : std::uint8_t {
    none,
    exact_name,
    guild_note,
    officer_note,
    fuzzy_name,   ///< Alike to 0.85 at least.
    similar_name, ///< Less alike: what the seeds only suggest (S1).
    alt_of,
    main_of,       ///< Its note names its main: "main: X".
    self_reported, ///< The member named it as own.
    alias,
    proven,   ///< A code seen in the game, or a login at Battle.net.
    migrated, ///< Brought in from a list that officers kept before.
    manual,   ///< An officer decided.
};

/// The stable names, for example `guild_note` and `one_edit`.
[[nodiscard]] std::string_view to_string(channel c) noexcept;
[[nodiscard]] std::string_view to_string(agreement a) noexcept;
[[nodiscard]] std::string_view to_string(route r) noexcept;

/// One line of an explanation.
struct evidence_item {
    channel from = channel::name;
    agreement how = agreement::none;
    std::string left;  ///< The value on the character's side.
    std::string right; ///< The value on the member's side.
    bits weight = 0;
    std::uint32_t frequency = 0; ///< How many members of the pool share the value; 0 if it does not apply.
};

} // namespace patt::identity
