// What is thought of a database's health, and how its figures are written.
#include <patt/engine/health.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace patt::engine {
namespace {

using ::testing::HasSubstr;

health all_well() {
    health h;
    h.schema = h.schema_wanted = 2;
    h.hosts = {{"a", "1", std::chrono::seconds(2), {5, 4, 0}}};
    h.leases = 64;
    server_health s;
    s.version = 150018;
    s.lock_timeout = "5s";
    s.idle_in_transaction_timeout = "5s";
    s.connections = 10;
    s.max_connections = 100;
    s.reserved_connections = 3;
    s.walled = true;
    h.server = s;
    return h;
}

grade of(const health& h, const std::string& what) {
    for (const finding& f : judge(h)) {
        if (f.what == what) {
            EXPECT_EQ(f.next.empty(), f.how == grade::ok) << what << ": whatever is not well has a next step";
            return f.how;
        }
    }
    ADD_FAILURE() << "nothing is said about " << what;
    return grade::ok;
}

TEST(Judge, FindsNothingWhenAllIsWell) {
    for (const finding& f : judge(all_well())) {
        EXPECT_EQ(f.how, grade::ok) << f.what << ": " << f.sentence;
        EXPECT_FALSE(f.sentence.empty());
    }
}

struct trouble {
    const char* name;
    const char* what;
    grade expected;
    std::function<void(health&)> how;
};

class Judged : public ::testing::TestWithParam<trouble> {};

TEST_P(Judged, IsTold) {
    health h = all_well();
    GetParam().how(h);
    EXPECT_EQ(to_string(of(h, GetParam().what)), to_string(GetParam().expected));
}

const std::vector<trouble> troubles{
    {"OldSchema", "schema", grade::fail, [](health& h) { h.schema = 1; }},
    {"OldServer", "server", grade::warn, [](health& h) { h.server->version = 140010; }},
    {"TooOldServer", "server", grade::fail, [](health& h) { h.server->version = 130010; }},
    {"ClockAhead", "clocks", grade::warn, [](health& h) { h.server->clock_skew = std::chrono::seconds(2); }},
    {"ClockFarBehind", "clocks", grade::fail,
     [](health& h) { h.server->clock_skew = -std::chrono::seconds(40); }},
    {"FewConnections", "connections", grade::warn, [](health& h) { h.server->connections = 85; }},
    {"NoConnections", "connections", grade::fail, [](health& h) { h.server->connections = 96; }},
    {"PoolsTooLarge", "pools", grade::warn,
     [](health& h) {
         h.hosts.push_back({"b", "1", std::chrono::seconds(1), {90, 10, 0}});
     }},
    {"NoTimeOut", "time-outs", grade::warn, [](health& h) { h.server->lock_timeout = "0"; }},
    {"OnAStandby", "standby", grade::fail, [](health& h) { h.server->in_recovery = true; }},
    {"StandbyGone", "standby", grade::fail, [](health& h) { h.server->synchronous_names = "*"; }},
    {"UnusedSlot", "replication slots", grade::warn, [](health& h) { h.server->idle_slots = 1; }},
    {"LongTransaction", "old snapshots", grade::warn,
     [](health& h) { h.server->oldest_transaction = std::chrono::minutes(11); }},
    {"OneRole", "row-level security", grade::warn, [](health& h) { h.server->walled = false; }},
    {"ForgottenTable", "row-level security", grade::fail, [](health& h) { h.server->unwalled_tables = 1; }},
    {"DeadRows", "dead rows", grade::warn,
     [](health& h) {
         h.bloats = {{"outbox", 10, 60'000}};
     }},
    {"SilentHost", "hosts", grade::warn,
     [](health& h) {
         h.hosts.push_back({"b", "1", std::chrono::minutes(1)});
     }},
    {"TwoVersions", "versions", grade::warn,
     [](health& h) {
         h.hosts.push_back({"b", "2", std::chrono::seconds(1)});
     }},
    {"OldXmin", "old snapshots", grade::warn, [](health& h) { h.server->oldest_xmin_age = 10'000'001; }},
    {"LeaseLeft", "leases", grade::fail, [](health& h) { h.leases_run_out = 1; }},
    {"EffectsWait", "effects", grade::warn, [](health& h) { h.oldest_due_effect = std::chrono::minutes(3); }},
    {"EffectsStand", "effects", grade::fail, [](health& h) { h.oldest_due_effect = std::chrono::hours(1); }},
    {"EffectsFailed", "effects", grade::warn, [](health& h) { h.effects_failed = 1; }},
    {"TimersStand", "timers", grade::fail, [](health& h) { h.oldest_due_timer = std::chrono::hours(1); }},
};

INSTANTIATE_TEST_SUITE_P(Health, Judged, ::testing::ValuesIn(troubles),
                         [](const auto& i) { return i.param.name; });

TEST(ReadHealth, SeesWhatWaitsInTheDatabase) {
    const auto db = store::open_memory("health")->connect();
    const instant now{1'780'000'000'000'000};
    EXPECT_EQ(of(read_health(*db, now), "schema"), grade::fail) << "nothing is there yet";
    ASSERT_TRUE(store::migrate(*db, store::built_in_migrations(), now));
    db->run("INSERT INTO timer (guild_id, owner_id, purpose, due_at, grace) VALUES (1, 1, 'x', $1, 0)",
            {(now - std::chrono::minutes(20)).microseconds()});
    db->run(
        "INSERT INTO lease (kind, lease_key, epoch, holder, expires_at) VALUES ('partition', 1, 1, 7, $1)",
        {(now - std::chrono::minutes(1)).microseconds()});
    const health h = read_health(*db, now);
    EXPECT_FALSE(h.server) << "SQLite has no server";
    EXPECT_EQ(h.timers_due, 1);
    EXPECT_EQ(h.oldest_due_timer, std::chrono::minutes(20));
    EXPECT_EQ(h.leases_run_out, 1);
    EXPECT_EQ(of(h, "timers"), grade::fail);
    EXPECT_EQ(of(h, "schema"), grade::ok);
}

TEST(MetricsText, WritesWhatPrometheusReads) {
    const std::vector<metric> metrics{
        {"patt_a_total", "Things that\nhappened \\ \"here\".", metric_kind::counter, {{{}, 3}}},
        {"patt_b", "Now.", metric_kind::gauge, {{{{"table", "a\"b\\c\nd"}, {"x", "y"}}, 0.25}, {{}, 1e9}}}};
    EXPECT_EQ(metrics_text(metrics), "# HELP patt_a_total Things that\\nhappened \\\\ \"here\".\n"
                                     "# TYPE patt_a_total counter\n"
                                     "patt_a_total 3\n"
                                     "# HELP patt_b Now.\n"
                                     "# TYPE patt_b gauge\n"
                                     "patt_b{table=\"a\\\"b\\\\c\\nd\",x=\"y\"} 0.25\n"
                                     "patt_b 1000000000\n");
}

TEST(Judge, LeavesOutTheVersionOfAHostThatIsGone) {
    health h = all_well();
    h.hosts.push_back({"b", "2", std::chrono::minutes(5)});
    EXPECT_EQ(of(h, "versions"), grade::ok);
}

TEST(Judge, SaysWhichVersionsRunInWords) {
    health h = all_well();
    const auto said = [&h] {
        for (const finding& f : judge(h)) {
            if (f.what == "versions") {
                return f.sentence;
            }
        }
        return std::string();
    };
    h.hosts = {{"a", "0.2.0", std::chrono::seconds(1)}, {"b", "", std::chrono::seconds(1)}};
    EXPECT_EQ(said(), "hosts run 0.2.0 and an older version") << "hosts did not always say theirs";
    h.hosts.clear();
    EXPECT_EQ(said(), "no host is alive");
}

finding pools_in(const health& h) {
    for (const finding& f : judge(h)) {
        if (f.what == "pools") {
            return f;
        }
    }
    ADD_FAILURE() << "nothing is said about pools";
    return {};
}

TEST(Judge, ComparesWhatHostsMayOpenWithTheServersRoom) {
    health h = all_well();
    h.hosts = {{"a", "1", std::chrono::seconds(2), {50, 12, 1}},
               {"b", "1", std::chrono::seconds(2), {44, 9, 0}}};
    EXPECT_EQ(pools_in(h).how, grade::ok) << "94, and three for others, of 100 without the reserved three";
    EXPECT_EQ(
        pools_in(h).sentence,
        "hosts may open 94 connections, the server has room for 97; open: 21, threads waiting for one: 1");
    h.hosts.front().connections.most = 51;
    EXPECT_EQ(pools_in(h).how, grade::warn);
    EXPECT_EQ(pools_in(h).next, "set the server's max_connections to 101 or more");
    h.hosts.front().silent = std::chrono::minutes(1);
    EXPECT_EQ(pools_in(h).how, grade::ok) << "a host that is gone opens nothing";
}

TEST(Judge, ComparesNothingWithTheServerWhereAPgBouncerStandsBetween) {
    health h = all_well();
    h.hosts.front().connections.most = 500;
    h.leads_to = way::pooler;
    EXPECT_EQ(pools_in(h).how, grade::ok);
    EXPECT_THAT(pools_in(h).sentence, HasSubstr("its max_client_conn must be larger"));
}

// Whoever looks may be connected in another way than the hosts.
TEST(Judge, ComparesEachHostWithTheLimitOfWhatItLeadsTo) {
    health h = all_well();
    h.hosts = {{"a", "1", std::chrono::seconds(2), {500, 12, 1, way::pooler}},
               {"b", "1", std::chrono::seconds(2), {94, 9, 0, way::server}}};
    for (const way from : {way::server, way::pooler}) {
        h.leads_to = from;
        h.hosts.back().connections.most = 94;
        EXPECT_EQ(pools_in(h).how, grade::ok);
        EXPECT_EQ(pools_in(h).sentence,
                  "hosts may open 594 connections, 500 of them to the PgBouncer: its max_client_conn must be "
                  "larger; for the rest the server has room for 97; open: 21, threads waiting for one: 1");
        h.hosts.back().connections.most = 95;
        EXPECT_EQ(pools_in(h).how, grade::warn);
        EXPECT_EQ(pools_in(h).next, "set the server's max_connections to 101 or more");
    }
    EXPECT_THAT(metrics_text(metrics_of(h)), HasSubstr("patt_hosts_connections_most_pooled 500\n"));
}

// A host behind a PgBouncer is woken by a session of its own, which takes room in the server.
TEST(Judge, CountsWhatGoesPastThePgBouncerAgainstTheServer) {
    health h = all_well();
    h.hosts = {{"a", "1", std::chrono::seconds(2), {500, 12, 0, way::pooler, 1}},
               {"b", "1", std::chrono::seconds(2), {93, 9, 0, way::server}}};
    EXPECT_EQ(pools_in(h).how, grade::ok);
    EXPECT_THAT(pools_in(h).sentence, HasSubstr("593 connections, 499 of them to the PgBouncer"));
    h.hosts.push_back({"c", "1", std::chrono::seconds(2), {500, 12, 0, way::pooler, 1}});
    EXPECT_EQ(pools_in(h).how, grade::warn);
    EXPECT_EQ(pools_in(h).next, "set the server's max_connections to 101 or more");
    EXPECT_THAT(metrics_text(metrics_of(h)), HasSubstr("patt_hosts_connections_most_pooled 998\n"));
}

TEST(Judge, SaysHowManyHostsDoNotTellTheirPools) {
    health h = all_well();
    h.hosts.push_back({"b", "", std::chrono::seconds(1)});
    EXPECT_THAT(pools_in(h).sentence, HasSubstr("1 of 2 hosts do not say theirs"));
}

TEST(MetricsText, ShowsWhatHostsMayOpenHaveAndWaitFor) {
    health h = all_well();
    h.hosts = {{"a", "1", std::chrono::seconds(2), {50, 12, 1}},
               {"b", "1", std::chrono::seconds(2), {44, 9, 0}}};
    const std::string text = metrics_text(metrics_of(h));
    for (const char* line : {"patt_hosts_connections_most 94\n", "patt_hosts_connections_open 21\n",
                             "patt_hosts_connections_waiting 1\n", "patt_database_max_connections 100\n"}) {
        EXPECT_THAT(text, HasSubstr(line));
    }
}

// Whatever `patt doctor` warns of can be seen by who only watches the metrics.
TEST(MetricsText, MovesWithWhateverIsJudged) {
    const auto text = [](const health& h) { return metrics_text(metrics_of(h)); };
    for (const trouble& t : troubles) {
        health h = all_well();
        t.how(h);
        EXPECT_NE(text(h), text(all_well())) << t.name;
    }
}

TEST(MetricsText, NamesEveryMetricOnceAndSaysWhatItIs) {
    std::vector<metric> all = metrics_of(engine_metrics{});
    for (const auto& more : {metrics_of(all_well()), metrics_of(store::pool_state{})}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    std::vector<std::string> names;
    for (const metric& m : all) {
        EXPECT_THAT(m.name, ::testing::MatchesRegex("patt_[a-z_]+"));
        EXPECT_FALSE(m.help.empty()) << m.name;
        EXPECT_EQ(m.name.ends_with("_total"), m.kind == metric_kind::counter) << m.name;
        names.push_back(m.name);
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << "a name twice";
    EXPECT_GT(names.size(), 30U);
}

} // namespace
} // namespace patt::engine
