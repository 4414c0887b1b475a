#include "failover/plain_writer.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <memory>

namespace patt::failover {
namespace {

using namespace std::chrono_literals;
using monotonic = std::chrono::steady_clock;

struct finish {
    void operator()(PGconn* connection) const { ::PQfinish(connection); }
};
using connection = std::unique_ptr<PGconn, finish>;

/// True when the row is acknowledged within a second.
bool write_row(PGconn* to, long long value) {
    const std::string sql = "INSERT INTO written VALUES (" + std::to_string(value) + ")";
    if (::PQsendQuery(to, sql.c_str()) == 0) {
        return false;
    }
    const auto end = monotonic::now() + 1s;
    while (::PQisBusy(to) != 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - monotonic::now());
        pollfd waiting{::PQsocket(to), POLLIN, 0};
        if (left <= 0ms || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0 ||
            ::PQconsumeInput(to) == 0) {
            return false;
        }
    }
    bool done = false;
    while (PGresult* result = ::PQgetResult(to)) {
        done = ::PQresultStatus(result) == PGRES_COMMAND_OK;
        ::PQclear(result);
    }
    return done;
}

} // namespace

plain_writer::plain_writer(std::string conninfo, int number)
    : conninfo_(std::move(conninfo))
    , number_(number)
    , thread_([this] { work(); }) {}

plain_writer::~plain_writer() {
    stop();
}

void plain_writer::stop() {
    over_ = true;
    if (thread_.joinable()) {
        thread_.join();
    }
}

void plain_writer::work() {
    connection to;
    auto last = monotonic::now();
    for (long long next = number_ * 1'000'000'000LL; !over_; ++next) {
        if (!to || ::PQstatus(to.get()) != CONNECTION_OK) {
            to.reset(::PQconnectdb((conninfo_ + "&connect_timeout=2").c_str()));
            ::PQsetNoticeProcessor(
                to.get(), [](void*, const char*) {}, nullptr);
        }
        if (::PQstatus(to.get()) == CONNECTION_OK && write_row(to.get(), next)) {
            const auto now = monotonic::now();
            longest_ = std::max(longest_, std::chrono::duration_cast<std::chrono::milliseconds>(now - last));
            last = now;
            acknowledged_.push_back(next);
            ++count_;
        } else {
            to.reset();
            std::this_thread::sleep_for(50ms);
        }
    }
}

} // namespace patt::failover
