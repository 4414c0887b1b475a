/// @file
/// Capabilities: what somebody may do, and the named sets in which they are handed out.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace patt::policy {

/// One thing that somebody may do. Names are stored in API keys; do not rename.
enum class capability : std::uint8_t {
    own_journey,       ///< One's own session, answers, profile. Everybody has it.
    view_status,       ///< See the sessions and issues of others.
    nudge,             ///< Remind somebody of an open question.
    review,            ///< Approve or decline what waits for a review.
    resolve,           ///< Settle a session by hand.
    dismiss,           ///< Close a session of somebody who is just a visitor.
    retry,             ///< Verify again, try failed effects again.
    start,             ///< Begin a session for somebody; rehearse the flow.
    link,              ///< Confirm, make and remove links of persons, members and characters.
    invite,            ///< Make and revoke invites.
    manage_settings,   ///< Change settings that neither give rights nor switch features.
    manage_roles,      ///< Change the rank map; apply plans that change roles.
    sync,              ///< Import the roster now, run jobs.
    view_log,          ///< Read and verify the event log.
    manage_flags,      ///< Switch features and maintenance.
    manage_policy,     ///< Change who may do what, and how far a claim is trusted.
    manage_agreements, ///< Publish versions of documents.
    purge,             ///< Erase data of others.
    import_data,       ///< Hand in data by machine.
};

/// How many capabilities there are.
inline constexpr std::size_t capability_count = 19;

/// The stable name, for example `view_status`.
[[nodiscard]] std::string_view to_string(capability what) noexcept;
[[nodiscard]] std::optional<capability> parse_capability(std::string_view name) noexcept;

/// Any number of capabilities.
class capabilities {
public:
    constexpr capabilities() noexcept = default;
    constexpr capabilities(std::initializer_list<capability> list) noexcept {
        for (const capability c : list) {
            bits_ |= bit(c);
        }
    }
    [[nodiscard]] constexpr bool has(capability c) const noexcept { return (bits_ & bit(c)) != 0; }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    friend constexpr capabilities operator|(capabilities a, capabilities b) noexcept {
        a.bits_ |= b.bits_;
        return a;
    }
    friend constexpr bool operator==(capabilities, capabilities) noexcept = default;

private:
    static constexpr std::uint32_t bit(capability c) noexcept { return 1U << static_cast<unsigned>(c); }
    std::uint32_t bits_ = 0;
};

/// The named sets that a guild maps its chat roles to. Each one includes the one before it.
enum class capability_set : std::uint8_t {
    member,  ///< One's own journey.
    veteran, ///< Also sees where newcomers stand, and may nudge them.
    officer, ///< Also decides about newcomers and runs the day.
    leader,  ///< Also switches features, decides who may do what, and erases.
};

/// What a set contains.
[[nodiscard]] capabilities contents(capability_set set) noexcept;
[[nodiscard]] std::string_view to_string(capability_set set) noexcept;
[[nodiscard]] std::optional<capability_set> parse_capability_set(std::string_view name) noexcept;

/// The names of the sets, the least first.
[[nodiscard]] std::span<const std::string_view> capability_set_names() noexcept;

} // namespace patt::policy
