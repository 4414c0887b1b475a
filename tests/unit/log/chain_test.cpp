#include "chain.hpp"

#include <gtest/gtest.h>

namespace {

using namespace patt;
using namespace patt::log;

entry plain(std::int64_t seq) {
    return {
        seq, instant{5}, "link.confirmed", "member:1", "person:2", "payload", std::string(salt_bytes, 's')};
}

TEST(LogEntry, CommitmentIsTheHashOfSaltAndPayload) {
    const row r = seal(genesis(guild_id{1}), plain(1));
    EXPECT_EQ(r.commitment, sha256(std::string(salt_bytes, 's') + "payload"));
}

TEST(LogEntry, HashFollowsTheDocumentedEncoding) {
    const head start = genesis(guild_id{1});
    const row r = seal(start, plain(1));
    using namespace std::string_literals;
    const std::string encoding = "\x01"s + "\0\0\0\0\0\0\0\x01"s + "\0\0\0\0\0\0\0\x05"s +
                                 "\0\0\0\0\0\0\0\x0e"s + "link.confirmed" + "\0\0\0\0\0\0\0\x08"s +
                                 "member:1" + "\0\0\0\0\0\0\0\x08"s + "person:2" +
                                 std::string(bytes_of(r.commitment));
    EXPECT_EQ(r.hash, sha256(std::string(bytes_of(start.hash)) + encoding));
    EXPECT_EQ(r.prev, start.hash);
}

TEST(LogEntry, EveryFieldChangesTheHash) {
    const head start = genesis(guild_id{1});
    const digest base = seal(start, plain(1)).hash;
    entry e = plain(1);
    e.at = instant{6};
    EXPECT_NE(seal(start, e).hash, base);
    e = plain(1);
    e.kind = "x";
    EXPECT_NE(seal(start, e).hash, base);
    e = plain(1);
    e.actor = "x";
    EXPECT_NE(seal(start, e).hash, base);
    e = plain(1);
    e.subject = "x";
    EXPECT_NE(seal(start, e).hash, base);
    e = plain(1);
    e.payload = "x";
    EXPECT_NE(seal(start, e).hash, base);
    e = plain(1);
    e.salt[3] = 'x';
    EXPECT_NE(seal(start, e).hash, base);
    EXPECT_NE(seal(genesis(guild_id{2}), plain(1)).hash, base);
}

TEST(LogEntry, FieldBordersCannotBeMoved) {
    const head start = genesis(guild_id{1});
    entry a = plain(1);
    a.kind = "ab";
    a.actor = "c";
    entry b = plain(1);
    b.kind = "a";
    b.actor = "bc";
    EXPECT_NE(seal(start, a).hash, seal(start, b).hash);
}

TEST(LogEntry, SealingRefusesAWrongSaltOrNumber) {
    entry e = plain(1);
    e.salt = "short";
    EXPECT_THROW((void)seal(genesis(guild_id{1}), e), failure);
    EXPECT_THROW((void)seal(genesis(guild_id{1}), plain(2)), failure);
    EXPECT_THROW((void)seal(genesis(guild_id{1}), plain(0)), failure);
}

TEST(LogHead, PrintsAndReadsBack) {
    const head h = head_of(seal(genesis(guild_id{1}), plain(1)));
    const std::string text = to_string(h);
    EXPECT_EQ(text.substr(0, 2), "1:");
    EXPECT_EQ(text.size(), 66U);
    const auto back = parse_head("  " + text + "\n");
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, h);
}

TEST(LogHead, RefusesEverythingElse) {
    const std::string hex(64, 'a');
    for (const std::string& text :
         {std::string(), std::string(":"), "1" + hex, "1:" + hex + "a", "1:" + hex.substr(1), "-1:" + hex,
          "1x:" + hex, ":" + hex, "99999999999999999999:" + hex, "1 :" + hex, "1:" + hex.substr(1) + "g"}) {
        const auto parsed = parse_head(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.err().code, errc::invalid_input);
    }
}

} // namespace
