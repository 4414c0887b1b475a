/// @file
/// Issues: something wrong, found once, open until it is right or dismissed.
#pragma once

#include <patt/decision/text.hpp>
#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace patt::integrity {

/// What is wrong. Names are stored; do not rename.
enum class issue_type : std::uint8_t {
    unverified_new_member, ///< The deadline passed without a verified character (S0 Task 3). About: member.
    privileged_claim,      ///< Somebody names a character of a privileged rank. About: member, character.
    ownership_conflict,    ///< Somebody names a character that another person has. About: member, character.
    effect_failed,         ///< Something could not be done. About: member, and `detail` says what.
    dm_unreachable,        ///< A member takes no direct messages. About: member.
    roster_incomplete,     ///< A roster snapshot was not complete enough to remove anybody. About: the guild.
    unknown_rank,          ///< A game rank has no role. About: `detail` is the rank's number.
    plan_stopped,          ///< The brake stopped a bulk change. About: `detail` is the plan.
    members_incomplete,    ///< A list of members was not complete enough to remove anybody. About: the guild.
    match_contradiction,   ///< Names and notes speak against a link that a human made. About: character.
};

/// In the order in which reports list them: the worst first.
enum class severity : std::uint8_t { critical, warning, info };

/// Every type, in declaration order.
[[nodiscard]] std::span<const issue_type> all_issue_types() noexcept;

[[nodiscard]] std::string_view to_string(issue_type type) noexcept;
[[nodiscard]] std::optional<issue_type> parse_issue_type(std::string_view name) noexcept;
[[nodiscard]] std::string_view to_string(severity level) noexcept;
[[nodiscard]] std::optional<severity> parse_severity(std::string_view name) noexcept;

/// How bad an issue of this type is by default.
[[nodiscard]] severity default_severity(issue_type type) noexcept;

/// Whom or what an issue is about. Ids that do not matter for the type are none.
struct issue_subject {
    member_id member;
    person_id person;
    character_id character;
    session_id session;
    std::string
        detail; ///< What else tells two issues of a type apart: an effect's key, a rank. No user's words.
    friend bool operator==(const issue_subject&, const issue_subject&) = default;
};

/// The identity of an issue: SHA-256 in hexadecimal of `type:id[:id][:detail]`, with the ids that the type is
/// about.
///
/// One open issue per guild and hash. `session` is never part of it, so that a second attempt does not open a
/// second issue. For `unverified_new_member` it is the value that S0 Task 3 computes.
[[nodiscard]] std::string issue_hash(issue_type type, const issue_subject& about);

/// A row of the issues.
struct issue {
    issue_id id;
    issue_type type{};
    integrity::severity severity = integrity::severity::warning;
    issue_subject about;
    std::string hash;
    text_ref summary; ///< For officers; its key is `issue.` and the type's name.
    instant first_seen;
    instant last_seen;
    instant notified_at;     ///< When the officers were told; never for new ones.
    instant resolved_at;     ///< Never while open.
    std::string resolved_by; ///< The actor, or `auto` when the facts became right.
    std::string note;        ///< An officer's own words.
    friend bool operator==(const issue&, const issue&) = default;
};

/// A new open issue with hash, default severity and summary key set.
[[nodiscard]] issue open_issue(issue_id id, issue_type type, issue_subject about, instant now);

} // namespace patt::integrity
