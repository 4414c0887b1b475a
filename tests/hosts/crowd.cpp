#include "hosts/crowd.hpp"

#include "crash/remote_chat.hpp"
#include "hosts/host_process.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;
using monotonic = std::chrono::steady_clock;

constexpr int threads = 6;

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
    const std::vector<std::string>& hosts;
    const std::string& chat;
    monotonic::time_point end;
    std::mutex mutex{};
    crowd_report report{};
    monotonic::time_point last = monotonic::now();
    std::atomic<std::size_t> acknowledged{0};
    std::atomic<std::uint64_t> asked{0};

    void done(const std::string& key, const std::string& answer) {
        const std::lock_guard lock(mutex);
        const auto now = monotonic::now();
        report.longest_gap =
            std::max(report.longest_gap, std::chrono::duration_cast<std::chrono::milliseconds>(now - last));
        last = now;
        if (answer == "accepted") {
            report.acknowledged.push_back(key);
        } else {
            report.wrong.push_back(key + " " + answer);
        }
        ++acknowledged;
    }
    void late(const way& w, std::size_t step) {
        const std::lock_guard lock(mutex);
        report.wrong.push_back("not done in time: " + w.steps[step].what.key);
    }
};

/// One thread: goes round its ways, one step at a time.
void stroll(street& shared, std::deque<const way*> mine, std::uint64_t seed) {
    std::mt19937_64 dice(seed);
    crash::remote_chat chat(shared.chat);
    caller ask;
    std::deque<std::pair<const way*, std::size_t>> open;
    while (!mine.empty() || !open.empty()) {
        while (open.size() < 24 && !mine.empty()) {
            open.emplace_back(mine.front(), 0);
            mine.pop_front();
        }
        auto [w, step] = open.front();
        open.pop_front();
        if (monotonic::now() > shared.end) {
            shared.late(*w, step);
            continue;
        }
        const way::step& now = w->steps[step];
        if (now.inbox_before > 0 && chat.inbox_size(now.what.member) < now.inbox_before) {
            open.emplace_back(w, step);
            std::this_thread::sleep_for(2ms);
            continue;
        }
        ++shared.asked;
        const auto answer = ask.ask(shared.hosts[dice() % shared.hosts.size()], to_line(now.what));
        if (!answer || answer->rfind("failed", 0) == 0) { // Again, somewhere else, under the same key.
            open.emplace_front(w, step);
            std::this_thread::sleep_for(5ms);
            continue;
        }
        shared.done(now.what.key, *answer);
        if (step + 1 < w->steps.size()) {
            open.emplace_back(w, step + 1);
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
                  const std::string& chat, std::uint64_t seed, std::chrono::seconds most,
                  const std::function<void(const std::atomic<std::size_t>& acknowledged)>& faults) {
    street shared{hosts, chat, monotonic::now() + most};
    std::vector<std::deque<const way*>> shares(threads);
    for (std::size_t i = 0; i < ways.size(); ++i) {
        shares[i % threads].push_back(&ways[i]);
    }
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < threads; ++i) {
        running.emplace_back(
            [&shared, share = shares[i], seed, i] { stroll(shared, share, seed * 100 + i); });
    }
    faults(shared.acknowledged);
    for (std::thread& t : running) {
        t.join();
    }
    shared.report.asked = shared.asked;
    return std::move(shared.report);
}

} // namespace patt::hosts
