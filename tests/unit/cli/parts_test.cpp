// The small parts of the program: .env files, times, tables, Markdown, ids.

#include "dotenv.hpp"
#include "exit_code.hpp"
#include "interrupted.hpp"
#include "kept.hpp"
#include "markdown.hpp"
#include "options.hpp"
#include "output.hpp"
#include "select.hpp"
#include "time_text.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace patt::cli {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using pairs = std::vector<std::pair<std::string, std::string>>;

TEST(ParseDotenv, ReadsNamesAndValuesAndLeavesOutWhatIsNone) {
    const std::string text =
        "# a comment\nA=1\r\nexport B = two words \nC=\"quo=ted\"\nD='x\nnothing\n9X=no\nE-F=no\n=no\nG=";
    EXPECT_EQ(parse_dotenv(text),
              (pairs{{"A", "1"}, {"B", "two words"}, {"C", "quo=ted"}, {"D", "'x"}, {"G", ""}}));
}

struct Kept : ::testing::Test {
    kept<int>::time now{};
    int looks = 0;
    bool fails = false;
    kept<int> what{[this] {
                       ++looks;
                       now += std::chrono::seconds(3); // It takes its time.
                       if (fails) {
                           throw failure("for the test");
                       }
                       return looks;
                   },
                   std::chrono::seconds(5), [this] { return now; }};
};

TEST_F(Kept, IsShownToAllWhoAskWithinAWhile) {
    EXPECT_EQ(what.get(), 1);
    now += std::chrono::milliseconds(4'999);
    EXPECT_EQ(what.get(), 1);
    EXPECT_EQ(looks, 1);
    now += std::chrono::milliseconds(1);
    EXPECT_EQ(what.get(), 2) << "five seconds after it was found out";
}

TEST_F(Kept, IsNotAskedForAgainAndAgainWhereItFails) {
    fails = true;
    EXPECT_THROW(static_cast<void>(what.get()), failure);
    EXPECT_THROW(static_cast<void>(what.get()), failure);
    EXPECT_EQ(looks, 1);
    fails = false;
    now += std::chrono::seconds(5);
    EXPECT_EQ(what.get(), 2);
}

TEST(ParseInstant, ReadsWhatIsWrittenAndRefusesOtherForms) {
    const auto t = parse_instant("2026-01-05T20:00:00Z");
    ASSERT_TRUE(t);
    EXPECT_EQ(t->microseconds(), 1'767'643'200'000'000);
    EXPECT_EQ(to_text(*t), "2026-01-05T20:00:00Z");
    EXPECT_EQ(to_line(*t), "2026-01-05 20:00:00 UTC");
    EXPECT_EQ(*parse_instant("2026-01-05 20:00"), *t);
    EXPECT_EQ(*parse_instant("2026-01-05"), *t - hours(20));
    for (const char* wrong :
         {"", "now", "2026", "2026-02-30", "2026-01-05T24:00", "2026-01-05T20", "2026-01-05T20:00:00Zx",
          "-026-01-05", "1969-12-31", "2026-1-5", "2026-01-05T20:00:61Z"}) {
        EXPECT_FALSE(parse_instant(wrong)) << wrong;
    }
}

TEST(ParseDuration, ReadsSumsAndRefusesOtherForms) {
    EXPECT_EQ(*parse_duration("1d12h"), duration(hours(36)));
    EXPECT_EQ(*parse_duration("5m30s"), duration(minutes(5)) + std::chrono::seconds(30));
    for (const char* wrong :
         {"", "5", "h", "-5h", "5x", "99999999999999999999d", "9999999d9999999d", "5h3"}) {
        EXPECT_FALSE(parse_duration(wrong)) << wrong;
    }
}

TEST(Rendered, AlignsByCharactersAndPrintsJsonWithTheSameNames) {
    const table t{{"name", "count"},
                  {{std::string("Zatañña"), std::int64_t{3}}, {std::string("B"), std::int64_t{12}}},
                  "none"};
    EXPECT_EQ(rendered(t, form::text), "name     count\nZatañña  3\nB        12\n");
    EXPECT_EQ(rendered(t, form::json),
              "[{\"name\":\"Zatañña\",\"count\":3},{\"name\":\"B\",\"count\":12}]\n");
    EXPECT_EQ(rendered(table{{"a"}, {}, "Nothing here."}, form::text), "Nothing here.\n");
    EXPECT_EQ(rendered(table{{"a"}, {}, "Nothing here."}, form::json), "[]\n");
}

TEST(PlainMarkdown, TakesEscapesAwayAndNamesMentions) {
    const auto name = [](std::int64_t id) { return id == 7 ? std::string("bob") : std::string(); };
    EXPECT_EQ(plain_markdown("\\*a\\* **b** <@7> <@8> <@x> <@", emphasis::stars, name),
              "*a* **b** @bob @8 <@x> <@");
    EXPECT_EQ(plain_markdown("a **b** \\*c", emphasis::none), "a b *c");
    EXPECT_EQ(plain_markdown("**b", emphasis::escape), "\x1b[1mb\x1b[22m");
    EXPECT_EQ(plain_markdown("@\xE2\x80\x8B"
                             "everyone"),
              "@everyone");
    EXPECT_EQ(plain_markdown("\\"), "\\");
}

TEST(RemovedWhenInterrupted, TakesTheUnfinishedFileAway) {
    const std::filesystem::path file = std::filesystem::path(::testing::TempDir()) / "patt_parts.partial";
    for (const int signal : {SIGINT, SIGTERM}) {
        std::ofstream(file) << "unfinished";
        EXPECT_EXIT(
            {
                const removed_when_interrupted guard(file);
                std::raise(signal);
            },
            ::testing::KilledBySignal(signal), "");
        EXPECT_FALSE(std::filesystem::exists(file));
    }
    std::ofstream(file) << "finished";
    { const removed_when_interrupted guard(file); }
    EXPECT_TRUE(std::filesystem::remove(file)) << "what is finished stays";
}

TEST(DatabaseFile, TakesSqliteAndRefusesOtherDatabases) {
    EXPECT_EQ(database_file("sqlite:a.db"), "a.db");
    EXPECT_EQ(database_file("sqlite:///var/a.db"), "/var/a.db");
    EXPECT_EQ(database_file("a.db"), "a.db");
    EXPECT_THROW((void)database_file("sqlite:"), usage_error);
    EXPECT_THROW((void)database_file("postgresql://me:secret@host/x"), usage_error);
    try {
        (void)database_file("postgresql://me:secret@host/x");
    } catch (const usage_error& e) {
        EXPECT_EQ(std::string(e.what()).find("secret"), std::string::npos);
    }
}

TEST(ParseId, TakesPositiveNumbersAlone) {
    EXPECT_EQ(parse_id("1002"), 1002);
    for (const char* wrong : {"", "0", "-1", "1x", " 1", "99999999999999999999"}) {
        EXPECT_FALSE(parse_id(wrong)) << wrong;
    }
}

} // namespace
} // namespace patt::cli
