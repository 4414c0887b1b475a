#include <patt/identity/link.hpp>

#include <array>
#include <utility>

namespace patt::identity {

namespace {

constexpr std::array<std::pair<assurance, std::string_view>, 6> names{{
    {assurance::suggested, "suggested"},
    {assurance::matched, "matched"},
    {assurance::claimed, "claimed"},
    {assurance::challenged, "challenged"},
    {assurance::proven, "proven"},
    {assurance::confirmed, "confirmed"},
}};

} // namespace

std::string_view to_string(assurance level) noexcept {
    for (const auto& [value, name] : names) {
        if (value == level) {
            return name;
        }
    }
    return "unknown";
}

std::optional<assurance> parse_assurance(std::string_view text) noexcept {
    for (const auto& [value, name] : names) {
        if (name == text) {
            return value;
        }
    }
    return std::nullopt;
}

} // namespace patt::identity
