/// @file
/// The real clock and the real source of randomness.
#pragma once

#include <patt/engine/ports.hpp>
#include <patt/result.hpp>

namespace patt::engine {

/// The machine's clock. Threads: safe.
class system_clock final : public clock {
public:
    [[nodiscard]] instant now() override;
};

/// OpenSSL's random numbers, fit for keys. Threads: safe. @throws failure when the system has none.
class system_entropy final : public entropy {
public:
    void fill(std::span<unsigned char> bytes) override;
};

} // namespace patt::engine
