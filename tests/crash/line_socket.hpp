/// @file
/// Lines over a Unix socket: what the victim and the chat server talk through.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patt::crash {

/// Owns a file descriptor.
class descriptor {
public:
    explicit descriptor(int fd = -1) noexcept
        : fd_(fd) {}
    descriptor(descriptor&& other) noexcept
        : fd_(other.release()) {}
    descriptor& operator=(descriptor&& other) noexcept;
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor();
    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] int release() noexcept;
    explicit operator bool() const noexcept { return fd_ >= 0; }

private:
    int fd_;
};

/// The most that one line may have; more is a broken peer.
inline constexpr std::size_t most_line_bytes = 64U * 1024 * 1024;

/// A connected socket that sends and receives whole lines, each within ten seconds.
class line_socket {
public:
    explicit line_socket(descriptor connected)
        : socket_(std::move(connected)) {}
    /// False when the peer is gone or does not take it in time.
    [[nodiscard]] bool send_line(std::string_view line);
    /// Without the line's end; none when the peer is gone, too slow, or sends too much.
    [[nodiscard]] std::optional<std::string> receive_line();
    [[nodiscard]] int fd() const noexcept { return socket_.get(); }

private:
    descriptor socket_;
    std::string buffer_;
};

/// Connects to the socket of that path; none when nobody listens.
[[nodiscard]] std::optional<line_socket> connect_to(const std::string& path);
/// Listens at that path. @throws std::runtime_error when it cannot.
[[nodiscard]] descriptor listen_at(const std::string& path);
/// Takes the next caller.
[[nodiscard]] descriptor accept_from(const descriptor& listening);

} // namespace patt::crash
