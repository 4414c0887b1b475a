/// @file
/// Commands of matching: run it, rule, take a ruling back, hand in members, roles, notes and links.
#pragma once

#include <patt/identity/chat_role.hpp>
#include <patt/identity/member_snapshot.hpp>
#include <patt/identity/records.hpp>
#include <patt/identity/review.hpp>
#include <patt/ids.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::engine {

/// Decides about everybody anew and writes links and the queue.
struct run_matching {};

/// An officer decides. See `ruling_kind`; the reason is the input's.
struct rule_match {
    identity::ruling_kind kind{};
    character_id character;
    member_id member;   ///< For `accepted` and `rejected`.
    character_id other; ///< For `merged` and `split`.
};

/// Takes a ruling back, with the link that it made.
struct undo_ruling {
    identity::ruling_id ruling;
};

/// The members of the chat server, as a list. An incomplete one removes nobody.
/// One without a snapshot is refused (`invalid_input`).
struct import_members {
    std::shared_ptr<const identity::member_snapshot> snapshot;
};

/// What the roles of the chat server are called. Those that a list of everything does not have are forgotten;
/// an empty list is refused (`incomplete`). The reply counts what is new, renamed, gone and unchanged, and
/// says the first ten names of each. One without a snapshot is refused (`invalid_input`).
struct import_roles {
    std::shared_ptr<const identity::role_snapshot> snapshot;
};

/// The notes of characters, by name and realm; characters that are not named keep theirs, and so do the notes
/// that a line does not speak of. The reply counts
/// the lines that name nobody, or somebody whom a line before has named, and says the first ten names of
/// each.
struct import_notes {
    struct line {
        std::string name;
        std::string realm;                     ///< Name or slug; empty: any, if only one fits.
        std::optional<std::string> guild_note; ///< None: it stays as it is. Empty: there is none any more.
        std::optional<std::string> officer_note;
        std::optional<std::string> alt_group;
    };
    std::vector<line> lines;
};

/// What a line of `import_notes` comes to.
enum class note_fate : std::uint8_t {
    changed,
    unchanged, ///< The character has these notes already.
    unknown,   ///< It names no character of the roster, or several.
    twice,     ///< A line before names the same character.
};
/// The stable name, for example `unchanged`.
[[nodiscard]] std::string_view to_string(note_fate fate) noexcept;

/// Who plays whom, from a list that officers kept before: links of source `migrated`, of level `confirmed` by
/// an id or a user name, `claimed` by a name that anybody may choose. What a human or a proof said of a
/// character stands; a privileged rank is confirmed one by one. The reply counts both, and the lines whose
/// character or member is not known, and says the first ten names of each.
struct import_links {
    struct line {
        std::string name;
        std::string realm;  ///< Name or slug; empty: any, if only one fits.
        std::string member; ///< Its id, user name, global name or name in the server, if one is called so.
    };
    std::vector<line> lines;
};

/// What a line of `import_links` comes to.
enum class link_fate : std::uint8_t {
    confirmed,      ///< Linked, by an id or a user name.
    claimed,        ///< Linked, by a name that anybody may choose.
    same,           ///< So already, by a human or a proof.
    kept,           ///< Somebody else's by a human or a proof, or an officer said that it is not theirs.
    privileged,     ///< A rank that an officer has to confirm one by one.
    unknown,        ///< It names no character of the roster, or several.
    unknown_member, ///< It names no present member, or several.
    twice,          ///< A line before names the same character.
};
/// The stable name, for example `unknown_member`.
[[nodiscard]] std::string_view to_string(link_fate fate) noexcept;

} // namespace patt::engine
