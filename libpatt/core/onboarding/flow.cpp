#include <patt/onboarding/flow.hpp>

#include <algorithm>

namespace patt::onboarding {

const step* flow::find(std::string_view step_key) const noexcept {
    const auto found =
        std::find_if(steps.begin(), steps.end(), [&](const step& s) { return s.key == step_key; });
    return found == steps.end() ? nullptr : &*found;
}

} // namespace patt::onboarding
