// Replays what the fuzzers kept, through the same bodies, with every compiler; and what lies near it.
#include "fuzz/members_fuzz_body.hpp"
#include "fuzz/roles_fuzz_body.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

/// A folder of kept inputs, and what must hold for each: the text says what does not.
struct kept {
    std::string folder;
    std::string (*check)(std::string_view);
    std::size_t least = 0;
};

class DiscordCorpus : public ::testing::TestWithParam<kept> {
protected:
    static std::vector<std::string> inputs() {
        std::vector<std::string> out;
        const std::filesystem::path corpus =
            std::string{PATT_SOURCE_DIR} + "/tests/fuzz/corpus/" + GetParam().folder;
        for (const auto& file : std::filesystem::directory_iterator{corpus}) {
            std::ifstream in{file.path(), std::ios::binary};
            out.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
        }
        return out;
    }
};

TEST_P(DiscordCorpus, EveryKeptInputIsHandled) {
    const std::vector<std::string> all = inputs();
    for (const std::string& text : all) {
        EXPECT_EQ(GetParam().check(text), "") << text;
    }
    EXPECT_GE(all.size(), GetParam().least) << "the corpus is not where it should be";
}

TEST_P(DiscordCorpus, SoIsEachBeginningOfOne) {
    for (const std::string& text : inputs()) {
        for (std::size_t length = 0; length < text.size(); ++length) {
            EXPECT_EQ(GetParam().check(text.substr(0, length)), "") << text.substr(0, length);
        }
    }
}

TEST_P(DiscordCorpus, SoAreInputsWithChangedBytes) {
    std::mt19937 dice(20'260'105);
    for (const std::string& text : inputs()) {
        for (int round = 0; round < 300; ++round) {
            std::string changed = text;
            for (std::size_t n = 1 + dice() % 4; n > 0 && !changed.empty(); --n) {
                constexpr std::string_view likely = "\"\",;[]{}:\\\n\r\t0e-\x80\xFF\xC3";
                changed[dice() % changed.size()] = likely[dice() % likely.size()];
            }
            EXPECT_EQ(GetParam().check(changed), "") << changed;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, DiscordCorpus,
                         ::testing::Values(kept{"members", patt::fuzz::check_members_input, 20},
                                           kept{"roles", patt::fuzz::check_roles_input, 16}),
                         [](const auto& which) { return which.param.folder; });

} // namespace
