/// @file
/// Writes a change set.
#pragma once

#include "store/guild_repository.hpp"
#include "store/outbox_repository.hpp"

#include <patt/decision/change_set.hpp>
#include <patt/engine/ports.hpp>
#include <patt/policy/settings.hpp>
#include <patt/store/db.hpp>

#include <array>
#include <optional>
#include <string>

namespace patt::engine {

/// Random bytes for salts, fetched from the port in larger pieces.
class salt_source {
public:
    explicit salt_source(entropy& from) noexcept
        : from_(from) {}
    [[nodiscard]] std::string next();

private:
    entropy& from_;
    std::array<unsigned char, 4096> bytes_{};
    std::size_t used_ = 4096;
};

/// What writing needs to know.
struct apply_context {
    store::connection& db;
    store::guild_row& guild; ///< Its head moves on with each log entry; written back by the caller.
    const policy::guild_settings& settings;
    const std::string actor;
    instant now;
    salt_source& salts;
    std::int64_t last_id;                           ///< The highest id that the decision made.
    const std::optional<store::open_claim>& ending; ///< The effect whose outcome is written, when it is one.
};

/// Whether the guild's row has moved on.
enum class progress : unsigned char { none, made };

/// Rows, then operations, effects, timers, and the log, in this order, inside the running transaction.
[[nodiscard]] progress apply(apply_context& to, const change_set& changes);

} // namespace patt::engine
