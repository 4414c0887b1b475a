// What officers may do to a session (S0 Task 7), and tasks that somebody completes.

#include "core/onboarding/draft.hpp"
#include "core/onboarding/parsers.hpp"
#include "core/onboarding/permit.hpp"
#include "core/onboarding/tasks.hpp"
#include "core/onboarding/verify.hpp"
#include "core/onboarding/walk.hpp"

#include <patt/onboarding/answers.hpp>
#include <patt/onboarding/commands.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::onboarding {

namespace {

/// The three ways a piece of work can end: done, refused (already in the draft), or facts are missing.
enum class progress : std::uint8_t { done, missing };

void log_action(draft& d, officer_verb verb, const std::string& before) {
    const bool has = d.facts().session.has_value();
    d.log(fmt::format("officer.{}", to_string(verb)),
          {{"member", member_name(d.facts(), d.facts().member ? d.facts().member->id : member_id{})},
           {"before", has ? before : "none"},
           {"after", std::string(to_string(d.current().state))}});
}

bool open_session(draft& d, officer_verb verb) {
    if (!d.facts().session) {
        d.refuse(errc::not_found, "this member has no session", "officer.no_session");
        return false;
    }
    if (!is_open(d.facts().session->state)) {
        d.refuse(errc::wrong_state,
                 fmt::format("the session is closed ({}); `start` begins a new one, `{}` does not reopen it",
                             to_string(d.facts().session->state), to_string(verb)),
                 "officer.session_closed");
        return false;
    }
    return true;
}

void close_by_officer(draft& d, session_state state, const std::string& outcome) {
    session& s = d.current();
    s.state = state;
    s.outcome = outcome;
    s.completed_at = d.ctx().now;
    d.stop_everything();
    const std::string by = policy::to_string(d.ctx().actor);
    d.resolve_issue(integrity::issue_type::unverified_new_member, by);
    d.resolve_issue(integrity::issue_type::dm_unreachable, by);
    d.resolve_issue(integrity::issue_type::privileged_claim, by);
    d.resolve_issue(integrity::issue_type::ownership_conflict, by);
    d.resolve_issue(integrity::issue_type::effect_failed, by);
}

progress resolve_with(draft& d, const std::string& typed, need& missing) {
    if (!d.for_real()) {
        d.refuse(errc::wrong_state, "a rehearsal links nobody; dismiss it instead", "officer.session_closed");
        return progress::done;
    }
    const auto character = parse_character(typed);
    if (!character) {
        d.refuse(errc::invalid_input, "name the character as Name or Name-Realm", "officer.which_character");
        return progress::done;
    }
    const std::string query =
        character->realm.empty() ? character->name : character->name + "-" + character->realm;
    const lookup* found = d.facts().find_lookup(query);
    if (found == nullptr) {
        missing.characters.push_back(query);
        return progress::missing;
    }
    if (found->hits.size() != 1) {
        std::string names;
        for (const candidate& c : found->hits) {
            names += (names.empty() ? "" : "; ") + label_of(c.character, d.ctx().settings);
        }
        d.refuse(found->hits.empty() ? errc::not_found : errc::ambiguous,
                 found->hits.empty()
                     ? fmt::format("no character {} is in the roster", query)
                     : fmt::format("several characters fit: {}; name the realm as Name-Realm", names),
                 "officer.which_character");
        return progress::done;
    }
    const candidate& main = found->hits.front();
    d.remember("main", main.character.name);
    d.remember("main.query", query);
    d.remember("main.character", std::to_string(main.character.id.value()));
    d.remember("resolved_by", policy::to_string(d.ctx().actor));
    if (!adopt(d, main, identity::assurance::confirmed, "officer", missing)) {
        return progress::missing;
    }
    const auto& steps = d.path().steps;
    const auto provision = std::find_if(steps.begin(), steps.end(),
                                        [](const step& s) { return s.kind == step_kind::provision; });
    if (provision != steps.end()) {
        d.drop_undelivered_questions("resolved by an officer");
        d.out().operations.emplace_back(close_route{d.current().subject});
        return enter(d, provision->key, missing) ? progress::done : progress::missing;
    }
    close_by_officer(d, session_state::resolved, "resolved by " + policy::to_string(d.ctx().actor));
    return progress::done;
}

progress retry(draft& d, need& missing) {
    session& s = d.current();
    d.out().operations.emplace_back(rearm_effects{s.id});
    const step* at = d.path().find(s.step);
    // Closed direct messages, or a question that silent mode kept back.
    const bool unasked = s.state == session_state::created && s.surface == surface::direct_message &&
                         !d.has_question_under_way();
    const bool stands = at != nullptr && (at->kind == step_kind::ask || at->kind == step_kind::agreement);
    if (stands && (s.state == session_state::blocked || unasked)) {
        s.surface = surface::direct_message;
        s.state = session_state::created;
        // It is opened again when this message comes back too.
        d.resolve_issue(integrity::issue_type::dm_unreachable, policy::to_string(d.ctx().actor));
        d.ask(*at);
        return progress::done;
    }
    return verify_and_go_on(d, missing) ? progress::done : progress::missing;
}

progress start(draft& d, surface where, need& missing) {
    const session_facts& facts = d.facts();
    if (!facts.member || facts.member->here == identity::presence::absent) {
        d.refuse(errc::not_found, "this member is not in the chat server", "officer.no_member");
        return progress::done;
    }
    if (facts.session && is_open(facts.session->state)) {
        d.refuse(errc::already_exists, "this member has an open session; use retry, resolve or dismiss",
                 "officer.session_open");
        return progress::done;
    }
    const int attempt = facts.session ? facts.session->attempt + 1 : 1;
    return begin_session(d, facts.member->id, where, attempt, missing) ? progress::done : progress::missing;
}

progress review(draft& d, officer_verb verb, need& missing) {
    session& s = d.current();
    const step* at = d.path().find(s.step);
    if (s.state != session_state::reviewing || at == nullptr || at->kind != step_kind::review) {
        d.refuse(errc::wrong_state, "nothing of this member waits for a review", "officer.nothing_to_review");
        return progress::done;
    }
    const bool yes = verb == officer_verb::approve;
    d.mark_step(at->key, yes ? step_status::done : step_status::declined);
    const std::string field = at->field.empty() ? "review" : at->field;
    d.remember(field, yes ? "approved" : "declined");
    if (!yes && !leads_on(d, *at, field)) {
        close_by_officer(d, session_state::declined, "declined by " + policy::to_string(d.ctx().actor));
        return progress::done;
    }
    s.state = session_state::active;
    return enter(d, target_of(d, *at), missing) ? progress::done : progress::missing;
}

progress carry_out(draft& d, const officer_action& command, need& missing) {
    switch (command.verb) {
    case officer_verb::start:
        return start(d, surface::direct_message, missing);
    case officer_verb::rehearse:
        return start(d, surface::rehearsal, missing);
    default:
        break;
    }
    if (!open_session(d, command.verb)) {
        return progress::done;
    }
    switch (command.verb) {
    case officer_verb::resolve:
        if (!command.character.empty()) {
            return resolve_with(d, command.character, missing);
        }
        close_by_officer(d, session_state::resolved, "resolved by " + policy::to_string(d.ctx().actor));
        return progress::done;
    case officer_verb::dismiss:
        close_by_officer(d, session_state::dismissed, "dismissed by " + policy::to_string(d.ctx().actor));
        return progress::done;
    case officer_verb::retry:
        return retry(d, missing);
    case officer_verb::approve:
    case officer_verb::decline:
        return review(d, command.verb, missing);
    case officer_verb::start:
    case officer_verb::rehearse:
        break;
    }
    return progress::done;
}

} // namespace

std::string_view to_string(officer_verb verb) noexcept {
    switch (verb) {
    case officer_verb::resolve:
        return "resolve";
    case officer_verb::dismiss:
        return "dismiss";
    case officer_verb::retry:
        return "retry";
    case officer_verb::start:
        return "start";
    case officer_verb::rehearse:
        return "rehearse";
    case officer_verb::approve:
        return "approve";
    case officer_verb::decline:
        return "decline";
    }
    return "unknown";
}

decision decide(const session_facts& facts, const officer_action& command, context& ctx) {
    draft d(facts, ctx);
    if (!permit(d, command.verb)) {
        return d.finish();
    }
    const std::string before(facts.session ? to_string(facts.session->state) : "none");
    need missing;
    if (carry_out(d, command, missing) == progress::missing) {
        return missing;
    }
    if (d.out().reply.verdict == verdict::accepted) {
        log_action(d, command.verb, before);
        if (d.out().reply.text.key.empty()) {
            d.out().reply.text = d.text("officer.done");
        }
    }
    return d.finish();
}

decision decide(const session_facts& facts, const task_completed& command, context& ctx) {
    draft d(facts, ctx);
    if (!facts.session || !is_open(facts.session->state) || facts.flow->order != flow_order::tasks) {
        d.refuse(errc::wrong_state, "this member has no open tasks", "answer.no_such_task");
        return d.finish();
    }
    if (!permit(d, policy::action::complete_task)) {
        return d.finish();
    }
    complete_task(d, command.task);
    return d.finish();
}

} // namespace patt::onboarding
