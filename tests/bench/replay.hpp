/// @file
/// The floor: the same rows in the same transactions through SQLite's C API, with nothing else around them.
#pragma once

#include "bench/recorder.hpp"

#include <filesystem>
#include <memory>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace patt::bench {

/// Writes a recording to a file of the same schema, with the driver's settings. Every statement is prepared
/// once and values are bound without a copy: what one would write by hand for exactly these rows.
class replay {
public:
    /// @param what  Outlives it.
    replay(const recording& what, const std::filesystem::path& file);
    replay(const replay&) = delete;
    replay& operator=(const replay&) = delete;
    ~replay();

    /// Runs the transactions [first, last). @throws failure when one does not write what was recorded.
    void run(std::size_t first, std::size_t last);

private:
    struct prepared {
        sqlite3_stmt* statement = nullptr;
        std::vector<int> slots; ///< Of `$1`, `$2` ...: SQLite numbers them by first appearance.
    };
    void step(sqlite3_stmt* statement);
    void write(const recorded_write& w);
    sqlite3_stmt* prepare(const char* sql);

    const recording& what_;
    sqlite3* database_ = nullptr;
    std::vector<prepared> statements_;
    sqlite3_stmt* begin_ = nullptr;
    sqlite3_stmt* commit_ = nullptr;
};

} // namespace patt::bench
