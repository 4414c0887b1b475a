#include "progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace patt::cli {

progress::progress(std::string what)
    : what_(std::move(what))
    , on_terminal_(::isatty(STDERR_FILENO) == 1) {}

progress::~progress() {
    if (drawn_) {
        std::fputs("\r\x1b[K", stderr);
    }
}

void progress::show(std::int64_t done, std::int64_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (!on_terminal_ || total <= 0 || (drawn_ && now - last_ < std::chrono::milliseconds(100))) {
        return;
    }
    constexpr std::int64_t width = 30;
    const std::int64_t filled = std::clamp<std::int64_t>(done * width / total, 0, width);
    const std::string bar = std::string(static_cast<std::size_t>(filled), '#') +
                            std::string(static_cast<std::size_t>(width - filled), '.');
    fmt::print(stderr, "\r{} [{}] {} of {}\x1b[K", what_, bar, done, total);
    drawn_ = true;
    last_ = now;
}

} // namespace patt::cli
