#include "engine/match_load.hpp"

#include "engine/match_links.hpp"
#include "store/character_repository.hpp"
#include "store/match_repository.hpp"
#include "store/person_repository.hpp"
#include "store/role_repository.hpp"

#include <patt/identity/class_table.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <unordered_map>
#include <utility>

namespace patt::engine {

namespace {

using identity::match_character;
using identity::match_member;
using identity::match_ruling;
using identity::ruling_kind;

/// What `record_of` takes of a character, whether there is a record, and what `identity::plan_match` asks.
constexpr std::array matched_fields{identity::character_field::name, identity::character_field::realm_slug,
                                    identity::character_field::class_id, identity::character_field::present,
                                    identity::character_field::rank};

/// The first roster comes in parts and is often corrected: who is new within a day may have been there
/// before.
constexpr duration first_roster_takes = std::chrono::hours(24);

match_character record_of(const identity::character& c, std::optional<instant> first_roster) {
    match_character out;
    if (first_roster && c.first_seen - *first_roster > first_roster_takes) {
        out.joined_at = c.first_seen;
    }
    out.id = c.id;
    out.name = c.name;
    out.realm = c.realm_slug;
    out.class_name = identity::class_name(c.class_id);
    return out;
}

void add(match_character& to, const identity::character_note& note) {
    to.guild_note = note.guild_note;
    to.officer_note = note.officer_note;
    to.alt_group = note.alt_group;
}

bool may_own(const match_setup& setup, const identity::member& m) {
    return setup.roles.empty() || std::any_of(m.roles.begin(), m.roles.end(), [&](role_id r) {
               return std::binary_search(setup.roles.begin(), setup.roles.end(), r);
           });
}

match_member record_of(const identity::member& m, const match_setup& setup,
                       const std::map<role_id, std::string>& role_names) {
    match_member out;
    out.id = m.id;
    out.username = m.username;
    out.joined_at = m.joined_at;
    out.nickname = m.display_name == m.username ? std::string{} : m.display_name;
    out.counts = may_own(setup, m) ? identity::candidacy::candidate : identity::candidacy::bystander;
    for (const role_id r : m.roles) {
        if (const auto named = role_names.find(r); named != role_names.end()) {
            out.role_names.push_back(named->second);
        }
    }
    return out;
}

void add(match_member& to, const identity::member_alias& alias) {
    if (alias.source == identity::alias_source::global_name) {
        to.global_name = alias.alias;
    } else if (to.aliases.empty() || to.aliases.back() != alias.alias) { // Two rulings may teach the same.
        to.aliases.push_back(alias.alias);
    }
}

/// What the matcher reads of the guild's roles. The others are many, and every member carries some.
std::map<role_id, std::string> role_names_of(store::connection& db, guild_id guild) {
    std::map<role_id, std::string> out;
    for (identity::chat_role& r : store::chat_roles(db, guild)) {
        if (identity::reads_role(r.name)) {
            out.emplace(r.id, std::move(r.name));
        }
    }
    return out;
}

/// The account that stands for a person: a present one before an absent one, the older id first.
member_id account_of(std::span<const identity::member> members) {
    member_id best;
    for (const identity::member& m : members) {
        if (m.here == identity::presence::present) {
            return m.id;
        }
        best = best ? best : m.id;
    }
    return best;
}

/// What rulings taught are rows of their own (`member_alias`).
match_ruling without_lessons(match_ruling r) {
    r.taught.emplace();
    return r;
}

/// A claim or better is what the matcher takes for granted; what it made itself is not.
bool is_given(const identity::link& l) {
    return l.level > identity::assurance::matched;
}

void give(loaded_matcher& to, character_id about, const match_ruling& ruling) {
    (void)to.matcher.rule(ruling);
    to.rulings[about].push_back(ruling);
}

/// The acceptance of one of these accounts; null if there is none.
const identity::ruling* ruling_about(const std::vector<identity::ruling>& known,
                                     std::span<const identity::member> accounts) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const identity::ruling& r) {
        return r.what.kind == ruling_kind::accepted &&
               std::any_of(accounts.begin(), accounts.end(),
                           [&](const identity::member& m) { return m.id == r.what.member; });
    });
    return found == known.end() ? nullptr : &*found;
}

/// The facts of what the matcher takes for granted: those of the officer's ruling, if one gave the character
/// to the person; a claim or a proof is about an account and holds under any name.
std::uint64_t facts_of_owner(const std::vector<identity::ruling>& known,
                             std::span<const identity::member> accounts) {
    const identity::ruling* const about = ruling_about(known, accounts);
    return about != nullptr ? about->what.facts : identity::lasting_facts;
}

identity::route route_of(const identity::link& l) {
    if (l.source == officer_source) {
        return identity::route::manual;
    }
    if (l.source == migrated_source) {
        return identity::route::migrated;
    }
    return l.level >= identity::assurance::challenged ? identity::route::proven
                                                      : identity::route::self_reported;
}

std::vector<match_ruling> wanted_rulings(match_rows& rows, character_id who,
                                         const std::vector<identity::ruling>& known) {
    std::vector<match_ruling> out;
    for (const identity::ruling& r : known) {
        if (r.what.kind != ruling_kind::accepted) { // its link says it
            out.push_back(without_lessons(r.what));
        }
    }
    const identity::link* const held = rows.owner_of(who);
    if (held != nullptr && is_given(*held)) {
        const std::vector<identity::member>& accounts = rows.accounts_of(held->person);
        if (const member_id owner = account_of(accounts)) {
            out.push_back(without_lessons(
                {ruling_kind::accepted, who, owner, {}, facts_of_owner(known, accounts), route_of(*held)}));
        }
    }
    return out;
}

} // namespace

bool matters_to_matching(identity::character_fields changed) noexcept {
    using identity::character_field;
    return std::any_of(matched_fields.begin(), matched_fields.end(),
                       [&](character_field f) { return changed.has(f); });
}

bool takes_part(const match_setup& setup, const identity::member& who) {
    return who.here == identity::presence::present && may_own(setup, who);
}

match_setup setup_of(const policy::guild_settings& settings) {
    match_setup out;
    const auto& m = settings.matching;
    out.rules = {m.certain, m.high, m.medium, m.low, settings.trust.officer_rank};
    if (m.role_members_only) {
        out.roles = settings.roles.managed;
        for (const auto& [rank, role] : settings.ranks.roles) {
            out.roles.push_back(role);
        }
        if (settings.ranks.default_role) {
            out.roles.push_back(settings.ranks.default_role);
        }
        std::sort(out.roles.begin(), out.roles.end());
        out.roles.erase(std::unique(out.roles.begin(), out.roles.end()), out.roles.end());
    }
    return out;
}

namespace {

std::map<character_id, match_character> present_records(store::connection& db, guild_id guild,
                                                        std::optional<instant> first_roster) {
    std::map<character_id, match_character> out;
    store::each_present_character(
        db, guild, [&](const identity::character& c) { out.emplace(c.id, record_of(c, first_roster)); });
    store::each_note(db, guild, [&](const identity::character_note& n) {
        if (const auto found = out.find(n.character); found != out.end()) {
            add(found->second, n);
        }
    });
    store::each_former_name(db, guild, [&](const identity::former_name& n) {
        if (const auto found = out.find(n.character); found != out.end()) {
            found->second.former_names.push_back(n.name);
        }
    });
    return out;
}

} // namespace

loaded_matcher load_matcher(store::connection& db, guild_id guild, match_setup setup) {
    loaded_matcher out{identity::matcher(identity::settings_for(setup.rules)),
                       std::move(setup),
                       {},
                       store::first_seen_in(db, guild),
                       false,
                       role_names_of(db, guild)};
    for (const auto& [id, c] : present_records(db, guild, out.first_roster)) {
        out.matcher.put(c);
    }
    std::map<member_id, match_member> members;
    std::unordered_map<person_id, std::vector<identity::member>> accounts;
    for (identity::member& m : store::present_members(db, guild)) {
        members.emplace(m.id, record_of(m, out.setup, out.role_names));
        if (m.person) {
            accounts[m.person].push_back(std::move(m));
        }
    }
    store::each_alias(db, guild, [&](const identity::member_alias& a) {
        if (const auto found = members.find(a.member); found != members.end()) {
            add(found->second, a);
        }
    });
    for (const auto& [id, m] : members) {
        out.matcher.put(m);
    }
    rulings_by_character accepted;
    for (const identity::ruling& r : store::active_rulings(db, guild)) {
        out.ruled = true;
        if (r.what.kind == ruling_kind::accepted) {
            accepted[r.what.character].push_back(r);
            continue;
        }
        const match_ruling said = without_lessons(r.what);
        give(out, r.what.character, said);
        if (r.what.other) {
            out.rulings[r.what.other].push_back(said);
        }
    }
    store::each_owner_link(db, guild, [&](const identity::link& l) {
        if (!is_given(l)) {
            return;
        }
        const character_id who{l.target};
        const auto present = accounts.find(l.person);
        const auto ruled = accepted.find(who);
        // A question for each would be many: all accounts are asked for only where a ruling may be about one
        // that is away.
        const bool known =
            present != accounts.end() &&
            (ruled == accepted.end() || ruling_about(ruled->second, present->second) != nullptr);
        const std::vector<identity::member> theirs =
            known ? present->second : store::members_of(db, guild, l.person);
        if (const member_id owner = account_of(theirs)) {
            const std::uint64_t facts =
                ruled == accepted.end() ? identity::lasting_facts : facts_of_owner(ruled->second, theirs);
            give(out, who, without_lessons({ruling_kind::accepted, who, owner, {}, facts, route_of(l)}));
        }
    });
    out.matcher.learn(store::experience_of(db, guild));
    (void)out.matcher.settle();
    return out;
}

loaded_matcher load_names(store::connection& db, guild_id guild) {
    loaded_matcher out{identity::matcher{}, {}, {}, instant{}, false, {}};
    store::each_present_character(db, guild, [&](const identity::character& c) {
        match_character named;
        named.id = c.id;
        named.name = c.name;
        out.matcher.put(named);
    });
    return out;
}

rulings_by_character load_rulings(store::connection& db, guild_id guild, std::span<const character_id> who) {
    rulings_by_character out;
    in_parts(who, [&](std::span<const character_id> some) {
        for (const identity::ruling& r : store::rulings_of(db, guild, some)) {
            for (const character_id named : {r.what.character, r.what.other}) {
                if (std::find(some.begin(), some.end(), named) != some.end()) {
                    out[named].push_back(r);
                }
            }
        }
    });
    return out;
}

namespace {

/// Those of `who` that have a record are given anew; the others are away.
template <class Id, class Record>
void put_or_remove(identity::matcher& into, std::span<const Id> who, const std::map<Id, Record>& present) {
    for (const Id id : who) {
        const auto found = present.find(id);
        if (found == present.end()) {
            into.remove(id);
        } else {
            into.put(found->second);
        }
    }
}

} // namespace

void reload(loaded_matcher& into, match_rows& rows, std::span<const character_id> who) {
    if (!into.first_roster) {
        into.first_roster = store::first_seen_in(rows.db(), rows.guild());
    }
    in_parts(who, [&](std::span<const character_id> some) {
        rows.read(some);
        std::map<character_id, match_character> present;
        for (const character_id id : some) {
            const identity::character* const c = rows.character(id);
            if (c != nullptr && c->present) {
                present.emplace(id, record_of(*c, into.first_roster));
            }
        }
        for (const identity::character_note& n : store::notes_of(rows.db(), rows.guild(), some)) {
            if (const auto found = present.find(n.character); found != present.end()) {
                add(found->second, n);
            }
        }
        for (const identity::former_name& n : store::former_names_of(rows.db(), rows.guild(), some)) {
            if (const auto found = present.find(n.character); found != present.end()) {
                found->second.former_names.push_back(n.name);
            }
        }
        put_or_remove(into.matcher, some, present);
    });
}

std::vector<member_id> reload_role_names(loaded_matcher& into, match_rows& rows) {
    std::map<role_id, std::string> now = role_names_of(rows.db(), rows.guild());
    std::vector<std::pair<role_id, std::string>> differ; // Those of either side that the other has not.
    std::set_symmetric_difference(now.begin(), now.end(), into.role_names.begin(), into.role_names.end(),
                                  std::back_inserter(differ));
    into.role_names = std::move(now);
    std::vector<member_id> out;
    if (differ.empty()) {
        return out;
    }
    for (const identity::member& m : store::present_members(rows.db(), rows.guild())) {
        if (std::any_of(differ.begin(), differ.end(), [&](const auto& changed) {
                return std::find(m.roles.begin(), m.roles.end(), changed.first) != m.roles.end();
            })) {
            out.push_back(m.id);
        }
    }
    return out;
}

void reload(loaded_matcher& into, match_rows& rows, std::span<const member_id> who) {
    in_parts(who, [&](std::span<const member_id> some) {
        rows.read(some);
        std::map<member_id, match_member> present;
        for (const member_id id : some) {
            const identity::member* const row = rows.member(id);
            if (row != nullptr && row->here == identity::presence::present) {
                present.emplace(id, record_of(*row, into.setup, into.role_names));
            }
        }
        for (const identity::member_alias& a : store::aliases_of(rows.db(), rows.guild(), some)) {
            if (const auto found = present.find(a.member); found != present.end()) {
                add(found->second, a);
            }
        }
        put_or_remove(into.matcher, some, present);
    });
}

namespace {

void give_anew(loaded_matcher& into, character_id who, std::vector<match_ruling> wanted) {
    std::vector<match_ruling>& given = into.rulings[who];
    if (wanted != given) {
        for (const match_ruling& r : given) {
            into.matcher.withdraw(r);
        }
        for (const match_ruling& r : wanted) {
            (void)into.matcher.rule(r);
        }
        given = std::move(wanted);
    }
    if (given.empty()) {
        into.rulings.erase(who);
    }
}

} // namespace

void reload_rulings(loaded_matcher& into, match_rows& rows, std::span<const character_id> who) {
    in_parts(who, [&](std::span<const character_id> some) {
        rulings_by_character rulings;
        if (into.ruled) {
            rulings = load_rulings(rows.db(), rows.guild(), some);
        }
        rows.read_owners_of(some);
        for (const character_id id : some) {
            give_anew(into, id, wanted_rulings(rows, id, rulings[id]));
        }
    });
}

void catch_up(loaded_matcher& into, store::connection& db, guild_id guild,
              const store::match_changes& changes) {
    std::set<member_id> members(changes.members.begin(), changes.members.end());
    std::set<person_id> persons(changes.persons.begin(), changes.persons.end());
    std::set<character_id> characters;
    match_rows rows(db, guild);
    if (changes.role_names) {
        reload(into, rows, reload_role_names(into, rows));
    }
    rows.read(changes.members);
    for (const member_id who : changes.members) {
        if (const identity::member* row = rows.member(who); row != nullptr && row->person) {
            persons.insert(row->person); // Another account of theirs may stand for them now.
        }
    }
    for (const person_id person : persons) {
        for (const auto& [kind, target] : store::link_targets_of(db, guild, person)) {
            if (kind == identity::link_kind::character) {
                characters.insert(character_id{target});
            } else {
                members.insert(member_id{target});
            }
        }
    }
    reload(into, rows, std::vector<member_id>(members.begin(), members.end()));
    reload_rulings(into, rows, std::vector<character_id>(characters.begin(), characters.end()));
    (void)into.matcher.settle(); // Whoever wrote it has drawn the conclusions.
}

std::uint64_t facts_now(store::connection& db, guild_id guild, match_ruling what) {
    loaded_matcher scratch{identity::matcher{}, {}, {}, instant{}, false, {}}; // No fingerprint is of times.
    match_rows rows(db, guild);
    const std::array about{what.character, what.other};
    reload(scratch, rows, std::span(about).first(what.other ? 2 : 1));
    if (what.member) {
        reload(scratch, rows, std::span(&what.member, 1));
    }
    what.facts = 0;
    return scratch.matcher.rule(what).facts;
}

} // namespace patt::engine
