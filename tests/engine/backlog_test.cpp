// A guild with more effects than are claimed at once.
#include "engine/outbox_fixture.hpp"
#include "engine/spoken.hpp"

#include <fmt/core.h>

#include <map>
#include <string>
#include <vector>

namespace patt::engine_tests {
namespace {

using ::testing::SizeIs;

struct Backlog : ::testing::Test {
    spoken said;
    std::unique_ptr<world> w;

    Backlog() {
        testing::world_options how;
        how.database = recording(fresh_database(), said);
        how.roster = "";
        w = std::make_unique<world>(how);
    }
    void queue(int lanes, int each) {
        beside(*w, [&](store::connection& db) {
            for (int i = 0; i < lanes * each; ++i) {
                const std::string lane = fmt::format("lane{:02}", i % lanes);
                store::insert_effect(db, w->ids().guild, post(i + 1, fmt::format("{} {:03}", lane, i), lane),
                                     effect_state::pending, w->clock().now());
            }
        });
        w->clock().turn(2s); // Time to look around, once.
        w->engine().keep_leases();
    }
    /// Until nothing comes any more without another look around.
    int work_off() {
        int done = 0;
        for (int idle = 0; idle < 20;) {
            const int now = w->engine().dispatch(5ms);
            done += now;
            idle = now == 0 ? idle + 1 : 0;
        }
        return done;
    }
};

TEST_F(Backlog, LanesOfAFullGuildAreLookedForTogether) {
    constexpr int effects = 400;
    queue(effects, 1);
    said.listens = true;
    EXPECT_EQ(work_off(), effects);
    said.listens = false;
    int looks = 0;
    for (const spoken::statement& s : said.all()) {
        looks += s.sql.find("firsts AS") != std::string::npos ? s.times : 0;
    }
    EXPECT_GT(looks, 0);
    // For half of the 32 that are claimed at once together, in at most two statements, and those of the end;
    // there were 100. Others wait for each.
    EXPECT_LE(looks, effects / 8 + 15);
}

TEST_F(Backlog, LanesOfAFullGuildKeepTheirOrderAndAreNotForgotten) {
    constexpr int lanes = 40;
    constexpr int each = 3;
    queue(lanes, each);
    EXPECT_EQ(work_off(), lanes * each);
    const std::vector<std::string> keys = post_keys(*w);
    EXPECT_THAT(keys, SizeIs(lanes * each));
    std::map<std::string, std::string> last;
    for (const std::string& key : keys) {
        std::string& before = last[key.substr(0, 6)];
        EXPECT_LT(before, key);
        before = key;
    }
}

} // namespace
} // namespace patt::engine_tests
