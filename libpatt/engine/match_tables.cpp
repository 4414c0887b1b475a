// Tables that officers hand in: what notes say of characters, and who plays whom.

#include "engine/match_links.hpp"
#include "engine/matching.hpp"
#include "engine/some_names.hpp"
#include "engine/writer.hpp"
#include "store/character_repository.hpp"
#include "store/match_repository.hpp"
#include "store/person_repository.hpp"

#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace patt::engine {

namespace {

using identity::ruling_kind;

/// The present character that a line names; none when nobody or several fit.
std::optional<identity::character> named_by(load_context& from, const std::string& name,
                                            const std::string& realm) {
    std::vector<identity::character> hits =
        store::characters_named(from.db, from.guild, text::folded_key(name));
    std::erase_if(hits, [&](const identity::character& c) {
        return !c.present || (!realm.empty() && !text::same_realm(c.realm_slug, realm));
    });
    if (hits.size() > 1) { // Names that differ in accents only: as written.
        std::erase_if(hits, [&](const identity::character& c) { return c.name != name; });
    }
    return hits.size() == 1 ? std::optional(std::move(hits.front())) : std::nullopt;
}

} // namespace

change_set decide_notes(load_context& from, input_scope& in, const import_notes& what) {
    change_set out;
    std::int64_t changed = 0;
    some_names unknown;
    some_names twice;
    std::set<character_id> seen;
    for (const import_notes::line& line : what.lines) {
        const auto who = named_by(from, line.name, line.realm);
        if (!who) {
            unknown.add(line.name, line.realm);
            continue;
        }
        if (!seen.insert(who->id).second) {
            twice.add(line.name, line.realm);
            continue;
        }
        identity::character_note note{who->id,
                                      text::repair_utf8(line.guild_note),
                                      text::repair_utf8(line.officer_note),
                                      text::repair_utf8(line.alt_group),
                                      {}};
        auto before =
            store::note_of(from.db, from.guild, note.character).value_or(identity::character_note{});
        before.character = note.character;
        before.updated_at = {};
        if (before == note) {
            continue;
        }
        note.updated_at = in.ctx.now;
        out.rows.emplace_back(std::move(note));
        ++changed;
    }
    out.reply.data = {{"found", std::to_string(what.lines.size())},
                      {"changed", std::to_string(changed)},
                      {"unknown", std::to_string(unknown.count())},
                      {"twice", std::to_string(twice.count())}};
    out.log.push_back({"notes.imported", "guild", out.reply.data});
    out.reply.data.emplace_back("unknown_names", unknown.names());
    out.reply.data.emplace_back("twice_names", twice.names());
    return out;
}

namespace {

/// Whom a list means, and how far that is to be trusted.
struct listed_owner {
    member_id who;
    identity::assurance level = identity::assurance::suggested;
};

/// The members of the chat by whatever a list may call them. An id and a user name are one member's alone;
/// the others anybody may choose at any time, so they are worth no more than a claim.
class members_by_name {
public:
    members_by_name(store::connection& db, guild_id guild) {
        for (const identity::member& m : store::present_members(db, guild)) {
            ids_.insert(m.id);
            by_username_[text::exact_key(m.username)].insert(m.id);
            add(m.username, m.id);
            add(m.display_name, m.id);
        }
        store::each_alias(db, guild, [&](const identity::member_alias& a) {
            if (a.source == identity::alias_source::global_name) {
                add(a.alias, a.member);
            }
        });
    }
    /// Nobody if nobody or several are called so.
    [[nodiscard]] listed_owner find(std::string_view name) const {
        std::int64_t number = 0;
        const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
        const bool digits = problem == std::errc{} && end == name.data() + name.size();
        if (digits && ids_.contains(member_id{number})) {
            return {member_id{number}, identity::assurance::confirmed};
        }
        if (digits && name.size() >= shortest_id) {
            return {}; // Somebody who is away, whatever others call themselves.
        }
        const std::string key = text::exact_key(name);
        if (const member_id who = one_of(by_username_, key)) {
            return {who, identity::assurance::confirmed};
        }
        return {one_of(by_name_, key), identity::assurance::claimed};
    }

private:
    using name_map = std::map<std::string, std::set<member_id>>;
    /// Discord's ids have 17 digits or more (https://discord.com/developers/docs/reference#snowflakes).
    static constexpr std::size_t shortest_id = 15;

    static member_id one_of(const name_map& names, const std::string& key) {
        const auto found = names.find(key);
        return found != names.end() && found->second.size() == 1 ? *found->second.begin() : member_id{};
    }
    void add(std::string_view name, member_id who) {
        if (!name.empty()) {
            by_name_[text::exact_key(name)].insert(who);
        }
    }

    std::set<member_id> ids_;
    name_map by_username_;
    name_map by_name_;
};

/// What became of the lines of a list.
struct link_counts {
    std::int64_t linked = 0;
    std::int64_t same = 0;    ///< So already, by a human or a proof.
    std::int64_t claimed = 0; ///< Of the linked ones: by a name that anybody may choose.
    some_names kept; ///< Somebody else's by a human or a proof, or an officer said that it is not theirs.
    some_names privileged; ///< A rank that an officer has to confirm one by one.
    some_names unknown;
    some_names unknown_members;
    some_names twice;
};

/// Whether an officer has said that the character is not the member's, or nobody's who is here.
bool is_ruled_out(load_context& from, character_id who, member_id owner) {
    const auto rulings = store::rulings_of(from.db, from.guild, who);
    return std::any_of(rulings.begin(), rulings.end(), [&](const identity::ruling& r) {
        return r.what.character == who && (r.what.kind == ruling_kind::not_in_chat ||
                                           (r.what.kind == ruling_kind::rejected && r.what.member == owner));
    });
}

void link_line(load_context& from, input_scope& in, const import_links::line& line,
               const identity::character& who, listed_owner owner, link_writer& links, link_counts& counts) {
    const auto held = store::active_link(from.db, from.guild, identity::link_kind::character, who.id.value());
    const person_id person = links.person_of(owner.who);
    const bool theirs = held && person && held->person == person;
    if (theirs && held->level >= owner.level) {
        ++counts.same;
        return;
    }
    const bool anothers = held && !theirs && held->level >= identity::assurance::claimed;
    if (anothers || is_ruled_out(from, who.id, owner.who)) {
        counts.kept.add(line.name, line.realm);
        return;
    }
    if (who.rank <= in.settings.trust.officer_rank) {
        counts.privileged.add(line.name, line.realm);
        return;
    }
    links.give(who, owner.who, owner.level, migrated_source, "a list that officers kept before");
    ++counts.linked;
    counts.claimed += owner.level == identity::assurance::claimed ? 1 : 0;
}

} // namespace

change_set decide_links(load_context& from, input_scope& in, const import_links& what) {
    const members_by_name members(from.db, from.guild);
    link_writer links(from, in);
    link_counts counts;
    std::set<character_id> seen;
    for (const import_links::line& line : what.lines) {
        const auto who = named_by(from, line.name, line.realm);
        const listed_owner owner = members.find(line.member);
        if (!who) {
            counts.unknown.add(line.name, line.realm);
        } else if (!owner.who) {
            counts.unknown_members.add(line.member);
        } else if (!seen.insert(who->id).second) {
            counts.twice.add(line.name, line.realm);
        } else {
            link_line(from, in, line, *who, owner, links, counts);
        }
    }
    change_set out = std::move(links.out());
    out.reply.data = {{"found", std::to_string(what.lines.size())},
                      {"linked", std::to_string(counts.linked)},
                      {"claimed", std::to_string(counts.claimed)},
                      {"same", std::to_string(counts.same)},
                      {"kept", std::to_string(counts.kept.count())},
                      {"privileged", std::to_string(counts.privileged.count())},
                      {"unknown", std::to_string(counts.unknown.count())},
                      {"unknown_members", std::to_string(counts.unknown_members.count())},
                      {"twice", std::to_string(counts.twice.count())}};
    out.log.push_back({"links.imported", "guild", out.reply.data});
    out.reply.data.emplace_back("kept_names", counts.kept.names());
    out.reply.data.emplace_back("privileged_names", counts.privileged.names());
    out.reply.data.emplace_back("unknown_names", counts.unknown.names());
    out.reply.data.emplace_back("unknown_member_names", counts.unknown_members.names());
    out.reply.data.emplace_back("twice_names", counts.twice.names());
    return out;
}

} // namespace patt::engine
