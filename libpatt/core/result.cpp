#include <patt/result.hpp>

namespace patt {

std::string_view to_string(errc code) noexcept {
    switch (code) {
    case errc::invalid_input:
        return "invalid_input";
    case errc::not_found:
        return "not_found";
    case errc::already_exists:
        return "already_exists";
    case errc::not_allowed:
        return "not_allowed";
    case errc::confirm_first:
        return "confirm_first";
    case errc::wrong_state:
        return "wrong_state";
    case errc::ambiguous:
        return "ambiguous";
    case errc::expired:
        return "expired";
    case errc::used_up:
        return "used_up";
    case errc::conflict:
        return "conflict";
    case errc::incomplete:
        return "incomplete";
    case errc::disabled:
        return "disabled";
    case errc::limit_exceeded:
        return "limit_exceeded";
    }
    return "unknown";
}

} // namespace patt
