#include "hosts/rig.hpp"

#include "hosts/planted.hpp"

#include <patt/result.hpp>

#include <algorithm>
#include <thread>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;
using monotonic = std::chrono::steady_clock;

/// The first port of a connection string.
int port_in(const std::string& conninfo) {
    const auto at = conninfo.find("127.0.0.1:");
    return at == std::string::npos ? 0 : std::stoi(conninfo.substr(at + 10));
}

} // namespace

rig::rig(std::string database, const size& how, int hosts, std::string plant, const std::string& program)
    : database_(std::move(database))
    , plant_(std::move(plant))
    , chat_socket_((folder_.path() / "chat").string())
    , chat_server_({PATT_HOSTS_CHAT_SERVER, chat_socket_}, {})
    , chat_(chat_socket_)
    , db_(open_whole(database_)->connect()) {
    if (chat_server_.line() != "ready") {
        throw failure("the chat server does not start");
    }
    chat_.load(chat_world(how));
    for (int i = 0; i < hosts; ++i) {
        const std::size_t made = add_place();
        hosts_[made]->install(program);
        hosts_[made]->start();
    }
}

std::size_t rig::add_place() {
    std::string reached = database_;
    if (database_.find(',') == std::string::npos) { // Two nodes are reached directly.
        gates_.push_back(std::make_unique<postgres::gate>(port_in(database_)));
        reached = gates_.back()->through(database_);
    }
    const std::string name = "host" + std::to_string(hosts_.size());
    hosts_.push_back(
        std::make_unique<host_process>(reached, chat_socket_, (folder_.path() / name).string(), plant_));
    return hosts_.size() - 1;
}

void rig::start(std::size_t place) {
    hosts_[place]->start();
}

std::vector<std::string> rig::sockets() const {
    std::vector<std::string> out;
    for (const auto& host : hosts_) {
        out.push_back(host->socket());
    }
    return out;
}

std::int64_t rig::held_at(std::size_t place) {
    return held_by(hosts_[place]->boot_id());
}

std::int64_t rig::held_by(std::int64_t boot_id) {
    store::cursor rows =
        db_->query("SELECT COUNT(*) FROM lease WHERE kind = 'partition' AND holder = $1", {boot_id});
    rows->next();
    return rows->i64(0);
}

void rig::wait_for_takeover(std::int64_t boot_id, monotonic::time_point since) {
    // Hosts with a planted fault may believe that they have it already.
    const auto end = since + (!plant_.empty() ? lease_ttl + 1s : lease_ttl * 5 + 10s);
    while (held_by(boot_id) > 0 && monotonic::now() < end) {
        std::this_thread::sleep_for(10ms);
    }
    const auto now = monotonic::now();
    takeovers_.push_back({std::chrono::duration_cast<std::chrono::milliseconds>(now - since),
                          machine_.late_between(since, now)});
}

void rig::disturbed_all() {
    disturbances_.push_back({0, monotonic::now(), monotonic::time_point::max() - 1h});
}

void rig::healed() {
    if (!disturbances_.empty() && disturbances_.back().boot_id == 0) {
        disturbances_.back().until = monotonic::now();
    }
}

evidence rig::testimony(const std::vector<way>& ways, const crowd_report& crowd) const {
    evidence out{ways, crowd, read_calls(chat_socket_ + ".calls"), disturbances_};
    // Whoever did not get to run could not keep its leases.
    for (const punctuality::stall& s : machine_.longer_than(lease_ttl / 8)) {
        out.disturbances.push_back({0, s.from, s.until});
    }
    return out;
}

std::string rig::complaints() const {
    std::string out;
    for (const auto& host : hosts_) {
        out += host->complaints();
    }
    return out;
}

void rig::disturb() {
    constexpr std::array faults{fault::kill, fault::pause, fault::kill,
                                fault::cut,  fault::pause, fault::stall};
    disturb(faults[takeovers_.size() % faults.size()], dice_() % hosts_.size());
}

void rig::replace(std::size_t place) {
    hosts_[place]->install(program_of_today());
    disturb(fault::kill, place);
}

void rig::disturb(fault what, std::size_t host) {
    host_process& hit = *hosts_[host];
    postgres::gate& gate = *gates_[host];
    const std::int64_t boot_id = hit.boot_id();
    const auto since = monotonic::now();
    switch (what) {
    case fault::kill:
        hit.kill();
        wait_for_takeover(boot_id, since);
        disturbances_.push_back({boot_id, since, monotonic::now()});
        hit.start();
        return;
    case fault::pause:
        hit.stop();
        break;
    case fault::cut:
        gate.set(postgres::passage::cut);
        break;
    case fault::stall:
        gate.set(postgres::passage::stalled);
        break;
    }
    wait_for_takeover(boot_id, since);
    std::this_thread::sleep_for(200ms);
    gate.set(postgres::passage::open);
    hit.carry_on();
    disturbances_.push_back({boot_id, since, monotonic::now()});
    std::this_thread::sleep_for(std::chrono::milliseconds(dice_() % 1500));
}

} // namespace patt::hosts
