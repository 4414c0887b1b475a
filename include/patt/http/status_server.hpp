/// @file
/// What a host says of itself over HTTP: `/healthz` (the process lives), `/readyz` (it can work) and
/// `/metrics` (figures in Prometheus' text format,
/// https://prometheus.io/docs/instrumenting/exposition_formats/).
///
/// @code
/// patt::http::status_server status({.port = 9187}, {render_metrics, what_is_missing});
/// std::thread serving([&] { status.run(); });
/// // ...
/// status.stop();
/// serving.join();
/// @endcode
///
/// It answers GET and HEAD, shows nobody's data, and is meant for the machine itself or a private network:
/// the default address is loopback.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace patt::http {

struct status_options {
    std::string address = "127.0.0.1"; ///< A numeric address, IPv4 or IPv6.
    std::uint16_t port = 0;            ///< 0: any free one, see `status_server::port`.
    std::size_t connections = 64;      ///< Served at once; more wait in the system's queue.
    /// How long a client may take for one request, or be silent between two.
    std::chrono::milliseconds patience = std::chrono::seconds(5);
};

/// Where the answers come from. Called in the thread of `status_server::run`; what they throw is answered
/// with 503.
struct status_source {
    std::function<std::string()> metrics;   ///< The whole text of `/metrics`.
    std::function<std::string()> not_ready; ///< Why the host cannot work, for people; empty when it can.
};

/// @par Threads  `run` belongs to one thread, `stop` and `port` to any.
class status_server {
public:
    /// Takes the port at once. @throws failure  when the address cannot be used: it says which and why.
    status_server(status_options how, status_source from);
    status_server(const status_server&) = delete;
    status_server& operator=(const status_server&) = delete;
    ~status_server();

    [[nodiscard]] std::uint16_t port() const noexcept;
    /// Serves until `stop`.
    void run();
    /// Ends `run` soon; connections that are open are cut.
    void stop() noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace patt::http
