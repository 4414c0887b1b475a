// Opening SQLite databases: settings, and errors that say what to do.
#include "conformance/temporary_directory.hpp"

#include <patt/store/sqlite.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace patt::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct refusal {
    std::string code;
    std::string message;
};

/// Opens and tells how it was refused.
refusal open_refused(const std::filesystem::path& file) {
    open_options options;
    options.busy_timeout = std::chrono::milliseconds{20};
    try {
        (void)open_sqlite(file)->connect(options);
    } catch (const sql_error& problem) {
        return {std::string{to_string(problem.code())}, problem.what()};
    }
    return {"opened", ""};
}

std::int64_t number(connection& from, std::string_view sql) {
    const cursor rows = from.query(sql);
    return rows->next() ? rows->i64(0) : -1;
}

TEST(OpenSqlite, SaysThatTheDirectoryIsMissing) {
    const temporary_directory place;
    const auto [code, message] = open_refused(place.path() / "no" / "such" / "patt.db");
    EXPECT_EQ(code, "other");
    EXPECT_THAT(message,
                AllOf(HasSubstr("no/such/patt.db"), HasSubstr("does not exist"), HasSubstr("mkdir -p")));
}

TEST(OpenSqlite, SaysThatThePathIsADirectory) {
    const temporary_directory place;
    EXPECT_THAT(open_refused(place.path()).message, HasSubstr("it is a directory"));
    std::ofstream{place.path() / "file"} << "x";
    EXPECT_THAT(open_refused(place.path() / "file" / "patt.db").message, HasSubstr("file is no directory"));
}

TEST(OpenSqlite, RefusesNamesThatMeanSomethingElseToSqlite) {
    EXPECT_THAT(open_refused("").message, HasSubstr("it has no name"));
    EXPECT_THAT(open_refused(":memory:").message, HasSubstr("open_memory"));
}

TEST(OpenSqlite, TakesOddNamesLiterally) {
    const temporary_directory place;
    for (const char* name : {"file:odd?mode=ro", "a%20b #?&.db", "\xC3\xA9t\xC3\xA9.db", "-db", "'; DROP"}) {
        const std::filesystem::path file = place.path() / name;
        {
            const auto db = open_sqlite(file)->connect();
            db->script("CREATE TABLE t (id BIGINT PRIMARY KEY NOT NULL)");
        }
        EXPECT_TRUE(std::filesystem::exists(file)) << name;
    }
}

TEST(OpenSqlite, SaysThatAFileIsNoDatabase) {
    const temporary_directory place;
    for (const std::size_t size : {std::size_t{100}, std::size_t{5000}}) {
        const std::filesystem::path file = place.path() / ("text" + std::to_string(size));
        std::ofstream{file} << std::string(size, 'x');
        const auto [code, message] = open_refused(file);
        EXPECT_EQ(code, "corrupt");
        EXPECT_THAT(message, AllOf(HasSubstr(file.string()), HasSubstr("not a SQLite database"),
                                   HasSubstr("another file")));
        EXPECT_EQ(std::filesystem::file_size(file), size) << "the file was changed";
    }
}

TEST(OpenSqlite, SaysThatTheFileIsLocked) {
    const temporary_directory place;
    const std::filesystem::path file = place.path() / "patt.db";
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE t (a); BEGIN EXCLUSIVE", nullptr, nullptr, nullptr),
              SQLITE_OK);
    const auto [code, message] = open_refused(file);
    EXPECT_EQ(code, "busy");
    EXPECT_THAT(message,
                AllOf(HasSubstr(file.string()), HasSubstr("another program"), HasSubstr("end that program")));
    sqlite3_close(other);
    EXPECT_EQ(open_refused(file).code, "opened");
}

/// Takes root's rights away for a while, as root may write everything.
class nobody {
public:
    nobody()
        : was_root_(::geteuid() == 0) {
        if (was_root_ && ::seteuid(65534) != 0) {
            throw std::runtime_error("cannot become nobody");
        }
    }
    nobody(const nobody&) = delete;
    nobody& operator=(const nobody&) = delete;
    ~nobody() {
        if (was_root_ && ::seteuid(0) != 0) {
            std::abort();
        }
    }

private:
    bool was_root_;
};

TEST(OpenSqlite, SaysThatTheFileCannotBeWritten) {
    using std::filesystem::perms;
    const temporary_directory place;
    const std::filesystem::path file = place.path() / "patt.db";
    open_sqlite(file)->connect()->script("CREATE TABLE t (id BIGINT PRIMARY KEY NOT NULL)");
    const perms look = perms::owner_read | perms::group_read | perms::others_read;
    const perms enter = look | perms::owner_exec | perms::group_exec | perms::others_exec;
    const perms change = look | perms::owner_write | perms::group_write | perms::others_write;
    std::filesystem::permissions(place.path(), enter);
    std::filesystem::permissions(file, look);
    refusal refused;
    refusal secret;
    refusal no_log;
    {
        const nobody without_rights;
        refused = open_refused(file);
    }
    std::filesystem::permissions(file, change);
    {
        const nobody without_rights;
        no_log = open_refused(file);
    }
    std::filesystem::permissions(file, perms::none);
    {
        const nobody without_rights;
        secret = open_refused(file);
    }
    std::filesystem::permissions(place.path(), perms::owner_all);
    EXPECT_EQ(refused.code, "full");
    EXPECT_THAT(refused.message,
                AllOf(HasSubstr(file.string()), HasSubstr("not written"), HasSubstr("the right to write")));
    EXPECT_EQ(no_log.code, "full");
    EXPECT_THAT(no_log.message, AllOf(HasSubstr("not written"), HasSubstr("its directory")));
    EXPECT_EQ(secret.code, "other");
    EXPECT_THAT(secret.message,
                AllOf(HasSubstr("Permission denied"), HasSubstr("the right to read and write")));
}

TEST(OpenSqlite, MakesItsSettingsOnEveryConnection) {
    const temporary_directory place;
    const auto database = open_sqlite(place.path() / "patt.db");
    for (int i = 0; i < 2; ++i) {
        const auto db = database->connect();
        {
            const cursor mode = db->query("PRAGMA journal_mode");
            ASSERT_TRUE(mode->next());
            EXPECT_EQ(mode->text(0), "wal");
        }
        EXPECT_EQ(number(*db, "PRAGMA synchronous"), 2) << "FULL";
        EXPECT_EQ(number(*db, "PRAGMA foreign_keys"), 1);
        EXPECT_EQ(number(*db, "PRAGMA busy_timeout"), 5000);
        EXPECT_EQ(number(*db, "PRAGMA journal_size_limit"), 64 * 1024 * 1024);
    }
}

TEST(OpenSqlite, LetsTheDurabilityBeChosen) {
    const temporary_directory place;
    const auto database = open_sqlite(place.path() / "patt.db");
    open_options options;
    options.synchronous = synchronous::normal;
    EXPECT_EQ(number(*database->connect(options), "PRAGMA synchronous"), 1);
    options.synchronous = synchronous::off;
    EXPECT_EQ(number(*database->connect(options), "PRAGMA synchronous"), 0);
}

TEST(OpenSqlite, TouchesNothingBeforeTheFirstConnection) {
    const temporary_directory place;
    const auto database = open_sqlite(place.path() / "patt.db");
    EXPECT_TRUE(std::filesystem::is_empty(place.path()));
    (void)database->connect();
    EXPECT_FALSE(std::filesystem::is_empty(place.path()));
}

TEST(OpenMemory, IsSharedByNameAndGoneWithItsLastUser) {
    {
        const auto first = open_memory("a name, 100% odd?&#/");
        first->connect()->script(
            "CREATE TABLE t (id BIGINT PRIMARY KEY NOT NULL); INSERT INTO t (id) VALUES (7)");
        const auto second = open_memory("a name, 100% odd?&#/");
        EXPECT_EQ(number(*second->connect(), "SELECT id FROM t"), 7);
        EXPECT_THROW((void)number(*open_memory("another name")->connect(), "SELECT id FROM t"), sql_error);
    }
    EXPECT_THROW((void)number(*open_memory("a name, 100% odd?&#/")->connect(), "SELECT id FROM t"),
                 sql_error);
    EXPECT_THROW((void)open_memory(""), sql_error);
}

TEST(OpenMemory, LeavesNoFiles) {
    const temporary_directory place;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(place.path());
    const auto db = open_memory("memory")->connect();
    db->begin(tx_mode::write);
    db->script("CREATE TABLE t (id BIGINT PRIMARY KEY NOT NULL); INSERT INTO t (id) VALUES (7)");
    EXPECT_TRUE(std::filesystem::is_empty(place.path()));
    db->commit();
    EXPECT_TRUE(std::filesystem::is_empty(place.path()));
    EXPECT_FALSE(std::filesystem::exists("/memory"));
    std::filesystem::current_path(before);
}

} // namespace
} // namespace patt::store
