#include "engine/match_index.hpp"

#include "store/event_repository.hpp"
#include "store/match_repository.hpp"

#include <algorithm>
#include <utility>

namespace patt::engine {

namespace {

/// Below it a character is not offered to somebody as theirs.
constexpr double worth_offering = 0.5;
/// Of more members and persons than that the guild is read anew: each costs some statements.
constexpr int most_to_catch_up = 50;

} // namespace

std::shared_ptr<loaded_matcher> match_index::find(guild_id guild, const log::head& head, log::head& tag) {
    const std::scoped_lock lock(mutex_);
    const auto found = guilds_.find(guild);
    if (found == guilds_.end() || found->second.tag.seq > head.seq) {
        return nullptr;
    }
    found->second.used = ++uses_;
    tag = found->second.tag;
    return found->second.what;
}

std::shared_ptr<loaded_matcher> match_index::kept(store::connection& db, guild_id guild,
                                                  const log::head& head, const match_setup& setup) {
    log::head tag;
    std::shared_ptr<loaded_matcher> known = find(guild, head, tag);
    if (!known || !(known->setup == setup)) {
        return nullptr;
    }
    if (tag.seq == head.seq) {
        return tag.hash == head.hash ? known : nullptr;
    }
    if (!store::has_event(db, guild, tag)) {
        return nullptr; // Another history: a failover lost what the matcher fits.
    }
    // Somebody wrote in between: another engine, or an input of this one that is no business of the matcher.
    const store::match_changes since = store::match_changes_since(db, guild, tag.seq, most_to_catch_up);
    if (since.how_much == store::match_changes::extent::everything) {
        return nullptr;
    }
    if (since.how_much == store::match_changes::extent::some) {
        forget(guild); // Until it is whole again.
        catch_up(*known, db, guild, since);
        keep(guild, head, known);
    }
    return known;
}

void match_index::keep(guild_id guild, const log::head& head, std::shared_ptr<loaded_matcher> what) {
    const std::scoped_lock lock(mutex_);
    guilds_[guild] = {head, ++uses_, std::move(what)};
    if (guilds_.size() > kept_guilds) {
        guilds_.erase(std::min_element(guilds_.begin(), guilds_.end(), [](const auto& a, const auto& b) {
            return a.second.used < b.second.used;
        }));
    }
}

std::shared_ptr<loaded_matcher> match_index::warm(store::connection& db, guild_id guild,
                                                  const log::head& head, const match_setup& setup) {
    if (auto known = kept(db, guild, head, setup)) {
        return known;
    }
    auto made = std::make_shared<loaded_matcher>(load_matcher(db, guild, setup));
    keep(guild, head, made);
    const std::scoped_lock lock(mutex_);
    ++builds_;
    return made;
}

void match_index::stamp(guild_id guild, const log::head& head) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = guilds_.find(guild); found != guilds_.end()) {
        found->second.tag = head;
    }
}

void match_index::forget(guild_id guild) {
    const std::scoped_lock lock(mutex_);
    guilds_.erase(guild);
}

void match_index::forget() {
    const std::scoped_lock lock(mutex_);
    guilds_.clear();
}

std::size_t match_index::builds() const {
    const std::scoped_lock lock(mutex_);
    return builds_;
}

std::vector<character_id> likely_characters(const loaded_matcher& from, member_id who, std::size_t most) {
    std::vector<std::pair<double, character_id>> hits;
    for (const identity::match_decision& d : from.matcher.decisions()) {
        if (d.member == who && d.level != identity::confidence::confirmed &&
            d.probability >= worth_offering) {
            hits.emplace_back(-d.probability, d.character);
        }
    }
    std::sort(hits.begin(), hits.end());
    std::vector<character_id> out;
    for (const auto& [probability, who_it_is] : hits) {
        if (out.size() == most) {
            break;
        }
        out.push_back(who_it_is);
    }
    return out;
}

} // namespace patt::engine
