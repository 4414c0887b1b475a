// The fuzzer's kept inputs, in every test run.
#include "fuzz/transfer_fuzz_body.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

TEST(TransferCorpus, HoldsForEveryKeptInput) {
    int files = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(PATT_SOURCE_DIR "/tests/fuzz/corpus/transfer")) {
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        EXPECT_EQ(patt::fuzz::check_transfer_input(text), "") << entry.path();
        ++files;
    }
    EXPECT_GT(files, 3);
}

TEST(TransferCorpus, HoldsAWholeFile) {
    std::ifstream in(PATT_SOURCE_DIR "/tests/fuzz/corpus/transfer/whole", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_TRUE(patt::fuzz::is_whole_transfer(text)) << "else the fuzzer never sees the end of a file";
}

} // namespace
