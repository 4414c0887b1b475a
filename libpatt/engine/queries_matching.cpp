#include "engine/match_codec.hpp"
#include "engine/match_load.hpp"
#include "store/character_repository.hpp"
#include "store/match_repository.hpp"
#include "store/person_repository.hpp"

#include <patt/engine/queries.hpp>

namespace patt::engine {

std::vector<identity::review_item> queries::review_items(guild_id guild) {
    return store::open_items(*db_, guild);
}

std::vector<identity::ruling> queries::rulings(guild_id guild, int most) {
    return store::recent_rulings(*db_, guild, most);
}

std::optional<identity::character> queries::character(guild_id guild, character_id who) {
    return store::find_character(*db_, guild, who);
}

std::optional<identity::link> queries::owner_link(guild_id guild, character_id who) {
    return store::active_link(*db_, guild, identity::link_kind::character, who.value());
}

std::vector<planned_match> queries::match_plan(guild_id guild) {
    const loaded_matcher loaded = load_matcher(*db_, guild, setup_of(settings(guild)));
    std::vector<planned_match> out;
    for (identity::match_decision& d : loaded.matcher.decisions()) {
        planned_match p;
        const auto who = store::find_character(*db_, guild, d.character);
        if (!who) {
            continue;
        }
        identity::match_facts facts;
        facts.rank = who->rank;
        facts.held = store::active_link(*db_, guild, identity::link_kind::character, d.character.value());
        if (const auto member = store::find_member(*db_, guild, d.member)) {
            facts.candidate = member->person;
            p.member_name = member->display_name;
        }
        if (facts.held) {
            for (const identity::member& m : store::members_of(*db_, guild, facts.held->person)) {
                facts.holder = m.id;
            }
        }
        facts.decided = d;
        const identity::match_plan plan = identity::plan_match(facts, loaded.setup.rules);
        p.act = plan.act;
        p.why = plan.why;
        p.character = *who;
        if (plan.act != identity::match_act::none) {
            p.evidence = evidence_line(loaded.matcher.explain(d.character));
        }
        p.decided = std::move(d);
        out.push_back(std::move(p));
    }
    return out;
}

identity::match_explanation queries::explain_match(guild_id guild, character_id who, member_id owner) {
    const loaded_matcher loaded = load_matcher(*db_, guild, setup_of(settings(guild)));
    return owner ? loaded.matcher.explain(who, owner) : loaded.matcher.explain(who);
}

} // namespace patt::engine
