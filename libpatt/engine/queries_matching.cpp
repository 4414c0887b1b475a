#include "engine/match_codec.hpp"
#include "engine/match_load.hpp"
#include "engine/match_tables.hpp"
#include "engine/read_guild.hpp"
#include "store/character_repository.hpp"
#include "store/guild_repository.hpp"
#include "store/match_repository.hpp"
#include "store/person_repository.hpp"
#include "store/role_repository.hpp"

#include <patt/engine/queries.hpp>
#include <patt/identity/review_order.hpp>
#include <patt/policy/setting_registry.hpp>

namespace patt::engine {

namespace {

policy::guild_settings settings_in(store::connection& db, guild_id guild) {
    return policy::load_settings(store::load_settings(db, guild)).settings;
}

/// What would be done about one character; none when it has no row.
std::optional<planned_match> planned(store::connection& db, guild_id guild, const loaded_matcher& loaded,
                                     identity::match_decision d) {
    const auto who = store::find_character(db, guild, d.character);
    if (!who) {
        return std::nullopt;
    }
    planned_match out;
    identity::match_facts facts;
    facts.rank = who->rank;
    facts.held = store::active_link(db, guild, identity::link_kind::character, d.character.value());
    if (const auto member = store::find_member(db, guild, d.member)) {
        facts.candidate = member->person;
        out.member_name = member->display_name;
    }
    if (facts.held) {
        for (const identity::member& m : store::members_of(db, guild, facts.held->person)) {
            facts.holder = m.id;
            if (takes_part(loaded.setup, m)) {
                facts.holders.push_back(m.id);
            }
        }
    }
    facts.decided = d;
    const identity::match_plan plan = identity::plan_match(facts, loaded.setup.rules);
    out.act = plan.act;
    out.why = plan.why;
    out.character = *who;
    if (plan.act != identity::match_act::none) {
        out.evidence = evidence_line(loaded.matcher.explain(d.character));
    }
    out.decided = std::move(d);
    return out;
}

} // namespace

std::vector<identity::review_item> queries::review_items(guild_id guild) {
    return read_guild(*readers_, guild, [&](store::connection& db) {
        std::vector<identity::review_item> out = store::open_items(db, guild);
        identity::most_useful_first(out);
        return out;
    });
}

std::vector<identity::ruling> queries::rulings(guild_id guild, int most) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::recent_rulings(db, guild, most); });
}

std::optional<identity::character> queries::character(guild_id guild, character_id who) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::find_character(db, guild, who); });
}

std::optional<identity::link> queries::owner_link(guild_id guild, character_id who) {
    return read_guild(*readers_, guild, [&](store::connection& db) {
        return store::active_link(db, guild, identity::link_kind::character, who.value());
    });
}

std::vector<identity::role_change> queries::role_changes(guild_id guild,
                                                         const identity::role_snapshot& list) {
    return read_guild(*readers_, guild, [&](store::connection& db) {
        return identity::changes_by(identity::usable_roles(list), store::chat_roles(db, guild));
    });
}

std::vector<note_fate> queries::fates(guild_id guild, const import_notes& table) {
    return read_guild(*readers_, guild, [&](store::connection& db) {
        note_judge judge(db, guild);
        std::vector<note_fate> out;
        for (const import_notes::line& line : table.lines) {
            out.push_back(judge.next(line).fate);
        }
        return out;
    });
}

std::vector<link_fate> queries::fates(guild_id guild, const import_links& table) {
    return read_guild(*readers_, guild, [&](store::connection& db) {
        link_judge judge(db, guild, settings_in(db, guild));
        std::vector<link_fate> out;
        for (const import_links::line& line : table.lines) {
            out.push_back(judge.next(line).fate);
        }
        return out;
    });
}

std::vector<planned_match> queries::match_plan(guild_id guild) {
    return read_guild(*readers_, guild, [&](store::connection& db) {
        const loaded_matcher loaded = load_matcher(db, guild, setup_of(settings_in(db, guild)));
        std::vector<planned_match> out;
        for (identity::match_decision& d : loaded.matcher.decisions()) {
            if (auto p = planned(db, guild, loaded, std::move(d))) {
                out.push_back(std::move(*p));
            }
        }
        return out;
    });
}

identity::match_explanation queries::explain_match(guild_id guild, character_id who, member_id owner) {
    return read_guild(*readers_, guild, [&](store::connection& db) {
        const loaded_matcher loaded = load_matcher(db, guild, setup_of(settings_in(db, guild)));
        const bool is_other = owner && loaded.matcher.decision(who).member != owner;
        return is_other ? loaded.matcher.explain(who, owner) : loaded.matcher.explain(who);
    });
}

} // namespace patt::engine
