#include "hosts/crowd.hpp"

#include "crash/remote_chat.hpp"
#include "hosts/host_process.hpp"

#include <algorithm>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>
#include <utility>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;
using monotonic = std::chrono::steady_clock;

/// So many of them may wait for one host: whoever hangs does not hold up those who talk to others.
constexpr int threads_a_host = 4;

/// Writes one way, with keys of its own.
class way_writer {
public:
    way_writer(way& out, std::string name)
        : out_(out)
        , name_(std::move(name)) {}
    void add(deed what, member_id member, std::string text, int inbox_before) {
        request r{what, name_ + "-" + std::to_string(out_.steps.size()), out_.guild, member, std::move(text)};
        out_.steps.push_back({std::move(r), inbox_before});
    }

private:
    way& out_;
    std::string name_;
};

way way_of_newcomer(guild_id guild, int number) {
    way out{guild, number, way::end::provisioned, {}};
    const member_id who = newcomer_of(guild, number);
    way_writer w(out, "g" + std::to_string(guild.value()) + "n" + std::to_string(number));
    w.add(deed::join, who, character_name(number), 0);
    switch (number % 8) {
    case 5:
        out.how = way::end::dismissed;
        w.add(deed::dismiss, who, "", 1);
        break;
    case 3:
        out.how = way::end::resolved;
        w.add(deed::resolve, who, character_name(number) + "-Senjin", 1);
        break;
    default:
        w.add(deed::say, who, "yes", 1);
        w.add(deed::say, who, character_name(number), 2);
        w.add(deed::say, who, "yes", 3);
        w.add(deed::say, who, "none", 4);
    }
    return out;
}

/// What the threads share.
struct street {
    const std::vector<way>& ways;
    const std::vector<std::string>& hosts;
    const std::string& chat;
    monotonic::time_point begin;
    std::atomic<monotonic::time_point> end;
    std::chrono::milliseconds spread;
    std::vector<std::atomic<int>> asking;
    std::atomic<bool> hurry{false};
    std::mutex mutex{};
    crowd_report report{};
    monotonic::time_point last = monotonic::now();
    std::multiset<monotonic::time_point> waiting{}; ///< Since when, for an answer that has not come.
    std::atomic<std::size_t> acknowledged{0};
    std::atomic<std::uint64_t> asked{0};

    [[nodiscard]] std::size_t threads() const { return threads_a_host * hosts.size(); }
    /// Whether the way with that number may begin. They do one after the other, whoever walks them: threads
    /// that began theirs at the same moments would make waves, with seconds between them in which nobody
    /// asks.
    [[nodiscard]] bool may_begin(std::size_t number) const {
        return hurry || monotonic::now() >= begin + spread * number / ways.size();
    }
    /// A host that few wait for, by chance; `leave` it afterwards.
    std::size_t enter(std::uint64_t chance) {
        for (std::size_t i = 0; i < hosts.size(); ++i) {
            const std::size_t host = (chance + i) % hosts.size();
            if (++asking[host] <= threads_a_host) {
                return host;
            }
            --asking[host];
        }
        const std::size_t host = chance % hosts.size();
        ++asking[host];
        return host;
    }
    void leave(std::size_t host) { --asking[host]; }
    /// Somebody asks for the first time.
    monotonic::time_point begin_asking() {
        const std::lock_guard lock(mutex);
        return *waiting.insert(monotonic::now());
    }
    /// @param since  What `begin_asking` said. While nobody has asked, as all wait for messages, nothing is
    /// missed.
    void done(const std::string& key, std::size_t host, const std::string& answer,
              monotonic::time_point since) {
        const std::lock_guard lock(mutex);
        const auto now = monotonic::now();
        const auto gap = now - std::max(last, *waiting.begin());
        report.longest_gap =
            std::max(report.longest_gap, std::chrono::duration_cast<std::chrono::milliseconds>(gap));
        waiting.erase(waiting.find(since));
        last = now;
        if (answer == "accepted") {
            report.acknowledged.push_back({key, host, now});
        } else {
            report.wrong.push_back(key + " " + answer);
        }
        ++acknowledged;
    }
    /// A newcomer has got the message that comes before the next answer.
    void got_message(monotonic::time_point since) {
        const std::lock_guard lock(mutex);
        const auto wait = monotonic::now() - since;
        report.longest_wait =
            std::max(report.longest_wait, std::chrono::duration_cast<std::chrono::milliseconds>(wait));
    }
    void failed(const std::string& answer) {
        constexpr std::size_t most = 160; // What comes then differs from input to input.
        const std::lock_guard lock(mutex);
        ++report.failures[answer.substr(std::string_view("failed ").size(), most)];
    }
    void wrong(std::string what) {
        const std::lock_guard lock(mutex);
        report.wrong.push_back(std::move(what));
    }
    void late(const way& w, std::size_t step) { wrong("not done in time: " + w.steps[step].what.key); }
};

/// The same input under the same key, anywhere: it is answered as before, and nothing happens.
void ask_again(street& shared, std::vector<caller>& callers, std::uint64_t chance, const request& what) {
    const std::size_t host = shared.enter(chance);
    const auto answer = callers[host].ask(shared.hosts[host], to_line(what));
    shared.leave(host);
    if (answer && answer->rfind("refused", 0) == 0) {
        shared.wrong(what.key + " the second time " + *answer);
    }
}

/// A way that somebody is on.
struct walker {
    const way* where;
    std::size_t step = 0;
    monotonic::time_point since; ///< When the step before was acknowledged.
};

/// One thread: goes round its ways, one step at a time.
void stroll(street& shared, std::size_t thread, std::uint64_t seed) {
    std::mt19937_64 dice(seed);
    crash::remote_chat chat(shared.chat);
    std::vector<caller> callers(shared.hosts.size());
    std::deque<walker> open;
    std::size_t next = thread;
    std::optional<monotonic::time_point> asked; // The first time, if it has to be asked again.
    while (next < shared.ways.size() || !open.empty()) {
        while (open.size() < 24 && next < shared.ways.size() && shared.may_begin(next)) {
            open.push_back({&shared.ways[next], 0, monotonic::now()});
            next += shared.threads();
        }
        if (open.empty()) {
            std::this_thread::sleep_for(5ms);
            continue;
        }
        const walker one = open.front();
        const way* const w = one.where;
        open.pop_front();
        if (monotonic::now() > shared.end.load()) {
            shared.late(*w, one.step);
            continue;
        }
        const way::step& now = w->steps[one.step];
        if (now.inbox_before > 0 && chat.inbox_size(now.what.member) < now.inbox_before) {
            open.push_back(one);
            std::this_thread::sleep_for(10ms);
            continue;
        }
        if (now.inbox_before > 0 && !asked) {
            shared.got_message(one.since);
        }
        ++shared.asked;
        asked = asked ? asked : shared.begin_asking();
        const std::size_t host = shared.enter(dice());
        const auto answer = callers[host].ask(shared.hosts[host], to_line(now.what));
        shared.leave(host);
        if (!answer || answer->rfind("failed", 0) == 0) { // Again, somewhere else, under the same key.
            if (answer) {
                shared.failed(*answer);
            }
            open.push_front(one);
            std::this_thread::sleep_for(5ms);
            continue;
        }
        shared.done(now.what.key, host, *answer, *std::exchange(asked, std::nullopt));
        if (dice() % 16 == 0) { // As whoever lost the answer does.
            ask_again(shared, callers, dice(), now.what);
        }
        if (one.step + 1 < w->steps.size()) {
            open.push_back({w, one.step + 1, monotonic::now()});
        }
    }
}

} // namespace

std::vector<way> ways_of(const size& how, std::uint64_t seed) {
    std::vector<way> out;
    for (int g = 1; g <= how.guilds; ++g) {
        for (int n = 0; n < how.newcomers; ++n) {
            out.push_back(way_of_newcomer(guild_id{g}, n));
        }
        if (g % 5 == 0) {
            way imports{guild_id{g}, -1, way::end::other, {}};
            way_writer(imports, "g" + std::to_string(g) + "i").add(deed::import, {}, "1", 0);
            out.push_back(std::move(imports));
        }
    }
    std::mt19937_64 dice(seed);
    std::shuffle(out.begin(), out.end(), dice);
    return out;
}

crowd_report walk(const std::vector<way>& ways, const std::vector<std::string>& hosts,
                  const std::string& chat, const walk_options& how,
                  const std::function<void(const std::atomic<std::size_t>& acknowledged)>& faults) {
    const auto begin = monotonic::now();
    street shared{
        ways, hosts, chat, begin, begin + how.most, how.spread, std::vector<std::atomic<int>>(hosts.size())};
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < shared.threads(); ++i) {
        running.emplace_back([&shared, seed = how.seed, i] { stroll(shared, i, seed * 100 + i); });
    }
    std::exception_ptr failed;
    try {
        faults(shared.acknowledged);
    } catch (...) {
        failed = std::current_exception();
        shared.end = monotonic::time_point{}; // Nobody need go on.
    }
    shared.hurry = true;
    for (std::thread& t : running) {
        t.join();
    }
    if (failed) {
        std::rethrow_exception(failed);
    }
    shared.report.asked = shared.asked;
    return std::move(shared.report);
}

} // namespace patt::hosts
