// What SQLite does when the disk is full, broken or lies, and when threads compete.
#include "conformance/error_of.hpp"
#include "conformance/temporary_directory.hpp"

#include <patt/store/in_tx.hpp>
#include <patt/store/sqlite.hpp>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace patt::store {
namespace {

std::int64_t number(connection& from, std::string_view sql) {
    const cursor rows = from.query(sql);
    return rows->next() ? rows->i64(0) : -1;
}

/// A database on disk with one table.
class SqliteFaults : public testing::Test {
protected:
    SqliteFaults() { db_->script("CREATE TABLE t (id BIGINT PRIMARY KEY NOT NULL, b BLOB NOT NULL)"); }

    void insert(std::int64_t id, std::size_t size) {
        const std::vector<std::byte> blob(size, std::byte{7});
        db_->run("INSERT INTO t (id, b) VALUES ($1, $2)", {id, std::span<const std::byte>{blob}});
    }

    temporary_directory place_;
    std::filesystem::path file_ = place_.path() / "patt.db";
    std::shared_ptr<database> database_ = open_sqlite(file_);
    std::unique_ptr<connection> db_ = database_->connect();
};

TEST_F(SqliteFaults, CallsAFullDatabaseFullAndGoesOnWhenThereIsRoom) {
    db_->run("PRAGMA max_page_count=20");
    db_->begin(tx_mode::write);
    insert(1, 100);
    EXPECT_EQ(error_of([this] { insert(2, 1'000'000); }), "full");
    EXPECT_EQ(error_of([this] { insert(3, 1); }), "misuse")
        << "SQLite itself has rolled back, the scope has not ended";
    EXPECT_EQ(error_of([this] { db_->commit(); }), "misuse");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM t"), 0);
    db_->run("PRAGMA max_page_count=1000000");
    insert(1, 1'000'000);
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM t"), 1);
}

/// Makes writes beyond a file size fail with EFBIG, which SQLite takes for a broken disk.
class broken_disk {
public:
    explicit broken_disk(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit = before_;
        limit.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    broken_disk(const broken_disk&) = delete;
    broken_disk& operator=(const broken_disk&) = delete;
    ~broken_disk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int) = nullptr;
};

TEST_F(SqliteFaults, NeverGuessesACommitThatTheDiskRefused) {
    insert(1, 100);
    db_->begin(tx_mode::write);
    insert(2, 100'000);
    {
        const broken_disk broken{60'000};
        EXPECT_EQ(error_of([this] { db_->commit(); }), "unknown");
    }
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM t"), 1);
    insert(3, 100'000);
    EXPECT_EQ(number(*database_->connect(), "SELECT COUNT(*) FROM t"), 2) << "usable again, and kept";
}

TEST_F(SqliteFaults, TellsABrokenDiskFromAFullOne) {
    db_->run("PRAGMA cache_spill=ON");
    db_->run("PRAGMA cache_size=5");
    db_->begin(tx_mode::write);
    {
        const broken_disk broken{60'000};
        EXPECT_EQ(error_of([this] { insert(2, 1'000'000); }), "io") << "pages are written before the commit";
    }
    db_->rollback();
    insert(2, 100'000);
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM t"), 1);
}

TEST_F(SqliteFaults, CallsADamagedFileCorrupt) {
    insert(1, 100'000);
    db_.reset(); // The last one to close moves the log into the file.
    {
        std::fstream file{file_, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(4096); // The second page: the table's root.
        file << std::string(4096, '\xAA');
    }
    db_ = database_->connect();
    EXPECT_EQ(error_of([this] { db_->run("SELECT b FROM t"); }), "corrupt");
}

TEST_F(SqliteFaults, KeepsTheTypesOfWhatIsBound) {
    db_->script("CREATE TABLE k (n BIGINT, d DOUBLE PRECISION, t TEXT, b BLOB)");
    const std::vector<std::byte> blob(1, std::byte{'x'});
    db_->run("INSERT INTO k (n, d, t, b) VALUES ($1, $2, $3, $4)",
             {std::int64_t{1}, 1.0, std::string_view{"12"}, std::span<const std::byte>{blob}});
    const cursor rows = db_->query("SELECT typeof(n), typeof(d), typeof(t), typeof(b) FROM k");
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->text(0), "integer");
    EXPECT_EQ(rows->text(1), "real");
    EXPECT_EQ(rows->text(2), "text");
    EXPECT_EQ(rows->text(3), "blob");
}

TEST_F(SqliteFaults, CopiesADatabaseThatIsInUse) {
    insert(1, 100);
    const auto other = database_->connect();
    other->begin(tx_mode::write);
    other->run("DELETE FROM t");
    const std::string copy = (place_.path() / "copy.db").string();
    db_->run("VACUUM INTO $1", {std::string_view{copy}});
    other->commit();
    EXPECT_EQ(number(*open_sqlite(copy)->connect(), "SELECT COUNT(*) FROM t"), 1);
}

TEST_F(SqliteFaults, LosesNoUpdateWhenThreadsCompete) {
    constexpr int writers = 4;
    constexpr int rounds = 50;
    db_->script("CREATE TABLE counter (n BIGINT NOT NULL); INSERT INTO counter (n) VALUES (0)");
    std::vector<std::thread> threads;
    std::vector<std::string> problems(writers);
    open_options quick;
    quick.synchronous = synchronous::off;
    for (std::string& problem : problems) {
        threads.emplace_back([this, &problem, quick] {
            problem = error_of([&] {
                const auto own = database_->connect(quick);
                for (int i = 0; i < rounds; ++i) {
                    in_tx(*own, tx_mode::write, [&] {
                        const std::int64_t before = number(*own, "SELECT n FROM counter");
                        own->run("UPDATE counter SET n = $1", {before + 1});
                    });
                }
            });
        });
    }
    std::int64_t last = 0;
    for (int i = 0; i < 200; ++i) { // A reader neither waits nor goes back in time.
        const std::int64_t seen = number(*db_, "SELECT n FROM counter");
        EXPECT_GE(seen, last);
        last = seen;
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const std::string& problem : problems) {
        EXPECT_EQ(problem, "nothing");
    }
    EXPECT_EQ(number(*db_, "SELECT n FROM counter"), writers * rounds);
}

} // namespace
} // namespace patt::store
