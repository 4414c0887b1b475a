#include <patt/text/plain.hpp>
#include <patt/text/utf8.hpp>

#include <gtest/gtest.h>

#include <random>

namespace {

using namespace patt::text;

TEST(Plain, KeepsWhatIsVisible) {
    EXPECT_EQ(plain("Zatañña of Área 52 🎉", 100), "Zatañña of Área 52 🎉");
    EXPECT_EQ(plain("Трог 木 नी", 100), "Трог 木 नी");
}

TEST(Plain, DropsWhatIsNotVisible) {
    EXPECT_EQ(plain("a\u200Bb\u200Dc\u2060d\uFEFFe\u00ADf", 100), "abcdef");
    EXPECT_EQ(plain("\u202Eabc\u202C\u2066d\u2069\u200F", 100), "abcd");
    EXPECT_EQ(plain(std::string("a\0b\x07\x1b[31m", 9), 100), "ab[31m");
    EXPECT_EQ(plain("a\xffz\xc3", 100), "az");
    EXPECT_EQ(plain("\U000E0041tag\U000E007F", 100), "tag");
}

TEST(Plain, JoinsWhiteSpaceAndTrims) {
    EXPECT_EQ(plain(" \t a \u00A0\u3000 b\r\n\r\nc  ", 100), "a b c");
    EXPECT_EQ(plain(" a \n\n b\u2028c\r", 100, line_breaks::stay), "a\nb\nc");
    EXPECT_EQ(plain("", 100), "");
    EXPECT_EQ(plain(" \n\t\u200B ", 100), "");
}

TEST(Plain, CountsCharactersNotBytes) {
    EXPECT_EQ(plain("ñññññ", 3), "ñññ");
    EXPECT_EQ(plain("a b", 2), "a");
    EXPECT_EQ(plain("abc", 0), "");
}

TEST(EscapeMarkdown, EscapesEverythingThatFormats) {
    EXPECT_EQ(escape_markdown("*a* _b_ ~~c~~ `d` ||e|| \\"),
              "\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\` \\|\\|e\\|\\| \\\\");
    EXPECT_EQ(escape_markdown("[x](https://evil.example)"), "\\[x\\](https\\://evil.example)");
    EXPECT_EQ(escape_markdown("```js\nx\n```"), "\\`\\`\\`js\nx\n\\`\\`\\`");
}

TEST(EscapeMarkdown, EscapesLineStartsOnlyThere) {
    EXPECT_EQ(escape_markdown("# a\n> b\n- c\n+ d\n1. e\n12) f\n-# g"),
              "\\# a\n\\> b\n\\- c\n\\+ d\n1\\. e\n12\\) f\n\\-# g");
    EXPECT_EQ(escape_markdown("Area-52 is > 5 #1 1.5"), "Area-52 is > 5 #1 1.5");
    EXPECT_EQ(escape_markdown("1.5"), "1\\.5");
}

TEST(EscapeMarkdown, BreaksMentions) {
    EXPECT_EQ(escape_markdown("@everyone"), "@\u200Beveryone");
    EXPECT_EQ(escape_markdown("@HERE"), "@\u200BHERE");
    EXPECT_EQ(escape_markdown("<@123> <@!1> <@&2> <#3> </a:4> <:e:5> <t:6>"),
              "\\<@\u200B123> \\<@\u200B!1> \\<@\u200B&2> \\<#3> \\</a:4> \\<:e:5> \\<t:6>");
    EXPECT_EQ(escape_markdown("@\u200Beveryone"), "@\u200Beveryone")
        << "one that was there does not help anybody";
    EXPECT_EQ(escape_markdown("trog@home"), "trog@home");
}

TEST(EscapeMarkdown, LeavesOrdinaryNamesAlone) {
    for (const char* name :
         {"Zatañña", "Sen'jin", "Mal'Ganis", "Aggra (Português)", "Main/Alt", "a.b", "Трог", "🔥 fire"}) {
        EXPECT_EQ(escape_markdown(name), name);
    }
}

/// What the chat server may still read as syntax: every escaped character is replaced by a letter.
std::string unescaped(const std::string& s) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] == '\\') {
            ++i;
            out += 'x';
            continue;
        }
        out += s[i];
    }
    return out;
}

TEST(EscapeMarkdown, LeavesNothingActiveInAnyBytes) {
    std::mt19937 random(21);
    const std::string alphabet = "a*_~|[]()<>@#`\\:/-+1. \neveryone\xe2\x80\x8b\xff";
    for (int i = 0; i < 40000; ++i) {
        std::string bytes(random() % 40, ' ');
        for (char& c : bytes) {
            c = i % 4 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
        }
        const std::string out = escape_markdown(bytes);
        ASSERT_TRUE(is_utf8(out));
        const std::string active = unescaped(out);
        ASSERT_EQ(active.find_first_of("*_~|[]<`"), std::string::npos) << bytes << " gives " << out;
        ASSERT_EQ(active.find("://"), std::string::npos) << out;
        ASSERT_EQ(out.find("@everyone"), std::string::npos) << out;
        for (std::size_t at = 0; at != std::string::npos; at = out.find('\n', at)) {
            at += at == 0 ? 0 : 1;
            ASSERT_TRUE(at >= out.size() || std::string("#>-+").find(out[at]) == std::string::npos) << out;
            if (at == 0) {
                at = 1;
            }
        }
    }
}

} // namespace
