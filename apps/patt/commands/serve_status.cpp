#include "serve_status.hpp"

#include "../kept.hpp"
#include "../open_database.hpp"

#include <patt/engine/health.hpp>
#include <patt/engine/system.hpp>
#include <patt/http/status_server.hpp>

#include <fmt/core.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string_view>
#include <thread>

namespace patt::cli {

namespace {

http::status_options parse_address(const std::string& where) {
    http::status_options out;
    std::string_view number = where;
    if (const std::size_t colon = where.rfind(':'); colon != std::string::npos) {
        number = number.substr(colon + 1);
        out.address = where.substr(0, colon);
        if (out.address.starts_with('[') && out.address.ends_with(']')) {
            out.address = out.address.substr(1, out.address.size() - 2);
        }
    }
    const auto read = std::from_chars(number.data(), number.data() + number.size(), out.port);
    if (number.empty() || read.ec != std::errc{} || read.ptr != number.data() + number.size()) {
        throw usage_error(fmt::format("--listen {}: a port from 0 to 65535 is needed, such as 9187 or "
                                      "127.0.0.1:9187",
                                      where));
    }
    return out;
}

/// Looking counts whole queues, and anybody may ask: so all who ask within this time see the same.
constexpr std::chrono::seconds shown_for{5};

/// Looks only when somebody asks: an idle exporter costs the database nothing.
class examined {
public:
    explicit examined(const common_options& common)
        : common_(common)
        , health_([this] { return look(); }, shown_for) {}

    [[nodiscard]] std::string metrics() { return engine::metrics_text(engine::metrics_of(health_.get())); }
    [[nodiscard]] std::string not_ready() {
        std::string out;
        for (const engine::finding& f : engine::judge(health_.get())) {
            if (f.how == engine::grade::fail) {
                out += fmt::format("{}{}: {}", out.empty() ? "" : "\n", f.what, f.sentence);
            }
        }
        return out;
    }

private:
    engine::health look() {
        if (!db_) {
            db_ = open_existing(common_)->connect();
        }
        return look_at(*db_);
    }

    const common_options& common_;
    std::unique_ptr<store::connection> db_;
    kept<engine::health> health_;
};

} // namespace

engine::health look_at(store::connection& db) {
    engine::system_clock clock;
    return engine::read_health(db, clock.now());
}

exit_code serve_status(const common_options& common, const std::string& where) {
    http::status_options how = parse_address(where);
    examined database(common);
    static_cast<void>(database.not_ready()); // What is wrong from the start is told here, not to Prometheus.

    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr); // before there is a thread that could get them

    http::status_server server(how,
                               {[&] { return database.metrics(); }, [&] { return database.not_ready(); }});
    fmt::print("Serving http://{}:{}/metrics, /healthz and /readyz; Ctrl+C ends it.\n",
               how.address.find(':') == std::string::npos ? how.address : "[" + how.address + "]",
               server.port());
    std::fflush(stdout);
    std::thread serving([&] { server.run(); });
    int which = 0;
    sigwait(&ends, &which);
    server.stop();
    serving.join();
    return exit_code::done;
}

} // namespace patt::cli
