#include "unit/blizzard/documents.hpp"

#include <patt/blizzard/profile_document.hpp>
#include <patt/blizzard/roster_document.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace patt::blizzard {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

/// An own directory for each test, gone afterwards.
class BlizzardFiles : public testing::Test {
protected:
    void SetUp() override {
        const auto* info = testing::UnitTest::GetInstance()->current_test_info();
        directory_ = fs::temp_directory_path() /
                     ("patt-blizzard-" + std::string{info->name()} + "-" + std::to_string(::getpid()));
        fs::remove_all(directory_);
        fs::create_directories(directory_);
    }
    void TearDown() override { fs::remove_all(directory_); }

    fs::path write(const std::string& name, std::string_view text) {
        std::ofstream{directory_ / name, std::ios::binary} << text;
        return directory_ / name;
    }

    fs::path directory_;
};

TEST_F(BlizzardFiles, ARosterIsReadAndNamesItsFile) {
    const auto r = load_roster(write("guild.json", roster_of(good_member)));
    ASSERT_TRUE(r);
    EXPECT_THAT(r->entries, SizeIs(1));
    EXPECT_EQ(r->source, "guild.json");
}

TEST_F(BlizzardFiles, AFileThatIsNotThereIsNotFound) {
    const auto e = refusal(load_roster(directory_ / "none.json"));
    EXPECT_EQ(e.code, errc::not_found);
    EXPECT_THAT(e.detail, HasSubstr("none.json"));
}

TEST_F(BlizzardFiles, ADirectoryIsNoRoster) {
    const auto e = refusal(load_roster(directory_));
    EXPECT_EQ(e.code, errc::invalid_input);
    EXPECT_THAT(e.detail, HasSubstr("is a directory"));
}

TEST_F(BlizzardFiles, ABrokenFileIsNamed) {
    EXPECT_THAT(refusal(load_roster(write("cut.json", "{\"members\":["))).detail,
                StartsWith("cut.json: The guild roster ends in the middle"));
}

TEST_F(BlizzardFiles, AnEndlessFileIsNotReadToItsEnd) {
    const auto e = refusal(load_roster("/dev/zero", {.max_bytes = 1'000'000}));
    EXPECT_EQ(e.code, errc::limit_exceeded);
}

TEST_F(BlizzardFiles, EveryProfileOfADirectoryIsReadAndAFailedOneStopsNothing) {
    write("b.json", good_profile);
    write("a.json", R"({"id":2,"level":70})");
    write("cut.json", good_profile.substr(0, 50));
    write("error.json", R"({"code":404,"type":"BLZWEBAPI00000404","detail":"Not Found"})");
    write("notes.txt", "not a profile");
    fs::create_directories(directory_ / "folder.json");
    fs::create_symlink(directory_ / "nowhere", directory_ / "dangling.json");

    const auto r = load_profiles(directory_);
    ASSERT_TRUE(r);
    ASSERT_THAT(r->profiles, SizeIs(2));
    EXPECT_EQ(r->profiles[0].game, game_id{2});
    EXPECT_EQ(r->profiles[1].name, "Zatañña");
    ASSERT_THAT(r->failed, SizeIs(3));
    EXPECT_EQ(r->failed[0].file, "cut.json");
    EXPECT_EQ(r->failed[0].why.code, errc::incomplete);
    EXPECT_EQ(r->failed[1].file, "dangling.json");
    EXPECT_EQ(r->failed[1].why.code, errc::not_found);
    EXPECT_EQ(r->failed[2].file, "error.json");
    EXPECT_THAT(r->failed[2].why.detail, StartsWith("error.json: This is no character profile"));
}

TEST_F(BlizzardFiles, AnEmptyDirectoryHasNoProfilesAndAMissingOneIsNotFound) {
    const auto r = load_profiles(directory_);
    ASSERT_TRUE(r);
    EXPECT_TRUE(r->profiles.empty() && r->failed.empty());
    EXPECT_EQ(refusal(load_profiles(directory_ / "none")).code, errc::not_found);
    EXPECT_EQ(refusal(load_profiles(write("file.json", "{}"))).code, errc::not_found);
}

TEST_F(BlizzardFiles, TooManyProfilesAreRefused) {
    write("a.json", good_profile);
    write("b.json", good_profile);
    EXPECT_TRUE(load_profiles(directory_, {.max_files = 2}));
    EXPECT_EQ(refusal(load_profiles(directory_, {.max_files = 1})).code, errc::limit_exceeded);
}

} // namespace
} // namespace patt::blizzard
