#include "store/postgres/timeline.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>

namespace patt::store::postgres {
namespace {

using std::chrono::steady_clock;

/// Others write for some milliseconds. One that was stopped meanwhile must not stop this process too.
constexpr std::chrono::milliseconds longest_turn{250};
constexpr std::chrono::milliseconds between_looks{5};

/// Owns a file descriptor.
class descriptor {
public:
    explicit descriptor(int number) noexcept
        : number_(number) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    [[nodiscard]] int get() const noexcept { return number_; }
    [[nodiscard]] bool open() const noexcept { return number_ >= 0; }

private:
    int number_;
};

/// What the file holds: 0 for nothing, or no number; none when it is there and cannot be read.
std::optional<std::int64_t> number_in(const std::filesystem::path& file) {
    const descriptor from(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!from.open()) {
        return errno == ENOENT ? std::optional<std::int64_t>(0) : std::nullopt;
    }
    std::array<char, 32> text{};
    const ssize_t length = ::read(from.get(), text.data(), text.size());
    if (length < 0) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + length, number);
    return std::max<std::int64_t>(number, 0);
}

/// Waits for the turn to write: of the directory, as the file itself is replaced. Where the file system has
/// no such locks, everybody may.
bool lock(const descriptor& directory) {
    const auto until = steady_clock::now() + longest_turn;
    while (::flock(directory.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return true;
        }
        if (steady_clock::now() >= until) {
            return false;
        }
        std::this_thread::sleep_for(between_looks);
    }
    return true;
}

bool write_out(const descriptor& to, const std::string& text) {
    std::size_t written = 0;
    while (written < text.size()) {
        const ssize_t length = ::write(to.get(), text.data() + written, text.size() - written);
        if (length < 0 && errno != EINTR) {
            return false;
        }
        written += length < 0 ? 0 : static_cast<std::size_t>(length);
    }
    constexpr mode_t for_whoever_looks = 0644;
    return ::fchmod(to.get(), for_whoever_looks) == 0 && ::fsync(to.get()) == 0;
}

/// A reader, and whoever starts after a power cut, sees the old number or the new one.
bool replace(const std::filesystem::path& file, const descriptor& directory, std::int64_t number) {
    std::string fresh = file.string() + ".XXXXXX"; // Nobody else's, whatever became of the lock.
    const descriptor to(::mkostemp(fresh.data(), O_CLOEXEC));
    if (!to.open()) {
        return false;
    }
    if (write_out(to, std::to_string(number) + '\n') && ::rename(fresh.c_str(), file.c_str()) == 0) {
        return ::fsync(directory.get()) == 0;
    }
    ::unlink(fresh.c_str());
    return false;
}

} // namespace

std::optional<std::int64_t> timeline_in(std::string_view answer) noexcept {
    constexpr std::size_t digits = 8;
    constexpr int hexadecimal = 16;
    const std::string_view first = answer.substr(0, digits);
    std::int64_t number = 0;
    const auto [end, problem] =
        std::from_chars(first.data(), first.data() + first.size(), number, hexadecimal);
    return problem == std::errc{} ? std::optional{number} : std::nullopt;
}

timeline_memory::timeline_memory(std::filesystem::path file)
    : file_(std::move(file)) {
    if (!file_.empty()) {
        kept_ = number_in(file_).value_or(0);
        highest_ = kept_.load();
    }
}

void timeline_memory::raise(std::int64_t seen) {
    const auto nothing_new = [&] {
        return seen <= highest() && (file_.empty() || kept_.load() >= highest());
    };
    if (nothing_new()) {
        return;
    }
    const std::lock_guard lock(writing_);
    if (nothing_new()) {
        return;
    }
    const bool news = seen > highest();
    highest_ = std::max(seen, highest());
    const auto now = steady_clock::now();
    if (!file_.empty() && (news || now >= next_try_)) {
        next_try_ = now + before_trying_again;
        keep();
    }
}

void timeline_memory::keep() {
    const std::filesystem::path folder = file_.has_parent_path() ? file_.parent_path() : ".";
    const descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.open() || !lock(directory)) {
        return;
    }
    // Another process may have seen a failover that this one has not.
    const std::optional<std::int64_t> there = number_in(file_);
    if (!there) {
        return;
    }
    highest_ = std::max(*there, highest());
    if (*there >= highest() || replace(file_, directory, highest())) {
        kept_ = highest();
    }
}

} // namespace patt::store::postgres
