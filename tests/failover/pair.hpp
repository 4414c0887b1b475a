/// @file
/// Two nodes and a witness: a primary, its synchronous standby, and the script that watches them
/// (tools/postgres).
#pragma once

#include "conformance/temporary_directory.hpp"
#include "crash/child_process.hpp"
#include "postgres/standby.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace patt::failover {

/// What the watcher's fence does with a primary that is to be replaced.
enum class fencing : std::uint8_t {
    kills,
    only_says_so, ///< As one that was set up wrongly: the old primary lives.
};

class pair {
public:
    /// Without fsync in the short form: a shared disk would be measured, not the failover.
    /// @param fill  Called while the primary is alone and commits wait for nobody.
    explicit pair(const std::function<void(postgres::server&)>& fill = {}, fencing how = fencing::kills);

    [[nodiscard]] postgres::server& north() noexcept { return *north_; } ///< The primary at the beginning.
    [[nodiscard]] postgres::server& south() noexcept { return *south_; }
    /// To whichever is the primary, as libpq knows it: both nodes.
    [[nodiscard]] std::string conninfo(std::string_view database = "postgres") const;

    /// Starts the watcher and waits until it knows that the standby is synchronous.
    void watch();
    /// Waits until the watcher has made south the primary; what it said meanwhile.
    std::string wait_for_promotion();
    /// `failover CONFIG switch`. @throws failure with its words when it does not end well.
    void switch_over();
    /// The old primary comes back as a standby, by `failover CONFIG rejoin`.
    void rejoin();

private:
    void configure(const std::filesystem::path& where, const std::string& more) const;
    void run(const std::string& command) const;

    fencing fencing_;
    store::temporary_directory folder_;
    std::unique_ptr<postgres::server> north_;
    std::unique_ptr<postgres::server> south_;
    std::unique_ptr<crash::process> watcher_;
};

} // namespace patt::failover
