#include "core/onboarding/draft.hpp"

#include "core/onboarding/parsers.hpp"
#include "core/provisioning/provision.hpp"

#include <patt/digest.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::onboarding {

std::string member_name(const session_facts& facts, member_id member) {
    if (facts.member && facts.member->id == member) {
        return facts.member->display_name;
    }
    return std::to_string(member.value());
}

draft::draft(const session_facts& facts, context& ctx)
    : facts_(facts)
    , ctx_(ctx) {
    if (facts.session) {
        session_ = *facts.session;
        has_session_ = true;
        answers_ = facts.answers;
    }
}

void draft::begin(const flow& which, member_id subject, surface where, int attempt) {
    session_ = session{};
    session_.id = ctx_.ids.next<session_id>();
    session_.flow = which.key;
    session_.flow_version = which.version;
    session_.subject = subject;
    session_.surface = where;
    session_.attempt = attempt;
    session_.created_at = ctx_.now;
    has_session_ = true;
    answers_.clear();
    changed_.clear();
}

std::string_view draft::recall(std::string_view field) const noexcept {
    const auto found =
        std::find_if(answers_.begin(), answers_.end(), [&](const answer& a) { return a.field == field; });
    return found == answers_.end() ? std::string_view{} : std::string_view{found->value};
}

void draft::remember(std::string_view field, std::string_view value) {
    const auto found =
        std::find_if(answers_.begin(), answers_.end(), [&](const answer& a) { return a.field == field; });
    if (found != answers_.end()) {
        if (found->value == value) {
            return;
        }
        found->value = value;
        found->given_at = ctx_.now;
    } else {
        answers_.push_back({session_.id, std::string(field), std::string(value), ctx_.now});
    }
    if (std::find(changed_.begin(), changed_.end(), field) == changed_.end()) {
        changed_.emplace_back(field);
    }
}

void draft::forget(std::vector<std::string> fields) {
    std::erase_if(answers_, [&](const answer& a) {
        return std::find(fields.begin(), fields.end(), a.field) != fields.end();
    });
    std::erase_if(changed_, [&](const std::string& f) {
        return std::find(fields.begin(), fields.end(), f) != fields.end();
    });
    out_.operations.emplace_back(forget_answers{session_.id, std::move(fields)});
}

void draft::mark_step(std::string_view step, step_status status) {
    const auto known = std::find_if(facts_.steps.begin(), facts_.steps.end(),
                                    [&](const step_state& s) { return s.step == step; });
    step_state state{session_.id, std::string(step), status, ctx_.now, {}};
    if (known != facts_.steps.end() && known->session == session_.id) {
        state.asked_at = known->asked_at;
    }
    if (status != step_status::asked) {
        state.done_at = ctx_.now;
    }
    out_.rows.emplace_back(std::move(state));
}

text_ref draft::text(std::string_view key) const {
    // Guild name, website and the like come from the settings when the text is rendered.
    text_ref ref{std::string(key), {}};
    const auto give = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) {
            ref.with(name, value);
        }
    };
    give("member", facts_.member ? std::string_view{facts_.member->display_name} : std::string_view{});
    give("main", recall("main"));
    give("realm", recall("main.realm_name"));
    give("class", recall("main.class"));
    give("rank", recall("main.rank"));
    give("alts", recall("alts"));
    give("alt", recall("alts.asked"));
    return ref;
}

bool draft::may_send() const noexcept {
    return for_real() && !ctx_.settings.onboarding.silent;
}

bool draft::reply_reaches_member() const noexcept {
    const bool themselves = ctx_.actor.member && ctx_.actor.member == session_.subject;
    return session_.surface != surface::direct_message && themselves;
}

void draft::show(text_ref what) {
    // On a surface that asks in the reply there may be several texts; the last one carries the question.
    if (!out_.reply.text.key.empty()) {
        out_.reply.before.push_back(std::move(out_.reply.text));
    }
    out_.reply.text = std::move(what);
}

void draft::say(std::string_view key, text_ref what, gate which) {
    if (reply_reaches_member()) {
        show(std::move(what));
        return;
    }
    if (!may_send()) {
        return;
    }
    direct_message dm{session_.subject, std::move(what), {}};
    effect& e = add_effect(key, fmt::format("dm:{}", session_.subject.value()), std::move(dm));
    e.gate = which;
}

prompt draft::question_of(const step& which) const {
    prompt out{which.prompt, which.key, which.choices};
    if (!which.choices_from.empty()) {
        for (offered_line& line : offered_lines(recall(which.choices_from))) {
            out.choices.push_back(std::move(line.label));
        }
    }
    if (which.prompt == prompt_kind::form) {
        out.choices = which.fields;
    }
    std::string about = which.key;
    for (const std::string_view part :
         {recall("main.query"), recall("main.character"), recall("alts.asked"),
          which.choices_from.empty() ? std::string_view{} : recall(which.choices_from)}) {
        about += '\0'; // In no text.
        about += part;
    }
    constexpr std::size_t bytes = 8; // It tells questions of one session apart; nothing is proved by it.
    out.id = fmt::format("{}.{}", session_.id.value(), to_hex(bytes_of(sha256(about)).substr(0, bytes)));
    return out;
}

std::string draft::asking_key() const {
    return fmt::format("ask:{}:{}", session_.id.value(), session_.asked);
}

bool draft::is_still_to_be_asked() const {
    const std::string key = asking_key();
    return std::any_of(facts_.effects.begin(), facts_.effects.end(), [&](const open_effect& e) {
        return e.key == key && e.attempts == 0 && e.state != effect_state::sending;
    });
}

void draft::show_again(const step& which) {
    show(text(which.text));
    out_.reply.question = question_of(which);
}

void draft::ask(const step& which) {
    session_.step = which.key;
    session_.asked += 1;
    mark_step(which.key, step_status::asked);
    if (reply_reaches_member()) {
        show_again(which);
        session_.asked_at = ctx_.now;
        if (for_real()) {
            start_deadline();
        }
        return;
    }
    if (!may_send()) {
        return;
    }
    direct_message dm{session_.subject, text(which.text), question_of(which)};
    effect& e = add_effect(asking_key(), fmt::format("dm:{}", session_.subject.value()), std::move(dm));
    e.gate = gate::onboarding;
    e.need = necessity::required;
}

void draft::drop_undelivered_questions(std::string_view why) {
    for (const open_effect& e : facts_.effects) {
        if (e.key.starts_with("ask:") && e.state != effect_state::sending) {
            out_.operations.emplace_back(effect_cancelled{e.id, std::string(why)});
        }
    }
}

bool draft::has_question_under_way() const noexcept {
    return std::any_of(facts_.effects.begin(), facts_.effects.end(),
                       [](const open_effect& e) { return e.key.starts_with("ask:"); });
}

void draft::start_deadline() {
    if (session_.deadline_at) {
        return;
    }
    session_.deadline_at = ctx_.now + ctx_.settings.onboarding.deadline;
    set_timer(timer_purpose::deadline, ctx_.settings.onboarding.deadline);
    set_timer(timer_purpose::expire, ctx_.settings.onboarding.expire_after);
}

void draft::post(std::string_view key, channel_id where, text_ref what, gate which, member_id mention) {
    if (!where || !may_send()) {
        return;
    }
    effect& e = add_effect(key, fmt::format("channel:{}", where.value()),
                           channel_post{where, std::move(what), mention, {}});
    e.gate = which;
}

effect& draft::add_effect(std::string_view key, std::string_view order_key, effect_body body) {
    effect e;
    e.id = ctx_.ids.next<effect_id>();
    e.key = key;
    e.order_key = order_key;
    e.owner = session_.id;
    e.body = std::move(body);
    return out_.effects.emplace_back(std::move(e));
}

void draft::set_timer(timer_purpose purpose, duration after) {
    out_.timers.push_back({session_.id.value(), purpose, ctx_.now + after, {}});
}

void draft::cancel_timer(timer_purpose purpose) {
    out_.timers.push_back({session_.id.value(), purpose, {}, {}});
}

void draft::stop_everything() {
    provisioning::give_up(*this);
    out_.operations.emplace_back(cancel_effects{session_.id});
    out_.operations.emplace_back(cancel_timers{session_.id.value()});
    out_.operations.emplace_back(close_route{session_.subject});
}

void draft::open_issue(integrity::issue_type type, integrity::issue_subject about, const text_args& details,
                       notice how) {
    about.session = session_.id;
    integrity::issue made =
        integrity::open_issue(ctx_.ids.next<issue_id>(), type, std::move(about), ctx_.now);
    for (const auto& [name, value] : details) {
        made.summary.with(name, value);
    }
    const auto known = std::find_if(facts_.issues.begin(), facts_.issues.end(),
                                    [&](const integrity::issue& i) { return i.hash == made.hash; });
    if (known != facts_.issues.end()) {
        made.id = known->id;
        made.first_seen = known->first_seen;
        made.notified_at = known->notified_at;
    } else {
        out_.log.push_back({"issue.opened",
                            fmt::format("issue:{}", made.id.value()),
                            {{"type", std::string(integrity::to_string(type))}, {"hash", made.hash}}});
        if (how == notice::at_once && ctx_.settings.channels.audit && may_send()) {
            post(fmt::format("issue:{}", made.id.value()), ctx_.settings.channels.audit, made.summary,
                 gate::officers);
            made.notified_at = ctx_.now;
        }
    }
    out_.rows.emplace_back(std::move(made));
}

void draft::resolve_issue(integrity::issue_type type, std::string_view by) {
    for (const integrity::issue& open : facts_.issues) {
        // What another session's effect could not do is still not done.
        const bool others = type == integrity::issue_type::effect_failed && open.about.session != session_.id;
        if (open.type == type && !others) {
            integrity::issue settled = open;
            settled.resolved_at = ctx_.now;
            settled.resolved_by = by;
            out_.log.push_back(
                {"issue.resolved",
                 fmt::format("issue:{}", settled.id.value()),
                 {{"type", std::string(integrity::to_string(type))}, {"by", std::string(by)}}});
            out_.rows.emplace_back(std::move(settled));
        }
    }
}

void draft::log(std::string_view kind, std::vector<std::pair<std::string, std::string>> fields) {
    if (!ctx_.reason.empty()) {
        fields.emplace_back("reason", ctx_.reason);
    }
    out_.log.push_back(
        {std::string(kind), fmt::format("session:{}", session_.id.value()), std::move(fields)});
}

void draft::refuse(errc code, std::string detail, std::string_view text_key) {
    out_.reply.verdict = verdict::refused;
    out_.reply.why = error{code, std::move(detail)};
    show(text(text_key));
}

change_set draft::finish() {
    std::vector<row> rows;
    if (has_session_ && (!facts_.session || !(session_ == *facts_.session))) {
        session_.updated_at = ctx_.now;
        rows.emplace_back(session_);
    }
    for (const answer& a : answers_) {
        if (std::find(changed_.begin(), changed_.end(), a.field) != changed_.end()) {
            rows.emplace_back(a);
        }
    }
    rows.insert(rows.end(), std::make_move_iterator(out_.rows.begin()),
                std::make_move_iterator(out_.rows.end()));
    out_.rows = std::move(rows);
    return std::move(out_);
}

} // namespace patt::onboarding
