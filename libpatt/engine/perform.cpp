// Effects through the ports, and texts as they are shown.

#include "engine/impl.hpp"
#include "store/guild_repository.hpp"

#include <patt/provisioning/invite_code.hpp>
#include <patt/provisioning/role_guard.hpp>
#include <patt/store/in_tx.hpp>

namespace patt::engine {

namespace {

std::string join(std::span<const role_id> roles) {
    std::string out;
    for (const role_id r : roles) {
        out += (out.empty() ? "" : ",") + std::to_string(r.value());
    }
    return out;
}

} // namespace

effect_outcome engine::impl::perform(const work& of) {
    const store::claimed_effect& claim = of.claim;
    const effect& what = claim.what;
    if (const auto* dm = std::get_if<direct_message>(&what.body)) {
        return parts_.world.chat.send(claim.guild, dm->to, render(of, dm->text, dm->question, {}), what.key);
    }
    if (const auto* post = std::get_if<channel_post>(&what.body)) {
        return parts_.world.chat.post(claim.guild, post->channel,
                                      render(of, post->text, post->question, post->mention), what.key);
    }
    return change_roles(claim.guild, std::get<set_roles>(what.body), what.key);
}

/// From fresh state: what the roles are now, and what the wanted ones may do now.
effect_outcome engine::impl::change_roles(guild_id guild, const set_roles& what, const std::string& key) {
    const fetched<member_state> member = parts_.world.chat.fetch_member(guild, what.member);
    if (const auto* failed = std::get_if<effect_outcome>(&member)) {
        return *failed;
    }
    for (const role_id role : what.add) {
        if (!role) {
            return {
                effect_error::unknown_role, "no role is configured for this rank: set ranks.roles", "", {}};
        }
        const fetched<role_state> state = parts_.world.chat.fetch_role(guild, role);
        if (const auto* failed = std::get_if<effect_outcome>(&state)) {
            return *failed;
        }
        const auto& facts = std::get<role_state>(state);
        if (const auto no = provisioning::refuse_role(facts.permissions, facts.above_bot)) {
            return *no;
        }
    }
    const provisioning::role_change change =
        provisioning::apply_roles(std::get<member_state>(member).roles, what);
    if (!change.changed) {
        return {};
    }
    effect_outcome done = parts_.world.chat.replace_roles(guild, what.member, change.roles, key);
    if (done.error == effect_error::none) {
        done.external_ref = join(change.given);
    }
    return done;
}

text::surroundings engine::impl::surroundings_of(guild_id guild, const policy::guild_settings& settings) {
    return {settings, text::markup::markdown, [this, guild](invite_id invite) {
                return provisioning::derive_invite_code(parts_.how.instance_key, guild, invite);
            }};
}

outgoing engine::impl::render(const work& of, const text_ref& what, const prompt& question,
                              member_id mention) {
    const std::scoped_lock lock(catalogue_mutex_);
    return {catalogue_.compose(what, surroundings_of(of.claim.guild, *of.settings)), question, mention};
}

shown_reply engine::impl::show(guild_id guild, const reply& what) {
    const policy::guild_settings values = settings(guild);
    const text::surroundings with = surroundings_of(guild, values);
    const std::scoped_lock lock(catalogue_mutex_);
    shown_reply out;
    for (const text_ref& t : what.before) {
        out.messages.push_back(catalogue_.compose(t, with));
    }
    if (!what.text.key.empty()) {
        out.messages.push_back(catalogue_.compose(what.text, with));
    }
    out.question = what.question;
    return out;
}

policy::guild_settings engine::impl::settings(guild_id guild) {
    policy::guild_settings out;
    writer& by = writer_for(guild);
    by.alone([&](store::connection& db) {
        store::in_tx(db, store::tx_mode::read, [&] {
            db.enter_guild(guild);
            if (const auto row = store::find_guild(db, guild)) {
                out = *by.settings_of(*row);
            }
        });
    });
    return out;
}

} // namespace patt::engine
