// The newcomer flow as a document (S0 Task 1). Texts are keys of the catalogue; the numbers (how long until a
// nudge, a check-in, the escalation) are settings.

#include <patt/onboarding/flow.hpp>

#include <string_view>

namespace patt::onboarding {

namespace {

constexpr std::string_view document = R"json({
  "flow": "newcomer", "version": 1, "order": "ordered", "start": "in_guild",
  "steps": [
    {"key": "in_guild", "kind": "ask", "prompt": "confirm", "text": "newcomer.welcome",
     "parser": "yes_no", "field": "in_guild", "unclear": "yes", "unclear_text": "newcomer.unclear_yes",
     "branches": [{"field": "in_guild", "is": "no", "go": "wait_for_guild"}], "next": "main"},

    {"key": "wait_for_guild", "kind": "ask", "prompt": "text", "text": "newcomer.not_in_guild",
     "parser": "character_when_ready", "field": "main", "follow_up": "check_in",
     "branches": [{"field": "main.matches", "is": "ready", "go": "main"},
                  {"field": "main.matches", "is": "one", "go": "that_you"},
                  {"field": "main.matches", "is": "several", "go": "which_main"},
                  {"field": "main.matches", "is": "near", "go": "did_you_mean"}], "next": "alts_unknown"},

    {"key": "main", "kind": "ask", "prompt": "text", "text": "newcomer.ask_main",
     "parser": "character", "field": "main",
     "branches": [{"field": "main.matches", "is": "one", "go": "that_you"},
                  {"field": "main.matches", "is": "several", "go": "which_main"},
                  {"field": "main.matches", "is": "near", "go": "did_you_mean"}], "next": "alts_unknown"},

    {"key": "that_you", "kind": "ask", "prompt": "confirm", "text": "newcomer.found_main",
     "parser": "yes_no", "field": "main.confirmed", "unclear": "yes", "pass_on": "alts",
     "branches": [{"field": "main.confirmed", "is": "no", "go": "main_again"},
                  {"field": "alts.given", "is": "yes", "go": "wrap_up"}], "next": "alts"},

    {"key": "main_again", "kind": "ask", "prompt": "text", "text": "newcomer.ask_main_again",
     "parser": "character", "field": "main",
     "branches": [{"field": "main.matches", "is": "one", "go": "that_you"},
                  {"field": "main.matches", "is": "several", "go": "which_main"},
                  {"field": "main.matches", "is": "near", "go": "did_you_mean"}], "next": "alts_unknown"},

    {"key": "which_main", "kind": "ask", "prompt": "choice", "text": "newcomer.which_main",
     "parser": "offered_character", "field": "main", "choices_from": "main.offered",
     "branches": [{"field": "main.matches", "is": "one", "go": "that_you"},
                  {"field": "main.matches", "is": "near", "go": "did_you_mean"},
                  {"field": "main.matches", "is": "several", "go": "which_main"},
                  {"field": "main.matches", "is": "none", "go": "alts_unknown"},
                  {"field": "alts.given", "is": "yes", "go": "wrap_up"}], "next": "alts"},

    {"key": "did_you_mean", "kind": "ask", "prompt": "choice", "text": "newcomer.did_you_mean",
     "parser": "offered_character", "field": "main", "choices_from": "main.offered",
     "branches": [{"field": "main.matches", "is": "chosen", "go": "alts"},
                  {"field": "main.matches", "is": "one", "go": "that_you"},
                  {"field": "main.matches", "is": "several", "go": "which_main"},
                  {"field": "main.matches", "is": "near", "go": "did_you_mean"}], "next": "alts_unknown"},

    {"key": "alts", "kind": "ask", "prompt": "text", "text": "newcomer.ask_alts",
     "parser": "character_list", "field": "alts",
     "branches": [{"field": "alts.open", "is": "several", "go": "which_alt"},
                  {"field": "alts.open", "is": "near", "go": "alt_did_you_mean"}], "next": "wrap_up"},

    {"key": "alts_unknown", "kind": "ask", "prompt": "text", "text": "newcomer.main_not_found",
     "parser": "character_list", "field": "alts",
     "branches": [{"field": "alts.open", "is": "several", "go": "which_alt"},
                  {"field": "alts.open", "is": "near", "go": "alt_did_you_mean"}], "next": "wrap_up"},

    {"key": "which_alt", "kind": "ask", "prompt": "choice", "text": "newcomer.which_alt",
     "parser": "offered_alt", "field": "alts", "choices_from": "alts.offered",
     "branches": [{"field": "alts.open", "is": "several", "go": "which_alt"},
                  {"field": "alts.open", "is": "near", "go": "alt_did_you_mean"}], "next": "wrap_up"},

    {"key": "alt_did_you_mean", "kind": "ask", "prompt": "choice", "text": "newcomer.alt_did_you_mean",
     "parser": "offered_alt", "field": "alts", "choices_from": "alts.offered",
     "branches": [{"field": "alts.open", "is": "several", "go": "which_alt"},
                  {"field": "alts.open", "is": "near", "go": "alt_did_you_mean"}], "next": "wrap_up"},

    {"key": "wrap_up", "kind": "say", "text": "newcomer.wrap_up", "next": "verify"},

    {"key": "verify", "kind": "verify",
     "branches": [{"field": "claim", "is": "several", "go": "which_main"}], "next": "provision"},

    {"key": "provision", "kind": "provision", "next": "done"},
    {"key": "done", "kind": "end"}
  ]
})json";

} // namespace

const flow& newcomer_flow() {
    static const flow parsed = [] {
        result<flow> read = parse_flow(document);
        if (!read) {
            throw failure("the built-in newcomer flow is broken: " + read.err().detail);
        }
        return std::move(read).value();
    }();
    return parsed;
}

} // namespace patt::onboarding
