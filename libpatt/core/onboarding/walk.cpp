#include "core/onboarding/walk.hpp"

#include "core/onboarding/parsers.hpp"
#include "core/onboarding/tasks.hpp"
#include "core/onboarding/verify.hpp"
#include "core/provisioning/provision.hpp"

#include <patt/onboarding/answers.hpp>

#include <fmt/core.h>

namespace patt::onboarding {

namespace {

/// More steps than this without a question would be a broken flow; the parser of flows forbids it.
constexpr std::size_t max_hops = flow_limits::hops + 1;

void begin_waiting_for_guild(draft& d) {
    session& s = d.current();
    s.dialogue_done_at = d.ctx().now;
    s.deadline_at = d.ctx().now + d.ctx().settings.onboarding.deadline;
    d.set_timer(timer_purpose::check_in, d.ctx().settings.onboarding.check_in_after);
    d.set_timer(timer_purpose::deadline, d.ctx().settings.onboarding.deadline);
    d.set_timer(timer_purpose::expire, d.ctx().settings.onboarding.expire_after);
    d.cancel_timer(timer_purpose::nudge);
}

void begin_verifying(draft& d) {
    session& s = d.current();
    s.state = session_state::verifying;
    d.cancel_timer(timer_purpose::nudge);
    d.cancel_timer(timer_purpose::check_in);
    if (!d.for_real()) {
        return;
    }
    d.out().operations.emplace_back(close_route{s.subject});
    s.dialogue_done_at = d.ctx().now;
    s.deadline_at = d.ctx().now + d.ctx().settings.onboarding.deadline;
    if (!s.escalated_at) {
        d.set_timer(timer_purpose::deadline, d.ctx().settings.onboarding.deadline);
    }
    d.set_timer(timer_purpose::expire, d.ctx().settings.onboarding.expire_after);
}

void wait_for_review(draft& d, const step& at) {
    session& s = d.current();
    s.state = session_state::reviewing;
    s.step = at.key;
    d.mark_step(at.key, step_status::asked);
    d.cancel_timer(timer_purpose::nudge);
    d.log("session.review_asked");
    if (!at.text.empty()) {
        d.post(fmt::format("review:{}:{}", s.id.value(), s.asked), d.ctx().settings.channels.audit,
               d.text(at.text), gate::officers);
    }
}

void finish_flow(draft& d) {
    session& s = d.current();
    s.state = d.recall("resolved_by").empty() ? session_state::completed : session_state::resolved;
    s.completed_at = d.ctx().now;
    d.log("session.completed");
    d.out().operations.emplace_back(cancel_timers{s.id.value()});
    d.out().operations.emplace_back(close_route{s.subject});
}

void stand_at_question(draft& d, const step& at) {
    session& s = d.current();
    if (s.state != session_state::created && s.state != session_state::blocked) {
        s.state = session_state::active;
    }
    d.ask(at);
    if (at.follow_up == follow_up::check_in && d.for_real()) {
        begin_waiting_for_guild(d);
    }
}

/// Whether an unclear yes/no reads like an answer to the next question: `none`, or a name the roster knows.
bool reads_like_names(draft& d, std::string_view text, need& missing) {
    if (is_none(text)) {
        return true;
    }
    const auto names = parse_character_list(text);
    for (const character_answer& typed : names) {
        const std::string query = typed.realm.empty() ? typed.name : typed.name + "-" + typed.realm;
        const lookup* found = d.facts().find_lookup(query);
        if (found == nullptr) {
            missing.characters.push_back(query);
        } else if (!found->hits.empty()) {
            return true;
        }
    }
    return false;
}

bool decide_agreement(draft& d, const step& at, std::string_view text, need& missing) {
    const yes_no said = parse_acceptance(text);
    if (said == yes_no::unclear) {
        d.refuse(errc::invalid_input, "accept or decline", "answer.accept_or_decline");
        return true;
    }
    const bool accepted = said == yes_no::yes;
    const step_status decision = accepted ? step_status::done : step_status::declined;
    d.drop_undelivered_questions("answered already");
    d.out().rows.emplace_back(
        acceptance{d.current().subject, at.document, at.document_version, decision, d.ctx().now});
    d.mark_step(at.key, decision);
    const std::string field = at.field.empty() ? "agreement." + at.document : at.field;
    d.remember(field, accepted ? "accepted" : "declined");
    d.log(accepted ? "agreement.accepted" : "agreement.declined",
          {{"document", at.document}, {"version", std::to_string(at.document_version)}});
    if (!accepted && !leads_on(d, at, field)) {
        close_declined(d, fmt::format("declined {} version {}", at.document, at.document_version));
        return true;
    }
    return enter(d, target_of(d, at), missing);
}

bool after_answer(draft& d, const step& at, bool unclear, std::string_view text, need& missing) {
    d.drop_undelivered_questions("answered already");
    d.mark_step(at.key, step_status::done);
    d.log("answer.given", {{"step", at.key}, {"value", std::string(d.recall(at.field))}});
    if (unclear) {
        const std::string_view go = target_of(d, at);
        if (!at.pass_on.empty() && go == at.pass_on && reads_like_names(d, text, missing)) {
            const step& next = *d.path().find(at.pass_on);
            d.current().step = next.key;
            return take_answer(d, next, text, missing);
        }
        if (!missing.characters.empty()) {
            return false;
        }
        if (!at.unclear_text.empty()) {
            d.say(fmt::format("unclear:{}:{}", d.current().id.value(), d.current().asked),
                  d.text(at.unclear_text));
        }
    }
    return enter(d, target_of(d, at), missing);
}

} // namespace

const branch* branch_of(const draft& d, const step& at) noexcept {
    for (const branch& b : at.branches) {
        if (d.recall(b.field) == b.is) {
            return &b;
        }
    }
    return nullptr;
}

bool leads_on(const draft& d, const step& at, std::string_view field) noexcept {
    const branch* taken = branch_of(d, at);
    return taken != nullptr && taken->field == field;
}

std::string_view target_of(const draft& d, const step& at) noexcept {
    const branch* taken = branch_of(d, at);
    return taken == nullptr ? std::string_view{at.next} : std::string_view{taken->go};
}

void close_declined(draft& d, std::string outcome) {
    session& s = d.current();
    s.state = session_state::declined;
    s.outcome = std::move(outcome);
    s.completed_at = d.ctx().now;
    d.stop_everything();
    d.log("session.closed", {{"state", "declined"}, {"outcome", s.outcome}});
    d.out().reply.text = d.text("status.closed");
}

bool enter(draft& d, std::string_view step_key, need& missing) {
    std::string key(step_key);
    for (std::size_t hop = 0; hop < max_hops; ++hop) {
        const step* at = d.path().find(key);
        if (at == nullptr) {
            throw failure(fmt::format("flow {} has no step {}", d.path().key, key));
        }
        d.current().step = at->key;
        switch (at->kind) {
        case step_kind::ask:
        case step_kind::agreement:
            stand_at_question(d, *at);
            return true;
        case step_kind::review:
            wait_for_review(d, *at);
            return true;
        case step_kind::say:
            d.say(fmt::format("say:{}:{}:{}", d.current().id.value(), at->key, d.current().asked),
                  d.text(at->text));
            break;
        case step_kind::verify: {
            begin_verifying(d);
            const claim_result claim = verify_claim(d, missing);
            if (!missing.characters.empty() || !missing.persons.empty()) {
                return false;
            }
            if (claim != claim_result::verified && claim != claim_result::several) {
                if (d.for_real()) {
                    return true;
                }
                d.say("", d.text(fmt::format("rehearsal.{}", to_string(claim))));
            }
            break;
        }
        case step_kind::provision:
            if (provisioning::begin(d)) {
                return true;
            }
            break;
        case step_kind::task:
        case step_kind::end:
            finish_flow(d);
            return true;
        }
        key = target_of(d, *at);
    }
    throw failure(fmt::format("flow {} does not come to an end from step {}", d.path().key, step_key));
}

bool take_answer(draft& d, const step& at, std::string_view text, need& missing) {
    if (at.kind == step_kind::agreement) {
        return decide_agreement(d, at, text, missing);
    }
    const parse_outcome read = parse_answer(d, at, text, missing);
    switch (read.status) {
    case parse_status::missing:
        return false;
    case parse_status::again: {
        d.out().reply.verdict = verdict::refused;
        d.out().reply.why = error{errc::invalid_input, "the answer cannot be read"};
        d.out().reply.text = read.again;
        return true;
    }
    case parse_status::taken:
        return after_answer(d, at, false, text, missing);
    case parse_status::unclear:
        return after_answer(d, at, true, text, missing);
    }
    return true;
}

bool verify_and_go_on(draft& d, need& missing) {
    const step* at = d.path().find(d.current().step);
    if (at == nullptr || at->kind != step_kind::verify) {
        return true;
    }
    const claim_result claim = verify_claim(d, missing);
    if (!missing.characters.empty() || !missing.persons.empty()) {
        return false;
    }
    if (claim == claim_result::verified || claim == claim_result::several) {
        return enter(d, target_of(d, *at), missing);
    }
    return true;
}

bool begin_session(draft& d, member_id subject, surface where, int attempt, need& missing) {
    const flow& path = d.path();
    d.begin(path, subject, where, attempt);
    d.log("session.started", {{"flow", path.key}, {"version", std::to_string(path.version)}});
    if (path.order == flow_order::tasks) {
        return begin_tasks(d);
    }
    return enter(d, path.start, missing);
}

} // namespace patt::onboarding
