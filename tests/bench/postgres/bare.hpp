/// @file
/// libpq without anything above it, for the floors.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

namespace patt::bench {

/// @par Threads  One at a time.
class bare {
public:
    /// @throws failure
    explicit bare(const std::string& conninfo);
    void prepare(const char* name, const char* sql);
    /// Runs a prepared statement with texts. @return the rows that it wrote or gave.
    int run(const char* name, const std::vector<const char*>& values);
    /// The same, and hands out its rows.
    [[nodiscard]] std::unique_ptr<PGresult, decltype(&PQclear)> rows(const char* name,
                                                                     const std::vector<const char*>& values);
    void script(const char* sql);
    /// A prepared statement and its values.
    struct step {
        const char* name;
        std::vector<std::string> values;
    };
    /// Sends all of them together and waits once.
    void pipelined(const std::vector<step>& steps);

private:
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

} // namespace patt::bench
