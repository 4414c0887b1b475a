#include "store/postgres/probe.hpp"

#include "store/postgres/errors.hpp"
#include "store/postgres/refusal.hpp"
#include "store/postgres/timeline.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::store::postgres {
namespace {

constexpr const char* facts_sql = ", current_setting('server_version_num'), "
                                  "to_regclass('instance') IS NOT NULL";
constexpr const char* settings_sql = ", set_config('lock_timeout', $1, false), "
                                     "set_config('statement_timeout', $2, false), "
                                     "set_config('idle_in_transaction_session_timeout', $3, false), "
                                     // Short statements by key: planning them costs more than it gains.
                                     "set_config('plan_cache_mode', 'force_generic_plan', false), "
                                     "set_config('jit', 'off', false), "
                                     // A plan that was made while a queue was empty would read it as a whole.
                                     "set_config('enable_seqscan', 'off', false)";

std::int64_t number_in(std::string_view text) noexcept {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// The same text so many times, as libpq takes lists.
std::string repeated(const std::string& text, std::size_t times) {
    return fmt::format("{}", fmt::join(std::vector<std::string_view>(times, text), ","));
}

/// @param where  The addresses of its name. The name goes along: certificates and password files are for it.
connection_handle start(const target& to, const std::vector<std::string>& where) {
    const std::string host = repeated(to.name, where.size());
    const std::string addresses = fmt::format("{}", fmt::join(where, ","));
    std::vector<const char*> names;
    std::vector<const char*> texts;
    for (const auto& [name, text] : to.settings) {
        names.push_back(name.c_str());
        texts.push_back(!where.empty() && name == "host" ? host.c_str() : text.c_str());
    }
    if (!where.empty()) {
        names.push_back("hostaddr");
        texts.push_back(addresses.c_str());
    }
    names.push_back(nullptr);
    texts.push_back(nullptr);
    return connection_handle{PQconnectStartParams(names.data(), texts.data(), 0)};
}

} // namespace

probe::probe(const target& to, const session_settings* settings, resolver& names)
    : to_(to)
    , settings_(settings) {
    if (to.name.empty()) {
        connect_to({});
        return;
    }
    lookup_ = names.look_up(to.name);
    addresses_ = names.last_found(to.name);
    phase_ = phase::looking_up;
    waits_for_ = wanted::read;
    if (lookup_->over()) {
        take_addresses();
    }
}

void probe::take_addresses() {
    if (!lookup_->over()) {
        return;
    }
    const addresses& found = lookup_->found();
    if (!found.numeric.empty()) {
        connect_to(found.numeric);
    } else if (found.how == addresses::answer::nobody_could_tell && !addresses_.empty()) {
        try_known_addresses();
    } else {
        fail(sql_errc::lost, "its name could not be looked up: " + found.problem);
    }
}

void probe::connect_to(const std::vector<std::string>& where) {
    phase_ = phase::connecting;
    waits_for_ = wanted::write;
    connection_ = start(to_, where);
    if (connection_ == nullptr) {
        fail(sql_errc::lost, "out of memory");
    } else if (PQstatus(connection_.get()) == CONNECTION_BAD) {
        fail_to_connect();
    } else {
        PQsetErrorVerbosity(connection_.get(), PQERRORS_VERBOSE); // With the SQLSTATE.
        PQsetNoticeReceiver(
            connection_.get(), [](void*, const PGresult*) {}, nullptr);
    }
}

void probe::fail(sql_errc code, std::string why) {
    phase_ = phase::failed;
    code_ = code;
    why_ = std::move(why);
    connection_.reset();
}

void probe::fail_to_connect() {
    refusal read = read_refusal(PQerrorMessage(connection_.get()));
    fail(read.code, std::move(read.why));
}

void probe::give_up() {
    fail(sql_errc::lost,
         phase_ == phase::looking_up ? "its name could not be looked up in time" : "no answer in time");
}

std::string probe::why() const {
    return to_.shown + ": " + why_;
}

void probe::step() {
    if (phase_ == phase::looking_up) {
        take_addresses();
    } else if (phase_ == phase::connecting) {
        connect_further();
    } else if (!done()) {
        if (PQconsumeInput(connection_.get()) == 0) {
            fail(sql_errc::lost, one_line(PQerrorMessage(connection_.get())));
        } else if (PQisBusy(connection_.get()) == 0) {
            read_answer();
        }
    }
}

void probe::connect_further() {
    switch (PQconnectPoll(connection_.get())) {
    case PGRES_POLLING_READING:
        waits_for_ = wanted::read;
        return;
    case PGRES_POLLING_WRITING:
        waits_for_ = wanted::write;
        return;
    case PGRES_POLLING_OK:
        ask();
        return;
    default:
        fail_to_connect();
    }
}

void probe::ask() {
    waits_for_ = wanted::read;
    phase_ = phase::asking;
    std::string sql = fmt::format("SELECT {}{}", timeline_sql, facts_sql);
    std::array<const char*, 3> texts{};
    if (settings_ != nullptr) {
        sql += settings_sql;
        texts = {settings_->lock_timeout.c_str(), settings_->statement_timeout.c_str(),
                 settings_->idle_timeout.c_str()};
    }
    if (PQsendQueryParams(connection_.get(), sql.c_str(), settings_ == nullptr ? 0 : 3, nullptr, texts.data(),
                          nullptr, nullptr, 0) != 1) {
        fail(sql_errc::lost, one_line(PQerrorMessage(connection_.get())));
    }
}

void probe::ask_table() {
    phase_ = phase::reading_table;
    if (PQsendQueryParams(connection_.get(), "SELECT timeline FROM instance WHERE only_one = 1", 0, nullptr,
                          nullptr, nullptr, nullptr, 0) != 1) {
        fail(sql_errc::lost, one_line(PQerrorMessage(connection_.get())));
    }
}

void probe::read_answer() {
    result_handle answer{PQgetResult(connection_.get())};
    while (const result_handle more{PQgetResult(connection_.get())}) {
    }
    const bool rows = PQresultStatus(answer.get()) == PGRES_TUPLES_OK;
    if (phase_ == phase::asking && !rows) {
        const sql_error problem = server_error(answer.get(), "asking what the server is");
        fail(problem.code() == sql_errc::lost ? sql_errc::lost : sql_errc::other, problem.what());
        return;
    }
    if (phase_ == phase::reading_table) {
        // Without a right to read it, or in another program's table, there is no record.
        facts_.recorded_timeline =
            rows && PQntuples(answer.get()) == 1 ? number_in(PQgetvalue(answer.get(), 0, 0)) : 0;
        phase_ = phase::answered;
        return;
    }
    understand(answer.get());
    if (!facts_.standby && facts_.has_instance_table) {
        ask_table();
    } else {
        phase_ = phase::answered;
    }
}

void probe::understand(const PGresult* answer) {
    const auto text = [&](int column) { return std::string_view{PQgetvalue(answer, 0, column)}; };
    const auto timeline = timeline_in(text(0));
    facts_.standby = !timeline;
    facts_.timeline = timeline.value_or(0);
    facts_.version = number_in(text(1));
    facts_.has_instance_table = text(2) == "t";
    PQsetErrorVerbosity(connection_.get(), PQERRORS_DEFAULT);
}

} // namespace patt::store::postgres
