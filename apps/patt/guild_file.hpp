/// @file
/// A guild's file on the disk: written whole or not at all, read line by line.
#pragma once

#include "interrupted.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace patt::cli {

/// A new file that appears under its name only when it is complete. `-` is standard output.
class new_file {
public:
    /// @throws refusal  `already_exists`. @throws failure  when it cannot be made.
    explicit new_file(const std::string& name);
    new_file(const new_file&) = delete;
    new_file& operator=(const new_file&) = delete;
    ~new_file(); ///< Removes what was not finished.

    /// @throws failure  when the disk is full.
    void put(std::string_view line);
    /// Writes everything to the disk and gives the file its name. @throws failure
    void finish();

private:
    std::filesystem::path name_;
    std::filesystem::path partial_;
    std::unique_ptr<removed_when_interrupted> guard_;
    int descriptor_ = -1;
    std::string waiting_;
    void write_out();
};

/// Lines of a file or, for `-`, of standard input; none is held longer than until the next.
class line_reader {
public:
    /// @throws refusal  `not_found`.
    explicit line_reader(const std::string& name);
    /// The next line without its end; longer ones than `store::transfer_longest_line` come cut at one more
    /// character, so that whoever reads refuses them. @throws failure
    [[nodiscard]] std::optional<std::string_view> next();
    [[nodiscard]] std::int64_t bytes_read() const noexcept { return bytes_; }
    [[nodiscard]] std::int64_t bytes_in_all() const noexcept { return total_; } ///< 0: not known.

private:
    std::ifstream file_;
    std::istream* from_;
    std::string line_;
    std::int64_t bytes_ = 0;
    std::int64_t total_ = 0;
};

} // namespace patt::cli
