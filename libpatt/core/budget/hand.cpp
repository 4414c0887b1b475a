#include "core/budget/hand.hpp"

#include <algorithm>
#include <utility>

namespace patt::budget {

namespace {

constexpr duration slowest = std::chrono::seconds(2);
constexpr duration looks_again =
    std::chrono::minutes(1); ///< Limits may change, others may give something back.

} // namespace

std::int64_t hand::bundle::left() const noexcept {
    std::int64_t out = spare;
    for (const auto& [guild, tokens] : dealt) {
        out += tokens;
    }
    return out;
}

taken hand::ask(guild_id guild, std::int64_t tokens, duration now) {
    forget(now);
    for (bundle& b : bundles_) {
        const std::int64_t got = take_from(b, guild, tokens);
        if (got > 0) {
            handed_lately_ += got;
            const auto own = waiting_.find(guild);
            const bool more_dealt = std::any_of(bundles_.begin(), bundles_.end(), [&](const bundle& other) {
                return other.dealt.contains(guild);
            });
            if (got == tokens && own != waiting_.end() && !more_dealt) {
                own->second.wanted = 0;
                own->second.until = now + patience;
            } else if (got < tokens) {
                want(guild, tokens - got, now);
            }
            return {got, b.use_before, b.generation, b.used_until};
        }
    }
    want(guild, tokens, now);
    return {};
}

std::int64_t hand::take_from(bundle& from, guild_id guild, std::int64_t tokens) {
    const auto own = from.dealt.find(guild);
    if (own != from.dealt.end()) {
        const std::int64_t got = std::min(own->second, tokens);
        own->second -= got;
        if (own->second == 0) {
            from.dealt.erase(own);
        }
        return got;
    }
    const std::int64_t got = std::min(from.spare, tokens);
    from.spare -= got;
    return got;
}

void hand::want(guild_id guild, std::int64_t tokens, duration now) {
    const auto [at, fresh] = waiting_.try_emplace(guild);
    waiter& w = at->second;
    if (fresh || w.wanted == 0) {
        w.tag = std::max(w.tag, start_tag_);
        w.since = ++arrivals_;
    }
    w.wanted = tokens;
    w.until = std::max(now, closed_until_) + patience;
}

void hand::leave(guild_id guild) {
    waiting_.erase(guild);
    for (bundle& b : bundles_) {
        if (const auto own = b.dealt.find(guild); own != b.dealt.end()) {
            b.spare += own->second;
            b.dealt.erase(own);
        }
    }
}

void hand::put_back(const taken& what, std::int64_t tokens) {
    const std::int64_t back = std::clamp<std::int64_t>(tokens, 0, what.tokens);
    handed_lately_ = std::max<std::int64_t>(0, handed_lately_ - back);
    for (bundle& b : bundles_) {
        if (b.generation == what.generation && b.used_until == what.used_until) {
            b.spare += back;
            return;
        }
    }
    if (back > 0) {
        returns_.push_back({what.generation, what.used_until, cls_, back});
    }
}

void hand::forget(duration now) {
    std::erase_if(bundles_, [&](const bundle& b) {
        if (b.use_before > now) {
            return false;
        }
        if (b.left() > 0) {
            returns_.push_back({b.generation, b.used_until, cls_, b.left()});
        }
        for (const auto& [guild, tokens] : b.dealt) { // it came too late: it keeps its place
            if (const auto own = waiting_.find(guild); own != waiting_.end()) {
                own->second.tag -= tokens;
                own->second.wanted += tokens;
            }
        }
        return true;
    });
    std::erase_if(waiting_, [&](const auto& w) { return w.second.until <= now; });
}

request hand::make_request(std::int64_t host, duration now) {
    forget(now);
    request out;
    out.host = host;
    out.cls = cls_;
    // Those that were served a moment ago count too: each asks again as soon as its call is done. Whoever of
    // them has got less than somebody who asks now is taken to ask as well.
    out.guilds = static_cast<std::int64_t>(waiting_.size());
    std::int64_t front = 0;
    for (const auto& [guild, w] : waiting_) {
        front = w.wanted > 0 ? std::max(front, w.tag) : front;
    }
    for (auto& [guild, w] : waiting_) {
        w.wanted = w.wanted == 0 && w.tag < front ? 1 : w.wanted;
        out.wanted += w.wanted;
    }
    out.most = how_.most;
    out.use_within = use_within_;
    // As many ahead as were used in as long a time: a trickle asks for one at a time, a flood for bundles.
    out.spare = now - last_request_ <= 2 * use_within_ ? handed_lately_ : 0;
    handed_lately_ = 0;
    last_request_ = now;
    out.returns = std::exchange(returns_, {});
    return out;
}

void hand::receive(const grant& what, duration asked, duration now) {
    const duration under_way = now - asked;
    if (under_way > use_within_ / 2) {
        use_within_ = std::min(slowest, use_within_ * 2);
    } else if (under_way < use_within_ / 16) {
        use_within_ = std::max(how_.use_within, use_within_ / 2);
    }
    closed_until_ = now + std::clamp(what.again - what.now, duration{0}, looks_again);
    if (what.tokens > 0) {
        // The grant was made after `asked`: counted from there nothing is used later than the ledger assumes.
        bundle b{asked + (what.used_until - what.now), what.generation, what.used_until, what.tokens, {}};
        deal(b);
        bundles_.push_back(std::move(b));
    }
    for (auto& [guild, w] : waiting_) {
        w.until = std::max(w.until, closed_until_ + patience);
    }
}

void hand::deal(bundle& from) {
    std::set<std::tuple<std::int64_t, std::int64_t, guild_id>> turn;
    for (const auto& [guild, w] : waiting_) {
        if (w.wanted > 0) {
            turn.emplace(w.tag, w.since, guild);
        }
    }
    while (from.spare > 0 && !turn.empty()) {
        const guild_id guild = std::get<2>(*turn.begin());
        turn.erase(turn.begin());
        waiter& w = waiting_.at(guild);
        --from.spare;
        ++from.dealt[guild];
        --w.wanted;
        ++w.tag;
        if (w.wanted > 0) {
            turn.emplace(w.tag, w.since, guild);
        }
    }
    const auto last = std::min_element(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) {
        return a.second.tag < b.second.tag;
    });
    start_tag_ = last == waiting_.end() ? start_tag_ : std::max(start_tag_, last->second.tag);
}

void hand::close(duration until) {
    for (const returned& r : give_up()) {
        returns_.push_back(r);
    }
    closed_until_ = std::max(closed_until_, until);
}

std::vector<returned> hand::give_up() {
    for (const bundle& b : bundles_) {
        if (b.left() > 0) {
            returns_.push_back({b.generation, b.used_until, cls_, b.left()});
        }
    }
    bundles_.clear();
    return std::exchange(returns_, {});
}

} // namespace patt::budget
