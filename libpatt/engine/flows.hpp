/// @file
/// The flows that this engine knows, by key and version. A session finds the version it began with.
#pragma once

#include <patt/onboarding/flow.hpp>

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace patt::engine {

class flow_book {
public:
    /// The built-in newcomer and these documents. @throws failure when one is broken or there twice.
    explicit flow_book(std::span<const std::string> documents);

    [[nodiscard]] const onboarding::flow* find(std::string_view key, int version) const noexcept;
    /// The newest version of a flow; null when there is none of that key.
    [[nodiscard]] const onboarding::flow* newest(std::string_view key) const noexcept;
    /// Where newcomers begin: the newest version of that flow, or the built-in one where a setting names a
    /// flow that is gone.
    [[nodiscard]] const onboarding::flow& entry(std::string_view key) const noexcept;
    /// The keys of all flows, as people read them: `entry, newcomer`.
    [[nodiscard]] std::string names() const;

private:
    void add(onboarding::flow f);
    std::map<std::string, std::map<int, onboarding::flow>, std::less<>> flows_;
};

} // namespace patt::engine
