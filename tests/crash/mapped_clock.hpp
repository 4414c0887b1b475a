/// @file
/// A clock in a small shared file: it stands where it stood when the process that turned it was killed, and
/// turning it is no write that counts.
#pragma once

#include <patt/engine/ports.hpp>

#include <atomic>
#include <filesystem>

namespace patt::crash {

class mapped_clock final : public engine::clock {
public:
    /// Maps the file, making it with `start` when there is none. @throws failure when it cannot.
    mapped_clock(const std::filesystem::path& file, instant start);
    ~mapped_clock() override;
    [[nodiscard]] instant now() override { return instant{cell_->load()}; }
    void set(instant to) noexcept { cell_->store(to.microseconds()); }

private:
    std::atomic<std::int64_t>* cell_ = nullptr;
};

} // namespace patt::crash
