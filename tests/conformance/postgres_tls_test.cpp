// Encrypted connections: the server's certificate is checked, and what is wrong with it is said.
#include "conformance/temporary_directory.hpp"
#include "postgres/installation.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/server.hpp"
#include "postgres/shared_server.hpp"
#include "store/postgres/connector.hpp"

#include <patt/store/postgres.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace patt::store {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

/// A certificate that vouches for itself, and its key, made by `openssl` for one name or address.
void make_certificate(const std::filesystem::path& certificate, const std::filesystem::path& key,
                      const std::string& for_whom) {
    const std::string command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                                "-days 2 -subj /CN=patt-test -addext subjectAltName=" +
                                for_whom + " -keyout '" + key.string() + "' -out '" + certificate.string() +
                                "' >/dev/null 2>&1";
    if (std::system(command.c_str()) != 0) { // NOLINT(cert-env33-c): fixed words and the test's own paths
        throw std::runtime_error("openssl could not make a certificate");
    }
}

/// Two servers with TLS: one whose certificate is for 127.0.0.1, one whose certificate is for somebody else.
class PostgresTls : public testing::Test {
protected:
    void SetUp() override {
        PATT_NEEDS_POSTGRES();
        if (!made) {
            made = std::make_unique<prepared>();
        }
    }
    static void TearDownTestSuite() { made.reset(); }

    struct prepared {
        temporary_directory folder;
        std::filesystem::path right = folder.path() / "right.crt";
        std::filesystem::path wrong = folder.path() / "wrong.crt";
        std::filesystem::path stranger = folder.path() / "stranger.crt";
        std::unique_ptr<::patt::postgres::server> honest = serving("IP:127.0.0.1", right);
        std::unique_ptr<::patt::postgres::server> impostor = serving("DNS:somebody-else.example", wrong);

        prepared() { make_certificate(stranger, folder.path() / "stranger.key", "IP:127.0.0.1"); }

        static std::unique_ptr<::patt::postgres::server> serving(const std::string& whom,
                                                                 const std::filesystem::path& copy) {
            ::patt::postgres::server_options how;
            how.settings = {{"ssl", "on"}};
            how.prepare = [&](const std::filesystem::path& data) {
                make_certificate(data / "server.crt", data / "server.key", whom);
                std::filesystem::copy_file(data / "server.crt", copy);
                ::patt::postgres::hand_over(data / "server.crt");
                ::patt::postgres::hand_over(data / "server.key");
            };
            return std::make_unique<::patt::postgres::server>(how);
        }
    };
    static inline std::unique_ptr<prepared> made;

    [[nodiscard]] static std::string verified(const ::patt::postgres::server& where,
                                              const std::filesystem::path& trusted) {
        return where.conninfo() + "?sslmode=verify-full&sslrootcert=" + trusted.string();
    }

    struct refusal {
        std::string code;
        std::string message;
    };
    [[nodiscard]] static refusal refused(const std::string& conninfo) {
        postgres_options how;
        how.connect_patience = std::chrono::milliseconds(1500);
        try {
            (void)open_postgres(conninfo, how)->connect();
        } catch (const sql_error& problem) {
            return {std::string{to_string(problem.code())}, problem.what()};
        }
        return {"connected", ""};
    }
};

TEST_F(PostgresTls, ConnectsWhenTheCertificateIsTrustedAndForThatAddress) {
    const auto where = open_postgres(verified(*made->honest, made->right));
    for (int i = 0; i < 3; ++i) {
        const auto db = where->connect();
        db->begin(tx_mode::write);
        db->post("CREATE TEMPORARY TABLE mine (n BIGINT) ON COMMIT DROP");
        db->post("INSERT INTO mine SELECT * FROM generate_series(1, 5000)");
        const cursor rows = db->query("SELECT n FROM mine ORDER BY n");
        std::int64_t last = 0;
        while (rows->next()) {
            last = rows->i64(0);
        }
        EXPECT_EQ(last, 5000) << "more than one record of TLS";
        db->commit();
        const cursor said = db->query("SELECT CAST(ssl AS INTEGER) AS ssl, version FROM pg_stat_ssl"
                                      " WHERE pid = pg_backend_pid()");
        ASSERT_TRUE(said->next());
        EXPECT_EQ(said->i64(0), 1);
        EXPECT_THAT(std::string{said->text(1)}, AnyOf("TLSv1.2", "TLSv1.3"));
    }
}

TEST_F(PostgresTls, WakesOtherHostsOverItToo) {
    const auto where = open_postgres(verified(*made->honest, made->right));
    const auto here = where->open_wake_channel();
    const auto there = where->open_wake_channel();
    std::vector<std::int64_t> got;
    for (int i = 0; i < 100 && got.empty(); ++i) {
        here->announce(7);
        (void)here->turn(std::chrono::milliseconds(30));
        got = there->turn(std::chrono::milliseconds(30));
    }
    EXPECT_THAT(got, testing::Contains(7));
}

TEST_F(PostgresTls, RefusesACertificateThatNobodyTrusts) {
    const refusal r = refused(verified(*made->honest, made->stranger));
    EXPECT_EQ(r.code, "other") << "waiting cannot heal it: " << r.message;
    EXPECT_THAT(r.message, HasSubstr("certificate"));
}

TEST_F(PostgresTls, RefusesACertificateForAnotherHost) {
    const refusal r = refused(verified(*made->impostor, made->wrong));
    EXPECT_EQ(r.code, "other") << r.message;
    EXPECT_THAT(r.message, HasSubstr("127.0.0.1"));
}

// The name is looked up beside, and the certificate is still for the name.
TEST_F(PostgresTls, ChecksTheNameThatWasLookedUp) {
    using namespace postgres;
    const std::string port = std::to_string(made->impostor->port());
    const auto connect_to = [&](const std::string& name) {
        resolver names([](const std::string&) { return addresses{{"127.0.0.1"}, "", {}}; });
        timeline_memory seen({});
        postgres_options how;
        how.connect_patience = std::chrono::milliseconds(1500);
        const connector to(
            "host=" + name + " port=" + port +
                " user=patt dbname=postgres sslmode=verify-full sslrootcert=" + made->wrong.string(),
            how, names, seen);
        static_cast<void>(to.connect(std::chrono::seconds(1)));
    };
    EXPECT_NO_THROW(connect_to("somebody-else.example"));
    EXPECT_THROW(connect_to("another.example"), sql_error);
}

TEST_F(PostgresTls, RefusesAServerWithoutIt) {
    const refusal r = refused(verified(::patt::postgres::shared_server(), made->right));
    EXPECT_EQ(r.code, "other") << r.message;
    EXPECT_THAT(r.message, HasSubstr("SSL"));
}

TEST_F(PostgresTls, SaysWhenTheTrustedCertificatesAreNotThere) {
    const refusal r = refused(verified(*made->honest, made->folder.path() / "nowhere.crt"));
    EXPECT_EQ(r.code, "other") << r.message;
    EXPECT_THAT(r.message, HasSubstr("nowhere.crt"));
}

} // namespace
} // namespace patt::store
