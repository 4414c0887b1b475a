/// @file
/// Conformance: values go in and come out unchanged, or are refused.
#pragma once

#include "conformance/driver_fixture.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace patt::store {

TEST_P(StoreDriver, BindsParametersByNumberNotByAppearance) {
    const cursor rows =
        db_->query("SELECT CAST($2 AS BIGINT), CAST($1 AS BIGINT)", {std::int64_t{1}, std::int64_t{2}});
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->i64(0), 2);
    EXPECT_EQ(rows->i64(1), 1);
    EXPECT_FALSE(rows->next());
}

TEST_P(StoreDriver, UsesOneParameterTwice) {
    const cursor rows = db_->query("SELECT CAST($1 AS BIGINT) + CAST($2 AS BIGINT) * CAST($1 AS BIGINT)",
                                   {std::int64_t{3}, std::int64_t{10}});
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->i64(0), 33);
}

TEST_P(StoreDriver, BindsTenAndMoreParameters) {
    const cursor rows =
        db_->query("SELECT CAST($12 AS BIGINT), CAST($1 AS BIGINT), CAST($11 AS BIGINT) WHERE "
                   "CAST($2 AS BIGINT) + CAST($3 AS BIGINT) + CAST($4 AS BIGINT) + CAST($5 AS BIGINT) + "
                   "CAST($6 AS BIGINT) + CAST($7 AS BIGINT) + CAST($8 AS BIGINT) + CAST($9 AS BIGINT) + "
                   "CAST($10 AS BIGINT) = 54",
                   {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, std::int64_t{4}, std::int64_t{5},
                    std::int64_t{6}, std::int64_t{7}, std::int64_t{8}, std::int64_t{9}, std::int64_t{10},
                    std::int64_t{11}, std::int64_t{12}});
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->i64(0), 12);
    EXPECT_EQ(rows->i64(1), 1);
    EXPECT_EQ(rows->i64(2), 11);
}

TEST_P(StoreDriver, KeepsNullsOfEveryColumnType) {
    make_values_table();
    db_->run("INSERT INTO v (id, n, d, t, b) VALUES ($1, $2, $3, $4, $5)",
             {std::int64_t{1}, null_t{}, null_t{}, null_t{}, null_t{}});
    const cursor rows = db_->query("SELECT n, d, t, b FROM v");
    ASSERT_TRUE(rows->next());
    for (int column = 0; column < 4; ++column) {
        EXPECT_TRUE(rows->is_null(column)) << column;
    }
    EXPECT_EQ(rows->i64(0), 0);
    EXPECT_EQ(rows->f64(1), 0.0);
    EXPECT_TRUE(rows->text(2).empty());
    EXPECT_TRUE(rows->bytes(3).empty());
}

TEST_P(StoreDriver, ComparesATypedNullParameter) {
    make_numbers(3);
    constexpr std::string_view sql =
        "SELECT COUNT(*) FROM numbers WHERE CAST($1 AS BIGINT) IS NULL OR id = CAST($1 AS BIGINT)";
    cursor all = db_->query(sql, {null_t{}});
    ASSERT_TRUE(all->next());
    EXPECT_EQ(all->i64(0), 3);
    cursor one = db_->query(sql, {std::int64_t{2}});
    ASSERT_TRUE(one->next());
    EXPECT_EQ(one->i64(0), 1);
}

TEST_P(StoreDriver, KeepsIntegersToTheirLimits) {
    make_values_table();
    const std::array<std::int64_t, 6> numbers{std::numeric_limits<std::int64_t>::min(),
                                              std::numeric_limits<std::int64_t>::max(),
                                              0,
                                              -1,
                                              9007199254740993, // Not representable as a double.
                                              1234567890123456789};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        db_->run("INSERT INTO v (id, n) VALUES ($1, $2)", {static_cast<std::int64_t>(i), numbers[i]});
    }
    const cursor rows = db_->query("SELECT n FROM v ORDER BY id");
    for (const std::int64_t expected : numbers) {
        ASSERT_TRUE(rows->next());
        EXPECT_EQ(rows->i64(0), expected);
    }
}

TEST_P(StoreDriver, KeepsDoublesBitByBit) {
    make_values_table();
    const std::array<double, 8> numbers{0.1,
                                        -1.0 / 3.0,
                                        std::numeric_limits<double>::max(),
                                        std::numeric_limits<double>::lowest(),
                                        std::numeric_limits<double>::min(),
                                        std::numeric_limits<double>::denorm_min(),
                                        std::numeric_limits<double>::infinity(),
                                        3.0};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        db_->run("INSERT INTO v (id, d) VALUES ($1, $2)", {static_cast<std::int64_t>(i), numbers[i]});
    }
    const cursor rows = db_->query("SELECT d FROM v ORDER BY id");
    for (const double expected : numbers) {
        ASSERT_TRUE(rows->next());
        EXPECT_EQ(rows->f64(0), expected);
    }
}

TEST_P(StoreDriver, RefusesADoubleThatIsNoNumber) {
    make_values_table();
    EXPECT_EQ(error_of([this] {
                  db_->run("INSERT INTO v (id, d) VALUES (1, $1)",
                           {std::numeric_limits<double>::quiet_NaN()});
              }),
              "bad_value");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM v"), 0);
}

TEST_P(StoreDriver, KeepsTextsEmptyLongAndForeign) {
    make_values_table();
    std::string megabyte(1U << 20U, 'x');
    megabyte.replace(1000, 2, "\xC3\xA9");
    const std::vector<std::string> texts{
        "",
        "plain",
        "O'Neil; DROP TABLE v; -- $1 ? %s {}",
        "\xC3\x91\xC3\xA9\xF0\x9F\x90\x89", // N with tilde, e with acute, a dragon.
        "\x01\x1F\x7F\r\n\t",
        "\xF4\x8F\xBF\xBF\xEE\x80\x80\xC2\x80", // The last code point, a private one, the first of two bytes.
        megabyte,
    };
    for (std::size_t i = 0; i < texts.size(); ++i) {
        db_->run("INSERT INTO v (id, t) VALUES ($1, $2)",
                 {static_cast<std::int64_t>(i), std::string_view{texts[i]}});
    }
    const cursor rows = db_->query("SELECT t FROM v ORDER BY id");
    for (const std::string& expected : texts) {
        ASSERT_TRUE(rows->next());
        EXPECT_FALSE(rows->is_null(0));
        EXPECT_EQ(rows->text(0), expected);
    }
}

TEST_P(StoreDriver, RefusesTextThatIsNotUtf8) {
    make_values_table();
    const std::vector<std::string_view> bad{
        "\x80",             // A continuation without a lead.
        "\xC3",             // Cut off.
        "\xC3\x28",         // A lead without a continuation.
        "\xC0\xAF",         // Overlong '/'.
        "\xE0\x80\xAF",     // Overlong again.
        "\xED\xA0\x80",     // A surrogate.
        "\xF0\x80\x80\xAF", // Overlong of four bytes.
        "\xF4\x90\x80\x80", // Above U+10FFFF.
        "\xF5\x80\x80\x80", // No such lead.
        "\xFF\xFE",         // UTF-16's mark.
        "seven c\xE2\x82",  // Cut off behind plain text.
        "12345678\x80"
        "abcdefg", // Behind a whole word of plain text.
    };
    for (const std::string_view text : bad) {
        EXPECT_EQ(error_of([&] { db_->run("INSERT INTO v (id, t) VALUES (1, $1)", {text}); }), "bad_value")
            << testing::PrintToString(text);
    }
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM v"), 0);
}

TEST_P(StoreDriver, RefusesANulInText) {
    make_values_table();
    for (const std::string_view text :
         {std::string_view{"\0", 1}, std::string_view{"ab\0cd", 5}, std::string_view{"12345678\0", 9},
          std::string_view{"1234567\0", 8}}) {
        EXPECT_EQ(error_of([&] { db_->run("INSERT INTO v (id, t) VALUES (1, $1)", {text}); }), "bad_value");
    }
}

TEST_P(StoreDriver, KeepsBytesOfEveryValue) {
    make_values_table();
    std::vector<std::byte> all(256);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] = static_cast<std::byte>(i);
    }
    db_->run("INSERT INTO v (id, b) VALUES ($1, $2)", {std::int64_t{1}, std::span<const std::byte>{all}});
    db_->run("INSERT INTO v (id, b) VALUES ($1, $2)", {std::int64_t{2}, std::span<const std::byte>{}});
    const cursor rows = db_->query("SELECT b FROM v ORDER BY id");
    ASSERT_TRUE(rows->next());
    const std::span<const std::byte> found = rows->bytes(0);
    EXPECT_EQ(std::vector<std::byte>(found.begin(), found.end()), all);
    ASSERT_TRUE(rows->next());
    EXPECT_FALSE(rows->is_null(0)) << "empty bytes became NULL";
    EXPECT_TRUE(rows->bytes(0).empty());
}

TEST_P(StoreDriver, LetsGoOfParametersWhenQueryReturns) {
    make_values_table();
    db_->run("INSERT INTO v (id, t) VALUES (7, 'the wanted text, too long for a small string')");
    std::string text = "the wanted text, too long for a small string";
    const cursor rows = db_->query("SELECT id FROM v WHERE t = $1", {std::string_view{text}});
    text.assign(text.size(), '#'); // The statement runs only now.
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->i64(0), 7);
}

TEST_P(StoreDriver, RefusesToReadAValueAsAnotherType) {
    make_values_table();
    db_->run("INSERT INTO v (id, n, d, t) VALUES (1, 5, 1.5, '5')");
    const cursor rows = db_->query("SELECT n, d, t FROM v");
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(error_of([&] { (void)rows->text(0); }), "misuse");
    EXPECT_EQ(error_of([&] { (void)rows->i64(1); }), "misuse");
    EXPECT_EQ(error_of([&] { (void)rows->i64(2); }), "misuse");
    EXPECT_EQ(error_of([&] { (void)rows->bytes(2); }), "misuse");
    EXPECT_EQ(rows->f64(0), 5.0) << "an integer is a number";
}

} // namespace patt::store
