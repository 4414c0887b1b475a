/// @file
/// A plain connection for the tests' own use: what looks at a server from outside must not be what is tested.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;

namespace patt::postgres {

/// A notification of a channel that a session listens to.
struct notice {
    std::string channel;
    std::string payload;
    int pid = 0; ///< Of the session that sent it.
};

/// @par Threads  One at a time.
class session {
public:
    /// @throws std::runtime_error with the server's words when it cannot connect within ten seconds.
    explicit session(const std::string& conninfo);
    session(const session&) = delete;
    session& operator=(const session&) = delete;
    ~session();

    /// Runs statements; the first column of the last one's rows. NULL is an empty text.
    /// @throws std::runtime_error
    std::vector<std::string> run(const std::string& statements);
    /// The first value; empty when there is no row.
    std::string one(const std::string& statements);
    /// As `one`, for numbers.
    long long number(const std::string& statements);
    /// What came since the last time, in the order of the commits; waits for nothing.
    std::vector<notice> notices();

private:
    pg_conn* connection_;
};

/// Tries once whether the server takes connections and answers, within about the time. Never throws.
[[nodiscard]] bool answers(const std::string& conninfo, int most_seconds = 2);

} // namespace patt::postgres
