// The bundled sample guild is what its page says, and goes through the whole way of a roster.
#include <patt/blizzard/profile_document.hpp>
#include <patt/blizzard/roster_document.hpp>
#include <patt/identity/roster_merge.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace patt::blizzard {
namespace {

using namespace identity;
using testing::IsEmpty;
using testing::SizeIs;

const std::string sample = std::string{PATT_SOURCE_DIR} + "/sample";

roster_snapshot load() {
    auto r = load_roster(sample + "/roster.json");
    if (!r) {
        ADD_FAILURE() << r.err().detail;
        return {};
    }
    return std::move(r).value();
}

TEST(SampleGuild, IsWholeAndLikeARealGuild) {
    const auto snapshot = load();
    EXPECT_EQ(snapshot.guild.name, "Lantern Watch");
    EXPECT_THAT(snapshot.rejected, IsEmpty());
    EXPECT_THAT(snapshot.entries, SizeIs(60));
    std::set<std::string> realms;
    std::set<std::int32_t> classes;
    std::map<std::int32_t, int> ranks;
    for (const auto& e : snapshot.entries) {
        EXPECT_TRUE(e.game);
        realms.insert(e.realm_slug);
        classes.insert(e.class_id);
        ++ranks[e.rank];
    }
    EXPECT_THAT(realms, SizeIs(4));
    EXPECT_THAT(classes, SizeIs(13));
    EXPECT_THAT(ranks, SizeIs(10));
    EXPECT_EQ(ranks[0], 1);
    EXPECT_EQ(ranks[1], 4);
}

TEST(SampleGuild, GoesThroughTheWholeWayAndASecondTimeChangesNothing) {
    const auto snapshot = load();
    auto profiles = load_profiles(sample + "/profiles");
    ASSERT_TRUE(profiles);
    EXPECT_THAT(profiles->failed, IsEmpty());
    auto prepared = prepare_roster(snapshot);
    const auto handed_out = attach_profiles(prepared, std::move(profiles).value().profiles);
    EXPECT_EQ(handed_out.attached, 14U);
    EXPECT_EQ(handed_out.unmatched, 0U);
    const expected_guild expected{game_guild_id{70214455}, "lantern watch", "ember-vale"};
    const auto counts = count_roster(snapshot, prepared, match_guild(snapshot.guild, expected));
    EXPECT_TRUE(assess(counts, {}).complete()) << explain(assess(counts, {}));

    std::vector<character> rows;
    std::int64_t next = 1;
    for (auto& change : merge_chunk(prepared.items, {}, {instant{1}, sync_run_id{1}})) {
        EXPECT_EQ(change.kind, merge_kind::insert);
        EXPECT_FALSE(change.row.realm_name.empty()) << change.row.name;
        change.row.id = character_id{next++};
        rows.push_back(change.row);
    }
    const auto again = merge_chunk(prepared.items, rows, {instant{2}, sync_run_id{2}});
    merge_totals totals;
    add_to(totals, again);
    EXPECT_EQ(totals, (merge_totals{.unchanged = 60}));
}

TEST(SampleGuild, HasANameOnTwoRealmsAndNamesThatDifferInAnAccent) {
    std::map<std::string, int> names;
    std::map<character_key, int> keys;
    for (const auto& e : load().entries) {
        ++names[e.name];
        ++keys[key_of(e.name, e.realm_slug)];
    }
    EXPECT_EQ(names["Maren"], 2);
    EXPECT_EQ(keys[key_of("briselia", "ember-vale")], 2);
}

} // namespace
} // namespace patt::blizzard
