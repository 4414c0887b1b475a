/// @file
/// Finding the primary: all hosts are asked at the same time, and only one that nobody has left behind is
/// taken.
#pragma once

#include "store/postgres/conninfo.hpp"
#include "store/postgres/handles.hpp"
#include "store/postgres/resolver.hpp"
#include "store/postgres/search.hpp"
#include "store/postgres/timeline.hpp"

#include <patt/store/db.hpp>
#include <patt/store/postgres.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace patt::store::postgres {

/// A server that passed.
struct found_server {
    connection_handle connection; ///< Idle, blocking, with its settings made.
    std::int64_t timeline = 0;
    std::int64_t version = 0; ///< 150004 is 15.4.
};

/// Connects to one database. Thread-safe.
class connector {
public:
    /// @throws sql_error `misuse` for a wrong connection string.
    connector(std::string_view conninfo, const postgres_options& options, resolver& names,
              timeline_memory& seen);

    /// @param lock_timeout  Set on the session in prepared mode; the other mode sets it in each transaction.
    /// @throws sql_error as `open_postgres` says.
    [[nodiscard]] found_server connect(std::chrono::milliseconds lock_timeout) const;

    /// Asks each host once which timeline it is on, so that `timeline_memory` knows. Never throws for what
    /// they say.
    void ask_around(std::chrono::milliseconds patience) const;
    /// Whether there is more than one host.
    [[nodiscard]] bool has_choice() const noexcept { return targets_.size() > 1; }

private:
    [[nodiscard]] std::optional<found_server> welcome(probe found) const;
    [[noreturn]] static void give_up(const search& looked);

    std::vector<target> targets_;
    const postgres_options& options_;
    resolver& names_;
    timeline_memory& seen_;
    mutable std::timed_mutex searching_; ///< Held by the thread that looks.
    mutable std::atomic<std::uint64_t> found_{0};
};

} // namespace patt::store::postgres
