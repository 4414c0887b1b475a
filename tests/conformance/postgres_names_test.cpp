// Servers by name: of a name with several addresses all are tried, and what the server says counts.
#include "postgres/needs_postgres.hpp"
#include "postgres/shared_server.hpp"
#include "store/postgres/connector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace patt::store::postgres {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// The tests' server listens on the second.
addresses two_addresses(const std::string&) {
    return {{"127.0.0.2", "127.0.0.1"}, "", addresses::answer::known};
}

class PostgresNames : public testing::Test {
protected:
    void SetUp() override { PATT_NEEDS_POSTGRES(); }

    resolver names_{two_addresses};
    timeline_memory seen_{{}};
    postgres_options how_;

    [[nodiscard]] found_server connect_as(const std::string& user) {
        const std::string port = std::to_string(::patt::postgres::shared_server().port());
        const connector to("host=db.example dbname=postgres port=" + port + " user=" + user, how_, names_,
                           seen_);
        return to.connect(1s);
    }
};

TEST_F(PostgresNames, LeadToTheAddressThatAnswers) {
    const found_server found = connect_as("patt");
    EXPECT_STREQ(PQhost(found.connection.get()), "db.example") << "for certificates and password files";
    EXPECT_STREQ(PQhostaddr(found.connection.get()), "127.0.0.1");
}

TEST_F(PostgresNames, TellAtOnceWhatAPersonMustPutRight) {
    const auto begun = std::chrono::steady_clock::now();
    try {
        static_cast<void>(connect_as("nobody"));
        FAIL() << "there is no such role";
    } catch (const sql_error& problem) {
        EXPECT_EQ(problem.code(), sql_errc::other);
        EXPECT_THAT(problem.what(), HasSubstr("role \"nobody\" does not exist"));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, how_.connect_patience);
}

} // namespace
} // namespace patt::store::postgres
