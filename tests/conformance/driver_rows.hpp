/// @file
/// Conformance: several rows in one statement, whichever way the database takes them.
#pragma once

#include "conformance/driver_fixture.hpp"
#include "store/several_rows.hpp"

#include <array>
#include <limits>
#include <numeric>

namespace patt::store {

struct row_of_all {
    std::int64_t id = 0;
    std::string text;
    double real = 0;
    std::vector<std::byte> bytes;
};

inline std::vector<const row_of_all*> addresses(const std::vector<row_of_all>& rows) {
    std::vector<const row_of_all*> out;
    for (const row_of_all& r : rows) {
        out.push_back(&r);
    }
    return out;
}

inline void add_all(std::vector<value>& to, const row_of_all& r) {
    to.insert(to.end(),
              {std::int64_t{r.id}, std::string_view{r.text}, r.real, std::span<const std::byte>{r.bytes}});
}

/// Values that a list of them would trip over if it were put together carelessly.
inline std::vector<row_of_all> awkward_rows(std::size_t count) {
    const std::array<std::string, 8> texts{"",         "NULL",    R"(a "quoted" \ one)", "{1,2}", "a, b",
                                           "\nline\t", "Zoë ☃ 𝄞", "'; DROP TABLE v; --"};
    const std::array<double, 5> reals{0.1, -2.5, 1e300, std::numeric_limits<double>::denorm_min(),
                                      std::numeric_limits<double>::infinity()};
    std::vector<row_of_all> out;
    for (std::size_t i = 0; i < count; ++i) {
        row_of_all r{i == 0 ? std::numeric_limits<std::int64_t>::min() : static_cast<std::int64_t>(i),
                     texts.at(i % texts.size()),
                     reals.at(i % reals.size()),
                     {}};
        for (std::size_t b = 0; b < i % 4; ++b) {
            r.bytes.push_back(std::byte(b == 0 ? 0 : i * 37 % 256));
        }
        out.push_back(std::move(r));
    }
    return out;
}

TEST_P(StoreDriver, WritesSeveralRowsAsTheyAre) {
    const std::string blob{db_->dialect().blob};
    db_->script(
        "CREATE TABLE v (id BIGINT PRIMARY KEY, g BIGINT NOT NULL, t TEXT NOT NULL, d DOUBLE PRECISION"
        " NOT NULL, b " +
        blob + " NOT NULL)");
    static const several_rows sql(
        "INSERT INTO v (id, t, d, b, g) SELECT r.column1, r.column2, r.column3, r.column4,"
        " CAST($1 AS BIGINT) FROM (VALUES ",
        4, ") AS r WHERE TRUE ON CONFLICT (id) DO UPDATE SET t = excluded.t", 1);
    for (const std::size_t count : {1U, 4U, 5U, 130U, 2'100U}) {
        const std::vector<row_of_all> rows = awkward_rows(count);
        db_->begin(tx_mode::write);
        db_->run("DELETE FROM v");
        sql.run(*db_, addresses(rows), add_all, {std::int64_t{7}});
        db_->commit();
        const cursor read = db_->query("SELECT id, t, d, b, g FROM v ORDER BY id");
        for (const row_of_all& r : rows) {
            ASSERT_TRUE(read->next());
            EXPECT_EQ(read->i64(0), r.id);
            EXPECT_EQ(read->text(1), r.text);
            EXPECT_EQ(read->f64(2), r.real);
            EXPECT_TRUE(std::ranges::equal(read->bytes(3), r.bytes));
            EXPECT_EQ(read->i64(4), 7);
        }
        EXPECT_FALSE(read->next());
    }
}

TEST_P(StoreDriver, FindsRowsByAList) {
    make_numbers(300);
    static const in_list by_number("SELECT id FROM numbers WHERE id <> $1 AND id", " AND n > 0");
    for (const std::int64_t count : {1, 4, 5, 9, 120}) {
        std::vector<std::int64_t> wanted;
        for (std::int64_t i = 1; i <= count; ++i) {
            wanted.push_back(i * 2);
        }
        std::vector<std::int64_t> found =
            by_number.find(*db_, guild_id{4}, std::span<const std::int64_t>(wanted),
                           [](const cursor& row) { return row->i64(0); });
        std::sort(found.begin(), found.end());
        std::vector<std::int64_t> expected;
        for (std::int64_t i = 1; i <= count; ++i) {
            if (i != 2) {
                expected.push_back(i * 2);
            }
        }
        EXPECT_EQ(found, expected);
    }
}

TEST_P(StoreDriver, WritesWholeNumbersOfSeveralRowsEachInItsColumn) {
    db_->script("CREATE TABLE v (a BIGINT NOT NULL, t TEXT NOT NULL, b BIGINT NOT NULL, c BIGINT NOT NULL);"
                "CREATE TABLE w (a BIGINT NOT NULL, b BIGINT NOT NULL, c BIGINT NOT NULL)");
    static const several_rows beside_texts("INSERT INTO v (a, t, b, c) VALUES ", 4, "");
    static const several_rows alone("INSERT INTO w (a, b, c) VALUES ", 3, "");
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t count : {1, 5, 1'100}) {
        std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
        std::iota(numbers.begin(), numbers.end(), 0);
        std::vector<const std::int64_t*> rows;
        for (const std::int64_t& n : numbers) {
            rows.push_back(&n);
        }
        db_->begin(tx_mode::write);
        db_->run("DELETE FROM v");
        db_->run("DELETE FROM w");
        beside_texts.run(*db_, rows, [](std::vector<value>& to, const std::int64_t& n) {
            to.insert(to.end(), {n, std::string_view{"x"}, least + n, greatest - n});
        });
        alone.run(*db_, rows, [](std::vector<value>& to, const std::int64_t& n) {
            to.insert(to.end(), {n, least + n, greatest - n});
        });
        db_->commit();
        for (const char* const sql :
             {"SELECT a, b, c FROM v ORDER BY a", "SELECT a, b, c FROM w ORDER BY a"}) {
            const cursor read = db_->query(sql);
            for (const std::int64_t n : numbers) {
                ASSERT_TRUE(read->next());
                EXPECT_EQ(read->i64(0), n);
                EXPECT_EQ(read->i64(1), least + n);
                EXPECT_EQ(read->i64(2), greatest - n);
            }
            EXPECT_FALSE(read->next());
        }
    }
}

TEST_P(StoreDriver, TakesSeveralIntegersAsOneParameterWhereThereAreArrays) {
    const std::vector<std::int64_t> numbers{7, -8, 9};
    for (const std::size_t count : {std::size_t{3}, std::size_t{0}}) {
        const std::vector<value> parameters{std::span<const std::int64_t>(numbers).first(count)};
        if (db_->dialect().rows_of_arrays.empty()) {
            EXPECT_EQ(error_of([&] { db_->run("SELECT $1", parameters); }), "misuse");
            continue;
        }
        const cursor read = db_->query("SELECT v FROM UNNEST($1) AS r (v)", parameters);
        for (std::size_t n = 0; n < count; ++n) {
            ASSERT_TRUE(read->next());
            EXPECT_EQ(read->i64(0), numbers[n]);
        }
        EXPECT_FALSE(read->next());
    }
}

TEST_P(StoreDriver, FindsRowsAroundSeveralTexts) {
    db_->script("CREATE TABLE names (guild BIGINT NOT NULL, name TEXT NOT NULL);"
                "CREATE INDEX names_name ON names (guild, name)");
    for (const char* const name : {"ann", "bob", "cid", "dan", "eve", "fay", "Ägir"}) {
        db_->run("INSERT INTO names VALUES (4, $1)", {std::string_view{name}});
        db_->run("INSERT INTO names VALUES (5, $1)", {std::string_view{name}});
    }
    static const text_range by_name("SELECT name FROM names WHERE guild = $1 AND name");
    const auto around = [&](const std::vector<std::string_view>& texts) {
        auto found = by_name.find(*db_, guild_id{4}, std::span(texts),
                                  [](const cursor& row) { return std::string(row->text(0)); });
        if (found) {
            std::sort(found->begin(), found->end());
        }
        return found;
    };
    using names = std::vector<std::string>;
    EXPECT_EQ(around({"cid"}), (names{"cid"}));
    EXPECT_EQ(around({"bo", "bobby"}), (names{"bob"}));
    EXPECT_EQ(around({"dan", "bob"}), (names{"bob", "cid", "dan"})) << "in any order, with what lies between";
    EXPECT_EQ(around({"eve", "bob"}), std::nullopt) << "four rows for two names";
    EXPECT_EQ(around({"zoe"}), names{});
}

TEST_P(StoreDriver, RefusesInSeveralRowsWhatItRefusesInOne) {
    db_->script("CREATE TABLE v (t TEXT NOT NULL, d DOUBLE PRECISION NOT NULL)");
    static const several_rows sql("INSERT INTO v (t, d) VALUES ", 2, "");
    for (const std::size_t count : {2U, 20U}) {
        for (const bool text : {true, false}) {
            std::vector<row_of_all> rows = awkward_rows(count);
            if (text) {
                rows.back().text = "\xff";
            } else {
                rows.back().real = std::numeric_limits<double>::quiet_NaN();
            }
            db_->begin(tx_mode::write);
            EXPECT_EQ(error_of([&] {
                          sql.run(*db_, addresses(rows), [](std::vector<value>& to, const row_of_all& r) {
                              to.insert(to.end(), {std::string_view{r.text}, r.real});
                          });
                      }),
                      "bad_value");
            db_->rollback();
        }
    }
}

} // namespace patt::store
