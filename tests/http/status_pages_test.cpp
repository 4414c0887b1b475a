#include "http/status_pages.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace patt::http {
namespace {

status_source figures(std::string missing = {}) {
    return {[] { return std::string("patt_inputs_total 3\n"); }, [missing] { return missing; }};
}

TEST(StatusPages, SayThatTheProcessLives) {
    EXPECT_EQ(answer_status({}, "GET", "/healthz").status, 200U);
}

TEST(StatusPages, SayWhatKeepsTheHostFromWorking) {
    EXPECT_EQ(answer_status(figures(), "GET", "/readyz").status, 200U);
    const page no = answer_status(figures("the database does not answer"), "GET", "/readyz");
    EXPECT_EQ(no.status, 503U);
    EXPECT_EQ(no.body, "the database does not answer\n");
}

TEST(StatusPages, ShowFiguresInPrometheusFormatWhateverTheQuery) {
    const page out = answer_status(figures(), "GET", "/metrics?name=patt");
    EXPECT_EQ(out.body, "patt_inputs_total 3\n");
    EXPECT_EQ(out.type, "text/plain; version=0.0.4; charset=utf-8");
}

TEST(StatusPages, AnswerWith503WhenTheFiguresCannotBeHad) {
    const status_source broken{[]() -> std::string { throw std::runtime_error("host=secret"); }, {}};
    const page no = answer_status(broken, "GET", "/metrics");
    EXPECT_EQ(no.status, 503U);
    EXPECT_EQ(no.body.find("secret"), std::string::npos);
}

TEST(StatusPages, KnowNoOtherPathAndEchoNothing) {
    const page no = answer_status(figures(), "GET", "/<script>");
    EXPECT_EQ(no.status, 404U);
    EXPECT_EQ(no.type, "application/problem+json");
    EXPECT_EQ(no.body.find("script"), std::string::npos);
}

TEST(StatusPages, TakeNoMethodThatWouldChangeSomething) {
    const page no = answer_status(figures(), "POST", "/metrics");
    EXPECT_EQ(no.status, 405U);
    EXPECT_EQ(no.allow, "GET, HEAD");
}

} // namespace
} // namespace patt::http
