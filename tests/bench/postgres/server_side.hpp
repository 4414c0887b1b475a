/// @file
/// The server that PostgreSQL's benchmarks run on, what it costs, and programs beside it.
#pragma once

#include "bench/measure.hpp"
#include "postgres/server.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace patt::bench {

/// CPU time and wall time of both sides.
struct both_sides {
    double wall_us = 0;
    double client_us = 0; ///< CPU, of the program that asks.
    double server_us = 0; ///< CPU, of all of the server's processes.
    [[nodiscard]] double cpu_us() const { return client_us + server_us; }
};

/// A server with `fsync` on, its data where the benchmark's own files would be.
class measured_server {
public:
    /// @param preload  A library that is loaded into the server (`LD_PRELOAD`); empty: none.
    explicit measured_server(const std::filesystem::path& where, const std::filesystem::path& preload = {});

    [[nodiscard]] postgres::server& get() { return server_; }
    [[nodiscard]] const postgres::server& get() const { return server_; }
    /// CPU time of the postmaster, of the processes that it has now, and of those that ended.
    [[nodiscard]] double cpu_us() const;
    /// Syncs of the log since the start, as the server counts them.
    [[nodiscard]] double wal_syncs() const;
    /// The time that they took, in milliseconds.
    [[nodiscard]] double wal_sync_ms() const;

private:
    postgres::server server_;
};

/// Measures from its construction: this process's CPU as the client's.
class both_watch {
public:
    explicit both_watch(const measured_server& server)
        : server_(server)
        , before_(server.cpu_us()) {}
    [[nodiscard]] both_sides elapsed() const {
        const spent here = watch_.elapsed();
        return {here.wall_us, here.cpu_us, server_.cpu_us() - before_};
    }

private:
    const measured_server& server_;
    double before_;
    stopwatch watch_;
};

struct ended_program {
    std::string printed;
    double cpu_us = 0;
};

/// Runs a program to its end. @throws failure when it fails.
[[nodiscard]] ended_program run_program(const std::vector<std::string>& command,
                                        const std::vector<std::string>& environment = {});

/// The number after `name` in a program's output.
[[nodiscard]] double number_after(const std::string& printed, const std::string& name);

/// Medians of rounds, for each of `operations`.
class side_rounds {
public:
    void add(const both_sides& of, double operations);
    [[nodiscard]] double wall() const { return median(wall_); }
    [[nodiscard]] double client() const { return median(client_); }
    [[nodiscard]] double server() const { return median(server_); }
    [[nodiscard]] double cpu() const { return median(cpu_); }
    [[nodiscard]] double per_second() const { return 1e6 / wall(); }

private:
    std::vector<double> wall_;
    std::vector<double> client_;
    std::vector<double> server_;
    std::vector<double> cpu_;
};

} // namespace patt::bench
