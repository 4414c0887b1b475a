#include "store/postgres/timeline.hpp"

#include <charconv>
#include <fstream>
#include <system_error>
#include <utility>

namespace patt::store::postgres {

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
    std::int64_t kept = 0;
    if (!file_.empty() && std::ifstream(file_) >> kept && kept > 0) {
        highest_ = kept;
    }
}

void timeline_memory::raise(std::int64_t seen) {
    if (seen <= highest()) {
        return;
    }
    const std::lock_guard lock(writing_);
    if (seen <= highest()) {
        return;
    }
    highest_ = seen;
    if (!file_.empty()) {
        std::filesystem::path fresh = file_;
        fresh += ".new";
        std::ofstream(fresh) << seen << '\n';
        std::error_code ignored;
        std::filesystem::rename(fresh, file_, ignored); // A reader sees the old number or the new one.
    }
}

} // namespace patt::store::postgres
