#include <patt/testing/plain.hpp>

#include <gmock/gmock.h>

namespace patt::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

TEST(ToPlain, ShowsWordsAndHowToAnswer) {
    text::message m;
    m.content = "Are you **in** the guild?";
    EXPECT_EQ(to_plain(m), "Are you **in** the guild?");
    EXPECT_EQ(to_plain(m, {prompt_kind::confirm, "s", {}}), "Are you **in** the guild?\n[yes/no]");
    EXPECT_EQ(to_plain(m, {prompt_kind::text, "s", {}}), "Are you **in** the guild?");
    EXPECT_THAT(to_plain(m, {prompt_kind::choice, "s", {"Zat", "Zut"}}), EndsWith("?\n  1) Zat\n  2) Zut"));
    EXPECT_THAT(to_plain(m, {prompt_kind::form, "s", {"name"}}), EndsWith("?\n[name: …]"));
    EXPECT_THAT(to_plain(m, {prompt_kind::accept, "s", {}}), EndsWith("?\n[accept/decline]"));
}

TEST(ToPlain, ShowsEveryPartOfACard) {
    text::message m;
    m.title = "Welcome";
    m.description = "All of it";
    m.fields.push_back({"Main", "Zatañña", text::field_width::narrow});
    m.footer = "PATT";
    const std::string shown = to_plain(m);
    for (const char* part : {"Welcome", "All of it", "Main", "Zatañña", "PATT"}) {
        EXPECT_THAT(shown, HasSubstr(part));
    }
    EXPECT_NE(shown.back(), '\n');
}

TEST(ToPlain, ShowsAQuestionWithoutWords) {
    EXPECT_EQ(to_plain({}, {prompt_kind::confirm, "s", {}}), "[yes/no]");
    EXPECT_EQ(to_plain({}), "");
}

} // namespace
} // namespace patt::testing
