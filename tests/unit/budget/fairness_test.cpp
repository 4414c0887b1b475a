#include "unit/budget/history.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace patt::budget_tests {

namespace {

using budget::decided;
using budget::hand;
using budget::ledger;
using budget::urgency;

constexpr instant noon{1'767'636'000'000'000};

/// A host whose guilds always want one more token and ask when they are told to.
struct hungry_host {
    std::int64_t id;
    urgency cls;
    std::vector<guild_id> guilds;
    hand own{cls, {100ms, 25}};
};

struct got {
    std::map<guild_id, int> tokens;
    std::map<guild_id, duration> longest_wait;
};

/// All guilds of all hosts are hungry for a time; each host turns every 5 ms, a moment after another.
got feed(std::vector<hungry_host>& hosts, const budget::api_limits& limits, duration length) {
    got out;
    ledger state;
    std::map<guild_id, duration> last;
    for (duration now{0}; now < length; now += 5ms) {
        for (hungry_host& h : hosts) {
            for (const guild_id g : h.guilds) {
                budget::taken t = h.own.ask(g, 1, now);
                if (t.tokens == 0 && h.own.may_request(now)) {
                    const budget::request asked = h.own.make_request(h.id, now);
                    decided done = budget::decide(std::move(state), limits, asked, noon + now);
                    state = std::move(done.after);
                    h.own.receive(done.what, now, now);
                    t = h.own.ask(g, 1, now);
                }
                if (t.tokens > 0) {
                    out.tokens[g] += static_cast<int>(t.tokens);
                    last[g] = now;
                }
                out.longest_wait[g] = std::max(out.longest_wait[g], now - last[g]);
            }
        }
    }
    return out;
}

std::vector<guild_id> guilds(std::int64_t first, int count) {
    std::vector<guild_id> out;
    for (int i = 0; i < count; ++i) {
        out.emplace_back(first + i);
    }
    return out;
}

budget::api_limits twenty_a_second() {
    budget::api_limits out;
    out.all = {{1s, 20, 0}};
    return out;
}

TEST(BudgetFairness, GuildsGetTheSameWhicheverHostTheyAreOn) {
    std::vector<hungry_host> hosts;
    hosts.push_back({1, urgency::normal, guilds(100, 1)});
    hosts.push_back({2, urgency::normal, guilds(200, 3)});
    hosts.push_back({3, urgency::normal, guilds(300, 12)});
    const got all = feed(hosts, twenty_a_second(), 60s);
    ASSERT_EQ(all.tokens.size(), 16U);
    int sum = 0;
    for (const auto& [g, n] : all.tokens) {
        sum += n;
    }
    const double mean = sum / 16.0;
    for (const auto& [g, n] : all.tokens) {
        EXPECT_NEAR(n, mean, mean * 0.1 + 2) << "guild " << g.value();
        EXPECT_LT(all.longest_wait.at(g), 3s) << "guild " << g.value();
    }
    EXPECT_GE(sum, 20 * 60 * 8 / 10) << "most of the limit is used";
}

TEST(BudgetFairness, AManyTimesBiggerGuildCountStarvesNobody) {
    std::vector<hungry_host> hosts;
    hosts.push_back({1, urgency::normal, guilds(100, 1)});
    hosts.push_back({2, urgency::normal, guilds(1000, 200)});
    const got all = feed(hosts, twenty_a_second(), 60s);
    EXPECT_EQ(all.tokens.size(), 201U);
    for (const auto& [g, wait] : all.longest_wait) {
        EXPECT_LT(wait, 25s) << "guild " << g.value() << "; a round takes about 12 s";
    }
}

TEST(BudgetFairness, BulkCallsGetAFifthBesideNormalOnes) {
    std::vector<hungry_host> hosts;
    hosts.push_back({1, urgency::normal, guilds(100, 4)});
    hosts.push_back({2, urgency::bulk, guilds(200, 4)});
    const got all = feed(hosts, twenty_a_second(), 60s);
    double normal = 0;
    double bulk = 0;
    for (const auto& [g, n] : all.tokens) {
        (g.value() < 200 ? normal : bulk) += n;
    }
    EXPECT_NEAR(normal / bulk, 4.0, 0.5);
}

TEST(BudgetFairness, AnUrgentCallWithinTheReserveNeverWaits) {
    budget::api_limits limits;
    limits.all = {{1s, 20, 4}, {60s, 300, 200}};
    std::mt19937_64 dice(11);
    ledger state;
    std::vector<hungry_host> flood;
    flood.push_back({1, urgency::normal, guilds(100, 5)});
    flood.push_back({2, urgency::bulk, guilds(200, 5)});
    hand urgent(urgency::urgent, {100ms, 25});
    int asked = 0;
    duration next{500ms};
    for (duration now{0}; now < 30s; now += 5ms) {
        for (hungry_host& h : flood) {
            for (const guild_id g : h.guilds) {
                if (h.own.ask(g, 3, now).tokens == 0 && h.own.may_request(now)) {
                    decided done =
                        budget::decide(std::move(state), limits, h.own.make_request(h.id, now), noon + now);
                    state = std::move(done.after);
                    h.own.receive(done.what, now, now);
                }
            }
        }
        if (now >= next) { // three in a second and a half: within the reserve of four
            next = now + 500ms + duration{static_cast<std::int64_t>(dice() % 100'000)};
            ++asked;
            if (urgent.ask(guild_id{900}, 1, now).tokens == 0) {
                decided done =
                    budget::decide(std::move(state), limits, urgent.make_request(3, now), noon + now);
                state = std::move(done.after);
                urgent.receive(done.what, now, now);
                ASSERT_EQ(urgent.ask(guild_id{900}, 1, now).tokens, 1) << "at " << now.count();
            }
        }
    }
    EXPECT_GT(asked, 40);
}

TEST(BudgetFairness, NobodyStarvesInRandomHistories) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        history_options how;
        how.limits = twenty_a_second();
        how.hosts = 3;
        how.guilds_each = 3;
        how.kills = false;
        how.clock_steps = false;
        how.length = 12s;
        std::map<guild_id, int> calls;
        for (const call& c : play(how, seed).calls) {
            ++calls[c.guild];
        }
        EXPECT_EQ(calls.size(), 9U) << "seed " << seed;
        for (const auto& [g, n] : calls) {
            EXPECT_GT(n, 3) << "seed " << seed << ", guild " << g.value() << " of about 22 each";
        }
    }
}

} // namespace

} // namespace patt::budget_tests
