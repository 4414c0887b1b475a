// What is due: timers and outcomes become inputs, effects are performed through the ports.

#include "engine/impl.hpp"
#include "store/guild_repository.hpp"

#include <patt/policy/sending.hpp>
#include <patt/provisioning/invite_code.hpp>
#include <patt/provisioning/role_guard.hpp>
#include <patt/store/in_tx.hpp>

#include <algorithm>

namespace patt::engine {

namespace {

/// How long a timer waits whose input failed: long enough not to spin, short enough to heal soon.
constexpr duration failed_timer_wait = std::chrono::minutes(1);

template <class What>
task make_task(guild_id guild, What what) {
    task t;
    t.guild = guild;
    t.what = std::move(what);
    return t;
}

std::string join(std::span<const role_id> roles) {
    std::string out;
    for (const role_id r : roles) {
        out += (out.empty() ? "" : ",") + std::to_string(r.value());
    }
    return out;
}

} // namespace

/// Claims in a transaction of its own: it is committed before the world is touched.
std::vector<store::claimed_effect> engine::impl::claim_due(instant now) {
    std::vector<store::claimed_effect> due;
    const instant stale_before = now - how_.claim_timeout;
    if (released_ && !store::anything_to_claim(*writer_, now, stale_before)) {
        return due;
    }
    store::in_tx(*writer_, store::tx_mode::write, [&] {
        if (!released_) {
            store::release_claims(*writer_, now); // Of the process before this one.
        }
        due = store::claim_effects(*writer_, now, stale_before, how_.claims);
        claimed_under_.clear();
        std::erase_if(due, [&](const store::claimed_effect& c) { return held_back(c); });
    });
    released_ = true;
    return due;
}

/// A switch may have been turned off since the effect became due.
bool engine::impl::held_back(const store::claimed_effect& claim) {
    if (policy::initial_state(claim.what, settings_at_claim(claim.guild)) == effect_state::pending) {
        return false;
    }
    store::hold_effect(*writer_, claim.guild, claim.what.id);
    return true;
}

/// The settings under which a claim is performed: read once for each guild in the transaction of the claim.
const policy::guild_settings& engine::impl::settings_at_claim(guild_id guild) {
    auto& known = claimed_under_[guild];
    if (!known) {
        const auto row = store::find_guild(*writer_, guild);
        known = row ? settings_of(*writer_, *row) : std::make_shared<const policy::guild_settings>();
    }
    return *known;
}

run_report engine::impl::run_once(duration budget) {
    run_report report;
    const instant deadline = world_.clock.now() + budget;
    std::vector<task> tasks;
    for (;;) {
        const instant now = world_.clock.now();
        std::vector<store::timer_row> timers;
        with_writer([&] { timers = store::due_timers(*writer_, now, how_.batch); });
        for (const store::timer_row& t : timers) {
            tasks.push_back(make_task(t.guild, timer_fired{t}));
        }
        submit(tasks);
        postpone(tasks, now);
        report.inputs += static_cast<int>(tasks.size());
        const bool was_busy = !tasks.empty();
        tasks.clear();
        std::vector<store::claimed_effect> due;
        if (how_.claims > 0) {
            with_writer([&] { due = claim_due(now); });
        }
        for (store::claimed_effect& c : due) {
            if (c.what.cls == effect_class::internal) {
                tasks.push_back(make_task(c.guild, perform_inside{std::move(c)}));
            } else {
                effect_outcome outcome = perform(c);
                tasks.push_back(make_task(c.guild, effect_ended{std::move(c), std::move(outcome)}));
            }
        }
        report.effects += static_cast<int>(due.size());
        if ((!was_busy && due.empty()) || world_.clock.now() >= deadline) {
            break;
        }
    }
    submit(tasks);
    report.inputs += static_cast<int>(tasks.size());
    report.next_due = next_due();
    return report;
}

/// A timer whose input failed would be due again at once.
void engine::impl::postpone(std::span<const task> tasks, instant now) {
    for (const task& t : tasks) {
        const auto* timer = std::get_if<timer_fired>(&t.what);
        if (t.failed && timer != nullptr) {
            const store::timer_row& row = timer->timer;
            with_writer([&] {
                store::in_tx(*writer_, store::tx_mode::write, [&] {
                    store::set_timer(*writer_, row.guild,
                                     {row.owner, row.purpose, now + failed_timer_wait, row.grace});
                });
            });
        }
    }
}

instant engine::impl::next_due() {
    instant effect;
    instant timer;
    with_writer([&] {
        effect = store::next_effect_due(*writer_);
        timer = store::next_timer_due(*writer_);
    });
    if (!effect || !timer) {
        return effect ? effect : timer;
    }
    return std::min(effect, timer);
}

effect_outcome engine::impl::perform(const store::claimed_effect& claim) {
    const effect& what = claim.what;
    if (const auto* dm = std::get_if<direct_message>(&what.body)) {
        return world_.chat.send(claim.guild, dm->to, render(claim.guild, dm->text, dm->question, {}),
                                what.key);
    }
    if (const auto* post = std::get_if<channel_post>(&what.body)) {
        return world_.chat.post(claim.guild, post->channel,
                                render(claim.guild, post->text, post->question, post->mention), what.key);
    }
    return change_roles(claim.guild, std::get<set_roles>(what.body), what.key);
}

/// From fresh state: what the roles are now, and what the wanted ones may do now.
effect_outcome engine::impl::change_roles(guild_id guild, const set_roles& what, const std::string& key) {
    const fetched<member_state> member = world_.chat.fetch_member(guild, what.member);
    if (const auto* failed = std::get_if<effect_outcome>(&member)) {
        return *failed;
    }
    for (const role_id role : what.add) {
        if (!role) {
            return {
                effect_error::unknown_role, "no role is configured for this rank: set ranks.roles", "", {}};
        }
        const fetched<role_state> state = world_.chat.fetch_role(guild, role);
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
    effect_outcome done = world_.chat.replace_roles(guild, what.member, change.roles, key);
    if (done.error == effect_error::none) {
        done.external_ref = join(change.given);
    }
    return done;
}

text::surroundings engine::impl::surroundings_of(guild_id guild, const policy::guild_settings& settings) {
    return {settings, text::markup::markdown, [this, guild](invite_id invite) {
                return provisioning::derive_invite_code(how_.instance_key, guild, invite);
            }};
}

outgoing engine::impl::render(guild_id guild, const text_ref& what, const prompt& question,
                              member_id mention) {
    const policy::guild_settings& values = settings_at_claim(guild);
    const std::scoped_lock lock(catalogue_mutex_);
    return {catalogue_.compose(what, surroundings_of(guild, values)), question, mention};
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
    with_writer([&] {
        if (const auto row = store::find_guild(*writer_, guild)) {
            out = *settings_of(*writer_, *row);
        }
    });
    return out;
}

} // namespace patt::engine
