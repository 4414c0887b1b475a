// Internal effects: the website invite and the roster entries of a newcomer (S0 Task 2).

#include <patt/identity/class_table.hpp>
#include <patt/provisioning/commands.hpp>
#include <patt/provisioning/invite_code.hpp>

#include <algorithm>

namespace patt::provisioning {

namespace {

using onboarding::owned_character;
using onboarding::person_facts;

void make_invite(const internal_facts& facts, const issue_invite& wanted, context& ctx,
                 std::vector<row>& rows) {
    invite made;
    if (facts.session.invite && facts.session.invite->expires_at > ctx.now) {
        made = *facts.session.invite; // There is a live one: the same code is sent again.
    } else {
        made.id = ctx.ids.next<invite_id>();
        made.code_hash = invite_code_hash(facts.instance_key, ctx.guild,
                                          derive_invite_code(facts.instance_key, ctx.guild, made.id));
        made.session = wanted.session;
        made.person = wanted.person;
        made.generated_by = "auto_onboarding";
        made.made_by = "system";
        made.created_at = ctx.now;
        made.expires_at = ctx.now + ctx.settings.invite.lifetime;
        if (facts.session.invite) {
            invite old = *facts.session.invite;
            old.revoked_at = ctx.now;
            rows.emplace_back(std::move(old));
        }
        rows.emplace_back(made);
    }
    rows.emplace_back(onboarding::answer{wanted.session, "invite", std::to_string(made.id.value()), ctx.now});
}

roster_entry entry_of(const identity::character& who, const add_roster_entries& wanted,
                      const std::string& chat_name, instant now) {
    roster_entry e;
    e.character = who.id;
    e.person = wanted.person;
    e.name = who.name;
    e.realm_slug = who.realm_slug;
    e.realm_name = who.realm_name;
    e.character_class = identity::class_name(who.class_id);
    e.spec = who.spec;
    e.role_category = std::string(identity::to_string(identity::role_of(who.class_id, who.spec)));
    e.level = who.level;
    e.chat_name = chat_name;
    e.created_by = "auto_onboarding";
    e.created_at = now;
    return e;
}

void list_characters(const internal_facts& facts, const add_roster_entries& wanted, context& ctx,
                     std::vector<row>& rows) {
    const person_facts* person = facts.session.find_person(wanted.person);
    if (person == nullptr) {
        return;
    }
    const std::string chat_name = facts.session.member ? facts.session.member->display_name : std::string{};
    for (const owned_character& o : person->characters) {
        const bool listed =
            std::find(facts.listed.begin(), facts.listed.end(), o.character.id) != facts.listed.end();
        if (!listed && o.character.present && o.link.level != identity::assurance::suggested) {
            rows.emplace_back(entry_of(o.character, wanted, chat_name, ctx.now));
        }
    }
}

} // namespace

decision perform(const internal_facts& facts, const onboarding::effect_tried& tried, context& ctx) {
    if (facts.session.session && !onboarding::is_open(facts.session.session->state)) {
        change_set nothing; // Dismissed, or gone, since it was claimed.
        nothing.operations.emplace_back(effect_cancelled{tried.id, "its session has ended"});
        return nothing;
    }
    std::vector<row> rows;
    onboarding::session_facts after = facts.session;
    if (const auto* wanted = std::get_if<issue_invite>(&tried.body)) {
        make_invite(facts, *wanted, ctx, rows);
        after.answers.push_back(std::get<onboarding::answer>(rows.back()));
    } else if (const auto* listing = std::get_if<add_roster_entries>(&tried.body)) {
        list_characters(facts, *listing, ctx, rows);
    } else {
        throw failure("effect " + tried.key + " is not an internal one");
    }
    decision settled = onboarding::decide(after, tried, ctx);
    auto& out = std::get<change_set>(settled);
    rows.insert(rows.end(), std::make_move_iterator(out.rows.begin()),
                std::make_move_iterator(out.rows.end()));
    out.rows = std::move(rows);
    return settled;
}

} // namespace patt::provisioning
