#include "postgres/session.hpp"

#include <libpq-fe.h>

#include <stdexcept>

namespace patt::postgres {
namespace {

struct clear_result {
    void operator()(PGresult* result) const { ::PQclear(result); }
};

PGconn* connect(const std::string& conninfo, const char* timeout_s) {
    const char* const keywords[] = {"dbname", "connect_timeout", "application_name", nullptr};
    const char* const values[] = {conninfo.c_str(), timeout_s, "patt_test_session", nullptr};
    return ::PQconnectdbParams(keywords, values, 1);
}

} // namespace

session::session(const std::string& conninfo)
    : connection_(connect(conninfo, "10")) {
    if (::PQstatus(connection_) != CONNECTION_OK) {
        const std::string why = ::PQerrorMessage(connection_);
        ::PQfinish(connection_);
        throw std::runtime_error("cannot connect: " + why);
    }
    ::PQsetNoticeProcessor(
        connection_, [](void*, const char*) {}, nullptr);
}

session::~session() {
    ::PQfinish(connection_);
}

std::vector<std::string> session::run(const std::string& statements) {
    const std::unique_ptr<PGresult, clear_result> result(::PQexec(connection_, statements.c_str()));
    const ExecStatusType status = ::PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        throw std::runtime_error(std::string(::PQerrorMessage(connection_)) + " in: " + statements);
    }
    std::vector<std::string> out;
    for (int row = 0; row < ::PQntuples(result.get()); ++row) {
        out.emplace_back(::PQgetvalue(result.get(), row, 0));
    }
    return out;
}

std::string session::one(const std::string& statements) {
    const auto rows = run(statements);
    return rows.empty() ? std::string{} : rows.front();
}

long long session::number(const std::string& statements) {
    return std::stoll(one(statements));
}

std::vector<notice> session::notices() {
    if (::PQconsumeInput(connection_) == 0) {
        throw std::runtime_error(::PQerrorMessage(connection_));
    }
    std::vector<notice> out;
    while (PGnotify* one = ::PQnotifies(connection_)) {
        out.push_back({one->relname, one->extra, one->be_pid});
        ::PQfreemem(one);
    }
    return out;
}

bool answers(const std::string& conninfo, int most_seconds) {
    PGconn* tried = connect(conninfo, std::to_string(most_seconds).c_str());
    const bool out = ::PQstatus(tried) == CONNECTION_OK;
    ::PQfinish(tried);
    return out;
}

} // namespace patt::postgres
