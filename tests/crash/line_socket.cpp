#include "crash/line_socket.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace patt::crash {
namespace {

sockaddr_un address_of(const std::string& path) {
    sockaddr_un out{};
    out.sun_family = AF_UNIX;
    if (path.size() >= sizeof out.sun_path) {
        throw std::runtime_error("the socket's path is too long: " + path);
    }
    std::memcpy(out.sun_path, path.c_str(), path.size() + 1);
    return out;
}

void bound_waiting(int fd) {
    const timeval most{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
}

} // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept {
    descriptor old(std::exchange(fd_, other.release()));
    return *this;
}

descriptor::~descriptor() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

int descriptor::release() noexcept {
    return std::exchange(fd_, -1);
}

bool line_socket::send_line(std::string_view line) {
    std::string all(line);
    all += '\n';
    std::string_view rest = all;
    while (!rest.empty()) {
        const ssize_t n = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (n <= 0) {
            if (n < 0 && errno == EINTR) {
                continue;
            }
            return false;
        }
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

std::optional<std::string> line_socket::receive_line() {
    for (;;) {
        const auto end = buffer_.find('\n');
        if (end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        std::array<char, 65536> bytes{};
        const ssize_t n = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0 || buffer_.size() > most_line_bytes) {
            return std::nullopt;
        }
        buffer_.append(bytes.data(), static_cast<std::size_t>(n));
    }
}

std::optional<line_socket> connect_to(const std::string& path) {
    descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un where = address_of(path);
    if (!made || ::connect(made.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
        return std::nullopt;
    }
    bound_waiting(made.get());
    return line_socket(std::move(made));
}

descriptor listen_at(const std::string& path) {
    descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un where = address_of(path);
    if (!made || ::bind(made.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
        ::listen(made.get(), 16) != 0) {
        throw std::runtime_error("cannot listen at " + path + ": " + std::strerror(errno));
    }
    return made;
}

descriptor accept_from(const descriptor& listening) {
    descriptor caller(::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (caller) {
        bound_waiting(caller.get());
    }
    return caller;
}

} // namespace patt::crash
