#include <patt/digest.hpp>
#include <patt/integrity/issue.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace patt::integrity {
namespace {

/// Which parts of the subject belong to the identity of an issue.
enum class counts : std::uint8_t { no, yes };

struct type_facts {
    issue_type type;
    std::string_view name;
    severity level;
    counts member;
    counts character;
    counts detail;
};

using enum counts;
constexpr std::array<type_facts, 10> types = {{
    {issue_type::unverified_new_member, "unverified_new_member", severity::warning, yes, no, no},
    {issue_type::privileged_claim, "privileged_claim", severity::warning, yes, yes, no},
    {issue_type::ownership_conflict, "ownership_conflict", severity::warning, yes, yes, no},
    {issue_type::effect_failed, "effect_failed", severity::warning, yes, no, yes},
    {issue_type::dm_unreachable, "dm_unreachable", severity::info, yes, no, no},
    {issue_type::roster_incomplete, "roster_incomplete", severity::critical, no, no, no},
    {issue_type::unknown_rank, "unknown_rank", severity::warning, no, no, yes},
    {issue_type::plan_stopped, "plan_stopped", severity::critical, no, no, yes},
    {issue_type::members_incomplete, "members_incomplete", severity::critical, no, no, no},
    {issue_type::match_contradiction, "match_contradiction", severity::warning, no, yes, no},
}};

constexpr auto type_list = [] {
    std::array<issue_type, types.size()> out{};
    for (std::size_t i = 0; i < types.size(); ++i) {
        out[i] = types[i].type;
    }
    return out;
}();

constexpr bool listed_in_order() {
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (static_cast<std::size_t>(types[i].type) != i) {
            return false;
        }
    }
    return true;
}
static_assert(listed_in_order(), "facts_of() looks up by position");

const type_facts& facts_of(issue_type type) noexcept {
    return types[std::min(static_cast<std::size_t>(type), types.size() - 1)];
}

constexpr std::array<std::string_view, 3> severities = {"critical", "warning", "info"};

} // namespace

std::span<const issue_type> all_issue_types() noexcept {
    return type_list;
}

std::string_view to_string(issue_type type) noexcept {
    return facts_of(type).name;
}

std::optional<issue_type> parse_issue_type(std::string_view name) noexcept {
    const auto* found =
        std::find_if(types.begin(), types.end(), [&](const auto& t) { return t.name == name; });
    return found == types.end() ? std::nullopt : std::optional(found->type);
}

std::string_view to_string(severity level) noexcept {
    return severities[std::min(static_cast<std::size_t>(level), severities.size() - 1)];
}

std::optional<severity> parse_severity(std::string_view name) noexcept {
    const auto* found = std::find(severities.begin(), severities.end(), name);
    return found == severities.end() ? std::nullopt
                                     : std::optional(static_cast<severity>(found - severities.begin()));
}

severity default_severity(issue_type type) noexcept {
    return facts_of(type).level;
}

std::string issue_hash(issue_type type, const issue_subject& about) {
    const type_facts& facts = facts_of(type);
    std::string text(facts.name);
    if (facts.member == yes) {
        text += ':' + std::to_string(about.member.value());
    }
    if (facts.character == yes) {
        text += ':' + std::to_string(about.character.value());
    }
    if (facts.detail == yes) {
        text += ':' + about.detail;
    }
    return to_hex(sha256(text));
}

issue open_issue(issue_id id, issue_type type, issue_subject about, instant now) {
    issue out;
    out.id = id;
    out.type = type;
    out.severity = default_severity(type);
    out.hash = issue_hash(type, about);
    out.about = std::move(about);
    out.summary.key = "issue." + std::string(to_string(type));
    out.first_seen = now;
    out.last_seen = now;
    return out;
}

} // namespace patt::integrity
