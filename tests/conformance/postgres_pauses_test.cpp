// A guild's file through a pipe whose other end pauses, for longer than the server lets a transaction idle.
#include "postgres/needs_postgres.hpp"
#include "postgres/shared_server.hpp"

#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/postgres.hpp>
#include <patt/store/transfer.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace patt::store {
namespace {

using namespace std::chrono_literals;

constexpr guild_id guild{7};
constexpr instant some_time{1'780'000'000'000'000};
constexpr auto longest_idle = 200ms;

class PostgresPauses : public testing::TestWithParam<statement_mode> {
protected:
    void SetUp() override {
        PATT_NEEDS_POSTGRES();
        static const std::string from = migrated();
        static const std::string to = migrated();
        from_ = from;
        to_ = to;
        const auto db = open_postgres(from_)->connect();
        in_tx(*db, tx_mode::write, [&] {
            db->run("INSERT INTO guild (guild_id, name, owner_member, settings_version, log_seq, log_hash, "
                    "last_id, created_at) VALUES ($1, 'Slow', 0, 0, 0, '', 0, 0) ON CONFLICT DO NOTHING",
                    {guild.value()});
        });
    }
    [[nodiscard]] static std::string migrated() {
        std::string made = ::patt::postgres::fresh_database();
        EXPECT_TRUE(migrate(*open_postgres(made)->connect(), built_in_migrations(), some_time));
        return made;
    }
    [[nodiscard]] static std::unique_ptr<connection> open(const std::string& where) {
        postgres_options how;
        how.statements = GetParam();
        how.idle_transaction_timeout = longest_idle;
        return open_postgres(where, how)->connect();
    }

    std::string from_;
    std::string to_;
};

TEST_P(PostgresPauses, DoNotEndAnExport) {
    const auto db = open(from_);
    std::vector<std::string> file;
    const auto to = [&](std::string_view line) {
        file.emplace_back(line);
        if (file.size() == 1) {
            std::this_thread::sleep_for(3 * longest_idle);
        }
    };
    const auto written = export_guild(*db, guild, some_time, to, {});
    ASSERT_TRUE(written);
    EXPECT_EQ(written->rows, 1);
    EXPECT_EQ(file.size(), 3U);
}

TEST_P(PostgresPauses, DoNotEndAnImport) {
    std::vector<std::string> file;
    ASSERT_TRUE(export_guild(*open(from_), guild, some_time,
                             [&](std::string_view line) { file.emplace_back(line); }, {}));
    const auto db = open(to_);
    std::size_t next = 0;
    const auto from = [&]() -> std::optional<std::string_view> {
        if (next == file.size()) {
            return std::nullopt;
        }
        if (next != 0) {
            std::this_thread::sleep_for(3 * longest_idle);
        }
        return file[next++];
    };
    const auto read = import_guild(*db, from, {.existing = existing_guild::replace});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->rows, 1);
}

TEST_P(PostgresPauses, EndWhateverElseWaitsInTheMiddle) {
    const auto db = open(from_);
    ASSERT_TRUE(export_guild(*db, guild, some_time, [](std::string_view) {}, {}));
    db->begin(tx_mode::read);
    const auto look = [&] {
        const cursor row = db->query("SELECT name FROM guild");
        return row->next();
    };
    EXPECT_TRUE(look());
    std::this_thread::sleep_for(3 * longest_idle);
    EXPECT_THROW(look(), sql_error) << "an export before must not leave it allowed";
    db->rollback();
}

INSTANTIATE_TEST_SUITE_P(Modes, PostgresPauses,
                         testing::Values(statement_mode::prepared, statement_mode::unnamed),
                         [](const auto& of) {
                             return of.param == statement_mode::prepared ? "Prepared" : "Unnamed";
                         });

} // namespace
} // namespace patt::store
