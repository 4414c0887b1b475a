#include "bench/postgres/bare.hpp"

#include <patt/result.hpp>

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

} // namespace patt::bench
