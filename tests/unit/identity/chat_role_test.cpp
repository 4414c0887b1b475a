#include <patt/identity/chat_role.hpp>

#include <gmock/gmock.h>

namespace patt::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<chat_role> known{
    {role_id{1}, "@everyone", {}}, {role_id{2}, "Mage", {}}, {role_id{3}, "Raider", {}}};

TEST(RoleChanges, TellNewRenamedAndGone) {
    role_snapshot list;
    list.covers = role_coverage::everything;
    list.roles = {{role_id{4}, "Druid"}, {role_id{2}, "Priest"}, {role_id{1}, "@everyone"}};
    EXPECT_THAT(changes_by(list, known),
                ElementsAre(role_change{role_id{2}, "Mage", "Priest"}, role_change{role_id{3}, "Raider", ""},
                            role_change{role_id{4}, "", "Druid"}));
}

TEST(RoleChanges, APartLeavesTheOthersAlone) {
    role_snapshot list;
    list.roles = {{role_id{2}, "Mage"}};
    EXPECT_THAT(changes_by(list, known), IsEmpty());
    list.roles = {{role_id{3}, "Raiders"}};
    EXPECT_THAT(changes_by(list, known), ElementsAre(role_change{role_id{3}, "Raider", "Raiders"}));
}

TEST(RoleChanges, OfOneIdTheFirstCounts) {
    role_snapshot list;
    list.roles = {{role_id{9}, "first"}, {role_id{9}, "second"}};
    EXPECT_THAT(changes_by(list, known), ElementsAre(role_change{role_id{9}, "", "first"}));
}

} // namespace
} // namespace patt::identity
