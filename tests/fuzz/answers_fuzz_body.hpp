// What must hold for everything that a member can type, in every state of a session; shared by the fuzzer and
// the replay.
#pragma once

#include "unit/onboarding/own_flows.hpp"
#include "unit/onboarding/scene.hpp"

#include <patt/onboarding/answers.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace patt::fuzz {

/// Takes numbers from the front of an input.
class fuzz_bytes {
public:
    explicit fuzz_bytes(std::string_view input)
        : left_(input) {}
    std::size_t below(std::size_t bound) {
        if (left_.empty()) {
            return 0;
        }
        const auto byte = static_cast<unsigned char>(left_.front());
        left_.remove_prefix(1);
        return byte % bound;
    }
    /// Up to the next record separator.
    std::string_view text() {
        const std::size_t end = std::min(left_.find('\x1E'), left_.size());
        const std::string_view out = left_.substr(0, end);
        left_.remove_prefix(std::min(end + 1, left_.size()));
        return out;
    }
    [[nodiscard]] bool empty() const { return left_.empty(); }

private:
    std::string_view left_;
};

enum class officers : std::uint8_t { stayed_away, decided };

inline const std::vector<onboarding::flow>& fuzzed_flows() {
    static const std::vector<onboarding::flow> all{
        onboarding::newcomer_flow(), onboarding::parse_flow(onboarding::entry_flow_document(1)).value(),
        onboarding::parse_flow(onboarding::checklist_document).value()};
    return all;
}

/// A guild in which everything can be claimed that the trust table knows.
inline onboarding::scene fuzzed_scene(fuzz_bytes& from) {
    onboarding::scene s;
    s.path = &fuzzed_flows()[from.below(fuzzed_flows().size())];
    s.add_character("Zatañña", "Senjin", 4);
    s.add_character("Boss", "Senjin", 0);
    s.add_character("Trog", "Senjin", 2);
    s.add_character("Trog", "Area 52", 3);
    s.hold(s.add_character("Mito", "Senjin", 3).id, identity::assurance::claimed, member_id{2002});
    s.hold(s.add_character("Gone", "Senjin", 3).id, identity::assurance::claimed, member_id{2003},
           identity::presence::absent);
    s.hold(s.add_character("Stub", "Senjin", 4).id, identity::assurance::matched);
    s.settings.onboarding.silent = from.below(8) == 7;
    const std::size_t state = from.below(14);
    if (state < 12) {
        const auto& steps = s.path->steps;
        s.in(static_cast<onboarding::session_state>(state), steps[from.below(steps.size())].key);
        s.session->surface = static_cast<onboarding::surface>(from.below(3));
        s.remember("main", "Boss").remember("main.query", "Boss").remember("role", "raider");
    } else if (state == 12) {
        s.member.reset();
    }
    return s;
}

inline std::string check_values(const onboarding::scene& s) {
    for (const onboarding::answer& a : s.answers) {
        if (a.value.size() > 20'000) {
            return "an answer without bound was kept: " + a.field;
        }
        if (!text::is_utf8(a.value)) {
            return "broken text was kept: " + a.field;
        }
    }
    const bool ordered = s.path->order == onboarding::flow_order::ordered;
    if (s.session && ordered && onboarding::is_open(s.session->state) &&
        s.path->find(s.session->step) == nullptr) {
        return "an open session stands nowhere";
    }
    return "";
}

/// Written from DESIGN's table alone: what a member's own words may never bring about.
inline std::string check_trust(const onboarding::scene& s) {
    for (const provisioning::grant& g : s.grants) {
        if (g.role == s.ids.gm || g.role == s.ids.officer) {
            return "a claim gave a privileged role";
        }
    }
    for (const identity::link& l : s.links) {
        const bool mito = l.target == 14;
        if (mito && l.kind == identity::link_kind::character &&
            (l.person != person_id{70} || l.state != identity::link_state::active)) {
            return "a claim took from somebody present";
        }
        if (l.level > identity::assurance::claimed) {
            return "a claim became a proof";
        }
    }
    return "";
}

inline std::string check_reply(const reply& answer) {
    if ((answer.verdict == verdict::refused) != answer.why.has_value()) {
        return "a refusal without a reason, or a reason without a refusal";
    }
    return answer.verdict == verdict::refused && answer.text.key.empty() ? "a refusal without a text" : "";
}

inline std::string check_message(onboarding::scene& s, std::string_view text) {
    const onboarding::message_received command{s.ids.subject, std::string(text)};
    const change_set once = s.ask(command);
    const change_set twice = s.ask(command);
    if (once.rows != twice.rows || once.reply.text != twice.reply.text ||
        once.effects.size() != twice.effects.size()) {
        return "equal arguments gave two decisions";
    }
    s.take(once);
    return check_reply(once.reply);
}

inline std::string one_event(onboarding::scene& s, fuzz_bytes& from, officers& hands) {
    using onboarding::officer_verb;
    switch (from.below(9)) {
    case 1:
        return check_reply(s.act(onboarding::self_service{s.ids.subject}));
    case 2:
        if (s.session) {
            return check_reply(s.timer(static_cast<timer_purpose>(from.below(6))));
        }
        return "";
    case 3:
        if (!s.outbox.empty()) {
            const std::string key = s.outbox[from.below(s.outbox.size())].what.key;
            s.tried(key, {static_cast<effect_error>(from.below(10)), "", "", {}});
        }
        return "";
    case 4:
        return check_reply(s.act(onboarding::member_left{s.ids.subject}));
    case 5:
        s.now = s.now + std::chrono::hours(1);
        return check_reply(s.act(onboarding::member_joined{
            s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now}));
    case 6:
        hands = officers::decided;
        return check_reply(s.officer(static_cast<officer_verb>(from.below(7)), from.text()));
    case 7:
        return check_reply(s.act(onboarding::task_completed{s.ids.subject, std::string(from.text())}));
    default:
        return check_message(s, from.text());
    }
}

/// Empty when all is well, else what is wrong.
inline std::string check_answers_input(std::string_view input) {
    fuzz_bytes from(input);
    onboarding::scene s = fuzzed_scene(from);
    officers hands = officers::stayed_away;
    for (int event = 0; event < 64 && !from.empty(); ++event) {
        for (const std::string& wrong : {one_event(s, from, hands), check_values(s),
                                         hands == officers::decided ? std::string{} : check_trust(s)}) {
            if (!wrong.empty()) {
                return wrong;
            }
        }
    }
    return "";
}

} // namespace patt::fuzz
