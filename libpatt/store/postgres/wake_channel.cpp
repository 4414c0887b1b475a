#include "store/postgres/wake_channel.hpp"

#include "store/postgres/parameters.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

namespace patt::store::postgres {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto between_messages = 20ms;
constexpr auto between_tries = 500ms;
constexpr std::size_t most_payload = 7000; // The server takes less than 8000 bytes.

postgres_options patient_for_one_try(postgres_options options) {
    options.connect_patience = 0ms;
    // It gets no second try with more time, and nobody waits for it.
    options.host_timeout = std::max<std::chrono::milliseconds>(options.host_timeout, 1000ms);
    return options;
}

std::string_view listening_to(const postgres_options& options, std::string_view main) noexcept {
    return options.wake_conninfo.empty() ? main : std::string_view{options.wake_conninfo};
}

void add_numbers(std::string_view payload, std::vector<std::int64_t>& into) {
    while (!payload.empty()) {
        const std::string_view one = payload.substr(0, payload.find(','));
        std::int64_t number = 0;
        const auto [end, problem] = std::from_chars(one.data(), one.data() + one.size(), number);
        if (problem == std::errc{} && end == one.data() + one.size() &&
            std::find(into.begin(), into.end(), number) == into.end()) {
            into.push_back(number);
        }
        payload.remove_prefix(std::min(payload.size(), one.size() + 1));
    }
}

} // namespace

pg_wake_channel::pg_wake_channel(std::shared_ptr<shared_parts> shared)
    : shared_(std::move(shared))
    , options_(patient_for_one_try(shared_->options))
    , connect_to_(listening_to(options_, shared_->conninfo), options_, shared_->names, shared_->seen)
    , waker_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (waker_ < 0) {
        throw sql_error(sql_errc::other, "postgres: no file descriptor is left for the wake channel");
    }
}

pg_wake_channel::~pg_wake_channel() {
    ::close(waker_);
}

void pg_wake_channel::wake() const noexcept {
    const std::uint64_t one = 1;
    static_cast<void>(::write(waker_, &one, sizeof one) == 0); // When it is full, it is awake already.
}

bool pg_wake_channel::passes_pooler() const noexcept {
    return options_.statements == statement_mode::unnamed && !options_.wake_conninfo.empty();
}

void pg_wake_channel::announce(std::int64_t number) {
    {
        const std::lock_guard lock(guard_);
        announced_.insert(number);
    }
    wake();
}

void pg_wake_channel::interrupt() noexcept {
    {
        const std::lock_guard lock(guard_);
        interrupted_ = true;
    }
    wake();
}

void pg_wake_channel::drop(time_point now) noexcept {
    connection_.reset();
    answer_due_.reset();
    try_again_ = now + between_tries;
}

void pg_wake_channel::keep_connected(time_point now) {
    if (connection_ != nullptr && timeline_ < shared_->seen.highest()) {
        drop(now); // A failover left this server behind: nobody else listens there.
        try_again_ = now;
    }
    if (connection_ != nullptr || now < try_again_) {
        return;
    }
    try {
        found_server found = connect_to_.connect(shared_->options.deadline);
        connection_ = std::move(found.connection);
        timeline_ = found.timeline;
        listen();
    } catch (const sql_error&) { // There is none now; the hosts look by themselves meanwhile.
        drop(steady_clock::now());
    }
}

void pg_wake_channel::listen() {
    PQsetnonblocking(connection_.get(), 1);
    PQsetNoticeReceiver(
        connection_.get(), [](void*, const PGresult*) {}, nullptr);
    if (PQsendQuery(connection_.get(), "SET synchronous_commit = off; LISTEN patt_wake") != 1) {
        throw sql_error(sql_errc::lost, "postgres: the session for wake-ups broke");
    }
    answer_due_ = steady_clock::now() + shared_->options.deadline;
}

void pg_wake_channel::send(time_point now) {
    if (connection_ == nullptr || answer_due_ || now < may_send_) {
        return;
    }
    std::string payload;
    {
        const std::lock_guard lock(guard_);
        while (!announced_.empty() && payload.size() < most_payload) {
            payload += (payload.empty() ? "" : ",") + std::to_string(*announced_.begin());
            announced_.erase(announced_.begin());
        }
    }
    if (payload.empty()) {
        return;
    }
    const std::array<const char*, 1> texts{payload.c_str()};
    constexpr std::array<Oid, 1> types{type::text};
    if (PQsendQueryParams(connection_.get(), "SELECT pg_notify('patt_wake', $1)", 1, types.data(),
                          texts.data(), nullptr, nullptr, 0) != 1) {
        drop(now);
        return;
    }
    may_send_ = now + between_messages;
    answer_due_ = now + shared_->options.deadline;
}

bool pg_wake_channel::read() {
    PQflush(connection_.get());
    if (PQconsumeInput(connection_.get()) == 0) {
        return false;
    }
    while (answer_due_ && PQisBusy(connection_.get()) == 0) {
        const result_handle answer{PQgetResult(connection_.get())};
        if (answer == nullptr) {
            answer_due_.reset();
        } else if (PQresultStatus(answer.get()) == PGRES_FATAL_ERROR) {
            return false;
        }
    }
    return !answer_due_ || steady_clock::now() < *answer_due_;
}

void pg_wake_channel::take_notices(std::vector<std::int64_t>& into) {
    struct free_notice {
        void operator()(PGnotify* notice) const noexcept { PQfreemem(notice); }
    };
    while (const std::unique_ptr<PGnotify, free_notice> notice{PQnotifies(connection_.get())}) {
        if (notice->be_pid != PQbackendPID(connection_.get())) {
            add_numbers(notice->extra, into);
        }
    }
}

pg_wake_channel::time_point pg_wake_channel::next_look(time_point until) {
    if (connection_ == nullptr) {
        return std::min(until, try_again_);
    }
    const std::lock_guard lock(guard_);
    if (answer_due_) {
        return std::min(until, *answer_due_);
    }
    return announced_.empty() ? until : std::min(until, may_send_);
}

bool pg_wake_channel::sleep(time_point until) {
    std::array<pollfd, 2> watched{
        pollfd{waker_, POLLIN, 0},
        pollfd{connection_ == nullptr ? -1 : PQsocket(connection_.get()), POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
    ::poll(watched.data(), watched.size(), static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    std::uint64_t count = 0;
    static_cast<void>(::read(waker_, &count, sizeof count) == 0);
    const std::lock_guard lock(guard_);
    return std::exchange(interrupted_, false);
}

std::vector<std::int64_t> pg_wake_channel::turn(std::chrono::milliseconds most) {
    const time_point until = steady_clock::now() + most;
    std::vector<std::int64_t> heard;
    for (;;) {
        keep_connected(steady_clock::now());
        send(steady_clock::now());
        const bool interrupted = sleep(next_look(until));
        if (connection_ != nullptr) {
            const bool good = read();
            take_notices(heard);
            if (!good) {
                drop(steady_clock::now());
            }
        }
        const time_point now = steady_clock::now();
        if (interrupted || !heard.empty() || now >= until) {
            send(now); // What was announced does not wait for the next turn.
            return heard;
        }
    }
}

} // namespace patt::store::postgres
