#include "store/postgres/connector.hpp"

#include "store/postgres/errors.hpp"
#include "store/postgres/parameters.hpp"
#include "store/postgres/probe.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <optional>
#include <thread>
#include <utility>

namespace patt::store::postgres {
namespace {

using std::chrono::steady_clock;

std::string milliseconds_text(std::chrono::milliseconds time) {
    return std::to_string(std::max<std::int64_t>(time.count(), 1)); // 0 would switch it off.
}

/// Lets all probes go on until each is done or the time is over.
void drive(std::vector<probe>& probes, steady_clock::time_point until) {
    for (;;) {
        std::vector<pollfd> sockets;
        std::vector<probe*> owners;
        for (probe& each : probes) {
            if (!each.done()) {
                sockets.push_back({each.socket(),
                                   static_cast<short>(each.waits_for() == wanted::write ? POLLOUT : POLLIN),
                                   0});
                owners.push_back(&each);
            }
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
        if (owners.empty() || left.count() <= 0) {
            break;
        }
        ::poll(sockets.data(), sockets.size(), static_cast<int>(left.count()));
        for (std::size_t i = 0; i < owners.size(); ++i) {
            if (sockets[i].revents != 0) {
                owners[i]->step();
            }
        }
    }
    for (probe& each : probes) {
        if (!each.done()) {
            each.give_up();
        }
    }
}

/// Tells the hosts that come later. Nobody waits for a standby or a lock for that, and a role that may not
/// write there is no reason to refuse the server.
void record(PGconn* connection, std::int64_t timeline, steady_clock::time_point until) {
    constexpr const char* sql =
        "WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true), "
        "set_config('lock_timeout', '50', true)) "
        "UPDATE instance SET timeline = $1 FROM quick WHERE only_one = 1 AND timeline < $1";
    const std::string number = std::to_string(timeline);
    const std::array<const char*, 1> texts{number.c_str()};
    constexpr std::array<Oid, 1> types{type::int8};
    if (PQsendQueryParams(connection, sql, 1, types.data(), texts.data(), nullptr, nullptr, 0) != 1) {
        return; // The connection is gone; whoever uses it will be told.
    }
    while (PQisBusy(connection) != 0) {
        if (!wait_for_socket(connection, wanted::read, until) || PQconsumeInput(connection) == 0) {
            throw sql_error(sql_errc::lost, "postgres: the new primary did not answer in time");
        }
    }
    while (const result_handle each{PQgetResult(connection)}) {
    }
}

} // namespace

struct connector::round {
    std::optional<found_server> best;
    sql_errc code = sql_errc::lost;
    std::string why;
};

connector::connector(std::string_view conninfo, const postgres_options& options, timeline_memory& seen)
    : targets_(targets_of(conninfo))
    , options_(options)
    , seen_(seen) {}

connector::round connector::ask_all(std::chrono::milliseconds lock_timeout) const {
    const session_settings settings{milliseconds_text(lock_timeout),
                                    milliseconds_text(options_.statement_timeout),
                                    milliseconds_text(options_.idle_transaction_timeout)};
    const bool session = options_.statements == statement_mode::prepared;
    std::vector<probe> probes;
    probes.reserve(targets_.size());
    for (const target& each : targets_) {
        probes.emplace_back(each, session ? &settings : nullptr);
    }
    // A server that was left behind may answer first, so all are heard before one is taken.
    drive(probes, steady_clock::now() + options_.host_timeout);
    round answer;
    probe* best = nullptr;
    bool all_need_a_person = true;
    bool full = false;
    for (probe& each : probes) {
        std::string why;
        if (!each.answered()) {
            why = each.why();
            all_need_a_person = all_need_a_person && each.code() == sql_errc::other;
            full = full || each.code() == sql_errc::busy;
        } else {
            all_need_a_person = false;
            seen_.raise(std::max(each.facts().timeline, each.facts().recorded_timeline));
            if (!each.facts().standby &&
                (best == nullptr || each.facts().timeline > best->facts().timeline)) {
                best = &each;
            }
            why = each.why() + (each.facts().standby ? "it is a standby" : "");
        }
        answer.why += (answer.why.empty() ? "" : "; ") + why;
    }
    if (best != nullptr && best->facts().timeline < seen_.highest()) {
        answer.why = fmt::format("{}it is on timeline {}, but {} has been seen: a failover left it behind",
                                 best->why(), best->facts().timeline, seen_.highest());
        return answer;
    }
    if (best != nullptr) {
        const server_facts& facts = best->facts();
        found_server found{best->take(), facts.timeline, facts.version};
        if (facts.has_instance_table && facts.recorded_timeline < facts.timeline) {
            record(found.connection.get(), facts.timeline, steady_clock::now() + options_.host_timeout);
        }
        answer.best = std::move(found);
        return answer;
    }
    answer.code = all_need_a_person ? sql_errc::other : full ? sql_errc::busy : sql_errc::lost;
    return answer;
}

found_server connector::connect(std::chrono::milliseconds lock_timeout) const {
    constexpr std::chrono::milliseconds pause{50};
    const auto until = steady_clock::now() + options_.connect_patience;
    for (;;) {
        round answer = ask_all(lock_timeout);
        if (answer.best) {
            return std::move(*answer.best);
        }
        if (answer.code == sql_errc::other) {
            throw sql_error(sql_errc::other, "postgres: the server refuses: " + answer.why);
        }
        if (steady_clock::now() + pause >= until) {
            if (answer.code == sql_errc::busy) {
                throw sql_error(
                    sql_errc::busy,
                    "postgres: the server takes no more connections; raise max_connections, put a "
                    "PgBouncer in front or give each host a smaller pool (" +
                        answer.why + ")");
            }
            throw sql_error(sql_errc::lost, "postgres: no primary answers (" + answer.why + ")");
        }
        std::this_thread::sleep_for(pause);
    }
}

} // namespace patt::store::postgres
