// From a task to its decision: lock the guild, load, decide in rounds, apply.

#include "engine/ownership.hpp"
#include "engine/refuse.hpp"
#include "engine/writer.hpp"
#include "store/codec.hpp"
#include "store/host_repository.hpp"
#include "store/inbox_repository.hpp"
#include "store/job_repository.hpp"
#include "store/lease_repository.hpp"
#include "store/person_repository.hpp"
#include "store/provisioning_repository.hpp"

#include <patt/policy/sending.hpp>
#include <patt/policy/setting_registry.hpp>
#include <patt/provisioning/invite_code.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::engine {

namespace {

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

/// Whether deciding about it writes nothing yet, so that it may turn out afterwards that it is known.
bool only_reads(const task& t) {
    const auto* what = std::get_if<const command*>(&t.what);
    return what != nullptr && (std::holds_alternative<onboarding::member_joined>(**what) ||
                               std::holds_alternative<onboarding::member_left>(**what) ||
                               std::holds_alternative<onboarding::message_received>(**what) ||
                               std::holds_alternative<onboarding::self_service>(**what) ||
                               std::holds_alternative<onboarding::officer_action>(**what) ||
                               std::holds_alternative<onboarding::task_completed>(**what));
}

policy::actor actor_of(load_context& from, const task& t, member_id owner) {
    if (t.from.kind == policy::actor_kind::system || t.from.kind == policy::actor_kind::local_operator ||
        wants_rights(t)) {
        return load_actor(from, t.from.kind, t.from.member, owner);
    }
    return policy::member_actor(from.guild, t.from.member, {});
}

change_set change(const input_scope& in, const change_setting& what, const flow_book& flows) {
    if (auto no = forbidden(in, policy::action::change_setting, what.key)) {
        return *no;
    }
    policy::guild_settings after = in.settings;
    if (const auto wrong = policy::set(after, what.key, what.text)) {
        return refused(wrong->code, wrong->detail, "officer.bad_setting");
    }
    if (what.key == "onboarding.flow" && flows.newest(after.onboarding.flow) == nullptr) {
        return refused(errc::invalid_input,
                       fmt::format("{} wants the key of a flow: {}.", what.key, flows.names()),
                       "officer.bad_setting");
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
constexpr duration slots_are_known_for = std::chrono::hours(24 * 30);
constexpr duration inputs_are_known_for = std::chrono::hours(24 * 7);

enum class slot_state : std::uint8_t { due, missed };

timer_change housekeeping_at(guild_id guild, instant when) {
    return {guild.value(), timer_purpose::housekeeping, when, housekeeping_grace};
}

/// Inputs' keys are kept for a week; nobody repeats an input later than that.
change_set keep_house(load_context& from, const input_scope& in, const store::timer_row& timer,
                      slot_state slot, std::int64_t host) {
    change_set out;
    // One that failed and was postponed has so much less of its grace.
    const duration late = timer.grace == duration{} ? duration{} : housekeeping_grace - timer.grace;
    const instant slot_at = timer.due - late;
    // The slot's row is the proof that nobody has kept house for it, also when a timer was set twice.
    if (slot == slot_state::due &&
        store::take_slot(from.db, from.guild, to_string(timer.purpose), slot_at, host, in.ctx.now)) {
        store::forget_inputs(from.db, from.guild, in.ctx.now - inputs_are_known_for);
        store::forget_slots(from.db, from.guild, in.ctx.now - slots_are_known_for);
    }
    out.timers.push_back(housekeeping_at(from.guild, next_slot(slot_at, once_a_day, in.ctx.now)));
    return out;
}

} // namespace

/// Row-level security lets one guild through at a time.
void writer::enter(guild_id guild) {
    if (entered_ != guild) {
        connection_->enter_guild(guild);
        entered_ = guild;
    }
}

/// Locks the guild's row, once in a transaction, and asks whether the input's key is known: both travel
/// together. Null when there is no such guild.
store::guild_row* writer::hold(guild_id guild, const task& t, known_reply& known) {
    const auto ask_key = [&] {
        if (!known && !t.key.empty()) {
            known.emplace(store::ask_input(*connection_, guild, t.key));
        }
    };
    const auto held = held_.find(guild);
    if (held != held_.end()) {
        ask_key();
        return &held->second.row;
    }
    auto locked = store::ask_guild_lock(*connection_, guild);
    ask_key();
    std::optional<store::guild_row> row = locked.get();
    if (!row) {
        return nullptr;
    }
    const std::int64_t seq = row->head.seq;
    return &held_.emplace(guild, held_guild{std::move(*row), seq}).first->second.row;
}

/// Writes back the guilds' rows that have moved on.
void writer::save_held() {
    for (auto& [guild, held] : held_) {
        if (held.since_read == progress::made) {
            enter(guild);
            store::save_progress(*connection_, held.row);
            held.since_read = progress::none;
        }
    }
}

/// Decides about an input that may be known: deciding writes nothing, so the answer can be looked at
/// afterwards.
template <class Decide>
std::optional<change_set> decide_if_new(known_reply& known, std::optional<std::string>& before,
                                        Decide decide) {
    std::optional<change_set> decided;
    std::exception_ptr undecided;
    try {
        decided = decide();
    } catch (const store::sql_error&) {
        throw;
    } catch (...) {
        undecided = std::current_exception();
    }
    before = store::answer_of(known);
    if (undecided && !before) {
        std::rethrow_exception(undecided);
    }
    return decided;
}

template <class Run>
reply writer::in_guild(task& t, Run run) {
    const guild_id guild = route(t);
    if (guild) {
        enter(guild);
    }
    asked_ahead ahead = take_ahead(t, guild);
    known_reply known = std::move(ahead.known);
    store::guild_row* const row = guild ? hold(guild, t, known) : nullptr;
    if (row == nullptr) {
        return refuse_unknown_guild(t);
    }
    if (t.under != nullptr &&
        store::lease_epoch(*connection_, t.under->kind, t.under->key) != t.under->epoch) {
        return refused(errc::conflict, "another host has taken the lease that this was to be done under",
                       "officer.denied")
            .reply;
    }
    if (known && !only_reads(t)) {
        if (const auto before = std::exchange(known, std::nullopt)->get()) {
            return store::decode_reply(*before);
        }
    }
    const auto settings_now = settings_of(*row);
    const policy::guild_settings& settings = *settings_now;
    load_context from{*connection_, guild, settings, parts_.flows, matching_, row->head};
    const policy::actor actor = actor_of(from, t, row->owner);
    const instant now = parts_.world.clock.now();
    id_sequence ids = next_ids(now, row->last_id);
    random_stream random(parts_.seed ^ static_cast<std::uint64_t>(ids.peek()));
    input_scope in{*connection_,
                   *row,
                   settings,
                   actor,
                   context{guild, now, ids, random, settings, actor, t.reason},
                   std::move(ahead),
                   std::nullopt};
    std::optional<std::string> before; // Whether the key is known comes with the first facts.
    std::optional<change_set> decided = decide_if_new(known, before, [&] { return run(from, in); });
    if (before) {
        return store::decode_reply(*before);
    }
    change_set& changes = *decided;
    write_matched(from, in, changes, [&](const change_set& what) {
        apply_context to{*connection_,
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
        note_work(guild, what, in.ending, now);
    });
    remember(t, guild, changes, now);
    return std::move(changes.reply);
}

/// What the dispatcher should look at when this is committed.
void writer::note_work(guild_id guild, const change_set& changes,
                       const std::optional<store::open_claim>& ending, instant now) {
    for (const operation& o : changes.operations) {
        if (const auto* opened = std::get_if<open_route>(&o)) {
            routed_.erase(opened->member);
        } else if (const auto* closed = std::get_if<close_route>(&o)) {
            routed_.erase(closed->member);
        }
    }
    for (const row& r : changes.rows) {
        if (const auto* member = std::get_if<identity::member>(&r)) {
            routed_.erase(member->id);
        }
    }
    made_work& made = made_[guild];
    made.guild = guild;
    if (!changes.effects.empty()) {
        made.due = made.effects ? std::min(made.due, now) : now;
        made.effects = true;
    }
    made.older =
        made.older || (ending && ending->awaited) ||
        std::any_of(changes.operations.begin(), changes.operations.end(), [](const operation& o) {
            return std::holds_alternative<rearm_effects>(o) || std::holds_alternative<effect_cancelled>(o) ||
                   std::holds_alternative<cancel_effects>(o) || std::holds_alternative<patt::apply_gates>(o);
        });
    made.timers = made.timers ||
                  std::any_of(changes.timers.begin(), changes.timers.end(),
                              [&](const timer_change& t) { return t.due && t.due <= now; }) ||
                  std::any_of(changes.operations.begin(), changes.operations.end(),
                              [](const operation& o) { return std::holds_alternative<wake_timers>(o); });
}

/// Under the input's key. An input without one that writes rows and no log entry gets a key of chance, so
/// that a commit whose answer is lost can be looked up.
void writer::remember(task& t, guild_id guild, const change_set& changes, instant now) {
    std::string key = t.key;
    const bool writes = !changes.rows.empty() || !changes.operations.empty() || !changes.effects.empty() ||
                        !changes.timers.empty();
    if (key.empty() && changes.log.empty() && writes && std::holds_alternative<const command*>(t.what)) {
        key = "auto:" + to_hex(salts_.next());
    }
    if (!key.empty()) {
        store::remember_input(*connection_, guild, key, store::encode_reply(changes.reply), now);
        remembered_ = {guild, std::nullopt, std::move(key)};
    }
}

change_set writer::decide_command(load_context& from, input_scope& in, const command& what) {
    const auto about = [&](member_id member, const auto& typed) {
        onboarding::session_facts facts =
            in.ahead.member ? in.ahead.member->finish(from) : load_member(from, member);
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
        return change(in, *c, parts_.flows);
    }
    if (const auto* c = std::get_if<change_owner>(&what)) {
        return decide(store::find_member(from.db, from.guild, c->owner), *c, in);
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
        provisioning::create_invite_facts facts{parts_.how.instance_key};
        return std::get<change_set>(decide(facts, *c, in.ctx));
    }
    const auto& redeem = std::get<provisioning::redeem_invite>(what);
    provisioning::redeem_facts facts;
    if (const auto code = provisioning::normalise_invite_code(redeem.code)) {
        facts.found = store::invite_by_hash(
            from.db, from.guild, provisioning::invite_code_hash(parts_.how.instance_key, from.guild, *code));
    }
    return std::get<change_set>(decide(facts, redeem, in.ctx));
}

reply writer::create(task& t, const create_guild& what) {
    const instant now = parts_.world.clock.now();
    store::guild_row row;
    row.id = t.guild ? t.guild : next_ids(now, 0).next<guild_id>();
    enter(row.id);
    if (t.guild && !t.key.empty()) {
        if (const auto known = store::known_input(*connection_, t.guild, t.key)) {
            return store::decode_reply(*known); // The same input again: the guild is there because of it.
        }
    }
    policy::guild_settings named;
    if (const auto wrong = policy::set(named, "guild.name", what.name)) {
        return refused(wrong->code, wrong->detail, "officer.bad_setting").reply;
    }
    row.name = named.guild.name;
    row.owner = what.owner;
    row.head = log::genesis(row.id);
    row.created_at = now;
    if (!store::insert_guild(*connection_, row)) {
        return refused(errc::already_exists, fmt::format("there is a guild {} already", row.id.value()),
                       "dm.no_guild")
            .reply;
    }
    t.guild = row.id;
    return in_guild(t, [&](load_context&, input_scope&) {
        change_set out;
        out.operations.emplace_back(put_setting{"guild.name", row.name});
        out.timers.push_back(housekeeping_at(row.id, now + once_a_day));
        out.reply.data.emplace_back("guild", std::to_string(row.id.value()));
        out.log.push_back({"guild.created",
                           fmt::format("guild:{}", row.id.value()),
                           {{"name", row.name}, {"owner", std::to_string(what.owner.value())}}});
        return out;
    });
}

reply writer::run_command(task& t, const command& what) {
    if (const auto* made = std::get_if<create_guild>(&what)) {
        return create(t, *made);
    }
    return in_guild(t, [&](load_context& from, input_scope& in) { return decide_command(from, in, what); });
}

reply writer::run_timer(task& t, const timer_fired& what) {
    return in_guild(t, [&](load_context& from, input_scope& in) {
        if (!store::take_timer(from.db, what.timer)) {
            return change_set{}; // Moved, cancelled, or fired by somebody else.
        }
        ++parts_.count.timers_fired;
        const bool too_late =
            what.timer.grace != duration{} && in.ctx.now - what.timer.due > what.timer.grace;
        if (what.timer.purpose == timer_purpose::roles) {
            onboarding::session_facts facts = load_person(from, person_id{what.timer.owner});
            return decide_with(from, facts, provisioning::reconcile_roles{person_id{what.timer.owner}},
                               in.ctx);
        }
        if (what.timer.purpose == timer_purpose::job) {
            return run_job_chunk(from, in, job_id{what.timer.owner});
        }
        if (what.timer.purpose == timer_purpose::housekeeping) {
            return keep_house(from, in, what.timer, too_late ? slot_state::missed : slot_state::due,
                              parts_.boot_id);
        }
        if (too_late) {
            return change_set{};
        }
        onboarding::session_facts facts = load_session(from, session_id{what.timer.owner});
        return decide_with(
            from, facts, onboarding::session_timer{session_id{what.timer.owner}, what.timer.purpose}, in.ctx);
    });
}

reply writer::run_effect(task& t, const store::claimed_effect& claim, const effect_outcome* outcome) {
    return in_guild(t, [&](load_context& from, input_scope& in) { return end(from, in, claim, outcome); });
}

reply writer::run_done(task& t, const effects_done& what) {
    return in_guild(t, [&](load_context& from, input_scope& in) { return end_quietly(from, in, what); });
}

reply writer::run_undecided(task& t, const effect_undecided& what) {
    return in_guild(t, [&](load_context& from, input_scope& in) { return end_undecided(from, in, what); });
}

std::shared_ptr<const policy::guild_settings> writer::settings_of(const store::guild_row& guild) {
    known_settings& known = settings_[guild.id];
    if (known.version != guild.settings_version) {
        known.values = std::make_shared<const policy::guild_settings>(
            policy::load_settings(store::load_settings(*connection_, guild.id)).settings);
        known.version = guild.settings_version;
    }
    return known.values;
}

} // namespace patt::engine
