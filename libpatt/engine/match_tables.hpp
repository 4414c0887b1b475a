/// @file
/// What the lines of tables come to that officers hand in. The input and its preview ask the same judge.
#pragma once

#include <patt/engine/match_commands.hpp>
#include <patt/identity/character.hpp>
#include <patt/identity/link.hpp>
#include <patt/identity/review.hpp>
#include <patt/policy/settings.hpp>
#include <patt/store/db.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace patt::engine {

struct judged_note {
    note_fate fate = note_fate::unknown;
    identity::character_note note; ///< As it is to be written, without a time.
};

/// Asked for one line after the other.
class note_judge {
public:
    note_judge(store::connection& db, guild_id guild)
        : db_(db)
        , guild_(guild) {}
    [[nodiscard]] judged_note next(const import_notes::line& line);

private:
    store::connection& db_;
    guild_id guild_;
    std::set<character_id> seen_;
};

/// Whom a list means, and how far that is to be trusted.
struct listed_owner {
    member_id who;
    identity::assurance level = identity::assurance::suggested;
    std::optional<person_id> person{}; ///< Of whoever is here.
};

/// The members of the chat by whatever a list may call them. An id and a user name are one member's alone;
/// the others anybody may choose at any time, so they are worth no more than a claim.
class members_by_name {
public:
    members_by_name(store::connection& db, guild_id guild);
    /// Nobody if nobody or several are called so.
    [[nodiscard]] listed_owner find(std::string_view name) const;

private:
    using name_map = std::map<std::string, std::set<member_id>>;

    static member_id one_of(const name_map& names, const std::string& key);
    void add(std::string_view name, member_id who);

    [[nodiscard]] listed_owner owner(member_id who, identity::assurance level) const;

    std::map<member_id, person_id> persons_;
    name_map by_username_;
    name_map by_name_;
};

struct judged_link {
    link_fate fate = link_fate::unknown;
    std::optional<identity::character> who; ///< None: nobody, or several.
    listed_owner owner;
};

/// Asked for one line after the other.
class link_judge {
public:
    link_judge(store::connection& db, guild_id guild, const policy::guild_settings& settings)
        : db_(db)
        , guild_(guild)
        , officer_rank_(settings.trust.officer_rank)
        , members_(db, guild) {}
    [[nodiscard]] judged_link next(const import_links::line& line);

private:
    [[nodiscard]] link_fate of(const identity::character& who, const listed_owner& owner) const;
    [[nodiscard]] person_id person_of(const listed_owner& owner) const;
    [[nodiscard]] bool is_ruled_out(character_id who, member_id owner) const;

    store::connection& db_;
    guild_id guild_;
    std::int32_t officer_rank_;
    members_by_name members_;
    std::set<character_id> seen_;
};

} // namespace patt::engine
