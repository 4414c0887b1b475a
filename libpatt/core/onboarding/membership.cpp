// Joining and leaving the chat server (S0 Task 6).

#include "core/onboarding/draft.hpp"
#include "core/onboarding/walk.hpp"

#include <patt/identity/review.hpp>
#include <patt/onboarding/commands.hpp>

#include <fmt/core.h>

namespace patt::onboarding {

namespace {

identity::member observed(const std::optional<identity::member>& known, const member_joined& command,
                          instant now) {
    identity::member m = known.value_or(identity::member{});
    if (!known) {
        m.id = command.member;
        m.first_seen = now;
    }
    m.username = command.username;
    m.display_name = command.display_name.empty() ? command.username : command.display_name;
    m.roles = command.roles;
    m.here = identity::presence::present;
    m.left_at = {};
    m.joined_at = command.joined_at ? command.joined_at : now;
    m.updated_at = now;
    return m;
}

/// The same joining told twice, as chat servers do after a reconnect.
bool told_before(const session_facts& facts, const member_joined& command) {
    if (!facts.member || facts.member->here == identity::presence::absent) {
        return false;
    }
    return !command.joined_at || command.joined_at <= facts.member->joined_at;
}

void end_session(draft& d, session_state state, std::string outcome) {
    session& s = d.current();
    s.state = state;
    s.outcome = std::move(outcome);
    d.stop_everything();
    d.log("session.closed", {{"state", std::string(to_string(state))}, {"outcome", s.outcome}});
}

template <class T>
void append_all(std::vector<T>& to, std::vector<T>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void append(change_set& to, change_set&& from) {
    append_all(to.rows, std::move(from.rows));
    append_all(to.operations, std::move(from.operations));
    append_all(to.effects, std::move(from.effects));
    append_all(to.timers, std::move(from.timers));
    append_all(to.log, std::move(from.log));
}

void revoke_grants(draft& d, member_id member) {
    for (const person_facts& p : d.facts().persons) {
        for (const provisioning::grant& g : p.grants) {
            if (g.member == member && g.state != provisioning::grant_state::revoked) {
                provisioning::grant ended = g;
                ended.state = provisioning::grant_state::revoked;
                ended.reason = "left the chat server";
                ended.since = {}; // Whoever returns begins anew.
                ended.updated_at = d.ctx().now;
                d.out().rows.emplace_back(std::move(ended));
            }
        }
    }
}

} // namespace

decision decide(const session_facts& facts, const member_joined& command, context& ctx) {
    if (command.kind == identity::account_kind::bot) {
        return change_set{};
    }
    if (told_before(facts, command)) {
        return change_set{};
    }
    session_facts now = facts;
    now.member = observed(facts.member, command, ctx.now);
    draft d(now, ctx);
    d.out().rows.emplace_back(*now.member);
    if (facts.member) {
        if (auto former = identity::former_username(*facts.member, *now.member, ctx.now)) {
            d.out().rows.emplace_back(std::move(*former));
        }
    }
    d.out().log.push_back({facts.member ? "member.returned" : "member.joined",
                           fmt::format("member:{}", command.member.value()),
                           {{"username", command.username}, {"name", now.member->display_name}}});
    if (facts.session && is_open(facts.session->state)) {
        // The leaving was missed while nobody listened.
        revoke_grants(d, command.member);
        // Last, as it knows better of what is being given right now: that may come after they returned.
        end_session(d, session_state::cancelled, "left and joined again");
        change_set left = d.finish();
        now.session.reset();
        now.flow =
            facts.entry != nullptr ? facts.entry : facts.flow; // What begins now is the newest version.
        draft again(now, ctx);
        need missing;
        const int attempt = facts.session->attempt + 1;
        if (ctx.settings.onboarding.enabled &&
            !begin_session(again, command.member, surface::direct_message, attempt, missing)) {
            return missing;
        }
        append(left, again.finish()); // The old session is closed before the new one is written.
        return left;
    }
    if (facts.member) {
        revoke_grants(d, command.member);
    }
    if (ctx.settings.onboarding.enabled) {
        need missing;
        const int attempt = facts.session ? facts.session->attempt + 1 : 1;
        if (!begin_session(d, command.member, surface::direct_message, attempt, missing)) {
            return missing;
        }
    } else {
        change_set out = std::move(d.out());
        return out;
    }
    return d.finish();
}

decision decide(const session_facts& facts, const member_left& command, context& ctx) {
    if (!facts.member || facts.member->here == identity::presence::absent) {
        return change_set{};
    }
    draft d(facts, ctx);
    identity::member gone = *facts.member;
    gone.here = identity::presence::absent;
    gone.left_at = ctx.now;
    gone.updated_at = ctx.now;
    gone.roles.clear();
    d.out().rows.emplace_back(gone);
    d.out().log.push_back({"member.left", fmt::format("member:{}", command.member.value()), {}});
    if (facts.session && (is_open(facts.session->state) || !facts.effects.empty())) {
        const session_state ended =
            is_open(facts.session->state) ? session_state::cancelled : facts.session->state;
        end_session(d, ended, "left the chat server");
    }
    revoke_grants(d, command.member);
    for (const integrity::issue& open : facts.issues) {
        d.resolve_issue(open.type, "auto");
    }
    return d.finish();
}

} // namespace patt::onboarding
