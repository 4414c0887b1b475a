#include "simulation/trace.hpp"

#include <fmt/core.h>

namespace patt::simulation {

void trace::add(instant at, std::string_view line) {
    std::string whole = fmt::format("{} {}", at.microseconds(), line);
    const auto size = big_endian(whole.size());
    state_ = sha256({bytes_of(state_), std::string_view(size.data(), size.size()), whole});
    last_.push_back(std::move(whole));
    if (last_.size() > kept_) {
        last_.pop_front();
    }
}

} // namespace patt::simulation
