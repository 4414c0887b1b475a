/// @file
/// What a member types, as values. Every function takes any bytes, never throws but for lack of memory, and
/// gives valid UTF-8 of bounded length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::onboarding {

/// The limits of what is kept, in code points and entries. S0's columns hold 50 and 100.
struct answer_limits {
    static constexpr std::size_t typed = 100;
    static constexpr std::size_t name = 48;
    static constexpr std::size_t realm = 64;
    static constexpr std::size_t hint = 64;
    static constexpr std::size_t characters = 25;
    static constexpr std::size_t free_text = 1000;
    static constexpr std::size_t read_bytes = 8000; ///< Of one answer; the rest is not looked at.
};

enum class yes_no : std::uint8_t { yes, no, unclear };

/// Reads a yes or no.
///
/// Yes: yes y yeah yep yea si ye yup (S0), also sí, sure, a check mark, a thumb up. No: no n nah nope, not
/// yet (S0), also a cross and a thumb down. Case, accents, punctuation, quotes, emoji and spaces do not
/// matter. A longer answer counts when it begins so: "yes I have" is yes, "no, not yet" and "I haven't" are
/// no, but "no problem" and "yeah no" are unclear.
[[nodiscard]] yes_no parse_yes_no(std::string_view text);

/// Reads the answer to a document: `accept`, `agree` and the like are yes, `decline`, `disagree` are no, and
/// so is all that `parse_yes_no` reads.
[[nodiscard]] yes_no parse_acceptance(std::string_view text);

/// Whether the answer to "any alts?" says that there are none: none no nope n/a na 0 - (S0), also n, nah,
/// nothing, no alts, none yet, not yet, a thumb down. An empty answer says nothing.
[[nodiscard]] bool is_none(std::string_view text);

/// A character as somebody named it.
struct character_answer {
    std::string typed; ///< What was typed, for showing: one line, at most `answer_limits::typed`.
    std::string name;  ///< The name alone, spelt as typed; has at least one letter.
    std::string realm; ///< The realm as typed; empty when none was given.
    std::string
        hint; ///< What else was said: the text in brackets or behind the name. May be a class or realm.
    friend bool operator==(const character_answer&, const character_answer&) = default;
};

/// Reads one character: `Name`, `Name-Realm`, `Name - Realm`, `Name (Class)`, `Name/Other`, `Name on Realm`,
/// also with quotes, a leading @, a bullet, trailing dots, or words such as "my main is" and "main:" around
/// it.
[[nodiscard]] std::optional<character_answer> parse_character(std::string_view text);

/// The characters of an answer in the order of typing, each once.
struct character_list {
    std::vector<character_answer> characters; ///< At most `answer_limits::characters`; none without a name.
    std::size_t left_out = 0;                 ///< How many more there were.

    [[nodiscard]] auto begin() const noexcept { return characters.begin(); }
    [[nodiscard]] auto end() const noexcept { return characters.end(); }
    [[nodiscard]] bool empty() const noexcept { return characters.empty(); }
};

/// Reads a list: separated by comma, semicolon, slash, plus, ampersand, line break, bullet or the word "and".
/// Separators in brackets do not separate. A "yes" in front and an answer that says none give an empty list.
[[nodiscard]] character_list parse_character_list(std::string_view text);

enum class choice_kind : std::uint8_t {
    chosen,  ///< `index` says which.
    none,    ///< Explicitly none of them.
    several, ///< It fits more than one; ask again.
    unclear, ///< It fits none of them; may be something else altogether.
};

struct choice {
    choice_kind kind = choice_kind::unclear;
    std::size_t index = 0; ///< From 0; only when chosen.

    /// Whether one was chosen.
    explicit operator bool() const noexcept { return kind == choice_kind::chosen; }
    /// The index. Precondition: one was chosen.
    std::size_t operator*() const noexcept { return index; }
    friend bool operator==(const choice&, const choice&) = default;
};

/// Reads which of the options is meant: by number from 1 ("2", "#2", "2.", "the 2nd", "second"), by its whole
/// text, or by a part that only one option has. Case, accents, spaces and punctuation do not matter.
///
/// None: "none", "none of them", "neither", "no", 0 and the like.
[[nodiscard]] choice parse_choice(std::string_view text, std::span<const std::string> options);

/// Any other answer as it is kept: one line of at most `answer_limits::free_text`; empty when nothing is
/// left.
[[nodiscard]] std::string parse_free_text(std::string_view text);

} // namespace patt::onboarding
