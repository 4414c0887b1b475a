#include "store/postgres/link.hpp"

#include "store/postgres/errors.hpp"
#include "store/postgres/wait.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace patt::store::postgres {
namespace {

/// Notices are not shown to anybody, but one decides: a commit that did not wait for the standby. Its text
/// is translated by the server, the function it comes from is not.
void receive_notice(void* flag, const PGresult* notice) {
    if (field(notice, PG_DIAG_SOURCE_FUNCTION) == "SyncRepWaitForLSN") {
        *static_cast<bool*>(flag) = true;
    }
}

std::string_view text_of(const statement_ref& of, std::string_view otherwise) noexcept {
    return of == nullptr ? otherwise : std::string_view{of->sql};
}

} // namespace

link::link(connection_handle opened, statement_use use, impatience meanwhile)
    : connection_(std::move(opened))
    , use_(use)
    , meanwhile_(std::move(meanwhile)) {
    PQsetNoticeReceiver(raw(), receive_notice, &not_replicated_);
    if (PQsetnonblocking(raw(), 1) != 0 || PQenterPipelineMode(raw()) != 1) {
        throw sql_error(sql_errc::lost, "postgres: " + one_line(PQerrorMessage(raw())));
    }
}

void link::check_sent(int sent, std::string_view sql) {
    if (sent != 1 && !unsent_) { // The connection is gone, or memory: told when somebody waits.
        unsent_ = own_error(sql_errc::lost, one_line(PQerrorMessage(raw())), sql);
    }
}

void link::prepare(const statement_ref& what, const wire_parameters& parameters) {
    std::vector<Oid> types = what->types;
    bool changed = what->name.empty();
    for (std::size_t i = 0; i < types.size(); ++i) {
        const Oid wanted = parameters.types()[i];
        if (wanted != type::none && wanted != types[i]) { // A NULL goes with any type.
            types[i] = wanted;
            changed = true;
        }
    }
    if (!changed) {
        return;
    }
    what->types = std::move(types);
    if (!what->name.empty()) {
        to_forget_again_.push_back(std::move(what->name));
    }
    what->name = fmt::format("p{}", ++names_);
    check_sent(PQsendPrepare(raw(), what->name.c_str(), what->sql.c_str(),
                             static_cast<int>(what->types.size()), what->types.data()),
               what->sql);
    commands_.push_back({step::prepare, what, what->name, nullptr});
}

void link::add(const statement_ref& what, const wire_parameters& parameters, result_handle* into) {
    constexpr int binary = 1;
    if (use_ == statement_use::named && what->cached) {
        prepare(what, parameters);
        check_sent(PQsendQueryPrepared(raw(), what->name.c_str(), parameters.count(), parameters.values(),
                                       parameters.lengths(), parameters.formats(), binary),
                   what->sql);
    } else {
        check_sent(PQsendQueryParams(raw(), what->sql.c_str(), parameters.count(), parameters.types().data(),
                                     parameters.values(), parameters.lengths(), parameters.formats(), binary),
                   what->sql);
    }
    commands_.push_back({step::run, what, {}, into});
}

void link::forget(std::vector<std::string>& names) {
    names.insert(names.end(), std::make_move_iterator(to_forget_again_.begin()),
                 std::make_move_iterator(to_forget_again_.end()));
    to_forget_again_.clear();
    for (const std::string& unknown : std::exchange(never_known_, {})) {
        std::erase(names, unknown);
    }
    for (std::string& name : names) {
        const std::string sql = "DEALLOCATE " + name;
        check_sent(PQsendQueryParams(raw(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0), sql);
        commands_.push_back({step::deallocate, nullptr, std::move(name), nullptr});
    }
    names.clear();
}

std::optional<std::size_t> link::pending_savepoint(std::string_view name) const noexcept {
    for (std::size_t place = commands_.size(); place > 0; --place) {
        const command& each = commands_[place - 1];
        if (each.what == step::run && opens_savepoint(each.of->sql) && savepoint_name(each.of->sql) == name) {
            return place - 1;
        }
    }
    return {};
}

bool link::wait_for_result(time_point until) {
    const auto next_question = [&] {
        return ask_every_.count() > 0 ? std::min(until, std::chrono::steady_clock::now() + ask_every_)
                                      : until;
    };
    time_point slice = next_question();
    while (PQstatus(raw()) == CONNECTION_OK) {
        const int unsent = PQflush(raw());
        if (PQisBusy(raw()) == 0) {
            return true;
        }
        if (!wait_for_socket(raw(), unsent == 1 ? wanted::read_or_write : wanted::read, slice)) {
            if (slice == until || meanwhile_.hopeless()) {
                return false;
            }
            slice = next_question();
            continue;
        }
        if (PQconsumeInput(raw()) == 0) {
            return true; // Broken: libpq tells the rest without waiting.
        }
    }
    return true;
}

result_handle link::next_result(time_point until, outcome& so_far) {
    if (!wait_for_result(until)) {
        timed_out_ = true;
        so_far.broken = true;
        return nullptr;
    }
    return result_handle{PQgetResult(raw())};
}

void link::lost(outcome& so_far, std::size_t place, std::string_view sql) {
    so_far.broken = true;
    if (so_far.problem) {
        return;
    }
    so_far.failed_at = place;
    so_far.problem = timed_out_ ? own_error(sql_errc::lost, "no answer from the server in time", sql)
                                : own_error(sql_errc::lost, one_line(PQerrorMessage(raw())), sql);
}

void link::put_back(command& each) {
    if (each.what == step::deallocate) {
        to_forget_again_.push_back(std::move(each.name));
    } else if (each.what == step::prepare) {
        if (each.of->name == each.name) {
            each.of->name.clear();
        } else { // Somebody has it among the names to forget, but the server has never heard of it.
            never_known_.push_back(std::move(each.name));
        }
    }
}

/// A standby refuses to begin a transaction that writes (0A000), and everywhere else what writes (25006).
bool link::says_read_only(std::string_view state, const statement_ref& what) {
    return state == "25006" ||
           (state == "0A000" && what != nullptr && what->kind == statement_kind::transaction);
}

void link::judge(command& each, std::size_t place, result_handle result, outcome& so_far) {
    switch (PQresultStatus(result.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
        if (each.into != nullptr) {
            *each.into = std::move(result);
        }
        return;
    case PGRES_PIPELINE_ABORTED:
        put_back(each);
        return;
    case PGRES_FATAL_ERROR:
        put_back(each);
        if (!so_far.problem) {
            so_far.problem = server_error(result.get(), text_of(each.of, each.name));
            so_far.failed_at = place;
            so_far.read_only = says_read_only(field(result.get(), PG_DIAG_SQLSTATE), each.of);
            so_far.definite = !is_fatal(result.get()) && !field(result.get(), PG_DIAG_SQLSTATE).empty();
            if (each.of != nullptr && so_far.problem->code() == sql_errc::serialization &&
                !each.of->name.empty()) { // Its plan may be out of date.
                to_forget_again_.push_back(std::exchange(each.of->name, {}));
            }
        }
        so_far.broken = so_far.broken || is_fatal(result.get());
        return;
    default: // COPY, and what else cannot go on from here.
        so_far.broken = true;
        if (!so_far.problem) {
            so_far.problem =
                own_error(sql_errc::misuse, "a statement that is not for here", text_of(each.of, each.name));
            so_far.failed_at = place;
        }
        return;
    }
}

void link::take(command& each, std::size_t place, time_point until, outcome& so_far) {
    for (bool any = false;; any = true) {
        result_handle result = next_result(until, so_far);
        if (result == nullptr) {
            if (so_far.broken || !any) { // A command has at least one result.
                lost(so_far, place, text_of(each.of, each.name));
            }
            return;
        }
        judge(each, place, std::move(result), so_far);
        if (so_far.broken) {
            return;
        }
    }
}

void link::disown(const result_handle* into) noexcept {
    for (command& each : commands_) {
        if (each.into == into) {
            each.into = nullptr;
        }
    }
}

void link::send_ahead() {
    check_sent(PQpipelineSync(raw()), "synchronisation");
    commands_.push_back({step::synchronise, nullptr, {}, nullptr});
    static_cast<void>(PQflush(raw())); // What does not fit goes with the next commands.
}

void link::take_synchronisation(std::size_t place, time_point until, outcome& so_far) {
    const result_handle end = next_result(until, so_far);
    if (end == nullptr || PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC) {
        lost(so_far, place, "synchronisation");
    }
}

outcome link::finish(std::chrono::milliseconds patience) {
    const time_point until = std::chrono::steady_clock::now() + patience;
    outcome so_far;
    not_replicated_ = false;
    ask_every_ = meanwhile_.every;
    if (!unsent_) {
        check_sent(PQpipelineSync(raw()), "synchronisation");
    }
    if (unsent_) {
        so_far.broken = true;
        so_far.problem = std::exchange(unsent_, {});
    }
    for (std::size_t place = 0; place < commands_.size() && !so_far.broken; ++place) {
        if (commands_[place].what == step::synchronise) {
            take_synchronisation(place, until, so_far);
        } else {
            take(commands_[place], place, until, so_far);
        }
    }
    if (!so_far.broken) {
        take_synchronisation(commands_.size(), until, so_far);
    }
    commands_.clear();
    ask_every_ = {}; // A script takes as long as it takes.
    so_far.not_replicated = not_replicated_;
    return so_far;
}

outcome link::run_script(const std::string& text, std::chrono::milliseconds patience) {
    const time_point until = std::chrono::steady_clock::now() + patience;
    outcome so_far;
    not_replicated_ = false;
    command whole{step::run, nullptr, std::string{head_of(text)}, nullptr};
    if (PQexitPipelineMode(raw()) != 1 || PQsendQuery(raw(), text.c_str()) != 1) {
        lost(so_far, 0, whole.name);
        return so_far;
    }
    take(whole, 0, until, so_far);
    if (!so_far.broken && PQenterPipelineMode(raw()) != 1) {
        lost(so_far, 0, whole.name);
    }
    so_far.not_replicated = not_replicated_;
    return so_far;
}

bool link::alive() noexcept {
    // What the server said before it closed comes first, the end behind it: so look more than once.
    for (int looks = 0; looks < 3 && PQstatus(raw()) == CONNECTION_OK && is_readable(raw()); ++looks) {
        if (PQconsumeInput(raw()) == 0) {
            return false;
        }
    }
    return PQstatus(raw()) == CONNECTION_OK;
}

bool link::in_transaction() const noexcept {
    return PQtransactionStatus(raw()) != PQTRANS_IDLE;
}

} // namespace patt::store::postgres
