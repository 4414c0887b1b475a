/// @file
/// What a guild note or officer note says about whose character it is.
///
/// "Discord: Rocket" points at an account, "alt of Trogmoon", "Trog's alt", "main: Trogmoon" and a lone
/// "Trogmoon" at a person; "Rocket's brother" and "invited by Mito" name somebody else. Professions, specs,
/// roles, ranks and common words say nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// In which way a note names somebody, the strongest first.
enum class pointer_kind : std::uint8_t {
    handle,     ///< Tagged as an account: "Discord: x", "dc x", "@x", "x#1234".
    battletag,  ///< Tagged as a Battle.net account.
    alt_of,     ///< "alt of x", "x alt", "x's alt".
    main_of,    ///< "main: x", "main is x".
    possessive, ///< "x's dk".
    lone,       ///< The note has no other word that could be a name.
    first,      ///< The first of several words.
    mention,    ///< A later word.
    relation,   ///< "x's friend", "managed by x": somebody else.
};

[[nodiscard]] std::string_view to_string(pointer_kind k) noexcept;

/// Whether who is named so is the owner, or another character of the owner's.
[[nodiscard]] constexpr bool names_owner(pointer_kind k) noexcept {
    return k == pointer_kind::handle || k == pointer_kind::alt_of || k == pointer_kind::main_of ||
           k == pointer_kind::possessive || k == pointer_kind::lone;
}

/// Somebody named in a note.
struct note_pointer {
    pointer_kind kind = pointer_kind::mention;
    std::string text; ///< As written.
    std::string key;  ///< `name_keys::bare` of it.
    std::string
        singular; ///< The key without a final s that may be a plural or possessive; empty if there is none.

    friend bool operator==(const note_pointer&, const note_pointer&) = default;
};

/// What a note says.
struct note_facts {
    std::vector<note_pointer> pointers; ///< In order of appearance, without repetitions.
    bool says_alt = false;              ///< "alt", "twink", "bank": of somebody, perhaps unnamed.
    bool says_main = false;             ///< "main" without a name.

    friend bool operator==(const note_facts&, const note_facts&) = default;
};

/// Reads a note. Any text is accepted; at most 255 bytes of it are read (the game allows 31 characters).
/// @par Threads  Safe to call concurrently.
[[nodiscard]] note_facts parse_note(std::string_view note);

} // namespace patt::identity
