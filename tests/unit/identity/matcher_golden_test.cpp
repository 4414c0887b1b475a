// One guild, and what is decided about it, to the last bit: the same with both compilers, in any order, with
// and without sanitizers. Who changes the scoring on purpose writes the new number here.
#include <patt/identity/evaluation.hpp>
#include <patt/identity/match_speed.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace patt::identity {
namespace {

const std::filesystem::path data = std::filesystem::path(PATT_SOURCE_DIR) / "tests/unit/identity/data";

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct content {
    std::vector<match_character> characters;
    std::vector<match_member> members;
};

/// The made-up guild, its accounts, and strangers on both sides.
content made_up() {
    content out;
    const auto guild = parse_labelled_characters(read(data / "made_up_guild.tsv"));
    const auto owners = parse_labelled_pairs(read(data / "made_up_accounts.tsv"));
    for (const labelled_character& c : *guild)
        out.characters.push_back(c.record);
    std::vector<std::string> accounts;
    for (const labelled_pair& p : *owners) {
        if (std::find(accounts.begin(), accounts.end(), p.account) == accounts.end())
            accounts.push_back(p.account);
    }
    const std::vector<std::string> strangers = made_up_names(500);
    accounts.insert(accounts.end(), strangers.begin(), strangers.begin() + 400);
    for (const std::string& a : accounts) {
        match_member m;
        m.id = member_id{static_cast<std::int64_t>(out.members.size()) + 1};
        (m.id.value() % 2 == 0 ? m.username : m.global_name) = a;
        out.members.push_back(std::move(m));
    }
    for (std::size_t i = 300; i < 500; ++i) {
        match_character c;
        c.id = character_id{static_cast<std::int64_t>(out.characters.size()) + 1};
        c.name = strangers[i];
        out.characters.push_back(std::move(c));
    }
    return out;
}

/// All bits of it, as a number would have to be rounded.
std::string hex(double x) {
    std::array<char, 40> out{};
    const int length = std::snprintf(out.data(), out.size(), "%a", x);
    return {out.data(), static_cast<std::size_t>(length)};
}

std::string line_of(const match_decision& d) {
    std::string out = std::to_string(d.character.value());
    for (const std::string_view word :
         {to_string(d.what), to_string(d.level), to_string(d.by), to_string(d.why_not)})
        out += ' ' + std::string(word);
    for (const std::int64_t id : {d.member.value(), d.via.value(), d.group.value()})
        out += ' ' + std::to_string(id);
    out += ' ' + hex(d.probability);
    for (const ranked_candidate& c : d.candidates) {
        out += ' ' + std::to_string(c.member.value()) + ':' + std::to_string(c.weight) + ':' +
               hex(c.probability);
    }
    return out + '\n';
}

/// FNV-1a.
std::uint64_t digest_of(const std::vector<match_decision>& all) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const match_decision& d : all) {
        for (const char c : line_of(d))
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    }
    return hash;
}

TEST(MatcherGolden, DecidesTheSameEverywhere) {
    content all = made_up();
    std::uint64_t digests[2] = {0, 0};
    for (std::uint64_t& digest : digests) {
        matcher m;
        for (const match_character& c : all.characters)
            m.put(c);
        for (const match_member& who : all.members)
            m.put(who);
        m.settle();
        digest = digest_of(m.decisions());
        std::reverse(all.characters.begin(), all.characters.end());
        std::rotate(all.members.begin(), all.members.begin() + 77, all.members.end());
    }
    EXPECT_EQ(digests[0], digests[1]) << "another order";
    EXPECT_EQ(digests[0], 5943783539490848056U);
}

} // namespace
} // namespace patt::identity
