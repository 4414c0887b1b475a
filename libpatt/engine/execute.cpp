// From a task to its decision: lock the guild, load, decide in rounds, apply.

#include "engine/impl.hpp"
#include "engine/matching.hpp"
#include "engine/members_import.hpp"
#include "engine/refuse.hpp"
#include "store/codec.hpp"
#include "store/inbox_repository.hpp"
#include "store/job_repository.hpp"
#include "store/provisioning_repository.hpp"

#include <patt/policy/sending.hpp>
#include <patt/policy/setting_registry.hpp>
#include <patt/provisioning/invite_code.hpp>

#include <fmt/core.h>

namespace patt::engine {

namespace {

/// A decision that still misses facts after this many rounds is broken.
constexpr int most_rounds = 3;

/// Whether the command is about more than the sender's own session: only then their rights are looked up.
bool wants_rights(const task& t) {
    const auto* what = std::get_if<const command*>(&t.what);
    if (what == nullptr) {
        return false;
    }
    const command& c = **what;
    return !std::holds_alternative<onboarding::member_joined>(c) &&
           !std::holds_alternative<onboarding::member_left>(c) &&
           !std::holds_alternative<onboarding::message_received>(c) &&
           !std::holds_alternative<onboarding::self_service>(c);
}

policy::actor actor_of(load_context& from, const task& t, member_id owner) {
    if (t.from.kind == policy::actor_kind::system || t.from.kind == policy::actor_kind::local_operator ||
        wants_rights(t)) {
        return load_actor(from, t.from.kind, t.from.member, owner);
    }
    return policy::member_actor(from.guild, t.from.member, {});
}

change_set change(const input_scope& in, const change_setting& what) {
    if (auto no = forbidden(in, policy::action::change_setting, what.key)) {
        return *no;
    }
    policy::guild_settings after = in.settings;
    if (const auto wrong = policy::set(after, what.key, what.text)) {
        return refused(wrong->code, wrong->detail, "officer.bad_setting");
    }
    const std::string before = policy::print(in.settings, what.key).value();
    const std::string now = policy::print(after, what.key).value();
    const policy::setting_info& info = *policy::find_setting(what.key);
    change_set out;
    out.reply.data = {{"key", what.key}, {"value", policy::shown(info, now)}};
    for (const std::string& warning : policy::contradictions(after)) {
        out.reply.data.emplace_back("warning", warning);
    }
    out.operations.emplace_back(put_setting{what.key, now});
    out.operations.emplace_back(policy::gates_of(after));
    out.log.push_back({"setting.changed",
                       "setting:" + what.key,
                       {{"before", policy::shown(info, before)}, {"after", policy::shown(info, now)}}});
    return out;
}

change_set cancel(load_context& from, const input_scope& in, const cancel_job& what) {
    if (auto no = forbidden(in, policy::action::run_sync)) {
        return *no;
    }
    auto job = store::find_job(from.db, from.guild, what.job);
    if (!job || job->state != "running") {
        return refused(job ? errc::wrong_state : errc::not_found,
                       job ? "the job is over already" : "there is no such job", "officer.no_job");
    }
    job->state = "cancelled";
    job->updated_at = in.ctx.now;
    store::put(from.db, from.guild, *job);
    store::drop_chunks(from.db, from.guild, job->id);
    if (auto run = store::find_sync_run(from.db, from.guild, job->run)) {
        run->status = "cancelled";
        run->ended_at = in.ctx.now;
        store::put(from.db, from.guild, *run);
    }
    change_set out;
    out.timers.push_back({job->id.value(), timer_purpose::job, {}, {}});
    out.log.push_back(
        {"job.cancelled", fmt::format("job:{}", job->id.value()), {{"done", std::to_string(job->done)}}});
    return out;
}

constexpr duration once_a_day = std::chrono::hours(24);
constexpr duration housekeeping_grace = std::chrono::hours(12);
constexpr duration inputs_are_known_for = std::chrono::hours(24 * 7);

enum class slot_state : std::uint8_t { due, missed };

timer_change housekeeping_at(guild_id guild, instant when) {
    return {guild.value(), timer_purpose::housekeeping, when, housekeeping_grace};
}

/// Inputs' keys are kept for a week; nobody repeats an input later than that.
change_set keep_house(load_context& from, const input_scope& in, const store::timer_row& timer,
                      slot_state slot) {
    change_set out;
    if (slot == slot_state::due) {
        store::forget_inputs(from.db, from.guild, in.ctx.now - inputs_are_known_for);
    }
    out.timers.push_back(housekeeping_at(from.guild, next_slot(timer.due, once_a_day, in.ctx.now)));
    return out;
}

} // namespace

reply engine::impl::refuse_unknown_guild(const task& t) const {
    if (t.guild) {
        return refused(errc::not_found, fmt::format("there is no guild {}", t.guild.value()), "dm.no_guild")
            .reply;
    }
    return refused(errc::ambiguous, "this message belongs to no guild that asked something", "dm.which_guild")
        .reply;
}

guild_id engine::impl::route(const task& t) {
    if (t.guild) {
        return t.guild;
    }
    if (const guild_id asked = store::route_of(*writer_, t.from.member)) {
        return asked;
    }
    const std::vector<guild_id> present = store::guilds_of(*writer_, t.from.member);
    return present.size() == 1 ? present.front() : guild_id{};
}

/// Locks the guild's row, once in a transaction. Null when there is no such guild.
store::guild_row* engine::impl::hold(guild_id guild) {
    const auto known = held_.find(guild);
    if (known != held_.end()) {
        return &known->second.row;
    }
    std::optional<store::guild_row> row = store::lock_guild(*writer_, guild);
    return row ? &held_.emplace(guild, held_guild{std::move(*row)}).first->second.row : nullptr;
}

/// Writes back the guilds' rows that have moved on.
void engine::impl::save_held() {
    for (auto& [guild, held] : held_) {
        if (held.since_read == progress::made) {
            store::save_progress(*writer_, held.row);
            held.since_read = progress::none;
        }
    }
}

template <class Run>
reply engine::impl::in_guild(task& t, Run run) {
    const guild_id guild = route(t);
    store::guild_row* const row = guild ? hold(guild) : nullptr;
    if (row == nullptr) {
        return refuse_unknown_guild(t);
    }
    if (!t.key.empty()) {
        if (const auto known = store::known_input(*writer_, guild, t.key)) {
            return store::decode_reply(*known);
        }
    }
    const auto settings_now = settings_of(*writer_, *row);
    const policy::guild_settings& settings = *settings_now;
    load_context from{*writer_, guild, row->head.seq, settings, flows_, names_, matching_, row->head};
    const policy::actor actor = actor_of(from, t, row->owner);
    const instant now = world_.clock.now();
    id_sequence ids = next_ids(now, row->last_id);
    random_stream random(seed_ ^ static_cast<std::uint64_t>(ids.peek()));
    input_scope in{
        *writer_,    *row, settings, actor, context{guild, now, ids, random, settings, actor, t.reason},
        std::nullopt};
    change_set changes = run(from, in);
    const auto write = [&](const change_set& what) {
        apply_context to{*writer_,
                         in.guild,
                         settings,
                         policy::to_string(actor),
                         now,
                         salts_,
                         in.ctx.ids.last(in.guild.last_id),
                         in.ending};
        if (apply(to, what) == progress::made) {
            held_.at(guild).since_read = progress::made;
        }
    };
    write_matched(from, in, changes, write);
    if (!t.key.empty()) {
        store::remember_input(*writer_, guild, t.key, store::encode_reply(changes.reply), now);
    }
    return std::move(changes.reply);
}

/// Writes what was decided, and in the same input what follows for matching.
template <class Write>
void engine::impl::write_matched(load_context& from, input_scope& in, const change_set& changes,
                                 Write write) {
    if (!in.settings.matching.enabled) {
        matching_.forget(from.guild);
        write(changes);
        return;
    }
    touched what = touched_by(changes, in.settings);
    const match_setup setup = setup_of(in.settings);
    if (what.empty()) {
        const bool fits = matching_.kept(from.db, from.guild, from.head, setup) != nullptr;
        write(changes);
        if (fits) {
            matching_.stamp(from.guild, in.guild.head);
        }
        return;
    }
    if (what.how_many == touched::extent::everybody) {
        // The settings or somebody's doubts: from the rows, as they are after this input.
        write(changes);
        matching_.forget(from.guild);
        const policy::guild_settings now =
            policy::load_settings(store::load_settings(from.db, from.guild)).settings;
        if (now.matching.enabled) {
            const auto fresh = matching_.warm(from.db, from.guild, in.guild.head, setup_of(now));
            write(follow_characters(from, in, *fresh, what));
            write(follow_members(from, in, *fresh, what));
            matching_.stamp(from.guild, in.guild.head);
        }
        return;
    }
    const auto warm = matching_.warm(from.db, from.guild, from.head, setup);
    write(changes);
    write(follow_characters(from, in, *warm, what));
    write(follow_members(from, in, *warm, what));
    matching_.stamp(from.guild, in.guild.head);
}

template <class Facts, class Command>
change_set engine::impl::decide_with(load_context& from, Facts& facts, const Command& what, context& ctx) {
    for (int round = 0; round <= most_rounds; ++round) {
        decision decided = decide(facts, what, ctx);
        if (auto* changes = std::get_if<change_set>(&decided)) {
            return std::move(*changes);
        }
        load_more(from, facts, std::get<need>(decided));
    }
    throw failure("a decision wanted more facts after three rounds");
}

/// The commands of matching; none for others.
std::optional<change_set> engine::impl::decide_matching(load_context& from, input_scope& in,
                                                        const command& what) {
    const auto allowed = [&](policy::action action, auto decide) {
        auto no = forbidden(in, action);
        return no ? std::move(no) : std::optional<change_set>(decide());
    };
    if (std::holds_alternative<run_matching>(what)) {
        return allowed(policy::action::run_sync, [&] {
            change_set out;
            out.operations.emplace_back(match_everybody{});
            out.log.push_back({"match.run", "guild", {{"reason", in.ctx.reason}}});
            return out;
        });
    }
    if (const auto* c = std::get_if<rule_match>(&what)) {
        return allowed(policy::action::change_link, [&] { return decide_rule(from, in, *c); });
    }
    if (const auto* c = std::get_if<undo_ruling>(&what)) {
        return allowed(policy::action::change_link, [&] { return decide_undo(from, in, *c); });
    }
    if (const auto* c = std::get_if<import_notes>(&what)) {
        return allowed(policy::action::hand_in_data, [&] { return decide_notes(from, in, *c); });
    }
    if (const auto* c = std::get_if<import_members>(&what)) {
        return allowed(policy::action::run_sync, [&] { return decide_members(from, in, *c); });
    }
    return std::nullopt;
}

change_set engine::impl::decide_command(load_context& from, input_scope& in, const command& what) {
    const auto about = [&](member_id member, const auto& typed) {
        onboarding::session_facts facts = load_member(from, member);
        return decide_with(from, facts, typed, in.ctx);
    };
    if (const auto* c = std::get_if<onboarding::member_joined>(&what)) {
        return about(c->member, *c);
    }
    if (const auto* c = std::get_if<onboarding::member_left>(&what)) {
        return about(c->member, *c);
    }
    if (const auto* c = std::get_if<onboarding::message_received>(&what)) {
        return about(c->member, *c);
    }
    if (const auto* c = std::get_if<onboarding::self_service>(&what)) {
        return about(c->member, *c);
    }
    if (const auto* c = std::get_if<onboarding::officer_action>(&what)) {
        return about(c->member, *c);
    }
    if (const auto* c = std::get_if<onboarding::task_completed>(&what)) {
        return about(c->member, *c);
    }
    if (const auto* c = std::get_if<change_setting>(&what)) {
        return change(in, *c);
    }
    if (const auto* c = std::get_if<import_roster>(&what)) {
        const auto no = forbidden(in, policy::action::run_sync);
        return no ? *no : begin_import(from, in, *c);
    }
    if (const auto* c = std::get_if<cancel_job>(&what)) {
        return cancel(from, in, *c);
    }
    if (auto matched = decide_matching(from, in, what)) {
        return std::move(*matched);
    }
    if (const auto* c = std::get_if<provisioning::create_invite>(&what)) {
        if (auto no = forbidden(in, policy::action::create_invite)) {
            return *no;
        }
        provisioning::create_invite_facts facts{how_.instance_key};
        return std::get<change_set>(decide(facts, *c, in.ctx));
    }
    const auto& redeem = std::get<provisioning::redeem_invite>(what);
    provisioning::redeem_facts facts;
    if (const auto code = provisioning::normalise_invite_code(redeem.code)) {
        facts.found = store::invite_by_hash(
            from.db, from.guild, provisioning::invite_code_hash(how_.instance_key, from.guild, *code));
    }
    return std::get<change_set>(decide(facts, redeem, in.ctx));
}

reply engine::impl::run_command(task& t, const command& what) {
    if (const auto* create = std::get_if<create_guild>(&what)) {
        if (t.guild && !t.key.empty()) {
            if (const auto known = store::known_input(*writer_, t.guild, t.key)) {
                return store::decode_reply(*known); // The same input again: the guild is there because of it.
            }
        }
        const instant now = world_.clock.now();
        store::guild_row row;
        row.id = t.guild ? t.guild : next_ids(now, 0).next<guild_id>();
        row.name = create->name;
        row.owner = create->owner;
        row.head = log::genesis(row.id);
        row.created_at = now;
        if (!store::insert_guild(*writer_, row)) {
            return refused(errc::already_exists, fmt::format("there is a guild {} already", row.id.value()),
                           "dm.no_guild")
                .reply;
        }
        t.guild = row.id;
        return in_guild(t, [&](load_context&, input_scope&) {
            change_set out;
            out.operations.emplace_back(put_setting{"guild.name", create->name});
            out.timers.push_back(housekeeping_at(row.id, now + once_a_day));
            out.reply.data.emplace_back("guild", std::to_string(row.id.value()));
            out.log.push_back({"guild.created",
                               fmt::format("guild:{}", row.id.value()),
                               {{"name", create->name}, {"owner", std::to_string(create->owner.value())}}});
            return out;
        });
    }
    return in_guild(t, [&](load_context& from, input_scope& in) { return decide_command(from, in, what); });
}

reply engine::impl::run_timer(task& t, const timer_fired& what) {
    return in_guild(t, [&](load_context& from, input_scope& in) {
        if (!store::take_timer(from.db, what.timer)) {
            return change_set{}; // Moved, cancelled, or fired by somebody else.
        }
        const bool too_late = what.timer.grace.count() > 0 && in.ctx.now - what.timer.due > what.timer.grace;
        if (what.timer.purpose == timer_purpose::roles) {
            onboarding::session_facts facts = load_person(from, person_id{what.timer.owner});
            return decide_with(from, facts, provisioning::reconcile_roles{person_id{what.timer.owner}},
                               in.ctx);
        }
        if (what.timer.purpose == timer_purpose::job) {
            return run_job_chunk(from, in, job_id{what.timer.owner});
        }
        if (what.timer.purpose == timer_purpose::housekeeping) {
            return keep_house(from, in, what.timer, too_late ? slot_state::missed : slot_state::due);
        }
        if (too_late) {
            return change_set{};
        }
        onboarding::session_facts facts = load_session(from, session_id{what.timer.owner});
        return decide_with(
            from, facts, onboarding::session_timer{session_id{what.timer.owner}, what.timer.purpose}, in.ctx);
    });
}

reply engine::impl::run_effect(task& t, const store::claimed_effect& claim, const effect_outcome* outcome) {
    return in_guild(t, [&](load_context& from, input_scope& in) {
        in.ending = store::read_claim(from.db, from.guild, claim.what.id);
        if (!in.ending || in.ending->state != effect_state::sending ||
            in.ending->attempts != claim.attempts) {
            return change_set{}; // Cancelled meanwhile, or somebody else's by now.
        }
        onboarding::effect_tried tried;
        tried.id = claim.what.id;
        tried.key = claim.what.key;
        tried.owner = claim.what.owner;
        tried.need = claim.what.need;
        tried.attempts = claim.attempts;
        tried.body = claim.what.body;
        if (outcome != nullptr) {
            tried.outcome = *outcome;
            onboarding::session_facts facts = load_outcome(from, tried);
            return decide_with(from, facts, tried, in.ctx);
        }
        provisioning::internal_facts facts;
        facts.session = load_outcome(from, tried);
        facts.instance_key = how_.instance_key;
        if (std::holds_alternative<issue_invite>(tried.body)) {
            facts.session.invite = store::live_invite(from.db, from.guild, tried.owner);
        }
        if (const auto* roster = std::get_if<add_roster_entries>(&tried.body)) {
            facts.listed = store::listed_characters(from.db, from.guild, roster->person);
            need person;
            person.persons.push_back(roster->person);
            load_more(from, facts.session, person);
        }
        return std::get<change_set>(provisioning::perform(facts, tried, in.ctx));
    });
}

std::shared_ptr<const policy::guild_settings> engine::impl::settings_of(store::connection& db,
                                                                        const store::guild_row& guild) {
    known_settings& known = settings_[guild.id];
    if (known.version != guild.settings_version) {
        known.values = std::make_shared<const policy::guild_settings>(
            policy::load_settings(store::load_settings(db, guild.id)).settings);
        known.version = guild.settings_version;
    }
    return known.values;
}

} // namespace patt::engine
