#include <patt/digest.hpp>
#include <patt/digest_stream.hpp>

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace {

using namespace patt;

// Vectors of FIPS 180-4 (examples) and RFC 4231.
TEST(Digest, Sha256GivesThePublishedValues) {
    EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha256(std::string(1000000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, PartsAreHashedAsOneText) {
    EXPECT_EQ(sha256({"a", "", "bc"}), sha256("abc"));
    EXPECT_EQ(sha256({}), sha256(""));
}

TEST(Digest, AStreamGivesTheHashOfEverythingAdded) {
    sha256_stream stream;
    stream.add("a");
    stream.add("");
    stream.add("bc");
    EXPECT_EQ(stream.end(), sha256("abc"));
    EXPECT_EQ(sha256_stream().end(), sha256(""));
}

TEST(Digest, HmacGivesTheValuesOfRfc4231) {
    EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\xaa'), std::string(50, '\xdd'))),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'),
                                 "Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, HexReadsBackBothCasesAndNothingElse) {
    const digest value = sha256("x");
    const std::string hex = to_hex(value);
    EXPECT_EQ(digest_from_hex(hex), value);
    std::string upper = hex;
    for (char& c : upper) {
        c = static_cast<char>(c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
    }
    EXPECT_EQ(digest_from_hex(upper), value);
    EXPECT_FALSE(digest_from_hex(""));
    EXPECT_FALSE(digest_from_hex(hex + "00"));
    EXPECT_FALSE(digest_from_hex(hex.substr(1)));
    EXPECT_FALSE(digest_from_hex("g" + hex.substr(1)));
    EXPECT_EQ(to_hex(std::string_view("\x00\xff\x0a", 3)), "00ff0a");
}

TEST(Digest, ComparisonKnowsLengthAndContent) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
    EXPECT_FALSE(equal_in_constant_time("", "a"));
}

TEST(Digest, ThreadsDoNotDisturbEachOther) {
    std::vector<std::thread> threads;
    std::array<int, 4> wrong{};
    for (std::size_t t = 0; t < wrong.size(); ++t) {
        threads.emplace_back([t, &wrong] {
            const std::string text(t * 100, static_cast<char>('a' + t));
            const digest expected = sha256(text);
            for (int i = 0; i < 2000; ++i) {
                wrong[t] += sha256(text) == expected ? 0 : 1;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, (std::array<int, 4>{}));
}

} // namespace
