#include "http/status_pages.hpp"

#include <exception>

namespace patt::http {

namespace {

constexpr std::string_view plain = "text/plain; charset=utf-8";
constexpr std::string_view prometheus = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view problem = "application/problem+json";

/// RFC 9457. The texts are fixed, so that nothing a client sends comes back.
page refuse(unsigned status, std::string_view title, std::string_view detail) {
    std::string body = R"({"type":"about:blank","title":")";
    body.append(title).append(R"(","status":)").append(std::to_string(status));
    body.append(R"(,"detail":")").append(detail).append("\"}\n");
    return {status, std::string(problem), std::move(body)};
}

page ready(const status_source& from) {
    const std::string missing = from.not_ready ? from.not_ready() : std::string();
    if (missing.empty()) {
        return {200, std::string(plain), "ready\n"};
    }
    return {503, std::string(plain), missing + "\n"};
}

page choose(const status_source& from, std::string_view method, std::string_view path) {
    if (path != "/healthz" && path != "/readyz" && path != "/metrics") {
        return refuse(404, "Not found", "Here are /healthz, /readyz and /metrics.");
    }
    if (method != "GET" && method != "HEAD") {
        page no = refuse(405, "Method not allowed", "Ask with GET or HEAD.");
        no.allow = "GET, HEAD";
        return no;
    }
    if (path == "/healthz") {
        return {200, std::string(plain), "alive\n"};
    }
    if (path == "/readyz") {
        return ready(from);
    }
    return {200, std::string(prometheus), from.metrics ? from.metrics() : std::string()};
}

} // namespace

page answer_status(const status_source& from, std::string_view method, std::string_view target) noexcept {
    try {
        return choose(from, method, target.substr(0, target.find('?')));
    } catch (const std::exception&) {
        // What went wrong may name hosts or files; the log has it.
        return refuse(503, "Not available", "The figures cannot be had now. Try again.");
    }
}

} // namespace patt::http
