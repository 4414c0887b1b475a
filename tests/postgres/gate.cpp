#include "postgres/gate.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <stdexcept>

namespace patt::postgres {
namespace {

using clock = std::chrono::steady_clock;

sockaddr_in loopback(int port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(static_cast<std::uint16_t>(port));
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

void at_once(int fd) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

struct piece {
    clock::time_point due;
    std::string bytes;
};

/// One direction: what was read at one end and not yet written at the other.
struct flow {
    int from = -1;
    int to = -1;
    std::deque<piece> waiting;
    bool ended = false;

    /// @return false when the connection is gone.
    bool take(clock::time_point due) {
        std::array<char, 16384> bytes{};
        const ssize_t n = ::recv(from, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (n > 0) {
            waiting.push_back({due, std::string(bytes.data(), static_cast<std::size_t>(n))});
        }
        ended = ended || n == 0;
        return n > 0 || ended || errno == EAGAIN || errno == EINTR;
    }
    bool give(clock::time_point now) {
        while (!waiting.empty() && waiting.front().due <= now) {
            std::string& bytes = waiting.front().bytes;
            const ssize_t n = ::send(to, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (n < 0) {
                return errno == EAGAIN || errno == EINTR;
            }
            bytes.erase(0, static_cast<std::size_t>(n));
            if (!bytes.empty()) {
                return true;
            }
            waiting.pop_front();
        }
        return !(ended && waiting.empty());
    }
};

} // namespace

struct gate::pair {
    flow questions;
    flow answers;

    pair(int caller, int behind) {
        questions.from = answers.to = caller;
        questions.to = answers.from = behind;
    }
    pair(const pair&) = delete;
    pair& operator=(const pair&) = delete;
    ~pair() {
        ::close(questions.from);
        ::close(questions.to);
    }
    /// @return false when the pair is over.
    bool turn(const pollfd& caller, const pollfd& behind, passage how, std::chrono::milliseconds delay) {
        const auto now = clock::now();
        if (how == passage::stalled) {
            return true;
        }
        if (caller.revents != 0 && !questions.take(now + delay)) {
            return false;
        }
        if (how == passage::mute) {
            return questions.give(now);
        }
        if (behind.revents != 0 && !answers.take(now + delay)) {
            return false;
        }
        return questions.give(now) && answers.give(now);
    }
};

gate::gate(int to)
    : to_(to) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    waker_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sockaddr_in where = loopback(0);
    socklen_t length = sizeof where;
    auto* address = reinterpret_cast<sockaddr*>(&where);
    if (listening_ < 0 || waker_ < 0 || ::bind(listening_, address, length) != 0 ||
        ::getsockname(listening_, address, &length) != 0 || ::listen(listening_, 64) != 0) {
        throw std::runtime_error("a gate cannot listen on loopback");
    }
    port_ = ntohs(where.sin_port);
    thread_ = std::thread([this] { work(); });
}

gate::~gate() {
    over_ = true;
    poke();
    thread_.join();
    ::close(listening_);
    ::close(waker_);
}

std::string gate::through(std::string_view conninfo) const {
    std::string out(conninfo);
    const auto from = out.find("127.0.0.1:");
    if (from == std::string::npos) {
        throw std::runtime_error("no 127.0.0.1:port in " + out);
    }
    const auto number = from + std::string_view("127.0.0.1:").size();
    const auto end = out.find_first_not_of("0123456789", number);
    return out.replace(number, std::min(end, out.size()) - number, std::to_string(port_));
}

void gate::set(passage how) {
    how_ = how;
    poke();
}

void gate::cut_once() {
    cut_now_ = true;
    poke();
}

void gate::delay(std::chrono::milliseconds by) {
    delay_ms_ = by.count();
    poke();
}

void gate::lead_to(int port) {
    to_ = port;
}

void gate::poke() const {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(waker_, &one, sizeof one));
}

void gate::take_caller(std::vector<std::unique_ptr<pair>>& pairs) const {
    const int caller = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (caller < 0) {
        return;
    }
    const int behind = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in where = loopback(to_);
    auto made = std::make_unique<pair>(caller, behind);
    if (how_ == passage::cut ||
        ::connect(behind, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
        return;
    }
    at_once(caller);
    at_once(behind);
    pairs.push_back(std::move(made));
}

void gate::work() {
    std::vector<std::unique_ptr<pair>> pairs;
    while (!over_) {
        const passage how = how_;
        const bool still = how == passage::stalled;
        std::vector<pollfd> waiting{{waker_, POLLIN, 0},
                                    {listening_, static_cast<short>(still ? 0 : POLLIN), 0}};
        bool held_back = false;
        for (const auto& p : pairs) {
            const short callers = still ? 0 : POLLIN;
            const short answers = still || how == passage::mute ? 0 : POLLIN;
            waiting.push_back({still ? -1 : p->questions.from, callers, 0});
            waiting.push_back({answers == 0 ? -1 : p->questions.to, answers, 0});
            held_back = held_back || !p->questions.waiting.empty() || !p->answers.waiting.empty();
        }
        ::poll(waiting.data(), waiting.size(), held_back && !still ? 1 : 1000);
        std::uint64_t pokes = 0;
        static_cast<void>(!::read(waker_, &pokes, sizeof pokes));
        if (cut_now_.exchange(false) || how_ == passage::cut) {
            pairs.clear();
        } else {
            const std::chrono::milliseconds delay{delay_ms_.load()};
            for (std::size_t i = 0; i < pairs.size(); ++i) {
                if (!pairs[i]->turn(waiting[2 + 2 * i], waiting[3 + 2 * i], how, delay)) {
                    pairs[i].reset();
                }
            }
            std::erase(pairs, nullptr);
        }
        if ((waiting[1].revents & POLLIN) != 0) {
            take_caller(pairs);
        }
        connections_ = static_cast<int>(pairs.size());
    }
}

} // namespace patt::postgres
