// Replays what the fuzzers of names, notes and evaluation files kept, through the same bodies, with every
// compiler.
#include "fuzz/names_fuzz_body.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::vector<std::string> kept_inputs(const std::string& fuzzer) {
    std::vector<std::string> out;
    const std::filesystem::path corpus = std::string{PATT_SOURCE_DIR} + "/tests/fuzz/corpus/" + fuzzer;
    for (const auto& file : std::filesystem::directory_iterator{corpus}) {
        std::ifstream in{file.path(), std::ios::binary};
        out.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    }
    return out;
}

// Each kept input, and each beginning of it: cut characters, cut words, cut rows.
void replay(const std::string& fuzzer, std::string (*check)(std::string_view)) {
    const std::vector<std::string> inputs = kept_inputs(fuzzer);
    for (const std::string& text : inputs) {
        for (std::size_t length = 0; length <= text.size(); ++length) {
            const std::string_view part = std::string_view(text).substr(0, length);
            ASSERT_EQ(check(part), "") << part;
        }
    }
    EXPECT_GE(inputs.size(), 10U) << "the corpus is not where it should be";
}

TEST(MatchCorpus, NamesAreHandled) {
    replay("match_name", patt::fuzz::check_name);
}

TEST(MatchCorpus, NotesAreHandled) {
    replay("match_note", patt::fuzz::check_note);
}

TEST(MatchCorpus, FilesAreHandled) {
    replay("match_file", patt::fuzz::check_file);
}

} // namespace
