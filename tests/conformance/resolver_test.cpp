// Names of servers are looked up beside: a name server that keeps silent holds nobody up.
#include "store/postgres/connector.hpp"
#include "store/postgres/primary_watch.hpp"
#include "store/postgres/resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace patt::store::postgres {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A name server that keeps silent about some names until it is let go, or for ten seconds. Look-ups may
/// outlive a test, so they share it.
class name_server {
public:
    [[nodiscard]] name_lookup asked() const {
        return [mine = mine_](const std::string& name) { return mine->answer(name); };
    }
    void knows(const std::string& name, std::vector<std::string> numeric) const {
        says(name, {std::move(numeric), "", addresses::answer::known});
    }
    void says(const std::string& name, addresses what) const {
        {
            const std::lock_guard lock(mine_->guard);
            mine_->known[name] = std::move(what);
        }
        mine_->changed.notify_all();
    }
    void keeps_silent(const std::string& name) const {
        const std::lock_guard lock(mine_->guard);
        mine_->known.erase(name);
    }
    [[nodiscard]] int questions() const { return mine_->questions; }
    ~name_server() {
        {
            const std::lock_guard lock(mine_->guard);
            mine_->over = true;
        }
        mine_->changed.notify_all();
    }

private:
    struct shared {
        std::mutex guard;
        std::condition_variable changed;
        std::map<std::string, addresses> known;
        bool over = false;
        std::atomic<int> questions{0};

        addresses answer(const std::string& name) {
            ++questions;
            std::unique_lock lock(guard);
            changed.wait_for(lock, 10s, [&] { return over || known.count(name) != 0; });
            return known.count(name) != 0 ? known.at(name) : addresses{};
        }
    };
    std::shared_ptr<shared> mine_ = std::make_shared<shared>();
};

bool wait_for(const lookup& what) {
    pollfd watched{what.socket(), POLLIN, 0};
    return ::poll(&watched, 1, 5000) == 1 && what.over();
}

postgres_options quick() {
    postgres_options how;
    how.host_timeout = 100ms;
    how.connect_patience = 300ms;
    return how;
}

class Resolver : public testing::Test {
protected:
    name_server server_;
    resolver names_{server_.asked()};
    timeline_memory seen_{{}};
    postgres_options how_ = quick();

    [[nodiscard]] std::string refused(const std::string& conninfo) {
        const connector to(conninfo, how_, names_, seen_);
        try {
            static_cast<void>(to.connect(1s));
        } catch (const sql_error& problem) {
            return std::string(to_string(problem.code())) + ": " + problem.what();
        }
        return "connected";
    }
};

TEST_F(Resolver, GivesAddressesInTheirOrder) {
    server_.knows("db.example", {"192.0.2.1", "2001:db8::1"});
    const auto found = names_.look_up("db.example");
    ASSERT_TRUE(wait_for(*found));
    EXPECT_THAT(found->found().numeric, ElementsAre("192.0.2.1", "2001:db8::1"));
    EXPECT_THAT(names_.last_found("db.example"), ElementsAre("192.0.2.1", "2001:db8::1"));
    EXPECT_THAT(names_.last_found("other.example"), IsEmpty());
}

TEST_F(Resolver, AsksOnceForAllWhoWait) {
    const auto one = names_.look_up("db.example");
    EXPECT_FALSE(one->over());
    EXPECT_EQ(names_.look_up("db.example"), one);
    EXPECT_NE(names_.look_up("other.example"), one);
    server_.knows("db.example", {"192.0.2.1"});
    ASSERT_TRUE(wait_for(*one));
    EXPECT_EQ(names_.look_up("db.example"), one) << "who comes a moment later shares it too";
    EXPECT_LE(server_.questions(), 2);
}

TEST_F(Resolver, LooksANameUpAsTheSystemDoes) {
    const addresses found = ask_system("localhost");
    EXPECT_THAT(found.numeric, testing::Contains(testing::AnyOf("127.0.0.1", "::1")));
    EXPECT_THAT(ask_system("no such name").numeric, IsEmpty());
    EXPECT_NE(ask_system("no such name").problem, "");
}

TEST_F(Resolver, HoldsNobodyUpWhoConnects) {
    const auto begun = steady_clock::now();
    EXPECT_THAT(refused("host=silent.example,127.0.0.1,quiet.example port=1 user=u"),
                testing::AllOf(HasSubstr("lost: "),
                               HasSubstr("silent.example:1: its name could not be looked up in time"),
                               HasSubstr("Connection refused")));
    EXPECT_LT(steady_clock::now() - begun, 5s) << "one name takes ten seconds";
}

TEST_F(Resolver, HoldsNobodyUpWhoAsksWhetherTheServerWasLeftBehind) {
    const connector all("host=silent.example,127.0.0.1 port=1 user=u", how_, names_, seen_);
    primary_watch watch(all, seen_, how_);
    const auto begun = steady_clock::now();
    EXPECT_FALSE(watch.left_behind(1, begun));
    EXPECT_LT(steady_clock::now() - begun, 5s) << "meanwhile leases run out";
}

TEST_F(Resolver, SaysThatThereIsNoSuchName) {
    server_.says("nowhere.example", {{}, "Name or service not known", addresses::answer::known});
    EXPECT_THAT(
        refused("host=nowhere.example user=u"),
        testing::AllOf(HasSubstr("lost: "), HasSubstr("could not be looked up: Name or service not known")));
}

TEST_F(Resolver, UsesTheAddressesOfLastTimeWhenNobodyAnswers) {
    const std::string where = "host=db.example port=1 user=u";
    server_.knows("db.example", {"127.0.0.1"});
    EXPECT_THAT(refused(where), HasSubstr("Connection refused"));
    server_.keeps_silent("db.example");
    std::this_thread::sleep_for(1100ms); // What was found a moment ago is not asked for again.
    EXPECT_THAT(refused(where), HasSubstr("Connection refused"));
}

TEST_F(Resolver, UsesTheAddressesOfLastTimeWhenNobodyCouldTell) {
    const std::string where = "host=db.example port=1 user=u";
    server_.knows("db.example", {"127.0.0.1"});
    EXPECT_THAT(refused(where), HasSubstr("Connection refused"));
    server_.says("db.example", {{}, "try again", addresses::answer::nobody_could_tell});
    std::this_thread::sleep_for(1100ms);
    EXPECT_THAT(refused(where), HasSubstr("Connection refused"));
    server_.says("db.example", {{}, "Name or service not known", addresses::answer::known});
    EXPECT_THAT(refused(where), HasSubstr("Name or service not known")) << "it was given up";
}

TEST_F(Resolver, IsNotAskedForAddressesAndSockets) {
    how_.connect_patience = 0ms;
    for (const std::string host :
         {"host=127.0.0.1", "host=::1", "host=/nowhere", "hostaddr=127.0.0.1 host=name.example"}) {
        EXPECT_THAT(refused(host + " port=1 user=u"), HasSubstr("lost: ")) << host;
    }
    EXPECT_EQ(server_.questions(), 0);
}

TEST_F(Resolver, MayGoBeforeItsQuestionIsAnswered) {
    std::shared_ptr<const lookup> pending;
    {
        resolver gone(server_.asked());
        pending = gone.look_up("db.example");
    }
    EXPECT_FALSE(pending->over());
    EXPECT_THAT(names_.last_found("db.example"), IsEmpty());
}

} // namespace
} // namespace patt::store::postgres
