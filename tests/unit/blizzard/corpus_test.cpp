// Replays what the fuzzer kept, through the same body, with every compiler.
#include "fuzz/roster_fuzz_body.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

TEST(RosterCorpus, EveryKeptInputIsHandled) {
    const std::filesystem::path corpus = std::string{PATT_SOURCE_DIR} + "/tests/fuzz/corpus/roster";
    std::size_t replayed = 0;
    for (const auto& file : std::filesystem::directory_iterator{corpus}) {
        std::ifstream in{file.path(), std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        SCOPED_TRACE(file.path().filename().string());
        EXPECT_EQ(patt::fuzz::check_roster_input(text), "");
        ++replayed;
    }
    EXPECT_GE(replayed, 20U) << "the corpus is not where it should be";
}

} // namespace
