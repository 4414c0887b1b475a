/// @file
/// Sessions: one person's way through a flow. Everything about it is a row, so nothing is lost with the
/// process.
#pragma once

#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patt::onboarding {

enum class session_state : std::uint8_t {
    created,      ///< Begun; the first question is not delivered yet.
    active,       ///< In the dialogue, at `step`.
    verifying,    ///< The dialogue is over; the claim is checked again and again.
    reviewing,    ///< An officer has to decide.
    provisioning, ///< Verified; effects are under way.
    completed,    ///< All required effects are done, or the flow needs none.
    blocked,      ///< Direct messages are closed; waits for self-service.
    declined,     ///< The member, or an officer reviewing, said no.
    dismissed,    ///< An officer: just a visitor.
    resolved,     ///< An officer settled it by hand.
    expired,      ///< Given up after a long time.
    cancelled,    ///< The member left.
};

/// Open sessions take answers and timers; at most one per guild, flow and member.
[[nodiscard]] constexpr bool is_open(session_state state) noexcept {
    return state <= session_state::provisioning || state == session_state::blocked;
}
[[nodiscard]] std::string_view to_string(session_state state) noexcept;
[[nodiscard]] std::optional<session_state> parse_session_state(std::string_view name) noexcept;

/// Where the questions go.
enum class surface : std::uint8_t {
    direct_message, ///< As effects.
    panel,          ///< In the reply to a button or command; used when direct messages are closed.
    rehearsal,      ///< In the reply, and nothing else happens.
};

/// Whether the session came to be by the member's joining or for practice.
struct session {
    session_id id;
    std::string flow;
    int flow_version = 1;
    member_id subject;
    person_id person; ///< Set when verified.
    session_state state = session_state::created;
    std::string step;
    onboarding::surface surface = surface::direct_message;
    int attempt = 1; ///< 1 for the first session of a member, 2 after a rejoin, …
    int asked = 0;   ///< How many questions were asked; makes the keys of their effects.
    int verification_attempts = 0;
    instant created_at;
    instant updated_at;
    instant dm_sent_at;
    instant asked_at;
    instant dialogue_done_at;
    instant nudged_at;
    instant deadline_at;
    instant escalated_at;
    instant last_verification_at;
    instant verified_at;
    instant completed_at;
    std::string outcome; ///< Why it is where it is, for officers.
    friend bool operator==(const session&, const session&) = default;
};

/// One remembered value of a session.
struct answer {
    session_id session;
    std::string field;
    std::string value;
    instant given_at;
    friend bool operator==(const answer&, const answer&) = default;
};

enum class step_status : std::uint8_t { asked, done, declined, skipped };

/// The state of one step of one session.
struct step_state {
    session_id session;
    std::string step;
    step_status status{};
    instant asked_at;
    instant done_at;
    friend bool operator==(const step_state&, const step_state&) = default;
};

/// Somebody accepted or declined one version of a document.
struct acceptance {
    member_id member;
    std::string document;
    int version = 1;
    step_status decision{}; ///< `done` or `declined`.
    instant at;
    friend bool operator==(const acceptance&, const acceptance&) = default;
};

} // namespace patt::onboarding
