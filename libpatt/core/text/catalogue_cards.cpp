#include "core/text/catalogue_cards.hpp"

#include <algorithm>
#include <array>

namespace patt::text::detail {
namespace {

// S0 Task 1, `_send_provisioned_message`.
constexpr std::array provisioned = {
    card_field{"role", "role_status", "none", field_width::full},
    card_field{"invite", "has_invite", "no", field_width::full},
    card_field{"roster", "has_roster", "no", field_width::full},
    card_field{"schedule", "has_schedule", "no", field_width::full},
};

// S0 Task 3, `_escalate_to_audit`.
constexpr std::array escalation = {
    card_field{"main", "has_main", "no", field_width::narrow},
    card_field{"alts", "has_alts", "no", field_width::narrow},
    card_field{"in_guild", "in_guild", "unknown", field_width::narrow},
    card_field{"attempts", "", "", field_width::narrow},
    card_field{"actions", "", "", field_width::full},
};

constexpr std::array cards = {
    card{"newcomer.welcome", tone::normal, presence::present, {}},
    card{"newcomer.wrap_up", tone::normal, presence::absent, {}},
    card{"newcomer.not_in_guild", tone::normal, presence::absent, {}},
    card{"newcomer.provisioned", tone::good, presence::present, provisioned},
    card{"officer.escalation", tone::warning, presence::present, escalation},
};

} // namespace

const card* find_card(std::string_view key) noexcept {
    const auto* found = std::find_if(cards.begin(), cards.end(), [&](const card& c) { return c.key == key; });
    return found == cards.end() ? nullptr : found;
}

std::span<const card> all_cards() noexcept {
    return cards;
}

} // namespace patt::text::detail
