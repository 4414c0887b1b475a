/// @file
/// A file that is being written is removed when the program is interrupted.
#pragma once

#include <filesystem>

namespace patt::cli {

/// While it lives, SIGINT, SIGTERM and SIGHUP remove the file (with what SQLite puts beside it) before they
/// end the program as they always do. One at a time.
class removed_when_interrupted {
public:
    explicit removed_when_interrupted(const std::filesystem::path& file);
    removed_when_interrupted(const removed_when_interrupted&) = delete;
    removed_when_interrupted& operator=(const removed_when_interrupted&) = delete;
    ~removed_when_interrupted();
};

} // namespace patt::cli
