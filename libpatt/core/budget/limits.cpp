#include <patt/budget/limits.hpp>

namespace patt::budget {

namespace {

using std::chrono::hours;
using std::chrono::seconds;

} // namespace

std::string_view to_string(urgency cls) noexcept {
    switch (cls) {
    case urgency::urgent:
        return "urgent";
    case urgency::normal:
        return "normal";
    case urgency::bulk:
        return "bulk";
    }
    return "";
}

api_limits battle_net_limits() {
    api_limits out;
    out.all = {{seconds(1), 100, 10}, {hours(1), 36'000, 3'600}};
    out.of_class = {{urgency::bulk, hours(1), 30'000}};
    return out;
}

api_limits discord_limits() {
    api_limits out;
    out.all = {{seconds(1), 50, 5}};
    return out;
}

} // namespace patt::budget
