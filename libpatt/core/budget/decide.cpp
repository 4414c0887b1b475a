#include "core/budget/decide.hpp"

#include "core/budget/share.hpp"

#include <algorithm>
#include <utility>

namespace patt::budget {

namespace {

/// How soon a host comes back that could not be served because others are before it, though there is room.
constexpr duration others_first = std::chrono::milliseconds(20);

std::size_t place_of(ledger& in, const request& asked) {
    const auto same = [&](const claim& c) { return c.host == asked.host && c.cls == asked.cls; };
    auto found = std::find_if(in.claims.begin(), in.claims.end(), same);
    if (found == in.claims.end()) {
        claim fresh;
        fresh.host = asked.host;
        fresh.cls = asked.cls;
        fresh.tag = in.start_tag;
        found = in.claims.insert(found, fresh);
    }
    if (found->wanted == 0) {
        found->since = in.now;
        found->tag = std::max(found->tag, in.start_tag);
    }
    found->guilds = std::max<std::int64_t>(1, asked.guilds);
    found->wanted = std::max<std::int64_t>(0, asked.wanted);
    found->until = in.now + patience;
    return static_cast<std::size_t>(found - in.claims.begin());
}

/// Newcomers begin where the last of those who wait stands, else where the host that was served last does.
void move_start(ledger& in, std::int64_t served_tag) {
    std::int64_t least = served_tag;
    bool somebody = false;
    for (const claim& c : in.claims) {
        if (c.wanted > 0 || c.until > in.now) { // who was here a moment ago keeps its place
            least = somebody ? std::min(least, c.tag) : c.tag;
            somebody = true;
        }
    }
    in.start_tag = std::max(in.start_tag, least);
}

std::int64_t granted_to(const ledger& in, const api_limits& limits, std::size_t own, const request& asked) {
    room left = room_in(in, limits);
    std::vector<claim> claims = in.claims;
    const std::int64_t own_tag = claims[own].tag;
    for (claim& c : claims) {
        if (c.wanted == 0 && c.until > in.now && c.tag < own_tag) {
            c.wanted = c.guilds; // It was here a moment ago and got less than its share: it will be back.
        }
        if (in.frozen_until[static_cast<std::size_t>(c.cls)] > in.now) {
            c.wanted = 0; // It waits for the thaw, not for tokens.
        }
    }
    const std::vector<std::int64_t> shares = share_out(claims, left);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        left.use(in.claims[i].cls, shares[i]);
    }
    // What nobody waits for may be taken ahead, but never all of it: somebody else may come.
    const std::int64_t ahead = std::min(asked.spare, left.for_class(asked.cls) / 2);
    return std::clamp<std::int64_t>(shares[own] + ahead, 0, std::max<std::int64_t>(0, asked.most));
}

} // namespace

decided decide(ledger before, const api_limits& limits, const request& asked, instant now) {
    decided out{std::move(before), {}};
    ledger& in = out.after;
    advance(in, limits, now);
    in = take_back(std::move(in), asked.returns);
    const std::size_t own = place_of(in, asked);
    out.what.now = now;
    out.what.again = now;
    out.what.generation = in.generation;
    out.what.used_until = now + asked.use_within;
    const instant frozen = in.frozen_until[static_cast<std::size_t>(asked.cls)];
    if (frozen > now) {
        out.what.again = frozen;
    } else {
        out.what.tokens = granted_to(in, limits, own, asked);
        record(in, limits, asked.cls, out.what.tokens, out.what.used_until);
        claim& c = in.claims[own];
        c.tag += out.what.tokens * cost_of(c.cls, c.guilds);
        c.wanted = std::max<std::int64_t>(0, c.wanted - out.what.tokens);
        if (c.wanted > 0 && out.what.tokens < asked.most) {
            const bool room_left = room_in(in, limits).for_class(asked.cls) > 0;
            out.what.again = room_left ? now + others_first : std::max(now, room_at(in, limits, asked.cls));
        }
        move_start(in, c.tag);
    }
    in.claims[own].until = out.what.again + patience;
    return out;
}

ledger take_back(ledger before, std::span<const returned> what) {
    for (const returned& r : what) {
        if (r.generation == before.generation) {
            take_back(before, r.cls, r.tokens, r.used_until);
        }
    }
    return before;
}

ledger freeze(ledger before, const api_limits& limits, std::optional<urgency> cls, duration length,
              instant now) {
    advance(before, limits, now);
    for (std::size_t c = 0; c < urgencies; ++c) {
        if (!cls || static_cast<std::size_t>(*cls) == c) {
            before.frozen_until[c] = std::max(before.frozen_until[c], now + std::max(length, duration{0}));
        }
    }
    return before;
}

} // namespace patt::budget
