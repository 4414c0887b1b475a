// What a member types, and self-service.

#include "core/onboarding/draft.hpp"
#include "core/onboarding/parsers.hpp"
#include "core/onboarding/status.hpp"
#include "core/onboarding/walk.hpp"

#include <patt/onboarding/answers.hpp>
#include <patt/onboarding/commands.hpp>

#include <fmt/core.h>

namespace patt::onboarding {

namespace {

/// Steps whose question an answer is awaited for.
bool asks(const step* at) {
    return at != nullptr && (at->kind == step_kind::ask || at->kind == step_kind::agreement);
}

/// While the claim is being checked, a name that the roster knows replaces it: people notice their typos.
bool correct_claim(draft& d, std::string_view text, need& missing, bool& corrected) {
    const auto typed = parse_character(text);
    if (!typed) {
        return true;
    }
    const std::string query = typed->realm.empty() ? typed->name : typed->name + "-" + typed->realm;
    const lookup* found = d.facts().find_lookup(query);
    if (found == nullptr) {
        missing.characters.push_back(query);
        return false;
    }
    const step* main = d.path().find("main");
    if (found->hits.empty() || main == nullptr || main->kind != step_kind::ask) {
        return true;
    }
    corrected = true;
    d.current().step = main->key;
    return take_answer(d, *main, text, missing);
}

/// Whether the actor is a member who speaks for somebody else.
bool speaks_for_another(const context& ctx, member_id member) {
    const bool a_member =
        ctx.actor.kind == policy::actor_kind::member || ctx.actor.kind == policy::actor_kind::owner;
    return a_member && ctx.actor.member && ctx.actor.member != member;
}

/// The button of another question: about somebody else, of an earlier step or session. Whatever it says must
/// not be taken for an answer to the one that stands.
bool answers_another(const draft& d, const step* at, std::string_view question) {
    return !question.empty() && !(asks(at) && question == d.question_of(*at).id);
}

void refuse_stale(draft& d, const step* at) {
    d.refuse(errc::expired, "this answers a question that does not stand any more", "answer.old_question");
    if (asks(at)) {
        d.show_again(*at);
    } else {
        d.show(status_text(d));
    }
}

decision resume_on_panel(draft& d) {
    session& s = d.current();
    const step* at = d.path().find(s.step);
    if (asks(at)) {
        if (s.surface != surface::rehearsal) {
            d.drop_undelivered_questions("asked by self-service");
            s.surface = surface::panel;
            s.state = session_state::active;
            d.resolve_issue(integrity::issue_type::dm_unreachable, "auto");
        }
        d.ask(*at);
        return d.finish();
    }
    if (s.state == session_state::verifying) {
        need missing;
        if (!verify_and_go_on(d, missing)) {
            return missing;
        }
        if (d.out().reply.text.key.empty()) {
            d.out().reply.text = status_text(d);
        }
        return d.finish();
    }
    d.out().reply.text = status_text(d);
    return d.finish();
}

} // namespace

decision decide(const session_facts& facts, const message_received& command, context& ctx) {
    draft d(facts, ctx);
    if (speaks_for_another(ctx, command.member)) {
        d.refuse(errc::not_allowed, "only the person themselves may answer", "officer.denied");
        return d.finish();
    }
    if (!facts.session || !is_open(facts.session->state)) {
        if (!command.question.empty()) {
            d.refuse(errc::expired, "the session of this question is over", "answer.old_question");
        }
        d.show(facts.session ? status_text(d) : d.text("self_service.hint"));
        return d.finish();
    }
    session& s = d.current();
    const step* at = d.path().find(s.step);
    if (answers_another(d, at, command.question)) {
        refuse_stale(d, at);
        return d.finish();
    }
    need missing;
    if (asks(at)) {
        if (s.state == session_state::created || s.state == session_state::blocked) {
            s.state = session_state::active;
        }
        return take_answer(d, *at, command.text, missing) ? decision{d.finish()} : decision{missing};
    }
    if (s.state == session_state::verifying) {
        bool corrected = false;
        if (!correct_claim(d, command.text, missing, corrected)) {
            return missing;
        }
        if (corrected) {
            return d.finish();
        }
    }
    d.out().reply.text = status_text(d);
    return d.finish();
}

decision decide(const session_facts& facts, const self_service& command, context& ctx) {
    draft d(facts, ctx);
    if (speaks_for_another(ctx, command.member)) {
        d.refuse(errc::not_allowed, "only the person themselves may do that", "officer.denied");
        return d.finish();
    }
    if (!facts.member || facts.member->here == identity::presence::absent) {
        d.refuse(errc::not_found, fmt::format("member {} is not in the chat server", command.member.value()),
                 "self_service.not_here");
        return d.finish();
    }
    if (facts.session && is_open(facts.session->state)) {
        return resume_on_panel(d);
    }
    if (facts.session && (facts.session->state == session_state::completed ||
                          facts.session->state == session_state::resolved)) {
        d.out().reply.text = status_text(d);
        return d.finish();
    }
    if (!ctx.settings.onboarding.enabled) {
        d.refuse(errc::disabled, "onboarding.enabled is off", "self_service.disabled");
        return d.finish();
    }
    need missing;
    const int attempt = facts.session ? facts.session->attempt + 1 : 1;
    if (!begin_session(d, command.member, surface::panel, attempt, missing)) {
        return missing;
    }
    d.current().state =
        d.current().state == session_state::created ? session_state::active : d.current().state;
    return d.finish();
}

} // namespace patt::onboarding
