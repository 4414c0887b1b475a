/// @file
/// Asking one server, without ever blocking: connect, then find out what it is.
#pragma once

#include "store/postgres/conninfo.hpp"
#include "store/postgres/handles.hpp"
#include "store/postgres/resolver.hpp"
#include "store/postgres/wait.hpp"

#include <patt/store/db.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace patt::store::postgres {

/// Settings of a session, as texts; empty ones are not made.
struct session_settings {
    std::string lock_timeout;
    std::string statement_timeout;
    std::string idle_timeout;
};

/// What a server says about itself.
struct server_facts {
    bool standby = false;
    std::int64_t timeline = 0;
    std::int64_t version = 0;
    bool has_instance_table = false;
    std::int64_t recorded_timeline = 0; ///< Of the table `instance`, where there is one.
};

class probe {
public:
    /// Begins to connect, or to look the name up before. The arguments must outlive the probe.
    /// @param settings  Null: none are made.
    probe(const target& to, const session_settings* settings, resolver& names);

    /// True when there is nothing more to wait for.
    [[nodiscard]] bool done() const noexcept { return phase_ == phase::answered || phase_ == phase::failed; }
    [[nodiscard]] bool answered() const noexcept { return phase_ == phase::answered; }
    [[nodiscard]] int socket() const noexcept {
        return phase_ == phase::looking_up ? lookup_->socket() : PQsocket(connection_.get());
    }
    [[nodiscard]] wanted waits_for() const noexcept { return waits_for_; }
    /// Goes on as far as it can; call it when the socket is ready.
    void step();
    /// Asks what the server is once more, over the same session: a new one would cost the server more than
    /// the answer. Precondition: it has answered.
    void ask_again() { ask(); }
    /// True while the name is looked up, and addresses are known that it had before.
    [[nodiscard]] bool knows_addresses() const noexcept {
        return phase_ == phase::looking_up && !addresses_.empty();
    }
    /// Tries those instead of waiting longer. Precondition: it knows some.
    void try_known_addresses() { connect_to(addresses_); }
    /// Ends it as failed because the time is over.
    void give_up();

    [[nodiscard]] const server_facts& facts() const noexcept { return facts_; }
    /// `host:port: what went wrong`.
    [[nodiscard]] std::string why() const;
    /// What kind of failure: `lost` can heal, `busy` is a server that is full, `other` needs a person.
    [[nodiscard]] sql_errc code() const noexcept { return code_; }
    [[nodiscard]] connection_handle take() noexcept { return std::move(connection_); }

private:
    enum class phase : std::uint8_t { looking_up, connecting, asking, reading_table, answered, failed };

    void take_addresses();
    /// @param where  Of the name; empty: as the target says.
    void connect_to(const std::vector<std::string>& where);
    void connect_further();
    void ask();
    void ask_table();
    void read_answer();
    void understand(const PGresult* answer);
    void fail(sql_errc code, std::string why);
    void fail_to_connect();

    const target& to_;
    const session_settings* settings_;
    std::shared_ptr<const lookup> lookup_;
    std::vector<std::string> addresses_; ///< That the name had before.
    connection_handle connection_;
    phase phase_ = phase::connecting;
    wanted waits_for_ = wanted::write;
    server_facts facts_;
    sql_errc code_ = sql_errc::lost;
    std::string why_;
};

} // namespace patt::store::postgres
