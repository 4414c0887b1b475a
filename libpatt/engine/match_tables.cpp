// Tables that officers hand in: what notes say of characters, and who plays whom.

#include "engine/match_tables.hpp"

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
#include <array>
#include <charconv>
#include <utility>

namespace patt::engine {

namespace {

using identity::ruling_kind;

/// The present character that a line names; none when nobody or several fit.
std::optional<identity::character> named_by(store::connection& db, guild_id guild, const std::string& name,
                                            const std::string& realm) {
    std::vector<identity::character> hits = store::characters_named(db, guild, text::folded_key(name));
    std::erase_if(hits, [&](const identity::character& c) {
        return !c.present || (!realm.empty() && !text::same_realm(c.realm_slug, realm));
    });
    if (hits.size() > 1) { // Names that differ in accents only: as written.
        std::erase_if(hits, [&](const identity::character& c) { return c.name != name; });
    }
    return hits.size() == 1 ? std::optional(std::move(hits.front())) : std::nullopt;
}

/// Discord's ids have 17 digits or more (https://discord.com/developers/docs/reference#snowflakes).
constexpr std::size_t shortest_id = 15;

} // namespace

std::string_view to_string(note_fate fate) noexcept {
    constexpr std::array<std::string_view, 4> names{"changed", "unchanged", "unknown", "twice"};
    return names[static_cast<std::size_t>(fate)];
}

std::string_view to_string(link_fate fate) noexcept {
    constexpr std::array<std::string_view, 8> names{"confirmed",  "claimed", "same",           "kept",
                                                    "privileged", "unknown", "unknown_member", "twice"};
    return names[static_cast<std::size_t>(fate)];
}

judged_note note_judge::next(const import_notes::line& line) {
    const auto who = named_by(db_, guild_, line.name, line.realm);
    if (!who) {
        return {note_fate::unknown, {}};
    }
    if (!seen_.insert(who->id).second) {
        return {note_fate::twice, {}};
    }
    auto before = store::note_of(db_, guild_, who->id).value_or(identity::character_note{});
    before.character = who->id;
    before.updated_at = {};
    judged_note out{note_fate::changed, before};
    const auto say = [](std::string& note, const std::optional<std::string>& said) {
        if (said) {
            note = text::repair_utf8(*said);
        }
    };
    say(out.note.guild_note, line.guild_note);
    say(out.note.officer_note, line.officer_note);
    say(out.note.alt_group, line.alt_group);
    out.fate = before == out.note ? note_fate::unchanged : note_fate::changed;
    return out;
}

change_set decide_notes(load_context& from, input_scope& in, const import_notes& what) {
    change_set out;
    note_judge judge(from.db, from.guild);
    std::int64_t changed = 0;
    some_names unknown;
    some_names twice;
    for (const import_notes::line& line : what.lines) {
        judged_note judged = judge.next(line);
        switch (judged.fate) {
        case note_fate::changed:
            judged.note.updated_at = in.ctx.now;
            out.rows.emplace_back(std::move(judged.note));
            ++changed;
            break;
        case note_fate::unchanged:
            break;
        case note_fate::unknown:
            unknown.add(line.name, line.realm);
            break;
        case note_fate::twice:
            twice.add(line.name, line.realm);
            break;
        }
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

members_by_name::members_by_name(store::connection& db, guild_id guild) {
    for (const identity::member& m : store::present_members(db, guild)) {
        persons_.emplace(m.id, m.person);
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

listed_owner members_by_name::find(std::string_view name) const {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool digits = problem == std::errc{} && end == name.data() + name.size();
    if (digits && persons_.contains(member_id{number})) {
        return owner(member_id{number}, identity::assurance::confirmed);
    }
    if (digits && name.size() >= shortest_id) {
        return {}; // Somebody who is away, whatever others call themselves.
    }
    const std::string key = text::exact_key(name);
    if (const member_id who = one_of(by_username_, key)) {
        return owner(who, identity::assurance::confirmed);
    }
    return owner(one_of(by_name_, key), identity::assurance::claimed);
}

listed_owner members_by_name::owner(member_id who, identity::assurance level) const {
    const auto known = persons_.find(who); // An alias may be of somebody who has left.
    return {who, level, known == persons_.end() ? std::nullopt : std::optional(known->second)};
}

member_id members_by_name::one_of(const name_map& names, const std::string& key) {
    const auto found = names.find(key);
    return found != names.end() && found->second.size() == 1 ? *found->second.begin() : member_id{};
}

void members_by_name::add(std::string_view name, member_id who) {
    if (!name.empty()) {
        by_name_[text::exact_key(name)].insert(who);
    }
}

judged_link link_judge::next(const import_links::line& line) {
    judged_link out;
    out.who = named_by(db_, guild_, line.name, line.realm);
    out.owner = members_.find(line.member);
    if (!out.who) {
        out.fate = link_fate::unknown;
    } else if (!out.owner.who) {
        out.fate = link_fate::unknown_member;
    } else if (!seen_.insert(out.who->id).second) {
        out.fate = link_fate::twice;
    } else {
        out.fate = of(*out.who, out.owner);
    }
    return out;
}

link_fate link_judge::of(const identity::character& who, const listed_owner& owner) const {
    const auto held = store::active_link(db_, guild_, identity::link_kind::character, who.id.value());
    const bool theirs = held && held->person == person_of(owner) && held->person;
    if (theirs && held->level >= owner.level) {
        return link_fate::same;
    }
    const bool anothers = held && !theirs && held->level >= identity::assurance::claimed;
    if (anothers || is_ruled_out(who.id, owner.who)) {
        return link_fate::kept;
    }
    if (who.rank <= officer_rank_) {
        return link_fate::privileged;
    }
    return owner.level == identity::assurance::claimed ? link_fate::claimed : link_fate::confirmed;
}

person_id link_judge::person_of(const listed_owner& owner) const {
    if (owner.person) {
        return *owner.person;
    }
    const auto gone = store::find_member(db_, guild_, owner.who);
    return gone ? gone->person : person_id{};
}

/// Whether an officer has said that the character is not the member's, or nobody's who is here.
bool link_judge::is_ruled_out(character_id who, member_id owner) const {
    const auto rulings = store::rulings_of(db_, guild_, who);
    return std::any_of(rulings.begin(), rulings.end(), [&](const identity::ruling& r) {
        return r.what.character == who && (r.what.kind == ruling_kind::not_in_chat ||
                                           (r.what.kind == ruling_kind::rejected && r.what.member == owner));
    });
}

namespace {

/// The lines of a list, by what they come to.
struct link_counts {
    std::array<some_names, static_cast<std::size_t>(link_fate::twice) + 1> by_fate;

    [[nodiscard]] some_names& of(link_fate fate) { return by_fate[static_cast<std::size_t>(fate)]; }
    [[nodiscard]] std::string count(link_fate fate) { return std::to_string(of(fate).count()); }
};

} // namespace

change_set decide_links(load_context& from, input_scope& in, const import_links& what) {
    link_judge judge(from.db, from.guild, in.settings);
    link_writer links(from, in);
    link_counts lines;
    for (const import_links::line& line : what.lines) {
        const judged_link judged = judge.next(line);
        if (judged.fate == link_fate::unknown_member) {
            lines.of(judged.fate).add(line.member);
            continue;
        }
        lines.of(judged.fate).add(line.name, line.realm);
        if (judged.fate == link_fate::confirmed || judged.fate == link_fate::claimed) {
            links.give(*judged.who, judged.owner.who, judged.owner.level, migrated_source,
                       "a list that officers kept before");
        }
    }
    const std::int64_t linked = lines.of(link_fate::confirmed).count() + lines.of(link_fate::claimed).count();
    change_set out = std::move(links.out());
    out.reply.data = {{"found", std::to_string(what.lines.size())},
                      {"linked", std::to_string(linked)},
                      {"claimed", lines.count(link_fate::claimed)},
                      {"same", lines.count(link_fate::same)},
                      {"kept", lines.count(link_fate::kept)},
                      {"privileged", lines.count(link_fate::privileged)},
                      {"unknown", lines.count(link_fate::unknown)},
                      {"unknown_members", lines.count(link_fate::unknown_member)},
                      {"twice", lines.count(link_fate::twice)}};
    out.log.push_back({"links.imported", "guild", out.reply.data});
    out.reply.data.emplace_back("kept_names", lines.of(link_fate::kept).names());
    out.reply.data.emplace_back("privileged_names", lines.of(link_fate::privileged).names());
    out.reply.data.emplace_back("unknown_names", lines.of(link_fate::unknown).names());
    out.reply.data.emplace_back("unknown_member_names", lines.of(link_fate::unknown_member).names());
    out.reply.data.emplace_back("twice_names", lines.of(link_fate::twice).names());
    return out;
}

} // namespace patt::engine
