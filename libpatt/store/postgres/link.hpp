/// @file
/// One session with the server: commands are lined up, sent together and answered in one round trip.
///
/// libpq's pipeline mode (https://www.postgresql.org/docs/15/libpq-pipeline-mode.html): an error makes the
/// server skip everything up to the next synchronisation point, which is where `finish` waits.
#pragma once

#include "store/postgres/handles.hpp"
#include "store/postgres/parameters.hpp"
#include "store/postgres/statement_cache.hpp"

#include <patt/store/db.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store::postgres {

/// Whether statements are prepared by name, which needs a session of one's own.
enum class statement_use : std::uint8_t { named, unnamed };

/// What came of the commands that were lined up.
struct outcome {
    std::optional<sql_error> problem; ///< Of the first command that failed.
    std::size_t failed_at = 0;        ///< Its place, counted from 0.
    bool definite = false;            ///< The server itself said so, and goes on.
    bool read_only = false;           ///< It said that nothing can be written there.
    bool broken = false;              ///< The session is of no use any more.
    bool not_replicated = false;      ///< A commit gave up waiting for the synchronous standby.
};

/// Who is asked while an answer does not come.
struct impatience {
    std::chrono::milliseconds every{0};  ///< So often; 0: nobody is.
    std::function<bool()> hopeless = {}; ///< Whether no answer of this server is of use any more.
};

class link {
public:
    link(connection_handle opened, statement_use use, impatience meanwhile);
    link(const link&) = delete;
    link& operator=(const link&) = delete;
    ~link() = default;

    /// Lines a statement up, prepared first where that is due. The parameters are copied.
    /// @param into  Where the rows go; null when nobody asks.
    void add(const statement_ref& what, const wire_parameters& parameters, result_handle* into);
    /// Nobody asks for the rows that were to go there.
    void disown(const result_handle* into) noexcept;
    /// Sends what is lined up without waiting: the answers are read by the next `finish`.
    void send_ahead();
    /// Commands lined up since the last `finish`.
    [[nodiscard]] std::size_t pending() const noexcept { return commands_.size(); }
    /// The place of the last pending `SAVEPOINT name`.
    [[nodiscard]] std::optional<std::size_t> pending_savepoint(std::string_view name) const noexcept;

    /// Sends what is lined up and reads all answers. Never throws for what the server says.
    [[nodiscard]] outcome finish(std::chrono::milliseconds patience);
    /// Runs a text of several statements; nothing may be lined up.
    [[nodiscard]] outcome run_script(const std::string& text, std::chrono::milliseconds patience);

    /// False when the server has ended the idle session.
    [[nodiscard]] bool alive() noexcept;
    [[nodiscard]] bool in_transaction() const noexcept;
    /// Tells the server to forget these prepared statements, with the next commands. Only when no statement
    /// of a caller is pending.
    void forget(std::vector<std::string>& names);
    [[nodiscard]] PGconn* raw() const noexcept { return connection_.get(); }

private:
    using time_point = std::chrono::steady_clock::time_point;
    enum class step : std::uint8_t { prepare, run, deallocate, synchronise };
    struct command {
        step what = step::run;
        statement_ref of;
        std::string name;
        result_handle* into = nullptr;
    };

    void prepare(const statement_ref& what, const wire_parameters& parameters);
    void check_sent(int sent, std::string_view sql);
    /// False when the time is over, or it is hopeless.
    [[nodiscard]] bool wait_for_result(time_point until);
    [[nodiscard]] result_handle next_result(time_point until, outcome& so_far);
    void take(command& each, std::size_t place, time_point until, outcome& so_far);
    void take_synchronisation(std::size_t place, time_point until, outcome& so_far);
    [[nodiscard]] static bool says_read_only(std::string_view state, const statement_ref& what);
    void judge(command& each, std::size_t place, result_handle result, outcome& so_far);
    void lost(outcome& so_far, std::size_t place, std::string_view sql);
    void put_back(command& each);

    connection_handle connection_;
    statement_use use_;
    impatience meanwhile_;
    std::chrono::milliseconds ask_every_{0}; ///< Of `meanwhile_`, where somebody is asked now.
    std::vector<command> commands_;
    std::vector<std::string> to_forget_again_;
    std::vector<std::string> never_known_; ///< Names whose preparation was skipped by the server.
    std::optional<sql_error> unsent_;      ///< libpq refused to take a command.
    std::uint64_t names_ = 0;
    bool timed_out_ = false;
    bool not_replicated_ = false; ///< Set by the notice receiver.
};

} // namespace patt::store::postgres
