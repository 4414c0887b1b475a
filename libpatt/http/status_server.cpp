#include "http/status_pages.hpp"

#include <patt/http/status_server.hpp>
#include <patt/result.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <optional>
#include <utility>

namespace patt::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using tcp = asio::ip::tcp;

/// Requests have no body here, and no client needs long headers.
constexpr std::uint64_t most_body_bytes = 1024;
constexpr std::uint32_t most_header_bytes = 8192;

using response = beast::http::response<beast::http::string_body>;

response to_response(page what, const beast::http::request<beast::http::string_body>& asked) {
    response out(static_cast<beast::http::status>(what.status), asked.version());
    out.set(beast::http::field::content_type, what.type);
    out.set(beast::http::field::cache_control, "no-store");
    out.set("X-Content-Type-Options", "nosniff");
    if (!what.allow.empty()) {
        out.set(beast::http::field::allow, what.allow);
    }
    out.keep_alive(asked.keep_alive());
    out.content_length(what.body.size());
    if (asked.method() != beast::http::verb::head) {
        out.body() = std::move(what.body);
    }
    return out;
}

/// One client: a request, its answer, the next request.
class session : public std::enable_shared_from_this<session> {
public:
    session(tcp::socket socket, const status_options& how, const status_source& from,
            std::function<void()> ended)
        : stream_(std::move(socket))
        , how_(how)
        , from_(from)
        , ended_(std::move(ended)) {}
    session(const session&) = delete;
    session& operator=(const session&) = delete;
    ~session() { ended_(); }

    void read() {
        parser_.emplace();
        parser_->body_limit(most_body_bytes);
        parser_->header_limit(most_header_bytes);
        stream_.expires_after(how_.patience);
        beast::http::async_read(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](error_code ec, std::size_t) { self->answer(ec); });
    }

private:
    void answer(error_code ec) {
        if (ec) {
            return; // Gone, silent for too long, or no HTTP: there is nobody to tell.
        }
        const auto& asked = parser_->get();
        const auto method = asked.method_string();
        const auto target = asked.target();
        response_ = to_response(
            answer_status(from_, {method.data(), method.size()}, {target.data(), target.size()}), asked);
        stream_.expires_after(how_.patience);
        beast::http::async_write(stream_, response_,
                                 [self = shared_from_this()](error_code problem, std::size_t) {
                                     if (!problem && self->response_.keep_alive()) {
                                         self->read();
                                     }
                                 });
    }

    beast::tcp_stream stream_;
    const status_options& how_;
    const status_source& from_;
    std::function<void()> ended_;
    beast::flat_buffer buffer_{most_header_bytes + most_body_bytes};
    std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
    response response_;
};

} // namespace

struct status_server::state {
    status_options how;
    status_source from;
    std::size_t open = 0; ///< Sessions; before the context, whose end destroys the last of them.
    asio::io_context io{1};
    tcp::acceptor acceptor{io};
    asio::steady_timer breath{io};
    bool accepting = false;

    void listen() {
        error_code ec;
        const tcp::endpoint at(asio::ip::make_address(how.address, ec), how.port);
        refuse_if(ec);
        acceptor.open(at.protocol(), ec);
        refuse_if(ec);
        acceptor.set_option(asio::socket_base::reuse_address(true), ec);
        refuse_if(ec);
        acceptor.bind(at, ec);
        refuse_if(ec);
        acceptor.listen(asio::socket_base::max_listen_connections, ec);
        refuse_if(ec);
    }

    void refuse_if(const error_code& ec) const {
        if (ec) {
            throw failure("cannot serve the status pages on " + how.address + " port " +
                          std::to_string(how.port) + ": " + ec.message() +
                          ". Choose another address or port");
        }
    }

    void accept() {
        if (accepting || open >= how.connections) {
            return; // The end of a session goes on.
        }
        accepting = true;
        acceptor.async_accept([this](error_code ec, tcp::socket socket) {
            accepting = false;
            if (ec) {
                accept_later(); // Out of descriptors, say: not at once again.
                return;
            }
            ++open;
            std::make_shared<session>(std::move(socket), how, from, [this] {
                --open;
                accept();
            })->read();
            accept();
        });
    }

    void accept_later() {
        breath.expires_after(std::chrono::milliseconds(100));
        breath.async_wait([this](error_code ec) {
            if (!ec) {
                accept();
            }
        });
    }
};

status_server::status_server(status_options how, status_source from)
    : state_(std::make_unique<state>()) {
    state_->how = std::move(how);
    state_->from = std::move(from);
    state_->listen();
    state_->accept();
}

status_server::~status_server() {
    state_->how.connections = 0; // Sessions that end with the context start no new wait.
}

std::uint16_t status_server::port() const noexcept {
    error_code ec;
    return state_->acceptor.local_endpoint(ec).port();
}

void status_server::run() {
    state_->io.run();
}

void status_server::stop() noexcept {
    state_->io.stop();
}

} // namespace patt::http
