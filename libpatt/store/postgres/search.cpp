#include "store/postgres/search.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <utility>

namespace patt::store::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds before_connecting_again{50};
constexpr milliseconds longest_pause{200}; // Each attempt costs a server that starts or stops a process.
constexpr milliseconds before_asking_again{20};
constexpr milliseconds longest_patience{2400};

} // namespace

search::search(const std::vector<target>& targets, const session_settings* settings, resolver& names,
               timeline_memory& seen, milliseconds host_timeout)
    : settings_(settings)
    , names_(names)
    , seen_(seen)
    , host_timeout_(host_timeout) {
    for (const target& each : targets) {
        candidate& c = candidates_.emplace_back();
        c.to = &each;
        c.patience = host_timeout;
        c.pause = before_connecting_again;
    }
}

void search::start(time now) {
    for (candidate& c : candidates_) {
        if (now < c.next) {
            continue;
        }
        if (!c.asked) {
            c.asked.emplace(*c.to, settings_, names_);
            c.begun = now;
        } else if (std::exchange(c.rests, false)) {
            c.asked->ask_again();
            c.begun = now;
        }
    }
}

void search::note(candidate& from, sql_errc code, std::string why, time next) {
    from.heard = true;
    from.code = code;
    from.why = std::move(why);
    from.next = next;
}

void search::hang_up(candidate& c) {
    c.asked.reset();
    c.pause = std::min(c.pause * 2, longest_pause);
}

/// So that there is time left to connect to where the name led before.
search::time search::waits_for_name_until(const candidate& c) {
    return c.begun + c.patience / 3;
}

/// Understands what has come so far. Primaries stay, and standbys, which may become one.
void search::hear(time now) {
    for (candidate& c : candidates_) {
        if (!c.asked || c.rests) {
            continue;
        }
        if (c.asked->knows_addresses() && now >= waits_for_name_until(c)) {
            c.asked->try_known_addresses();
        }
        if (!c.asked->done() && now - c.begun >= c.patience) {
            c.asked->give_up();
            c.patience = std::min(c.patience * 2, std::max(longest_patience, host_timeout_));
        }
        if (!c.asked->done()) {
            continue;
        }
        if (!c.asked->answered()) {
            note(c, c.asked->code(), c.asked->why(), now + c.pause);
            hang_up(c);
            continue;
        }
        const server_facts& facts = c.asked->facts();
        seen_.raise(std::max(facts.timeline, facts.recorded_timeline));
        if (facts.standby) {
            note(c, sql_errc::lost, c.asked->why() + "it is a standby", now + before_asking_again);
            c.rests = true;
        }
    }
    for (candidate& c : candidates_) { // When all have said which timeline they know.
        if (is_primary(c) && c.asked->facts().timeline < seen_.highest()) {
            note(c, sql_errc::lost,
                 fmt::format("{}it is on timeline {}, but {} has been seen: a failover left it behind, or a "
                             "dump was restored into a new cluster (then: UPDATE instance SET timeline = 0)",
                             c.asked->why(), c.asked->facts().timeline, seen_.highest()),
                 now + c.pause);
            hang_up(c);
        }
    }
}

bool search::is_primary(const candidate& c) {
    return c.asked && c.asked->answered() && !c.asked->facts().standby;
}

search::candidate* search::best() {
    candidate* out = nullptr;
    for (candidate& c : candidates_) {
        if (is_primary(c) && (out == nullptr || c.asked->facts().timeline > out->asked->facts().timeline)) {
            out = &c;
        }
    }
    return out;
}

bool search::all_heard() const {
    return std::all_of(candidates_.begin(), candidates_.end(),
                       [](const candidate& c) { return c.heard || (c.asked && c.asked->answered()); });
}

/// Waits until a host has said something, or it is time to ask one or to give one up.
void search::wait(time until) {
    std::vector<pollfd> sockets;
    std::vector<probe*> owners;
    time next = until;
    for (candidate& c : candidates_) {
        if (!c.asked || c.rests) {
            next = std::min(next, c.next);
        } else if (!c.asked->done()) {
            next =
                std::min(next, c.asked->knows_addresses() ? waits_for_name_until(c) : c.begun + c.patience);
            sockets.push_back({c.asked->socket(),
                               static_cast<short>(c.asked->waits_for() == wanted::write ? POLLOUT : POLLIN),
                               0});
            owners.push_back(&*c.asked);
        }
    }
    const auto left = std::chrono::ceil<milliseconds>(next - steady_clock::now());
    ::poll(sockets.data(), sockets.size(), static_cast<int>(std::max<std::int64_t>(left.count(), 1)));
    for (std::size_t i = 0; i < owners.size(); ++i) {
        if (sockets[i].revents != 0) {
            owners[i]->step();
        }
    }
}

std::optional<probe> search::look(time until) {
    const time enough = steady_clock::now() + host_timeout_;
    for (;;) {
        const time now = steady_clock::now();
        start(now);
        hear(now);
        time next = now + host_timeout_;
        if (candidate* found = best()) {
            // A server that was left behind may answer first, so the others are heard before one is taken.
            if (all_heard() || now >= enough) {
                return std::move(found->asked);
            }
            next = enough;
        } else if (all_heard() && (now >= until || code() == sql_errc::other)) {
            return std::nullopt;
        }
        wait(next);
    }
}

std::optional<probe> search::run(time until) {
    for (candidate& c : candidates_) {
        c.heard = false;
    }
    std::optional<probe> found = look(until);
    for (candidate& c : candidates_) { // Nobody looks after these until the next time.
        c.asked.reset();
        c.rests = false;
        c.next = {};
        c.pause = before_connecting_again;
    }
    return found;
}

sql_errc search::code() const {
    const auto each = [&](sql_errc code) { return [code](const candidate& c) { return c.code == code; }; };
    if (std::all_of(candidates_.begin(), candidates_.end(), each(sql_errc::other))) {
        return sql_errc::other;
    }
    return std::any_of(candidates_.begin(), candidates_.end(), each(sql_errc::busy)) ? sql_errc::busy
                                                                                     : sql_errc::lost;
}

std::string search::why() const {
    std::string out;
    for (const candidate& c : candidates_) {
        out += (out.empty() ? "" : "; ") + c.why;
    }
    return out;
}

} // namespace patt::store::postgres
