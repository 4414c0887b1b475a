/// @file
/// A progress bar on the terminal for long work. Silent where nobody looks: on pipes and in files.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace patt::cli {

/// Draws on standard error, at most ten times a second, and wipes itself away at the end.
class progress {
public:
    explicit progress(std::string what);
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;
    ~progress();

    void show(std::int64_t done, std::int64_t total);

private:
    std::string what_;
    bool on_terminal_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point last_;
};

} // namespace patt::cli
