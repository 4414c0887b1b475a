/// @file
/// A small disk of its own (tmpfs), to be filled.
#pragma once

#include "conformance/temporary_directory.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace patt::hosts {

class small_disk {
public:
    /// Null where nothing can be mounted, which needs the rights of root.
    [[nodiscard]] static std::unique_ptr<small_disk> mount(int megabytes);
    /// Why the last `mount` could not.
    [[nodiscard]] static std::string why_not();
    small_disk(const small_disk&) = delete;
    small_disk& operator=(const small_disk&) = delete;
    ~small_disk();

    [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
    /// Takes all the space that is left.
    void fill() const;
    /// Gives it back.
    void clear() const;

private:
    small_disk() = default;
    store::temporary_directory folder_;
    bool mounted_ = false;
};

} // namespace patt::hosts
