// The status server on a real port, asked over real sockets.
#include <patt/http/status_server.hpp>
#include <patt/result.hpp>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace patt::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A client's end, closed with the test.
class client {
public:
    explicit client(std::uint16_t port)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval patience{10, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }
    client(const client&) = delete;
    client& operator=(const client&) = delete;
    ~client() { ::close(socket_); }

    void say(const std::string& text) const {
        ASSERT_TRUE(connected_);
        ASSERT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    }
    /// Reads until the server closes, or until `enough` is in what was read.
    [[nodiscard]] std::string hear(const std::string& enough) const {
        std::string out;
        char piece[4096];
        while (enough.empty() || out.find(enough) == std::string::npos) {
            const ssize_t got = ::recv(socket_, piece, sizeof piece, 0);
            if (got <= 0) {
                break;
            }
            out.append(piece, static_cast<std::size_t>(got));
        }
        return out;
    }

private:
    int socket_;
    bool connected_ = false;
};

class StatusServer : public testing::Test {
protected:
    void serve(status_options how) {
        server_ = std::make_unique<status_server>(
            std::move(how),
            status_source{[] { return std::string("patt_up 1\n"); }, [] { return std::string(); }});
        thread_ = std::thread([this] { server_->run(); });
    }
    void TearDown() override {
        if (thread_.joinable()) {
            server_->stop();
            thread_.join();
        }
    }
    [[nodiscard]] std::string ask(const std::string& request, const std::string& enough = {}) const {
        const client c(server_->port());
        c.say(request);
        return c.hear(enough);
    }

    std::unique_ptr<status_server> server_;
    std::thread thread_;
};

TEST_F(StatusServer, AnswersSeveralRequestsOfOneClient) {
    serve({});
    const client c(server_->port());
    c.say("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(c.hear("alive"), StartsWith("HTTP/1.1 200 OK\r\n"));
    c.say("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(c.hear(""), HasSubstr("\r\n\r\npatt_up 1\n"));
}

TEST_F(StatusServer, SendsNoBodyToHead) {
    serve({});
    const std::string said = ask("HEAD /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(said, HasSubstr("Content-Length: 10\r\n"));
    EXPECT_THAT(said, testing::EndsWith("\r\n\r\n"));
}

TEST_F(StatusServer, LivesOnAfterWhatIsNoHttp) {
    serve({});
    EXPECT_EQ(ask("\x16\x03\x01 hello\r\n\r\n"), "");
    EXPECT_EQ(ask("GET /healthz HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n"), "");
    EXPECT_THAT(ask("GET /healthz HTTP/1.0\r\n\r\n"), HasSubstr("alive"));
}

TEST_F(StatusServer, CutsASilentClientSoThatOthersGetTheirTurn) {
    serve({.connections = 1, .patience = std::chrono::milliseconds(100)});
    const client silent(server_->port());
    EXPECT_THAT(ask("GET /healthz HTTP/1.0\r\n\r\n"), HasSubstr("alive"));
    EXPECT_EQ(silent.hear(""), "");
}

TEST_F(StatusServer, NamesThePortThatItCannotHave) {
    serve({});
    try {
        const status_server second({.port = server_->port()}, {});
        FAIL() << "two servers on one port";
    } catch (const failure& no) {
        EXPECT_THAT(no.what(), HasSubstr(std::to_string(server_->port())));
    }
    EXPECT_THROW(status_server({.address = "nowhere"}, {}), failure);
}

} // namespace
} // namespace patt::http
