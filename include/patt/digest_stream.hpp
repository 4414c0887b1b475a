/// @file
/// SHA-256 of what comes piece by piece: files and exports that are larger than memory should be.
#pragma once

#include <patt/digest.hpp>

#include <memory>
#include <string_view>

namespace patt {

/// A hash that is still growing, in constant memory.
/// @par Threads  One at a time.
class sha256_stream {
public:
    sha256_stream(); ///< @throws failure when the cryptographic library refuses.
    sha256_stream(sha256_stream&&) noexcept;
    sha256_stream& operator=(sha256_stream&&) noexcept;
    ~sha256_stream();
    void add(std::string_view bytes);
    /// The hash of everything added so far; nothing can be added afterwards.
    [[nodiscard]] digest end();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace patt
