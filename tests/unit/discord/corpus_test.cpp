// Replays what the fuzzer kept, through the same body, with every compiler; and what lies near it.
#include "fuzz/members_fuzz_body.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

std::vector<std::string> kept_inputs() {
    std::vector<std::string> out;
    const std::filesystem::path corpus = std::string{PATT_SOURCE_DIR} + "/tests/fuzz/corpus/members";
    for (const auto& file : std::filesystem::directory_iterator{corpus}) {
        std::ifstream in{file.path(), std::ios::binary};
        out.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    }
    return out;
}

TEST(MembersCorpus, EveryKeptInputIsHandled) {
    const std::vector<std::string> inputs = kept_inputs();
    for (const std::string& text : inputs) {
        EXPECT_EQ(patt::fuzz::check_members_input(text), "") << text;
    }
    EXPECT_GE(inputs.size(), 20U) << "the corpus is not where it should be";
}

TEST(MembersCorpus, SoIsEachBeginningOfOne) {
    for (const std::string& text : kept_inputs()) {
        for (std::size_t length = 0; length < text.size(); ++length) {
            EXPECT_EQ(patt::fuzz::check_members_input(text.substr(0, length)), "") << text.substr(0, length);
        }
    }
}

TEST(MembersCorpus, SoAreInputsWithChangedBytes) {
    std::mt19937 dice(20'260'105);
    for (const std::string& text : kept_inputs()) {
        for (int round = 0; round < 300; ++round) {
            std::string changed = text;
            for (std::size_t n = 1 + dice() % 4; n > 0 && !changed.empty(); --n) {
                constexpr std::string_view likely = "\"\",;[]{}:\\\n\r\t0e-\x80\xFF\xC3";
                changed[dice() % changed.size()] = likely[dice() % likely.size()];
            }
            EXPECT_EQ(patt::fuzz::check_members_input(changed), "") << changed;
        }
    }
}

} // namespace
