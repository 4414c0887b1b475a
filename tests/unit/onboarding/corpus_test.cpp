// Replays what the fuzzers kept, through the same bodies, with every compiler.
#include "fuzz/answers_fuzz_body.hpp"
#include "fuzz/flow_fuzz_body.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

template <class Check>
void replay(std::string_view name, std::size_t at_least, Check check) {
    const std::filesystem::path corpus =
        std::string{PATT_SOURCE_DIR} + "/tests/fuzz/corpus/" + std::string(name);
    std::size_t replayed = 0;
    for (const auto& file : std::filesystem::directory_iterator{corpus}) {
        std::ifstream in{file.path(), std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        SCOPED_TRACE(file.path().filename().string());
        EXPECT_EQ(check(text), "");
        ++replayed;
    }
    EXPECT_GE(replayed, at_least) << "the corpus is not where it should be";
}

TEST(AnswersCorpus, EveryKeptInputIsHandled) {
    replay("answers", 20, patt::fuzz::check_answers_input);
}

TEST(FlowCorpus, EveryKeptInputIsHandled) {
    replay("flow", 20, patt::fuzz::check_flow_input);
}

} // namespace
