#include "store/postgres/connection.hpp"
#include "store/postgres/wake_channel.hpp"

#include <patt/store/postgres.hpp>

#include <charconv>
#include <memory>
#include <utility>

namespace patt::store {
namespace {

class postgres_database final : public database {
public:
    postgres_database(std::string_view conninfo, postgres_options options)
        : shared_(std::make_shared<postgres::shared_parts>(conninfo, std::move(options))) {}
    [[nodiscard]] std::unique_ptr<connection> connect(open_options options) override {
        return std::make_unique<postgres::pg_connection>(shared_, options);
    }

    [[nodiscard]] std::unique_ptr<wake_channel> open_wake_channel() override {
        return std::make_unique<postgres::pg_wake_channel>(shared_);
    }

private:
    std::shared_ptr<postgres::shared_parts> shared_;
};

} // namespace

std::shared_ptr<database> open_postgres(std::string_view conninfo, postgres_options options) {
    return std::make_shared<postgres_database>(conninfo, std::move(options));
}

void raise_timeline(connection& db, std::int64_t seen) {
    db.run("UPDATE instance SET timeline = $1 WHERE only_one = 1 AND timeline < $1", {seen});
}

server_description describe_server(connection& db) {
    const cursor row =
        db.query("SELECT current_setting('server_version'), CASE WHEN pg_is_in_recovery() THEN '' ELSE "
                 "substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END, pg_is_in_recovery(), "
                 "current_setting('synchronous_commit'), current_setting('synchronous_standby_names'), "
                 "CAST(current_setting('max_connections') AS BIGINT), "
                 "(SELECT CAST(COALESCE(MAX(age(backend_xmin)), 0) AS BIGINT) FROM pg_stat_activity), "
                 "(SELECT CAST(COALESCE(SUM(n_dead_tup), 0) AS BIGINT) FROM pg_stat_user_tables)");
    server_description found;
    if (row->next()) {
        found.version = row->text(0);
        const std::string_view timeline = row->text(1);
        std::from_chars(timeline.data(), timeline.data() + timeline.size(), found.timeline, 16);
        found.standby = row->i64(2) != 0;
        found.synchronous_commit = row->text(3);
        found.synchronous_standbys = row->text(4);
        found.max_connections = row->i64(5);
        found.oldest_snapshot_transactions = row->i64(6);
        found.dead_rows = row->i64(7);
    }
    return found;
}

bool is_postgres_url(std::string_view text) noexcept {
    return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

} // namespace patt::store
