#include "bench/postgres/bare.hpp"

#include <patt/result.hpp>

#include <string>

namespace patt::bench {
namespace {

using result = std::unique_ptr<PGresult, decltype(&PQclear)>;

result checked(PGconn* on, PGresult* got) {
    result out(got, &PQclear);
    const ExecStatusType status = PQresultStatus(got);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        throw failure(std::string("the floor failed: ") + PQerrorMessage(on));
    }
    return out;
}

} // namespace

bare::bare(const std::string& conninfo)
    : connection_(PQconnectdb(conninfo.c_str()), &PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
        throw failure(std::string("the floor cannot connect: ") + PQerrorMessage(connection_.get()));
    }
}

void bare::prepare(const char* name, const char* sql) {
    checked(connection_.get(), PQprepare(connection_.get(), name, sql, 0, nullptr));
}

result bare::rows(const char* name, const std::vector<const char*>& values) {
    return checked(connection_.get(), PQexecPrepared(connection_.get(), name, static_cast<int>(values.size()),
                                                     values.data(), nullptr, nullptr, 0));
}

int bare::run(const char* name, const std::vector<const char*>& values) {
    const result got = rows(name, values);
    const std::string wrote = PQcmdTuples(got.get());
    return wrote.empty() ? 0 : std::stoi(wrote);
}

void bare::script(const char* sql) {
    checked(connection_.get(), PQexec(connection_.get(), sql));
}

void bare::pipelined(const std::vector<step>& steps) {
    PGconn* const on = connection_.get();
    bool sent = PQenterPipelineMode(on) == 1;
    for (const step& each : steps) {
        std::vector<const char*> texts;
        for (const std::string& v : each.values) {
            texts.push_back(v.c_str());
        }
        sent = sent && PQsendQueryPrepared(on, each.name, static_cast<int>(texts.size()), texts.data(),
                                           nullptr, nullptr, 0) == 1;
    }
    if (!sent || PQpipelineSync(on) != 1) {
        throw failure(std::string("the floor cannot send: ") + PQerrorMessage(on));
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
        checked(on, PQgetResult(on));
        static_cast<void>(PQgetResult(on)); // None: its end.
    }
    PQclear(PQgetResult(on)); // The sync.
    PQexitPipelineMode(on);
}

} // namespace patt::bench
