/// @file
/// The dispatcher's memory: which guilds have effects that nobody looked at yet, what was claimed and waits
/// to be performed, what is being performed. Fair between guilds, bounded, and no more than a memory:
/// everything in it can be found in the database again.
#pragma once

#include "engine/membership.hpp"
#include "engine/parts.hpp"
#include "store/claim_repository.hpp"

#include <patt/policy/settings.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace patt::engine {

/// An effect to be performed, and the settings under which it was claimed.
struct work {
    store::claimed_effect claim;
    std::shared_ptr<const policy::guild_settings> settings;
};

/// Several may look for work at once, each on a connection of its own: a guild is in one's hands at a time,
/// so nothing is claimed twice, and who has little to do does not wait for one with a long backlog.
///
/// @par Threads  Any.
class work_queue {
public:
    work_queue(engine_parts& parts, membership& hosts)
        : parts_(parts)
        , hosts_(hosts) {}

    /// A commit of this host made work in a guild whose partition it holds.
    void told(const made_work& what);
    /// Somebody said that there is work in these slots.
    void told(store::slot_range slots);
    /// Finds the guilds with work in ranges of slots; those where something is due begin from the bottom
    /// again.
    /// @return how long the database took, without what it took to reach it.
    duration look(store::connection& db, const std::vector<store::slot_range>& ranges, instant now);
    /// What others said, since the last time.
    [[nodiscard]] std::vector<store::slot_range> take_told();

    /// Claims until there are `most` effects in the queue, or nothing is due that is not in another's hands.
    /// @param taken_in  Called whenever `take` has more to give.
    void refill(store::connection& db, instant now, int most, const std::function<void()>& taken_in);
    /// Whether `refill` may find something now.
    [[nodiscard]] bool wants_refill(instant now, int most) const;

    /// The next effect, of each guild in turn, at most `per_guild` of one at a time.
    [[nodiscard]] std::optional<work> take(int per_guild);
    /// It was performed and its outcome committed, or it is another host's.
    void done(const store::claimed_effect& what);
    /// Whether something of a partition is claimed and not done, or being claimed.
    [[nodiscard]] bool in_use(std::int64_t partition) const;
    /// When an effect that was seen falls due; none when none is known.
    [[nodiscard]] instant next_due(instant now) const;
    void fill(engine_metrics& into, instant now) const;

private:
    struct guild_state {
        store::scan_mark above; ///< Everything up to here has been looked at.
        /// What fell due from here on is looked at again: a commit may come later than one that began later.
        std::optional<instant> again_from;
        bool look = false;         ///< There may be effects above that nobody looked at.
        bool listed = false;       ///< Stands in `ring_`.
        bool lanes_listed = false; ///< Stands in `lanes_ring_`.
        bool in_step = false;      ///< In the hands of one who claims.
        bool from_bottom = false;  ///< When the pass is over, another one begins.
        instant later;             ///< When the next of those that are known falls due.
        bool all_later = false;    ///< Then another pass begins: what was looked at is claimable again.
        std::deque<work> queued;
        bool full = false;    ///< Has as many claimed as one guild may; listed again when half are done.
        bool offered = false; ///< Stands in `offers_`.
        int running = 0;
        std::unordered_set<std::int64_t> claimed; ///< Queued or being performed.
        std::vector<std::string> ended;           ///< Lanes whose first effect has ended: who comes next?
    };
    struct step {
        std::vector<guild_id> guilds; ///< All that are in its hands.
        std::vector<store::guild_scan> scans;
        std::vector<store::lane> lanes;
        int each = 0;   ///< So many of a guild may be claimed.
        int budget = 0; ///< Kept free for it in the queue.
    };
    struct finding {
        std::map<std::int64_t, std::int64_t>
            fenced; ///< The epochs of the partitions whose leases are locked.
        store::scanned_effects rows;
        std::vector<store::pending_effect> heads;
        std::vector<store::claim_wish> wishes;
        std::vector<work> claimed;
        std::unordered_map<guild_id, std::size_t> looked_at; ///< So many rows of each scan.
        std::set<guild_id> passed_over; ///< Something of theirs was wished for and not claimed.
    };
    [[nodiscard]] std::optional<step> plan(instant now, int most);
    void add_lanes(step& what);
    void add_looks(step& what);
    [[nodiscard]] bool may_take(guild_id guild);
    void add_to(step& what, guild_id guild);
    [[nodiscard]] finding run(store::connection& db, const step& what, instant now);
    void choose(const step& what, finding& out, instant now);
    [[nodiscard]] std::map<std::int64_t, std::int64_t> fence(store::connection& db, const step& what);
    void hold_back(store::connection& db, finding& out);
    [[nodiscard]] std::shared_ptr<const policy::guild_settings>
    settings_of(store::connection& db, guild_id guild, std::int64_t version);
    void take_in(const step& what, finding& result, instant now);
    void pass_on(const store::guild_scan& of, const std::vector<store::pending_effect>& rows,
                 std::size_t looked_at);
    void put_back(const step& what);
    void end(const step& what);
    [[nodiscard]] std::size_t most_of_one() const;
    void list(guild_id guild, guild_state& state);
    void use(guild_id guild);
    void use_no_more(guild_id guild);
    void list_from_bottom(guild_id guild, guild_state& state);
    void remember_later(guild_id guild, guild_state& state, instant when);
    void wake_later(instant now);
    void forget_if_idle(guild_id guild);

    engine_parts& parts_;
    membership& hosts_;
    mutable std::mutex mutex_;
    std::unordered_map<guild_id, guild_state> guilds_;
    std::deque<guild_id> ring_;       ///< Guilds to be looked at.
    std::deque<guild_id> lanes_ring_; ///< Guilds of which lanes have ended; they are asked for first.
    bool looks_first_ = false;        ///< But after one of them that asked for much.
    std::set<std::pair<instant, guild_id>> later_;
    std::deque<guild_id> offers_; ///< Guilds with claimed effects to be performed.
    std::vector<store::slot_range> told_;
    std::int64_t queued_ = 0;
    std::int64_t promised_ = 0;          ///< Room in the queue for what is being claimed.
    instant oldest_;                     ///< When the longest waiting effect of the last refill fell due.
    std::map<std::int64_t, int> in_use_; ///< Claimed effects of a slot, and its guilds in a step.

    struct known_settings {
        std::int64_t version = -1;
        std::shared_ptr<const policy::guild_settings> values;
    };
    std::mutex settings_mutex_;
    std::unordered_map<guild_id, known_settings> settings_;
};

} // namespace patt::engine
