/// @file
/// How a host of the tests is put together, and the planted faults that it may have: each must turn the
/// checks red.
#pragma once

#include "crash/remote_chat.hpp"
#include "hosts/call_log.hpp"

#include <patt/engine/engine.hpp>
#include <patt/engine/runner.hpp>
#include <patt/store/db.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace patt::hosts {

enum class plant : std::uint8_t {
    none,
    no_fence,      ///< A lease's epoch is not compared: whoever was paused goes on acting.
    random_keys,   ///< Each attempt of an effect has an idempotency key of its own.
    inbox_left_out ///< An input's key is not remembered.
};

/// As the environment's PATT_PLANT says. @throws failure for an unknown name.
[[nodiscard]] plant plant_of_environment();

[[nodiscard]] std::shared_ptr<store::database> planted_database(std::shared_ptr<store::database> sound,
                                                                plant what);

/// The chat for many threads: each has a connection of its own.
class remote_chats final : public engine::chat {
public:
    /// Each call is written down in a file beside the socket (call_log.hpp).
    remote_chats(std::string socket, plant what)
        : socket_(std::move(socket))
        , what_(what)
        , calls_(socket_ + ".calls") {}
    /// Who calls, for the file.
    void called_by(std::int64_t boot_id) { boot_id_ = boot_id; }
    [[nodiscard]] effect_outcome send(guild_id guild, member_id to, const engine::outgoing& what,
                                      std::string_view key) override;
    [[nodiscard]] effect_outcome post(guild_id guild, channel_id where, const engine::outgoing& what,
                                      std::string_view key) override;
    [[nodiscard]] engine::fetched<engine::member_state> fetch_member(guild_id guild, member_id who) override;
    [[nodiscard]] engine::fetched<engine::role_state> fetch_role(guild_id guild, role_id which) override;
    [[nodiscard]] effect_outcome replace_roles(guild_id guild, member_id who, std::span<const role_id> roles,
                                               std::string_view key) override;

private:
    [[nodiscard]] crash::remote_chat& mine() const;
    [[nodiscard]] std::string key_for(std::string_view key);

    std::string socket_;
    plant what_;
    call_log calls_;
    std::atomic<std::int64_t> boot_id_{0};
    std::atomic<std::uint64_t> random_{0};
};

/// How long a silent host keeps its leases, in these tests.
inline constexpr std::chrono::milliseconds lease_ttl{2000};
inline constexpr std::chrono::milliseconds heartbeat{500};

[[nodiscard]] engine::options host_options();
[[nodiscard]] engine::runner_options host_runner();
[[nodiscard]] std::unique_ptr<engine::clock> host_clock();
[[nodiscard]] std::int64_t boot_id_of(const engine::engine& host);

} // namespace patt::hosts
