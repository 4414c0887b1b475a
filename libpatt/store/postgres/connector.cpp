#include "store/postgres/connector.hpp"

#include "store/postgres/errors.hpp"
#include "store/postgres/parameters.hpp"
#include "store/postgres/search.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace patt::store::postgres {
namespace {

using std::chrono::steady_clock;

/// Tells the hosts that come later. Nobody waits for a standby or a lock for that, and a role that may not
/// write there is no reason to refuse the server.
/// @return false when the server went away meanwhile.
[[nodiscard]] bool record(PGconn* connection, std::int64_t timeline, steady_clock::time_point until) {
    constexpr const char* sql =
        "WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true), "
        "set_config('lock_timeout', '50', true)) "
        "UPDATE instance SET timeline = $1 FROM quick WHERE only_one = 1 AND timeline < $1";
    const std::string number = std::to_string(timeline);
    const std::array<const char*, 1> texts{number.c_str()};
    constexpr std::array<Oid, 1> types{type::int8};
    if (PQsendQueryParams(connection, sql, 1, types.data(), texts.data(), nullptr, nullptr, 0) != 1) {
        return false;
    }
    while (PQisBusy(connection) != 0) {
        if (!wait_for_socket(connection, wanted::read, until) || PQconsumeInput(connection) == 0) {
            return false;
        }
    }
    while (const result_handle each{PQgetResult(connection)}) {
    }
    return PQstatus(connection) == CONNECTION_OK;
}

} // namespace

connector::connector(std::string_view conninfo, const postgres_options& options, resolver& names,
                     timeline_memory& seen)
    : targets_(targets_of(conninfo))
    , options_(options)
    , names_(names)
    , seen_(seen) {}

std::optional<found_server> connector::welcome(probe found) const {
    const server_facts& facts = found.facts();
    found_server out{found.take(), facts.timeline, facts.version};
    const bool news = facts.has_instance_table && facts.recorded_timeline < facts.timeline;
    if (news && !record(out.connection.get(), facts.timeline, steady_clock::now() + options_.host_timeout)) {
        return std::nullopt;
    }
    ++found_;
    return out;
}

void connector::give_up(const search& looked) {
    switch (looked.code()) {
    case sql_errc::other:
        throw sql_error(sql_errc::other, "postgres: the server refuses: " + looked.why());
    case sql_errc::busy:
        throw sql_error(sql_errc::busy,
                        "postgres: the server takes no more connections; raise max_connections, put a "
                        "PgBouncer in front or give each host a smaller pool (" +
                            looked.why() + ")");
    default:
        throw sql_error(sql_errc::lost, "postgres: no primary answers (" + looked.why() + ")");
    }
}

found_server connector::connect(std::chrono::milliseconds lock_timeout) const {
    const session_settings settings{milliseconds_text(lock_timeout),
                                    milliseconds_text(options_.statement_timeout),
                                    milliseconds_text(options_.idle_transaction_timeout)};
    const bool session = options_.statements == statement_mode::prepared;
    const auto until = steady_clock::now() + options_.connect_patience;
    search looking(targets_, session ? &settings : nullptr, names_, seen_, options_.host_timeout);
    // One thread looks and the others wait for it: a server that is about to become the primary has better
    // things to do than to turn away hundreds of callers each second.
    do {
        const std::uint64_t before = found_;
        std::unique_lock one(searching_, until);
        if (one && before != found_) { // Somebody found it meanwhile: all connect at once.
            one.unlock();
        }
        if (auto found = looking.run(one ? until : steady_clock::now())) {
            if (auto server = welcome(std::move(*found))) {
                return std::move(*server);
            } // It went away between two answers: is asked again, like one that never answered.
        }
    } while (looking.code() != sql_errc::other && steady_clock::now() < until);
    give_up(looking);
}

void connector::ask_around(std::chrono::milliseconds patience) const {
    search looking(targets_, nullptr, names_, seen_, patience);
    static_cast<void>(looking.run(steady_clock::now()));
}

} // namespace patt::store::postgres
