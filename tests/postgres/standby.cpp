#include "postgres/standby.hpp"

#include "postgres/installation.hpp"
#include "postgres/session.hpp"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace patt::postgres {
namespace {

using namespace std::chrono_literals;

/// Asks every few milliseconds, at most half a minute.
void wait_until(const server& where, const std::string& question, const std::string& answer) {
    for (int i = 0; i < 3000; ++i) {
        if (where.one(question) == answer) {
            return;
        }
        std::this_thread::sleep_for(10ms);
    }
    throw std::runtime_error("the server does not come so far: " + question + "\n" + end_of(where.log()));
}

void make_slot(const server& primary, const std::string& name) {
    session admin(primary.conninfo());
    if (admin.number("SELECT COUNT(*) FROM pg_replication_slots WHERE slot_name = '" + name + "'") == 0) {
        admin.run("SELECT pg_create_physical_replication_slot('" + name + "', true)");
    }
}

/// Where a standby streams from, under the name that `synchronous_standby_names` knows.
std::string stream_from(const server& primary, const std::string& name) {
    return primary.conninfo() + "?application_name=" + name;
}

void wait_for_stream(const server& primary, const std::string& name) {
    wait_until(primary,
               "SELECT COUNT(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '" +
                   name + "'",
               "1");
}

/// `pg_basebackup -R` and `pg_rewind -R` write a connection without the name.
void name_stream(const server& standby, const server& primary, const std::string& name) {
    std::ofstream file(standby.data() / "postgresql.auto.conf", std::ios::app);
    file << "primary_conninfo = '" << stream_from(primary, name) << "'\nprimary_slot_name = '" << name
         << "'\nsynchronous_standby_names = ''\n";
}

} // namespace

std::vector<std::pair<std::string, std::string>> replication_settings() {
    return {{"wal_level", "replica"},
            {"wal_log_hints", "on"}, // pg_rewind needs it, or checksums.
            {"max_wal_senders", "8"},
            {"max_replication_slots", "8"},
            {"wal_keep_size", "256MB"},
            {"wal_sender_timeout", "5s"},
            {"wal_receiver_timeout", "5s"},
            {"wal_receiver_status_interval", "1s"},
            {"wal_retrieve_retry_interval", "200ms"}};
}

std::unique_ptr<server> make_standby(server& primary, const std::string& name, server_options how) {
    how.access = primary.how_.access;
    std::unique_ptr<server> out(new server(std::move(how), server::unmade{}));
    make_slot(primary, name);
    run_kept({(installed().programs / "pg_basebackup").string(), "--no-sync", "--checkpoint=fast",
              "--wal-method=stream", "--write-recovery-conf", "--slot=" + name,
              "--dbname=" + stream_from(primary, name), "--pgdata=" + out->data().string()},
             out->folder_, out->log());
    name_stream(*out, primary, name);
    out->start();
    wait_for_stream(primary, name);
    return out;
}

void make_synchronous(server& primary, const std::string& standby) {
    primary.set("synchronous_standby_names", "FIRST 1 (\"" + standby + "\")");
    wait_until(primary,
               "SELECT sync_state FROM pg_stat_replication WHERE application_name = '" + standby + "'",
               "sync");
}

void make_asynchronous(server& primary) {
    primary.set("synchronous_standby_names", "");
}

void promote(server& standby) {
    standby.one("SELECT pg_promote(true, 30)");
    wait_until(standby, "SELECT pg_is_in_recovery()", "f");
    make_asynchronous(standby);
}

void rewind(server& old, const server& primary, const std::string& name) {
    make_slot(primary, name);
    session(primary.conninfo()).run("CHECKPOINT"); // So that its new timeline stands in its control file.
    run_kept({(installed().programs / "pg_rewind").string(), "--no-sync", "--write-recovery-conf",
              "--source-server=" + primary.conninfo(), "--target-pgdata=" + old.data().string()},
             old.folder_, old.log());
    name_stream(old, primary, name);
    old.start();
    wait_for_stream(primary, name);
}

int timeline_of(const server& which) {
    // A standby: what it replays. A primary: what it writes, before it stands in the control file.
    return std::stoi(which.one("SELECT CASE WHEN pg_is_in_recovery() THEN (SELECT received_tli FROM "
                               "pg_stat_wal_receiver) ELSE (SELECT ('x' || SUBSTR(pg_walfile_name("
                               "pg_current_wal_lsn()), 1, 8))::bit(32)::int) END"));
}

} // namespace patt::postgres
