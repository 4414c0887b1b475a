/// @file
/// A town of hosts: one database, one chat, several hosts that each reach the database through a gate of
/// their own, and the faults that are done to them.
#pragma once

#include "conformance/temporary_directory.hpp"
#include "crash/child_process.hpp"
#include "crash/remote_chat.hpp"
#include "hosts/checks.hpp"
#include "hosts/crowd.hpp"
#include "hosts/host_process.hpp"
#include "hosts/punctuality.hpp"
#include "postgres/gate.hpp"

#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace patt::hosts {

/// What is done to a host, in turn and by chance.
enum class fault : std::uint8_t {
    kill,  ///< SIGKILL; another one takes its place.
    pause, ///< SIGSTOP for longer than a lease lasts: it wakes up and thinks that it still holds them.
    cut,   ///< Its connections to the database are closed, and no new ones open, for as long.
    stall, ///< Nothing passes between it and the database, and nobody is told, for as long.
};

/// How long it took until others held all that a silent host had held.
struct takeover {
    std::chrono::milliseconds took{};
    std::chrono::milliseconds late{}; ///< So long of it the machine let nobody run (punctuality.hpp).
};

class rig {
public:
    /// @param database  With the guilds in it, as the superuser. Each host reaches it through a gate, unless
    /// the string names two nodes; then `disturb` is not for its hosts.
    rig(std::string database, const size& how, int hosts, std::string plant,
        const std::string& program = program_of_today());

    /// One more place for a host of this version: it has a socket, and nobody is there yet. @return its
    /// number.
    std::size_t add_place();
    void start(std::size_t place);
    /// Kills the host there, whatever its version, as a fault does; one of this version takes its place.
    void replace(std::size_t place);
    /// How many partitions are the work of the host there.
    [[nodiscard]] std::int64_t held_at(std::size_t place);
    [[nodiscard]] std::int64_t boot_id_at(std::size_t place) const { return hosts_[place]->boot_id(); }

    [[nodiscard]] std::vector<std::string> sockets() const;
    /// Does one fault to one host, by chance, and undoes it. Where a host dies or is silent, it measures how
    /// long its leases stay with it.
    void disturb();
    void disturb(fault what, std::size_t host);
    /// Something is done to all hosts at once, such as to their database, until the next call of `healed`.
    void disturbed_all();
    void healed();
    [[nodiscard]] const std::vector<takeover>& takeovers() const noexcept { return takeovers_; }
    /// What the checks need to know, once the crowd has gone.
    [[nodiscard]] evidence testimony(const std::vector<way>& ways, const crowd_report& crowd) const;
    /// The last lines of what went wrong in the hosts, for messages.
    [[nodiscard]] std::string complaints() const;
    [[nodiscard]] std::string world() { return chat_.dump(); }
    [[nodiscard]] const std::string& chat_socket() const noexcept { return chat_socket_; }
    [[nodiscard]] store::connection& db() noexcept { return *db_; }
    [[nodiscard]] std::vector<std::unique_ptr<postgres::gate>>& gates() noexcept { return gates_; }

private:
    void wait_for_takeover(std::int64_t boot_id, std::chrono::steady_clock::time_point since);
    [[nodiscard]] std::int64_t held_by(std::int64_t boot_id);

    std::string database_;
    std::string plant_;
    store::temporary_directory folder_;
    std::string chat_socket_;
    crash::process chat_server_;
    crash::remote_chat chat_;
    std::unique_ptr<store::connection> db_;
    std::vector<std::unique_ptr<postgres::gate>> gates_;
    std::vector<std::unique_ptr<host_process>> hosts_;
    std::vector<takeover> takeovers_;
    std::vector<disturbance> disturbances_;
    punctuality machine_;
    std::mt19937_64 dice_{7};
};

} // namespace patt::hosts
