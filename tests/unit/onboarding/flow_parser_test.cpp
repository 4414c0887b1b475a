// Every way in which a flow document can be wrong, and what a right one becomes.
#include <patt/onboarding/flow.hpp>

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace patt::onboarding {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view ask_a =
    R"({"key":"a","kind":"ask","text":"t","parser":"text","field":"f","next":"end"})";
constexpr std::string_view end_step = R"({"key":"end","kind":"end"})";

std::string flow_of(std::string_view steps, std::string_view start = "a") {
    return fmt::format(R"({{"flow":"x","version":1,"order":"ordered","start":"{}","steps":[{}]}})", start,
                       steps);
}

std::string tasks_of(std::string_view steps) {
    return fmt::format(R"({{"flow":"x","order":"tasks","steps":[{}]}})", steps);
}

std::string both(std::string_view first, std::string_view second = end_step) {
    return std::string(first) + "," + std::string(second);
}

/// A flow that has one step of this text and an end.
std::string one(std::string_view step) {
    return flow_of(both(step));
}

void refuses(const std::string& document, std::string_view because) {
    SCOPED_TRACE(document.substr(0, 400));
    const result<flow> read = parse_flow(document);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.err().code, errc::invalid_input);
    EXPECT_THAT(read.err().detail, HasSubstr(std::string(because)));
}

TEST(ParseFlow, ReadsEveryMember) {
    const result<flow> read =
        parse_flow(R"json({"flow":"x","version":3,"order":"ordered","start":"a","steps":[
        {"key":"a","kind":"ask","prompt":"choice","text":"t.a","parser":"choice","field":"role",
         "choices":["raider","social"],"follow_up":"none",
         "branches":[{"field":"role","is":"raider","go":"b"}],"next":"c"},
        {"key":"b","kind":"agreement","text":"t.b","document":"code","version":7,"next":"c"},
        {"key":"c","kind":"ask","prompt":"form","text":"t.c","parser":"form","fields":["one","two"],"next":"d"},
        {"key":"d","kind":"review","next":"end"},{"key":"end","kind":"end"}]})json");
    ASSERT_TRUE(read.has_value()) << read.err().detail;
    EXPECT_EQ(read->version, 3);
    ASSERT_NE(read->find("a"), nullptr);
    EXPECT_EQ(read->find("a")->choices, (std::vector<std::string>{"raider", "social"}));
    EXPECT_EQ(read->find("a")->follow_up, follow_up::none);
    EXPECT_EQ(read->find("a")->branches, (std::vector<branch>{{"role", "raider", "b"}}));
    EXPECT_EQ(read->find("b")->document_version, 7);
    EXPECT_EQ(read->find("b")->prompt, prompt_kind::accept) << "an agreement asks for accept or decline";
    EXPECT_EQ(read->find("c")->fields, (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(read->find("nowhere"), nullptr);
}

TEST(ParseFlow, TheNewcomerFlowIsWhole) {
    const flow& f = newcomer_flow();
    EXPECT_EQ(f.key, "newcomer");
    EXPECT_NE(f.find(f.start), nullptr);
    EXPECT_EQ(&newcomer_flow(), &f);
}

TEST(ParseFlow, RefusesWhatIsNotJson) {
    for (const std::string_view text : {"", "{", "nonsense", "{}{}", "[1", "\xFF\xFE"}) {
        refuses(std::string(text), "not JSON");
    }
    refuses(std::string(100, '['), "not JSON");
    refuses("{\"flow\":" + std::string(40, '[') + std::string(40, ']') + "}", "not JSON");
}

TEST(ParseFlow, RefusesAWrongDocument) {
    refuses("[]", "a flow is a JSON object");
    refuses("null", "a flow is a JSON object");
    refuses("{}", "a flow needs a name");
    refuses(R"({"flow":"x"})", "and steps");
    refuses(R"({"flow":"x","steps":{}})", "steps must be a list");
    refuses(R"({"flow":"x","steps":[1]})", "steps[0] must be an object");
    refuses(R"({"flow":1,"steps":[]})", "flow must be a text");
    refuses(R"({"flow":"x","order":"random","steps":[]})",
            "\"random\" is not known; use one of ordered, tasks");
    refuses(R"({"flow":"x","colour":"red","steps":[]})", "colour is not known");
    refuses(flow_of(both(ask_a), "b"), "start: the step \"b\" does not exist");
    refuses(flow_of(both(ask_a), ""), "start");
}

TEST(ParseFlow, RefusesWrongVersions) {
    for (const std::string_view version :
         {"0", "-1", "1.5", "\"1\"", "1000001", "99999999999999999999", "null"}) {
        refuses(fmt::format(R"({{"flow":"x","version":{},"start":"a","steps":[{}]}})", version, both(ask_a)),
                "version must be a whole number");
    }
}

TEST(ParseFlow, RefusesWrongSteps) {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {R"({"kind":"end"})", "needs a key and a kind"},
        {R"({"key":"a"})", "needs a key and a kind"},
        {R"({"key":"a","kind":"dance","next":"end"})", "\"dance\" is not known"},
        {R"({"key":"a","kind":1})", "steps[0].kind must be a text"},
        {R"({"key":"a","kind":"say","text":"t","next":"end","sound":"x"})", "steps[0].sound is not known"},
        {R"({"key":"a","kind":"ask","prompt":"song","text":"t"})", "\"song\" is not known"},
        {R"({"key":"a","kind":"ask","follow_up":"shout"})", "\"shout\" is not known"},
        {R"({"key":"a","kind":"ask","choices":"x"})", "must be a list of texts"},
        {R"({"key":"a","kind":"ask","choices":[1]})", "must be a text"},
        {R"({"key":"a","kind":"ask","fields":{}})", "must be a list of texts"},
        {R"({"key":"a","kind":"ask","branches":{}})", "branches must be a list"},
        {R"({"key":"a","kind":"ask","branches":["x"]})", "must be a list of objects"},
        {R"({"key":"a","kind":"ask","branches":[{"field":"f","is":"x"}]})",
         "a branch needs field, is and go"},
        {R"({"key":"a","kind":"ask","branches":[{"is":"x","go":"end"}]})", "a branch needs field, is and go"},
        {R"({"key":"a","kind":"ask","branches":[{"if":"x"}]})", "is not known; a branch has"},
        {R"({"key":"a","kind":"ask","text":"t","parser":"text","field":"f"})", "does not exist"},
        {R"({"key":"a","kind":"ask","text":"t","parser":"text","field":"f","next":"z"})",
         "goes to \"z\", which does not exist"},
        {R"({"key":"a","kind":"ask","text":"t","parser":"text","field":"f","next":"end",
            "branches":[{"field":"f","is":"x","go":"z"}]})",
         "goes to \"z\""},
        {R"({"key":"a","kind":"ask","text":"t","parser":"guess","field":"f","next":"end"})",
         "the parser \"guess\" is not known"},
        {R"({"key":"a","kind":"ask","text":"t","field":"f","next":"end"})", "the parser \"\" is not known"},
        {R"({"key":"a","kind":"ask","text":"t","parser":"text","next":"end"})", "needs a field"},
        {R"({"key":"a","kind":"ask","parser":"text","field":"f","next":"end"})", "needs a text"},
        {R"({"key":"a","kind":"say","next":"end"})", "needs a text"},
        {R"({"key":"a","kind":"agreement","text":"t","next":"end"})", "names its document"},
        {R"({"key":"a","kind":"agreement","document":"d","next":"end"})", "needs a text"},
        {R"({"key":"a","kind":"agreement","document":"d","text":"t","version":0,"next":"end"})",
         "whole number"},
        {R"({"key":"a","kind":"ask","text":"t","parser":"yes_no","field":"f","unclear":"maybe","next":"end"})",
         "unclear is yes, no or again"},
        {R"({"key":"a","kind":"ask","text":"t","parser":"yes_no","field":"f","pass_on":"z","next":"end"})",
         "goes to \"z\""},
        {R"({"key":"a","kind":"task"})", "tasks belong into a flow with order tasks"},
    };
    for (const auto& [step, because] : wrong) {
        refuses(one(step), because);
    }
}

TEST(ParseFlow, RefusesAStepThatIsThereTwice) {
    refuses(flow_of(both(ask_a, both(ask_a))), "step \"a\" is there twice");
}

TEST(ParseFlow, RefusesAnUnreachableStep) {
    refuses(flow_of(both(ask_a, both(R"({"key":"b","kind":"say","text":"t","next":"end"})"))),
            "step \"b\" cannot be reached");
}

TEST(ParseFlow, RefusesALoopThatNobodyStops) {
    refuses(flow_of(R"({"key":"a","kind":"say","text":"t","next":"a"})"), "loop without a question");
    refuses(flow_of(both(R"({"key":"a","kind":"say","text":"t","next":"b"})",
                         R"({"key":"b","kind":"say","text":"t","next":"a"})")),
            "loop without a question");
}

TEST(ParseFlow, RefusesALoopThroughBranches) {
    refuses(flow_of(both(R"({"key":"a","kind":"say","text":"t","next":"end",
                             "branches":[{"field":"f","is":"x","go":"b"}]})",
                         both(R"({"key":"b","kind":"say","text":"t","next":"end",
                             "branches":[{"field":"f","is":"x","go":"a"}]})"))),
            "loop without a question");
}

TEST(ParseFlow, RefusesMoreStepsInOneGoThanAreWalked) {
    std::string steps;
    for (int i = 0; i < 70; ++i) {
        steps += fmt::format(R"({{"key":"s{}","kind":"say","text":"t","next":"s{}"}},)", i, i + 1);
    }
    refuses(flow_of(steps + R"({"key":"s70","kind":"end"})", "s0"), "without a question");
    std::string many;
    for (int i = 0; i < 20'000; ++i) {
        many += fmt::format(R"({{"key":"s{}","kind":"say","text":"t","next":"s{}"}},)", i, i + 1);
    }
    refuses(flow_of(many + R"({"key":"s20000","kind":"end"})", "s0"), "steps");
}

TEST(ParseFlow, AllowsALoopWithAQuestion) {
    EXPECT_TRUE(parse_flow(flow_of(both(R"({"key":"a","kind":"ask","text":"t","parser":"yes_no","field":"f",
        "branches":[{"field":"f","is":"no","go":"a"}],"next":"end"})"))));
}

TEST(ParseFlow, RefusesQuestionsThatNobodyCanAnswer) {
    refuses(one(R"({"key":"a","kind":"ask","text":"t","parser":"form","field":"f","next":"end"})"), "fields");
    refuses(one(R"({"key":"a","kind":"ask","text":"t","parser":"text","fields":["f"],"next":"end"})"),
            "field");
    refuses(one(R"({"key":"a","kind":"ask","text":"t","parser":"choice","field":"f","next":"end"})"),
            "choices");
    refuses(one(R"({"key":"a","kind":"ask","text":"t","parser":"form","fields":["f",""],"next":"end"})"),
            "field");
}

TEST(ParseFlow, RefusesAnAnswerPassedOnInCircles) {
    // An unclear answer that is passed to a step that passes it back would never come to rest.
    refuses(flow_of(both(R"({"key":"a","kind":"ask","text":"t","parser":"yes_no","field":"f","unclear":"yes",
        "pass_on":"a","branches":[{"field":"f","is":"no","go":"end"}],"next":"a"})")),
            "pass_on");
    refuses(flow_of(both(R"({"key":"a","kind":"ask","text":"t","parser":"yes_no","field":"f","unclear":"yes",
        "pass_on":"end","next":"end"})")),
            "pass_on");
}

TEST(ParseFlow, RefusesFieldsThatPattItselfWrites) {
    // A member could otherwise answer "who resolved this" or "which invite is yours".
    for (const std::string_view field :
         {"invite", "claim", "confirmed", "resolved_by", "retries", "role.because"}) {
        refuses(
            one(fmt::format(
                R"({{"key":"a","kind":"ask","text":"t","parser":"text","field":"{}","next":"end"}})", field)),
            "is written by PATT");
        refuses(one(fmt::format(
                    R"({{"key":"a","kind":"ask","text":"t","parser":"form","fields":["{}"],"next":"end"}})",
                    field)),
                "is written by PATT");
    }
}

TEST(ParseFlow, TasksStandAlone) {
    EXPECT_TRUE(parse_flow(tasks_of(R"({"key":"a","kind":"task"},{"key":"b","kind":"task","role":"raider",
        "predicate":"profile"})")));
    refuses(tasks_of(ask_a), "which does not exist");
    refuses(tasks_of(R"({"key":"a","kind":"task"},{"key":"b","kind":"end"})"),
            "a flow of tasks has tasks only");
    refuses(tasks_of(R"({"key":"a","kind":"task"},{"key":"a","kind":"task"})"), "is there twice");
}

} // namespace
} // namespace patt::onboarding
