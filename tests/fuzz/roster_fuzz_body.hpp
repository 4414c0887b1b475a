// What must hold for every text that somebody calls a roster or a profile; shared by the fuzzer and the
// replay.
#pragma once

#include <patt/blizzard/profile_document.hpp>
#include <patt/blizzard/roster_document.hpp>
#include <patt/identity/roster_merge.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace patt::fuzz {

inline bool speakable(const error& e) {
    return !e.detail.empty() && e.detail.size() < 1'000 &&
           std::none_of(e.detail.begin(), e.detail.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

inline std::string check_entry(const identity::roster_entry& e) {
    if (e.name.empty() || e.realm_slug.empty()) {
        return "an entry without a name or a realm was accepted";
    }
    if (e.rank < 0 || e.rank > identity::lowest_rank) {
        return "a rank outside 0 to 9 was accepted";
    }
    return e.game.value() < 0 || e.level < 0 || e.class_id < 0 ? "a negative number was accepted" : "";
}

/// Merges a roster into nothing and again into the result; the second time must change nothing.
inline std::string check_merge(const identity::roster_snapshot& snapshot) {
    using namespace identity;
    const auto prepared = prepare_roster(snapshot);
    if (prepared.items.size() + prepared.repeated_ids + prepared.repeated_names != snapshot.entries.size()) {
        return "an entry was lost while preparing";
    }
    const auto counts = count_roster(snapshot, prepared, guild_match::unknown);
    const auto verdict = assess(counts, {});
    if (verdict.complete() && (snapshot.rejected_count > 0 || prepared.items.empty())) {
        return "an incomplete roster was called complete";
    }
    std::vector<character> rows;
    for (std::size_t at = 0; at < prepared.items.size();) {
        const auto end = chunk_end(prepared.items, at, 7);
        const auto chunk = std::span{prepared.items}.subspan(at, end - at);
        for (auto& change : merge_chunk(chunk, rows, {instant{1}, sync_run_id{1}})) {
            if (change.kind == merge_kind::insert) {
                change.row.id = character_id{static_cast<std::int64_t>(rows.size()) + 1};
                rows.push_back(std::move(change.row));
            }
        }
        at = end;
    }
    if (rows.size() != prepared.items.size()) {
        return "two different entries became one row";
    }
    for (const auto& change : merge_chunk(prepared.items, rows, {instant{2}, sync_run_id{2}})) {
        if (change.kind != merge_kind::unchanged) {
            return "merging the same roster again changed something";
        }
    }
    return "";
}

/// Empty when all is well, else what is wrong.
inline std::string check_roster_input(std::string_view text) {
    const blizzard::document_limits limits{.max_bytes = 1'000'000, .max_members = 10'000};
    const auto roster = blizzard::parse_roster(text, limits);
    if (!roster) {
        if (!speakable(roster.err())) {
            return "a roster was refused without a sentence";
        }
    } else {
        for (const auto& e : roster->entries) {
            if (auto wrong = check_entry(e); !wrong.empty()) {
                return wrong;
            }
        }
        if (auto wrong = check_merge(*roster); !wrong.empty()) {
            return wrong;
        }
    }
    const auto profile = blizzard::parse_profile(text, limits);
    if (!profile) {
        return speakable(profile.err()) ? "" : "a profile was refused without a sentence";
    }
    if (!profile->game && (profile->name.empty() || profile->realm_slug.empty())) {
        return "a profile of nobody was accepted";
    }
    const bool times = !profile->last_login || profile->last_login->microseconds() > 0;
    return times ? "" : "a time before 1970 was accepted";
}

} // namespace patt::fuzz
