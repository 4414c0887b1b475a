/// @file
/// One search for the primary: every host of the connection string is asked at the same time, each again and
/// again at its own pace.
#pragma once

#include "store/postgres/conninfo.hpp"
#include "store/postgres/probe.hpp"
#include "store/postgres/resolver.hpp"
#include "store/postgres/timeline.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace patt::store::postgres {

/// @par Threads  One.
class search {
public:
    using time = std::chrono::steady_clock::time_point;

    /// @param host_timeout  How long a host may take at first. One that was too slow gets twice as long the
    /// next time: on a busy machine even a healthy server needs more. It is also how long a primary that
    /// answered is kept waiting for what the others say.
    search(const std::vector<target>& targets, const session_settings* settings, resolver& names,
           timeline_memory& seen, std::chrono::milliseconds host_timeout);

    /// Looks until a primary is found that nobody has left behind, or until then; but each host is heard, or
    /// given its first time, before this gives up.
    [[nodiscard]] std::optional<probe> run(time until);
    /// What kind of failure the hosts' answers come to: `other` only when all of them need a person.
    [[nodiscard]] sql_errc code() const;
    /// What they said, each.
    [[nodiscard]] std::string why() const;

private:
    struct candidate {
        const target* to = nullptr;
        std::optional<probe> asked; ///< With a standby it stays, to be asked again.
        time begun;
        time next; ///< When it is asked again.
        std::chrono::milliseconds patience{};
        std::chrono::milliseconds pause{}; ///< Before the next attempt to connect: longer each time.
        bool heard = false;
        sql_errc code = sql_errc::lost;
        std::string why;
        bool rests = false; ///< A standby that has answered is left alone until `next`.
    };
    void start(time now);
    static void note(candidate& from, sql_errc code, std::string why, time next);
    static void hang_up(candidate& c);
    [[nodiscard]] static time waits_for_name_until(const candidate& c);
    void hear(time now);
    [[nodiscard]] static bool is_primary(const candidate& c);
    [[nodiscard]] candidate* best();
    [[nodiscard]] bool all_heard() const;
    void wait(time until);
    [[nodiscard]] std::optional<probe> look(time until);

    const session_settings* settings_;
    resolver& names_;
    timeline_memory& seen_;
    std::chrono::milliseconds host_timeout_;
    std::vector<candidate> candidates_;
};

} // namespace patt::store::postgres
