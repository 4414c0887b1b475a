// The test server itself: it runs as an ordinary user, can be killed and hung, and dies with its program.

#include "postgres/needs_postgres.hpp"
#include "postgres/server.hpp"
#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

namespace patt::postgres {
namespace {

using namespace std::chrono_literals;

TEST(PostgresServer, RunsInTheCLocaleAsAnOrdinaryUser) {
    PATT_NEEDS_POSTGRES();
    server db;
    EXPECT_EQ(db.one("SHOW lc_collate"), "C");
    EXPECT_EQ(db.one("SHOW lc_messages"), "C");
    EXPECT_EQ(db.one("SHOW fsync"), "off");
    EXPECT_EQ(db.one("SHOW server_encoding"), "UTF8");
    EXPECT_NE(db.port(), 5432);
    struct stat about {};
    ASSERT_EQ(::stat(("/proc/" + std::to_string(db.postmaster())).c_str(), &about), 0);
    EXPECT_NE(about.st_uid, 0U);
}

TEST(PostgresServer, GivesEachTestADatabaseOfItsOwn) {
    PATT_NEEDS_POSTGRES();
    const std::string a = fresh_database();
    const std::string b = fresh_database();
    EXPECT_NE(a, b);
    session(a).run("CREATE TABLE only_here (n int)");
    EXPECT_THROW(session(b).run("SELECT n FROM only_here"), std::runtime_error);
}

TEST(PostgresServer, TakesSettingsAndPasswords) {
    PATT_NEEDS_POSTGRES();
    server_options how;
    how.access = access::password;
    how.max_connections = 20;
    how.settings = {{"lock_timeout", "123ms"}};
    server db(how);
    EXPECT_EQ(db.one("SHOW lock_timeout"), "123ms");
    EXPECT_EQ(db.one("SHOW max_connections"), "20");
    const std::string wrong = "postgresql://patt:wrong@127.0.0.1:" + std::to_string(db.port()) + "/postgres";
    EXPECT_FALSE(answers(wrong));
    db.set("lock_timeout", "321ms");
    for (int i = 0; i < 200 && db.one("SHOW lock_timeout") != "321ms"; ++i) {
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_EQ(db.one("SHOW lock_timeout"), "321ms");
}

TEST(PostgresServer, ComesBackAfterItWasKilled) {
    PATT_NEEDS_POSTGRES();
    server db;
    const std::string where = db.fresh_database();
    session(where).run("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");
    const int port = db.port();
    db.kill();
    EXPECT_FALSE(db.running());
    EXPECT_FALSE(answers(where));
    db.start();
    EXPECT_EQ(db.port(), port);
    EXPECT_EQ(session(where).one("SELECT n FROM kept"), "7");
    db.restart();
    EXPECT_EQ(session(where).one("SELECT n FROM kept"), "7");
}

TEST(PostgresServer, HangsAndGoesOn) {
    PATT_NEEDS_POSTGRES();
    server db;
    session before(db.conninfo());
    db.hang();
    EXPECT_FALSE(answers(db.conninfo()));
    db.resume();
    EXPECT_TRUE(answers(db.conninfo()));
    EXPECT_EQ(before.one("SELECT 1"), "1");
}

TEST(PostgresServer, LosesItsSessionsWhenABackendIsKilled) {
    PATT_NEEDS_POSTGRES();
    server db;
    session one(db.conninfo());
    session other(db.conninfo());
    db.kill_backend(static_cast<pid_t>(one.number("SELECT pg_backend_pid()")));
    EXPECT_THROW(one.run("SELECT 1"), std::runtime_error);
    EXPECT_THROW(other.run("SELECT 1; SELECT pg_sleep(5)"), std::runtime_error);
    EXPECT_TRUE(db.running());
}

/// In a child: starts a server, hangs it (nothing may ask it to end), tells where, and is killed.
[[noreturn]] void live_and_die(int tell) {
    server* db = new server; // Its destructor shall not run.
    db->hang();
    const std::string text = std::to_string(db->postmaster()) + " " + db->data().parent_path().string();
    static_cast<void>(!::write(tell, text.data(), text.size()));
    ::kill(::getpid(), SIGKILL);
    std::abort();
}

TEST(PostgresServer, DiesWithItsProgramEvenWhenItHangs) {
    PATT_NEEDS_POSTGRES();
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t program = ::fork();
    if (program == 0) {
        live_and_die(ends[1]);
    }
    ::close(ends[1]);
    char text[256] = {};
    ASSERT_GT(::read(ends[0], text, sizeof text - 1), 0);
    ::close(ends[0]);
    ASSERT_EQ(::waitpid(program, nullptr, 0), program);
    char* after = nullptr;
    const auto postmaster = static_cast<pid_t>(std::strtol(text, &after, 10));
    const std::filesystem::path folder = after + 1;
    for (int i = 0; i < 1000 && (::kill(postmaster, 0) == 0 || std::filesystem::exists(folder)); ++i) {
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_NE(::kill(postmaster, 0), 0) << "postmaster " << postmaster << " lives on";
    EXPECT_FALSE(std::filesystem::exists(folder)) << folder;
}

} // namespace
} // namespace patt::postgres
