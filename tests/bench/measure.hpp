/// @file
/// What every benchmark program needs: time spent, medians, memory, a directory that goes away, and figures
/// printed as a table or as JSON.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace patt::bench {

/// Time spent: on the wall's clock, and by the processors for this process.
struct spent {
    double wall_us = 0;
    double cpu_us = 0;
};

/// Runs from its construction.
class stopwatch {
public:
    stopwatch();
    [[nodiscard]] spent elapsed() const;

private:
    spent start_;
};

/// The monotonic clock, the same in all processes.
[[nodiscard]] double monotonic_us();
/// The middle one; of an even number the mean of the two in the middle. 0 of none.
[[nodiscard]] double median(std::vector<double> values);
/// The memory of this process that is in RAM, in MB (10^6 bytes).
[[nodiscard]] double resident_mb();

/// A directory of its own, removed at the end.
class scratch_directory {
public:
    /// @param where  In which directory; empty: the current one, which is on the disk that is to be measured.
    explicit scratch_directory(const std::filesystem::path& where);
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;
    ~scratch_directory();
    [[nodiscard]] std::filesystem::path file(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

enum class output : unsigned char { text, json };

/// Collects the figures of a program and prints them at its end.
class report {
public:
    report(std::string program, output how);
    /// @param aim  What is wanted, for people; empty when there is nothing to reach.
    void add(std::string name, double value, std::string unit, std::string aim = {});
    void print() const;

private:
    struct figure {
        std::string name;
        double value;
        std::string unit;
        std::string aim;
    };
    std::string program_;
    output how_;
    std::vector<figure> figures_;
};

} // namespace patt::bench
