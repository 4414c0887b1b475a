/// @file
/// What the matcher knows of characters and members, and what humans decided about them.
#pragma once

#include <patt/identity/evidence.hpp>
#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// Whether somebody is there: a character in the guild, a member in the chat server.
enum class attendance : std::uint8_t { present, gone };

/// One character of the roster, as far as matching cares. Texts are UTF-8; broken bytes count as U+FFFD.
struct match_character {
    character_id id;
    std::string name;
    std::string realm;      ///< Any spelling; empty: the guild's own realm.
    std::string class_name; ///< English, for example "Priest"; empty if unknown.
    std::string guild_note;
    std::string officer_note;
    std::string
        alt_group; ///< What a roster add-on calls the group of alts; empty if none. Equal means same person.
    std::vector<std::string> former_names;
    instant joined_at; ///< When it came into the guild; zero if unknown.
    attendance state = attendance::present;

    friend bool operator==(const match_character&, const match_character&) = default;
};

/// Whether a member may own characters at all: a guild may count only those with one of its roles.
enum class candidacy : std::uint8_t { candidate, bystander };

/// One member of the chat server.
struct match_member {
    member_id id;
    std::string username;
    std::string global_name;
    std::string nickname;
    std::vector<std::string> aliases;    ///< Further names that are known to be this member's.
    std::vector<std::string> claims;     ///< Characters that the member named as own: "Name" or "Name-Realm".
    std::vector<std::string> role_names; ///< Those that `reads_role` leaves out say nothing.
    instant joined_at;                   ///< When the member came into the server; zero if unknown.
    attendance state = attendance::present;
    candidacy counts = candidacy::candidate;

    friend bool operator==(const match_member&, const match_member&) = default;
};

/// Whether a role of this name says anything of the characters of its members: whether it is the English name
/// of a class, in any spelling. Most roles of a server are no evidence and need not be kept.
[[nodiscard]] bool reads_role(std::string_view name);

/// What an officer (or a proof) says about a character.
enum class ruling_kind : std::uint8_t {
    accepted,    ///< The character is the member's; also for claims that were proven. Asks again after a new
                 ///< name.
    rejected,    ///< It is not the member's: a veto until the name of either changes.
    not_in_chat, ///< Its owner is not in the chat server. Stands until its name or notes change.
    merged,      ///< It belongs to the same person as `other`. Asks again after a new name of either.
    split,       ///< It belongs to another person than `other`. Asks again after a new name of either.
};

/// The stable name, for example `not_in_chat`.
[[nodiscard]] std::string_view to_string(ruling_kind k) noexcept;

/// `match_ruling::facts` of what holds under any name, as a proof does.
inline constexpr std::uint64_t lasting_facts = ~std::uint64_t{0};

/// One ruling. Two rulings are about the same thing if kind, character, member and other are equal.
struct match_ruling {
    ruling_kind kind = ruling_kind::accepted;
    character_id character;
    member_id member;   ///< For `accepted` and `rejected`.
    character_id other; ///< For `merged` and `split`.
    /// Fingerprint of the facts the ruling was about; zero: those at the time it is given to the matcher,
    /// which fills it in. Keep it with the ruling, so that a rebuilt matcher knows whether the facts have
    /// changed.
    std::uint64_t facts = 0;
    route by = route::manual; ///< For `accepted`: how it is known.
    /// For `accepted` and `merged`: what the notes called the owner when it was said, which are names of the
    /// owner from then on; none: what they say at the time it is given to the matcher, which fills it in.
    /// Keep it with the ruling, too. A claim teaches nothing.
    std::optional<std::vector<std::string>> taught = std::nullopt;

    friend bool operator==(const match_ruling&, const match_ruling&) = default;
};

} // namespace patt::identity
