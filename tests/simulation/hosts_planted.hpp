/// @file
/// What could be wrong with a host among others: mistakes put in on purpose below the engine.
#pragma once

#include <patt/store/db.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace patt::simulation {

enum class host_defect : std::uint8_t {
    none,
    fence_left_out,     ///< A lease is believed as it was when it was last looked at.
    boot_id_again,      ///< Two hosts have the same number.
    stale_ack_accepted, ///< An outcome counts although somebody else has claimed the effect since.
    order_lost,         ///< What another host has claimed does not stand in the way of what comes after it.
    slot_run_twice,     ///< Neither a timer that is gone nor a slot that was taken stops a host.
};
inline constexpr std::array all_host_defects = {host_defect::fence_left_out, host_defect::boot_id_again,
                                                host_defect::stale_ack_accepted, host_defect::order_lost,
                                                host_defect::slot_run_twice};
[[nodiscard]] std::string_view to_string(host_defect value) noexcept;

/// What a host's connections tell, and how they are wrong.
struct host_watch {
    host_defect planted = host_defect::none;
    std::int64_t host = 0; ///< Its boot id.
    /// A partition's lease under which effects were claimed, before that is committed: as the host says, and
    /// as it is.
    std::function<void(std::int64_t partition, std::int64_t believed, std::int64_t real)> on_claim;
    /// A slot of a repeating timer was run, and that is committed.
    std::function<void(guild_id, std::int64_t slot)> on_slot;
};

/// @param watch  Outlives the database.
[[nodiscard]] std::shared_ptr<store::database> watched_database(std::shared_ptr<store::database> real,
                                                                host_watch& watch);

} // namespace patt::simulation
