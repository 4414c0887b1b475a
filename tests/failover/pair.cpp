#include "failover/pair.hpp"

#include "postgres/installation.hpp"
#include "postgres/kept_process.hpp"

#include <patt/result.hpp>

#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <vector>

namespace patt::failover {
namespace {

std::string script() {
    return std::string(PATT_SOURCE_DIR) + "/tools/postgres/failover";
}

std::string node(const postgres::server& which) {
    return "host=127.0.0.1 port=" + std::to_string(which.port()) + " user=patt dbname=postgres";
}

/// Kills a postmaster and its children, by their ids, and succeeds only when they are gone. They are stopped
/// first, so that none is made meanwhile.
std::string fence(const postgres::server& which) {
    return "read -r p <" + (which.data() / "postmaster.pid").string() +
           " || exit 0; kill -STOP $p 2>/dev/null || exit 0; pkill -KILL -P $p; kill -KILL $p; "
           "for i in $(seq 200); do kill -0 $p 2>/dev/null || exit 0; sleep 0.01; done; exit 1";
}

std::string stop(const postgres::server& which) {
    return "read -r p <" + (which.data() / "postmaster.pid").string() +
           " && kill -INT $p && tail --pid=$p -s 0.02 -f /dev/null";
}

} // namespace

pair::pair(const std::function<void(postgres::server&)>& fill, fencing how_fenced)
    : fencing_(how_fenced) {
    postgres::server_options how;
    how.sync =
        std::getenv("PATT_TEST_LONG") != nullptr ? postgres::durability::on : postgres::durability::off;
    how.settings = postgres::replication_settings();
    north_ = std::make_unique<postgres::server>(how);
    if (fill) {
        fill(*north_);
    }
    south_ = postgres::make_standby(*north_, "south", how);
    postgres::make_synchronous(*north_, "south");
    configure(folder_.path() / "config", "");
}

std::string pair::conninfo(std::string_view database) const {
    return "postgresql://patt@127.0.0.1:" + std::to_string(north_->port()) +
           ",127.0.0.1:" + std::to_string(south_->port()) + "/" + std::string(database) +
           "?target_session_attrs=read-write";
}

void pair::configure(const std::filesystem::path& where, const std::string& more) const {
    std::ofstream file(where);
    file << "node_a=\"" << node(*north_) << "\"\nnode_b=\"" << node(*south_)
         << "\"\nname_a=north\nname_b=south\n"
         << "fence_a='" << (fencing_ == fencing::kills ? fence(*north_) : "true") << "'\nfence_b='"
         << fence(*south_) << "'\n"
         << "stop_a='" << stop(*north_) << "'\nstop_b='" << stop(*south_) << "'\n"
         << more;
}

void pair::watch() {
    watcher_ = std::make_unique<crash::process>(
        std::vector<std::string>{"/bin/bash", script(), (folder_.path() / "config").string(), "watch"},
        std::vector<std::pair<std::string, std::string>>{});
    std::string said;
    while (const auto line = watcher_->line()) {
        if (line->find("synchronous: yes") != std::string::npos) {
            return;
        }
        said += *line + "; ";
    }
    throw failure("the watcher does not see a synchronous standby: " + said);
}

std::string pair::wait_for_promotion() {
    std::string said;
    while (const auto line = watcher_->line()) {
        said += *line + "; ";
        if (line->find("south is the primary") != std::string::npos) {
            return said;
        }
    }
    throw failure("the watcher does not promote: " + said);
}

void pair::run(const std::string& command) const {
    crash::process program({"/bin/bash", script(), (folder_.path() / "config").string(), command}, {});
    std::string said;
    while (const auto line = program.line()) {
        said += *line + "; ";
    }
    const int status = program.wait();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw failure("failover " + command + " failed: " + said);
    }
}

void pair::switch_over() {
    run("switch");
}

void pair::rejoin() {
    north_->kill();
    const std::filesystem::path home = north_->data().parent_path(); // The servers' account owns it.
    const std::filesystem::path go = home / "start";
    const std::filesystem::path config = home / "failover.conf";
    configure(config, "self=a\ndata=" + north_->data().string() + "\nstart='touch " + go.string() +
                          "'\nprograms=" + postgres::installed().programs.string() + "\n");
    postgres::hand_over(config);
    auto script_ends = std::async(std::launch::async, [&] {
        postgres::run_kept({"/bin/bash", script(), config.string(), "rejoin"}, home, home / "rejoin.log");
    });
    for (int i = 0; i < 5000 && !std::filesystem::exists(go) &&
                    script_ends.wait_for(std::chrono::milliseconds(10)) == std::future_status::timeout;
         ++i) {
    }
    if (std::filesystem::exists(go)) {
        north_->start();
    }
    script_ends.get();
}

} // namespace patt::failover
