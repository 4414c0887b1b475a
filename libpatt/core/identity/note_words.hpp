/// @file
/// What words of notes mean. English first; data, to be extended by whoever speaks another language.
#pragma once

#include <cstdint>
#include <string_view>

namespace patt::identity {

/// What a word of a note does.
enum class word_role : std::uint8_t {
    name,       ///< It may name somebody.
    handle_tag, ///< The next word is an account in the chat.
    battle_tag, ///< The next word is an account of the game.
    alt,        ///< "alt", "twink".
    main,       ///< "main".
    link,       ///< "of", "for", "by", "to": what follows belongs to what stands before.
    relation,   ///< "friend", "wife": somebody else.
    by_others,  ///< "managed", "invited", "recruited": by somebody else.
    denial,     ///< "not", "by": whoever is named next is somebody else.
    referral,   ///< "ask", "contact": whoever is named next may be anybody.
    doubt,      ///< "maybe", "might": who is named in this thought may be the owner, or may not.
    game,       ///< Classes, specs, roles, professions: what the character does.
    noise,      ///< Ranks, states, small words: nothing.
    nobody,     ///< "unknown", "someone": the place of a name, without one.
};

/// The role of a folded word (letters and digits only).
[[nodiscard]] word_role role_of(std::string_view folded_word) noexcept;

/// If a word ends in a relation ("rocketwife"), the length of what stands before it (3 or more), else 0.
[[nodiscard]] std::size_t glued_relation(std::string_view folded_word) noexcept;

/// If a word ends in "alt", "bank" or a class ("trogalt"), the length of what stands before it, else 0.
[[nodiscard]] std::size_t glued_alt(std::string_view folded_word) noexcept;

} // namespace patt::identity
