// What libpq says of a server that it could not connect to: one paragraph for each address that it tried.
#include "store/postgres/refusal.hpp"

#include <gtest/gtest.h>

#include <string>

namespace patt::store::postgres {
namespace {

const std::string nobody_there =
    "connection to server at \"localhost\" (::1), port 5432 failed: Connection refused\n"
    "\tIs the server running on that host and accepting TCP/IP connections?\n";

std::string said(const std::string& what) {
    return "connection to server at \"localhost\" (127.0.0.1), port 5432 failed: FATAL:  " + what +
           "\nLOCATION:  somewhere, somewhere.c:338\n";
}

const std::string wrong_password = said("28P01: password authentication failed for user \"patt\"");
const std::string full = said("53300: sorry, too many clients already");
const std::string starting = said("57P03: the database system is starting up");
const std::string no_entry = said("28000: no pg_hba.conf entry for host \"127.0.0.1\", no encryption");

TEST(RefusalText, OfOneAddressIsItsFirstLineWithoutTheState) {
    const refusal r = read_refusal(wrong_password);
    EXPECT_EQ(r.code, sql_errc::other);
    EXPECT_EQ(r.why, "connection to server at \"localhost\" (127.0.0.1), port 5432 failed: FATAL:  password "
                     "authentication failed for user \"patt\"");
    EXPECT_EQ(read_refusal(nobody_there).why,
              "connection to server at \"localhost\" (::1), port 5432 failed: Connection refused");
    EXPECT_EQ(read_refusal(nobody_there).code, sql_errc::lost);
}

TEST(RefusalText, IsWhatTheServerSaidAndNotThatNobodyListensBesideIt) {
    for (const std::string& text : {nobody_there + wrong_password, wrong_password + nobody_there}) {
        EXPECT_EQ(read_refusal(text).code, sql_errc::other);
        EXPECT_NE(read_refusal(text).why.find("password"), std::string::npos);
    }
    EXPECT_EQ(read_refusal(nobody_there + full).code, sql_errc::busy);
    EXPECT_EQ(read_refusal(nobody_there + starting).code, sql_errc::lost);
    EXPECT_NE(read_refusal(nobody_there + starting).why.find("starting up"), std::string::npos);
}

TEST(RefusalText, IsThatTheServerIsFullWhereASecondTryWithoutTlsWasRefusedForIt) {
    EXPECT_EQ(read_refusal(full + no_entry).code, sql_errc::busy);
    EXPECT_NE(read_refusal(wrong_password + no_entry).why.find("password"), std::string::npos);
    EXPECT_NE(read_refusal(no_entry + wrong_password).why.find("password"), std::string::npos);
}

TEST(RefusalText, IsWhatAPersonMustPutRightBeforeWhatMayHeal) {
    const std::string certificate = "connection to server at \"db\" (10.0.0.7), port 5432 failed: SSL error: "
                                    "certificate verify failed\n";
    EXPECT_EQ(read_refusal(nobody_there + certificate).code, sql_errc::other);
    EXPECT_EQ(read_refusal(starting + wrong_password).code, sql_errc::other);
}

TEST(RefusalText, OfTheClientItselfIsItsFirstLine) {
    const refusal r =
        read_refusal("root certificate file \"/no/root.crt\" does not exist\nEither provide the "
                     "file or change sslmode to disable server certificate verification.\n");
    EXPECT_EQ(r.code, sql_errc::other);
    EXPECT_EQ(r.why, "root certificate file \"/no/root.crt\" does not exist");
    EXPECT_EQ(
        read_refusal("could not translate host name \"db\" to address: Name or service not known\n").code,
        sql_errc::lost);
    EXPECT_EQ(read_refusal("").code, sql_errc::lost);
}

// Where the user's language is another one, only the server's code tells.
TEST(RefusalText, IsFoundInAnotherLanguage) {
    const std::string text =
        "Verbindung zum Server auf »localhost« (::1), Port 5432 fehlgeschlagen: Verbindungsaufbau "
        "abgelehnt\n\tLäuft der Server dort?\nVerbindung zum Server auf »localhost« "
        "(127.0.0.1), Port 5432 fehlgeschlagen: FATAL:  53300: zu viele Verbindungen\n"
        "ORT:  InitProcess, proc.c:357\n";
    EXPECT_EQ(read_refusal(text).code, sql_errc::busy);
}

} // namespace
} // namespace patt::store::postgres
