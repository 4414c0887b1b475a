#include <patt/identity/roster_verdict.hpp>
#include <patt/text/name_key.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace patt::identity {
namespace {

/// How many may be missing; the share is rounded down, so 20 % of 44 is 8.
std::size_t missing_allowed(std::size_t present, const roster_limits& limits) noexcept {
    if (limits.missing_percent >= 100) {
        return present;
    }
    // Divided first, so that no count can overflow.
    const auto share = present / 100 * limits.missing_percent + present % 100 * limits.missing_percent / 100;
    return std::max(limits.missing_count, share);
}

/// What is said otherwise of a list of members; empty for the rest.
std::string sentence_of_members(const roster_reason& r) {
    switch (r.fault) {
    case roster_fault::unavailable:
        return "no list could be fetched";
    case roster_fault::empty:
        return "it has no members";
    case roster_fault::shrunken:
        return fmt::format("{} members who are here are missing from it, at most {} are believed at once "
                           "(members.shrink_limit)",
                           r.found, r.allowed);
    case roster_fault::repeated_id:
        return fmt::format("{} ids came more than once", r.found);
    default:
        return {};
    }
}

std::string sentence(const roster_reason& r) {
    switch (r.fault) {
    case roster_fault::unavailable:
        return "no roster could be fetched";
    case roster_fault::empty:
        return "the roster has no members";
    case roster_fault::truncated:
        return fmt::format("the source stopped early, after {} members", r.found);
    case roster_fault::shorter:
        return fmt::format("{} members came, {} were announced", r.found, r.allowed);
    case roster_fault::unreadable:
        return fmt::format("{} members could not be read", r.found);
    case roster_fault::shrunken:
        return fmt::format("{} present characters are missing, at most {} are believed at once", r.found,
                           r.allowed);
    case roster_fault::foreign_guild:
        return "it is the roster of another guild";
    case roster_fault::repeated_id:
        return fmt::format("{} game numbers came more than once", r.found);
    case roster_fault::repeated_name:
        return fmt::format("{} names came more than once on one realm", r.found);
    }
    return "unknown reason";
}

} // namespace

guild_match match_guild(const game_guild& guild, const expected_guild& expected) {
    if (guild.id && expected.id) {
        return guild.id == expected.id ? guild_match::same : guild_match::other;
    }
    const bool names = !guild.name.empty() && !expected.name.empty();
    const bool realms = !guild.realm_slug.empty() && !expected.realm_slug.empty();
    if ((names && text::folded_key(guild.name) != text::folded_key(expected.name)) ||
        (realms && guild.realm_slug != expected.realm_slug)) {
        return guild_match::other;
    }
    return names ? guild_match::same : guild_match::unknown;
}

roster_counts count_roster(const roster_snapshot& snapshot, const prepared_roster& prepared,
                           guild_match guild) {
    return {
        .entries = prepared.items.size(),
        .rejected = snapshot.rejected_count,
        .repeated_ids = prepared.repeated_ids,
        .repeated_names = prepared.repeated_names,
        .announced = snapshot.announced,
        .delivery = snapshot.delivery,
        .guild = guild,
    };
}

std::string_view to_string(roster_fault fault) noexcept {
    switch (fault) {
    case roster_fault::unavailable:
        return "unavailable";
    case roster_fault::empty:
        return "empty";
    case roster_fault::truncated:
        return "truncated";
    case roster_fault::shorter:
        return "short";
    case roster_fault::unreadable:
        return "unreadable";
    case roster_fault::shrunken:
        return "shrunken";
    case roster_fault::foreign_guild:
        return "foreign_guild";
    case roster_fault::repeated_id:
        return "repeated_id";
    case roster_fault::repeated_name:
        return "repeated_name";
    }
    return "unknown";
}

roster_verdict assess(const roster_counts& counts, const known_counts& known, const roster_limits& limits) {
    roster_verdict v;
    const auto add = [&](roster_fault fault, std::size_t found, std::size_t allowed) {
        v.reasons.push_back({fault, found, allowed});
    };
    const auto came = counts.entries + counts.rejected + counts.repeated_ids + counts.repeated_names;
    const auto allowed = missing_allowed(known.present, limits);

    if (counts.entries == 0) {
        add(roster_fault::empty, 0, 1);
    }
    if (counts.delivery == roster_delivery::cut) {
        add(roster_fault::truncated, came, counts.announced.value_or(0));
    }
    if (counts.announced && came < *counts.announced) {
        add(roster_fault::shorter, came, *counts.announced);
    }
    if (counts.rejected > 0) {
        add(roster_fault::unreadable, counts.rejected, 0);
    }
    if (known.missing > allowed) {
        add(roster_fault::shrunken, known.missing, allowed);
    }
    if (counts.guild == guild_match::other) {
        add(roster_fault::foreign_guild, 1, 0);
    }
    if (counts.repeated_ids > 0) {
        add(roster_fault::repeated_id, counts.repeated_ids, 0);
    }
    if (counts.repeated_names > 0) {
        add(roster_fault::repeated_name, counts.repeated_names, 0);
    }
    if (counts.entries == 0 || counts.guild == guild_match::other) {
        v.use = roster_use::nothing;
    } else if (!v.complete()) {
        v.use = roster_use::merge_only;
    }
    return v;
}

roster_verdict unavailable_roster() {
    return {.reasons = {{roster_fault::unavailable, 0, 1}}, .use = roster_use::nothing};
}

std::string reasons_of(const roster_verdict& verdict, judged what) {
    std::string out;
    for (const roster_reason& r : verdict.reasons) {
        const std::string said = what == judged::members ? sentence_of_members(r) : std::string();
        out += out.empty() ? "" : "; ";
        out += said.empty() ? sentence(r) : said;
    }
    return out;
}

std::string explain(const roster_verdict& verdict, judged what) {
    if (verdict.complete()) {
        return {};
    }
    std::string out =
        what == judged::members ? "The list of members is not complete: " : "The roster is not complete: ";
    out += reasons_of(verdict, what);
    out += verdict.use == roster_use::nothing ? ". Nothing was changed." : ". Nobody was removed.";
    return out;
}

} // namespace patt::identity
