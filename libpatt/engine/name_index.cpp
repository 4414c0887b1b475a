#include "engine/name_index.hpp"

#include "store/character_repository.hpp"
#include "store/event_repository.hpp"

#include <patt/text/distance.hpp>
#include <patt/text/name_key.hpp>

#include <algorithm>
#include <bit>
#include <tuple>

namespace patt::engine {

namespace {

/// A short name is near to too many others: only one edit there.
constexpr std::size_t short_name = 5;

std::uint32_t edits_allowed(std::string_view key) {
    return key.size() < short_name ? 1 : 2;
}

/// Which characters a key has: one bit for each of ASCII (folded into 63), one for all others together. An
/// edit changes at most two of them, so most strangers are told apart without comparing.
std::uint64_t characters_in(std::string_view key) noexcept {
    std::uint64_t bits = 0;
    for (const char c : key) {
        const auto byte = static_cast<unsigned char>(c);
        bits |= std::uint64_t{1} << (byte < 0x80U ? byte % 63U : 63U);
    }
    return bits;
}

} // namespace

name_index::guild_names& name_index::fresh(store::connection& db, guild_id guild, std::int64_t log_seq) {
    guild_names& names = guilds_[guild];
    names.used = ++uses_;
    if (names.tag != 0 && !store::roster_changed_since(db, guild, names.tag)) {
        names.tag = std::max<std::int64_t>(log_seq, 1);
        return names;
    }
    names.names.clear();
    store::each_present_character(db, guild, [&](const identity::character& c) {
        std::string key = text::folded_key(c.name);
        const std::uint64_t characters = characters_in(key);
        names.names.push_back({std::move(key), characters, c.id});
    });
    names.tag = std::max<std::int64_t>(log_seq, 1);
    return names;
}

std::vector<character_id> name_index::nearest(store::connection& db, guild_id guild, std::int64_t log_seq,
                                              std::string_view key, std::size_t most) {
    const std::uint32_t limit = edits_allowed(key);
    std::vector<std::tuple<std::uint32_t, std::string_view, character_id>> hits;
    const guild_names& names = fresh(db, guild, log_seq);
    const std::uint64_t characters = characters_in(key);
    const auto most_bits = static_cast<int>(2 * limit);
    for (const entry& e : names.names) {
        const std::size_t difference =
            e.key.size() > key.size() ? e.key.size() - key.size() : key.size() - e.key.size();
        if (difference > limit * std::size_t{4} || // Four bytes a character at most.
            std::popcount(e.characters ^ characters) > most_bits) {
            continue;
        }
        const std::uint32_t distance = text::osa_distance(e.key, key, limit);
        if (distance <= limit) {
            hits.emplace_back(distance, e.key, e.who);
        }
    }
    std::sort(hits.begin(), hits.end());
    std::vector<character_id> out;
    for (const auto& [distance, name, who] : hits) {
        if (out.size() == most) {
            break;
        }
        out.push_back(who);
    }
    if (guilds_.size() > kept_guilds) {
        const auto oldest =
            std::min_element(guilds_.begin(), guilds_.end(),
                             [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
        guilds_.erase(oldest);
    }
    return out;
}

} // namespace patt::engine
