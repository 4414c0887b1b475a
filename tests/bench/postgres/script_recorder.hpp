/// @file
/// A database that writes down what is asked of it as a script for pgbench: the same statements, in the same
/// transactions, sent together where the driver sends them together.
#pragma once

#include <patt/store/db.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace patt::bench {

/// Wraps a database; used by one thread at a time.
///
/// The guild's number becomes the variable `patt_guild` and the member's `patt_member`; every other value
/// stays as it was. As every key of the schema begins with the guild (that of a direct message's route with
/// the member), the script can run once for each of many guilds that are alike.
class script_recorder final : public store::database {
public:
    script_recorder(std::shared_ptr<store::database> inner, guild_id guild, member_id member);
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options = {}) override;

    /// Begins the script anew.
    void forget();
    /// With what nobody has waited for at its end, as the end of a transaction that only read.
    [[nodiscard]] std::string script() const;
    [[nodiscard]] std::int64_t round_trips() const noexcept { return round_trips_; }
    [[nodiscard]] std::int64_t statements() const noexcept { return statements_; }
    [[nodiscard]] std::int64_t transactions() const noexcept { return transactions_; }

private:
    friend class script_connection;
    friend class asked_rows;
    /// A statement that travels with those before it and with the next that waits.
    void rides(const std::string& statement);
    /// A statement whose answer is waited for; ends a round trip.
    void waits(const std::string& statement);
    /// The same without one: what was asked before is read.
    void waits_for_the_last();
    [[nodiscard]] std::string with_values(std::string_view sql, std::span<const store::value> values) const;

    std::shared_ptr<store::database> inner_;
    guild_id guild_;
    member_id member_;
    std::string script_;
    std::string riding_;
    std::int64_t round_trips_ = 0;
    std::int64_t statements_ = 0;
    std::int64_t transactions_ = 0;
};

} // namespace patt::bench
