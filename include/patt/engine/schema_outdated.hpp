/// @file
/// Why an engine does not start on a database that was not migrated.
#pragma once

#include <patt/result.hpp>

#include <cstdint>
#include <string>

namespace patt::engine {

/// The database's schema is older than the one this library works with; nothing was read or written but its
/// version. What helps is `patt migrate`, or `store::migrate` with `store::built_in_migrations`.
class schema_outdated : public failure {
public:
    schema_outdated(const std::string& what, std::int64_t found, std::int64_t wanted)
        : failure(what)
        , found_(found)
        , wanted_(wanted) {}

    [[nodiscard]] std::int64_t found() const noexcept { return found_; } ///< 0: there is no schema yet.
    [[nodiscard]] std::int64_t wanted() const noexcept { return wanted_; }

private:
    std::int64_t found_;
    std::int64_t wanted_;
};

} // namespace patt::engine
