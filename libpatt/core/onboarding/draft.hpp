/// @file
/// A decision about a session while it is being made: working copies of the rows, and the change set so far.
/// Only what changed is written, and each row once.
#pragma once

#include <patt/decision/change_set.hpp>
#include <patt/decision/context.hpp>
#include <patt/onboarding/facts.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace patt::onboarding {

/// How officers learn of an issue.
enum class notice : std::uint8_t {
    in_the_list, ///< When they look.
    at_once,     ///< By a post in their channel, once an issue: somebody waits for them.
};

class draft {
public:
    draft(const session_facts& facts, context& ctx);

    [[nodiscard]] const session_facts& facts() const noexcept { return facts_; }
    [[nodiscard]] context& ctx() noexcept { return ctx_; }
    [[nodiscard]] change_set& out() noexcept { return out_; }
    [[nodiscard]] const flow& path() const noexcept { return *facts_.flow; }

    /// The session as it will be written. Precondition: there is one, or `begin` was called.
    [[nodiscard]] session& current() noexcept { return session_; }
    /// Begins a session with fresh answers.
    void begin(const flow& which, member_id subject, surface where, int attempt);

    /// A remembered value, as it stands now; empty when there is none.
    [[nodiscard]] std::string_view recall(std::string_view field) const noexcept;
    void remember(std::string_view field, std::string_view value);
    void forget(std::vector<std::string> fields);
    void mark_step(std::string_view step, step_status status);

    /// A catalogue text with the standard arguments: guild, settings, member, remembered values.
    [[nodiscard]] text_ref text(std::string_view key) const;

    /// Says something to the subject: in the reply where that reaches them on a panel, else by direct
    /// message. `key` makes it happen once.
    void say(std::string_view key, text_ref what, gate which = gate::onboarding);
    /// Shows something in the reply, whoever reads it.
    void show(text_ref what);
    /// Asks a step's question and stands at it.
    void ask(const step& which);
    /// Shows a step's question in the reply once more: it has been asked.
    void show_again(const step& which);
    /// What a step asks now; its id changes with whom or what it is about, and not with being asked again.
    [[nodiscard]] prompt question_of(const step& which) const;
    /// The key of the message that asks what the session stands at.
    [[nodiscard]] std::string asking_key() const;
    /// Whether that message has not been tried yet, so that nobody can have seen it.
    [[nodiscard]] bool is_still_to_be_asked() const;
    /// Takes back the questions that were not delivered yet; one being sent right now is left to finish.
    void drop_undelivered_questions(std::string_view why);
    /// Whether a question is in the outbox, in whatever state.
    [[nodiscard]] bool has_question_under_way() const noexcept;
    /// Sets the deadline and the giving up, once a session.
    void start_deadline();
    /// Posts to a channel of the settings; without a channel nothing is posted.
    void post(std::string_view key, channel_id where, text_ref what, gate which, member_id mention = {});
    /// An effect that belongs to the session.
    effect& add_effect(std::string_view key, std::string_view order_key, effect_body body);

    void set_timer(timer_purpose purpose, duration after);
    void cancel_timer(timer_purpose purpose);
    /// Cancels whatever is still to come: effects, timers, the route; what was provisioned as
    /// `provisioning::give_up` says.
    /// Precondition: the session's state is the one it ends with.
    void stop_everything();

    using text_args = std::vector<std::pair<std::string, std::string>>;
    /// Opens an issue, or refreshes the open one of the same hash. `details` are arguments of its summary.
    void open_issue(integrity::issue_type type, integrity::issue_subject about, const text_args& details,
                    notice how = notice::in_the_list);
    void resolve_issue(integrity::issue_type type, std::string_view by);

    void log(std::string_view kind, std::vector<std::pair<std::string, std::string>> fields = {});
    void refuse(errc code, std::string detail, std::string_view text_key);

    /// Whether real people and rows may be touched: not in a rehearsal.
    [[nodiscard]] bool for_real() const noexcept { return session_.surface != surface::rehearsal; }
    /// Whether anything may be sent: for real, and the guild is not in silent mode.
    [[nodiscard]] bool may_send() const noexcept;

    /// Whether the reply is read by the session's own member; else texts go out as effects.
    [[nodiscard]] bool reply_reaches_member() const noexcept;

    /// The finished change set, with the session's row in front.
    [[nodiscard]] change_set finish();

private:
    const session_facts& facts_;
    context& ctx_;
    change_set out_;
    session session_;
    bool has_session_ = false;
    std::vector<answer> answers_;
    std::vector<std::string> changed_;
};

/// A member's name as shown to officers.
[[nodiscard]] std::string member_name(const session_facts& facts, member_id member);

} // namespace patt::onboarding
