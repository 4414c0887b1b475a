/// @file
/// Names for a reply: as many as a reader looks at, and how many there are.
#pragma once

#include <patt/text/utf8.hpp>

#include <cstdint>
#include <string>

namespace patt::engine {

class some_names {
public:
    void add(const std::string& name, const std::string& realm = {}) {
        constexpr int enough = 10;
        if (++count_ <= enough) {
            names_ += (names_.empty() ? "" : ", ") + text::repair_utf8(name) +
                      (realm.empty() ? "" : "-" + text::repair_utf8(realm));
        } else if (count_ == enough + 1) {
            names_ += ", ...";
        }
    }
    [[nodiscard]] std::int64_t count() const noexcept { return count_; }
    [[nodiscard]] const std::string& names() const noexcept { return names_; }

private:
    std::int64_t count_ = 0;
    std::string names_;
};

} // namespace patt::engine
