#include "budget_hosts.hpp"

#include "unit/budget/history.hpp"

#include <patt/engine/system.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <iostream>
#include <mutex>
#include <set>
#include <thread>

namespace patt::engine_tests {

namespace {

using namespace std::chrono_literals;
using budget::urgency;
using steady = std::chrono::steady_clock;

constexpr auto play_time = 1200ms;
constexpr auto patience = 30s; ///< On a machine that is busy with other things.

budget::api_limits test_limits() {
    budget::api_limits out;
    out.all = {{300ms, 30, 6}, {1s, 80, 0}};
    out.of_class = {{urgency::bulk, 300ms, 15}};
    out.transit = 5ms;
    return out;
}

class many_hosts {
public:
    explicit many_hosts(std::shared_ptr<store::database> database)
        : database_(std::move(database)) {}

    /// One thread of a host: its guild calls until the time is over or it "dies".
    void work(engine::budget& own, urgency cls, guild_id guild, steady::time_point least) {
        std::vector<budget_tests::call> calls;
        while (steady::now() < start_ + patience && (steady::now() < least || calls.empty())) {
            const engine::allowance may = own.take("api", cls, guild, 2);
            for (std::int64_t i = 0; i < may.tokens; ++i) {
                const auto begun = steady::now();
                if (begun < may.use_before) {
                    budget_tests::call c;
                    c.begun = std::chrono::duration_cast<duration>(begun - start_);
                    c.arrived = c.begun;
                    c.cls = cls;
                    c.guild = guild;
                    calls.push_back(c);
                } else {
                    own.give_back(may, 1);
                }
            }
            if (may.tokens == 0) {
                std::this_thread::sleep_until(std::min(may.again, start_ + patience));
                std::this_thread::sleep_for(1ms);
            }
        }
        const std::lock_guard lock(mutex_);
        calls_.insert(calls_.end(), calls.begin(), calls.end());
    }

    void host(std::int64_t number, duration length) {
        const auto least = steady::now() + length;
        engine::budget_options how;
        how.apis = {{"api", test_limits()}};
        engine::budget own(database_, clock_, std::move(how));
        const urgency first = number == 0 ? urgency::urgent : urgency::normal;
        std::thread other([&] { work(own, urgency::bulk, guild_id{number * 10 + 2}, least); });
        work(own, first, guild_id{number * 10 + 1}, least);
        other.join();
    } // dies with what it has in hand

    void run() {
        std::vector<std::thread> hosts;
        hosts.emplace_back([&] { host(0, play_time); });
        hosts.emplace_back([&] { host(1, play_time); });
        hosts.emplace_back([&] {
            host(2, play_time / 3);
            host(3, play_time / 2);
        });
        for (std::thread& t : hosts) {
            t.join();
        }
    }

    [[nodiscard]] const std::vector<budget_tests::call>& calls() const { return calls_; }

private:
    std::shared_ptr<store::database> database_;
    engine::system_clock clock_;
    steady::time_point start_ = steady::now();
    std::mutex mutex_;
    std::vector<budget_tests::call> calls_;
};

} // namespace

void expect_exact_with_many_hosts(const std::shared_ptr<store::database>& database) {
    many_hosts all(database);
    all.run();
    const auto broken = budget_tests::broken_limit(all.calls(), test_limits());
    EXPECT_FALSE(broken.has_value()) << *broken;
    std::set<guild_id> served;
    for (const auto& c : all.calls()) {
        served.insert(c.guild);
    }
    std::cout << all.calls().size() << " calls\n";
    EXPECT_EQ(served.size(), 8U) << "every guild of every host";
    EXPECT_GE(all.calls().size(), 30U) << "one span's worth, however busy the machine is";
}

} // namespace patt::engine_tests
