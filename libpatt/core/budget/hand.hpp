/// @file
/// What one host has in hand of one API and class, and its guilds that wait: dealt out in turn.
///
/// A machine without I/O: `ask` first; while it has nothing and `may_request`, make the `request`, let the
/// ledger decide, feed the answer to `receive`, and `ask` again. All times are of one monotonic clock.
#pragma once

#include "core/budget/decide.hpp"

#include <patt/ids.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace patt::budget {

struct hand_options {
    duration use_within =
        std::chrono::milliseconds(100); ///< The life of tokens in hand. Grows while requests are slow.
    std::int64_t most = 25;             ///< Tokens of one request.
};

/// Tokens handed to a caller.
struct taken {
    std::int64_t tokens = 0;
    duration use_before{};       ///< On the monotonic clock: whatever has not begun then must not begin.
    std::int64_t generation = 0; ///< With `used_until`: where they come from.
    instant used_until;
};

class hand {
public:
    hand(urgency cls, hand_options how)
        : cls_(cls)
        , how_(how)
        , use_within_(how.use_within) {}

    /// Hands tokens of one grant to a guild: those dealt to it, else those that nobody waits for. With fewer
    /// than it wants the guild waits for the rest, until it was not heard of for a while.
    [[nodiscard]] taken ask(guild_id guild, std::int64_t tokens, duration now);
    /// Takes back what a caller has not used.
    void put_back(const taken& what, std::int64_t tokens);
    /// The guild waits no more.
    void leave(guild_id guild);

    [[nodiscard]] bool may_request(duration now) const noexcept { return now >= closed_until_; }
    /// When the next request makes sense.
    [[nodiscard]] duration closed_until() const noexcept { return closed_until_; }
    /// What to ask the ledger for. The tokens it returns are gone from the hand, whatever becomes of the
    /// request.
    [[nodiscard]] request make_request(std::int64_t host, duration now);
    /// @param asked  When the request was made, before anything was sent.
    void receive(const grant& what, duration asked, duration now);

    /// Nothing in hand may be used any more, and nothing is asked for before a time.
    void close(duration until);
    /// Everything that is not used, to be returned.
    [[nodiscard]] std::vector<returned> give_up();

    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }

private:
    struct bundle {
        duration use_before{};
        std::int64_t generation = 0;
        instant used_until;
        std::int64_t spare = 0;
        std::map<guild_id, std::int64_t> dealt;
        [[nodiscard]] std::int64_t left() const noexcept;
    };
    struct waiter {
        std::int64_t wanted = 0;
        std::int64_t tag = 0;
        std::int64_t since = 0;
        duration until{};
    };

    void forget(duration now);
    void deal(bundle& from);
    void want(guild_id guild, std::int64_t tokens, duration now);
    [[nodiscard]] static std::int64_t take_from(bundle& from, guild_id guild, std::int64_t tokens);

    urgency cls_;
    hand_options how_;
    duration use_within_;
    duration closed_until_{};
    std::vector<bundle> bundles_; ///< The oldest first.
    std::vector<returned> returns_;
    std::map<guild_id, waiter> waiting_;
    std::int64_t start_tag_ = 0;
    std::int64_t arrivals_ = 0;
    std::int64_t handed_lately_ = 0; ///< Since the last request: what is asked for ahead.
    duration last_request_{};
};

} // namespace patt::budget
