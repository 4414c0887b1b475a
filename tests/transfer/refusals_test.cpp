// Files that are not what patt export wrote: each is refused with the line, and nothing of it stays.
#include "transfer/transfer_fixture.hpp"

#include <patt/digest.hpp>

#include <gmock/gmock.h>

#include <functional>

namespace patt::transfer_tests {
namespace {

using ::testing::HasSubstr;

void replace(std::string& in, std::string_view what, std::string_view by) {
    const std::size_t at = in.find(what);
    ASSERT_NE(at, std::string::npos) << what << " is not in " << in;
    in.replace(at, what.size(), by);
}

/// Makes the last line fit again, as somebody would who edits a file on purpose.
void sign(lines& file) {
    std::string before;
    for (std::size_t i = 0; i + 1 < file.size(); ++i) {
        before += file[i] + "\n";
    }
    const std::size_t at = file.back().find(R"("sha256":")") + 10;
    file.back().replace(at, 64, to_hex(sha256(before)));
}

std::size_t row_of(const lines& file, std::string_view table) {
    for (std::size_t i = 0; i < file.size(); ++i) {
        if (file[i].find("\"table\":\"" + std::string(table) + "\"") != std::string::npos) {
            return i;
        }
    }
    ADD_FAILURE() << "the file has no row of " << table;
    return 0;
}

struct broken {
    const char* name;
    std::function<void(lines&)> how;
    errc code;
    std::string says;
};

class BrokenFile : public ::testing::TestWithParam<broken> {};

TEST_P(BrokenFile, IsRefusedAndLeavesNothing) {
    static const lines good = file_of(*lived_in());
    lines file = good;
    GetParam().how(file);
    const auto to = empty_database();
    const auto read = read_into(*to, file);
    ASSERT_FALSE(read);
    EXPECT_EQ(to_string(read.err().code), to_string(GetParam().code)) << read.err().detail;
    EXPECT_THAT(read.err().detail, HasSubstr(GetParam().says));
    for (const char* table : {"guild", "member", "event", "setting", "dm_route"}) {
        EXPECT_EQ(number(*to, "SELECT COUNT(*) FROM " + std::string(table)), 0) << table;
    }
    EXPECT_TRUE(read_into(*to, good)) << "the database still takes a good one";
}

const std::vector<broken> all{
    {"Empty", [](lines& f) { f.clear(); }, errc::incomplete, "empty"},
    {"Cut", [](lines& f) { f.pop_back(); }, errc::incomplete, "cut"},
    {"CutInALine",
     [](lines& f) {
         f.pop_back();
         f.back().resize(f.back().size() / 2);
     },
     errc::invalid_input, "line "},
    {"OneCharacter", [](lines& f) { replace(f[row_of(f, "member")], "Zatanna", "Zatanma"); }, errc::conflict,
     "checksum"},
    {"LineLost", [](lines& f) { f.erase(f.begin() + 3); }, errc::conflict, "rows"},
    {"LinesSwapped", [](lines& f) { std::swap(f[2], f[3]); }, errc::conflict, "checksum"},
    {"SomethingFollows", [](lines& f) { f.emplace_back("{}"); }, errc::conflict, "follows the end"},
    {"NoHeader", [](lines& f) { f.erase(f.begin()); }, errc::invalid_input,
     "line 1: this is no file of patt export"},
    {"AnotherProgram", [](lines& f) { f[0] = "<html>"; }, errc::invalid_input, "line 1: "},
    {"NewerFormat", [](lines& f) { replace(f[0], R"("format":1)", R"("format":2)"); }, errc::wrong_state,
     "format 2"},
    {"NewerSchema", [](lines& f) { replace(f[0], R"("schema":)", R"("schema":9)"); }, errc::wrong_state,
     "schema 9"},
    {"UnknownTable",
     [](lines& f) {
         replace(f[4], R"("table":")", R"("table":"x)");
         sign(f);
     },
     errc::invalid_input, "line 5: there is no table \"x"},
    {"TableOfTheInstance",
     [](lines& f) {
         f[4] = R"({"table":"lease","row":{}})";
         sign(f);
     },
     errc::invalid_input, "line 5: there is no table \"lease\""},
    {"UnknownColumn",
     [](lines& f) {
         replace(f[1], R"({"guild_id":1)", R"({"extra":1,"guild_id":1)");
         sign(f);
     },
     errc::invalid_input, "line 2: guild has no column \"extra\""},
    {"MissingColumn",
     [](lines& f) {
         replace(f[1], R"("owner_member")", R"("owner")");
         sign(f);
     },
     errc::invalid_input, "line 2: the column owner_member of guild is missing"},
    {"WrongType",
     [](lines& f) {
         replace(f[1], R"("log_seq":)", R"("log_seq":1.)");
         sign(f);
     },
     errc::invalid_input, "line 2: the value of log_seq in guild does not fit"},
    {"OfAnotherGuild",
     [](lines& f) {
         replace(f[row_of(f, "member")], R"("guild_id":1)", R"("guild_id":2)");
         sign(f);
     },
     errc::invalid_input, "of another guild"},
    {"TwiceTheSameRow",
     [](lines& f) {
         f[3] = f[2];
         sign(f);
     },
     errc::invalid_input, "lines 3 to "},
    {"ARuleOfTheSchema",
     [](lines& f) {
         replace(f[row_of(f, "member")], R"("present":1)", R"("present":7)");
         sign(f);
     },
     errc::invalid_input, "the database does not take it (check"},
    {"DeepJson", [](lines& f) { f[3] = std::string(100'000, '['); }, errc::invalid_input,
     "line 4: it is neither a row"},
};

INSTANTIATE_TEST_SUITE_P(Transfer, BrokenFile, ::testing::ValuesIn(all),
                         [](const auto& i) { return i.param.name; });

} // namespace
} // namespace patt::transfer_tests
