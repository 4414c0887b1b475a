// The text of migrations, which no database is needed for.
#include "store/concurrent_step.hpp"
#include "store/migration_text.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace patt::store {
namespace {

constexpr dialect some_dialect{"sqlite", "", "", "", "BLOB", "", "", "", ""};
constexpr dialect other_dialect{"postgres", "", "", "", "BYTEA", "", "", "", ""};

TEST(MigrationText, PutsTheDatabasesOwnWords) {
    EXPECT_EQ(expand("a {blob}, b {blob} NOT NULL", some_dialect), "a BLOB, b BLOB NOT NULL");
    EXPECT_EQ(expand("{blob}", other_dialect), "BYTEA");
    EXPECT_EQ(expand("", some_dialect), "");
}

TEST(MigrationText, IsWhatADryRunShows) {
    const migration step{1, "first", "CREATE TABLE t (b {blob});", "", "CREATE TABLE t (b {blob}, p TEXT);"};
    EXPECT_EQ(sql_of(step, some_dialect), "CREATE TABLE t (b BLOB);");
    EXPECT_EQ(sql_of(step, other_dialect), "CREATE TABLE t (b BYTEA, p TEXT);");
}

TEST(ConcurrentStep, IsMarkedOnItsFirstLine) {
    EXPECT_TRUE(is_concurrent("-- patt: concurrently\nCREATE INDEX CONCURRENTLY a ON t (b);"));
    EXPECT_FALSE(is_concurrent("CREATE INDEX a ON t (b); -- patt: concurrently"));
}

TEST(ConcurrentStep, HoldsOneIndexAndKnowsItsName) {
    const auto plain =
        parse_concurrent("-- patt: concurrently\n-- Why.\nCREATE INDEX CONCURRENTLY a\n ON t (b); \n");
    EXPECT_EQ(plain.statement, "CREATE INDEX CONCURRENTLY a\n ON t (b)");
    EXPECT_EQ(plain.name, "a");
    EXPECT_EQ(
        in_transaction(parse_concurrent("-- patt: concurrently\nCREATE INDEX Concurrently\n a ON t(b)")),
        "CREATE INDEX \n a ON t(b)");
    EXPECT_EQ(parse_concurrent("-- patt: concurrently\nCREATE INDEX CONCURRENTLY a ON s.t(b)").table, "s.t");
    EXPECT_EQ(parse_concurrent("-- patt: concurrently\ncreate unique index concurrently b_c on t (b)").name,
              "b_c");
    for (const std::string_view wrong :
         {"", "CREATE INDEX a ON t (b)", "CREATE INDEX CONCURRENTLY ON t (b)", "DROP INDEX CONCURRENTLY a",
          "CREATE INDEX CONCURRENTLY a ON ONLY t (b)", "CREATE INDEX CONCURRENTLY a ON \"T\" (b)",
          "CREATE INDEX CONCURRENTLY a ON t (b); CREATE INDEX CONCURRENTLY c ON t (d)"}) {
        EXPECT_THROW((void)parse_concurrent("-- patt: concurrently\n" + std::string(wrong)), failure)
            << wrong;
    }
}

TEST(MigrationText, LeavesOtherBracesAlone) {
    for (const std::string_view sql :
         {"'{}'", "'{\"a\":1}'", "{", "}", "a } b { c", "{Blob}", "{ blob }", "{{}}", "'{\"a\":{}"}) {
        EXPECT_EQ(expand(sql, some_dialect), sql);
    }
    EXPECT_EQ(expand("{{blob}}", some_dialect), "{BLOB}");
}

TEST(MigrationText, RefusesWordsItDoesNotKnow) {
    EXPECT_THROW((void)expand("a {bytes}", some_dialect), failure);
}

TEST(MigrationText, TakesTheOverrideOfItsOwnDatabase) {
    const migration step{1, "x", "shared", "", "theirs"};
    EXPECT_EQ(text_for(step, some_dialect), "shared");
    EXPECT_EQ(text_for(step, other_dialect), "theirs");
    const migration one_sided{1, "x", "", "ours", ""};
    EXPECT_EQ(text_for(one_sided, some_dialect), "ours");
    EXPECT_THROW((void)text_for(one_sided, other_dialect), failure);
}

/// The bytes of a file; nothing when there is none.
std::string file_text(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

TEST(MigrationText, IsEmbeddedByteForByte) {
    const std::filesystem::path folder = std::filesystem::path{PATT_SOURCE_DIR} / "libpatt/store/migrations";
    std::size_t embedded = 0;
    for (const migration& step : built_in_migrations()) {
        const std::string digits = std::to_string(step.number);
        const std::string stem = std::string(4 - digits.size(), '0') + digits + "_" + std::string{step.name};
        EXPECT_EQ(step.sql, file_text(folder / (stem + ".sql")));
        EXPECT_EQ(step.sqlite_sql, file_text(folder / (stem + ".sqlite.sql")));
        EXPECT_EQ(step.postgres_sql, file_text(folder / (stem + ".postgres.sql")));
        embedded += (step.sql.empty() ? 0U : 1U) + (step.sqlite_sql.empty() ? 0U : 1U) +
                    (step.postgres_sql.empty() ? 0U : 1U);
    }
    std::size_t files = 0;
    if (std::filesystem::exists(folder)) {
        for (const auto& entry : std::filesystem::directory_iterator{folder}) {
            files += entry.path().extension() == ".sql" ? 1U : 0U;
        }
    }
    EXPECT_EQ(embedded, files);
}

} // namespace
} // namespace patt::store
