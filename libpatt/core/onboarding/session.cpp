#include <patt/onboarding/facts.hpp>
#include <patt/onboarding/session.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace patt::onboarding {

namespace {

constexpr std::array<std::pair<session_state, std::string_view>, 12> names{{
    {session_state::created, "created"},
    {session_state::active, "active"},
    {session_state::verifying, "verifying"},
    {session_state::reviewing, "reviewing"},
    {session_state::provisioning, "provisioning"},
    {session_state::completed, "completed"},
    {session_state::blocked, "blocked"},
    {session_state::declined, "declined"},
    {session_state::dismissed, "dismissed"},
    {session_state::resolved, "resolved"},
    {session_state::expired, "expired"},
    {session_state::cancelled, "cancelled"},
}};

} // namespace

std::string_view to_string(session_state state) noexcept {
    for (const auto& [value, name] : names) {
        if (value == state) {
            return name;
        }
    }
    return "unknown";
}

std::optional<session_state> parse_session_state(std::string_view text) noexcept {
    for (const auto& [value, name] : names) {
        if (name == text) {
            return value;
        }
    }
    return std::nullopt;
}

const lookup* session_facts::find_lookup(std::string_view query) const noexcept {
    const auto found =
        std::find_if(lookups.begin(), lookups.end(), [&](const lookup& l) { return l.query == query; });
    return found == lookups.end() ? nullptr : &*found;
}

const person_facts* session_facts::find_person(person_id person) const noexcept {
    const auto found = std::find_if(persons.begin(), persons.end(),
                                    [&](const person_facts& p) { return p.person.id == person; });
    return found == persons.end() ? nullptr : &*found;
}

std::string_view session_facts::recall(std::string_view field) const noexcept {
    const auto found =
        std::find_if(answers.begin(), answers.end(), [&](const answer& a) { return a.field == field; });
    return found == answers.end() ? std::string_view{} : std::string_view{found->value};
}

} // namespace patt::onboarding
