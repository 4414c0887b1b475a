// What must hold for every text that somebody calls a flow: it is refused with a sentence, or it can be
// walked whatever is answered; shared by the fuzzer and the replay.
#pragma once

#include "unit/onboarding/scene.hpp"

#include <array>
#include <string>
#include <string_view>

namespace patt::fuzz {

/// Empty when all is well, else what is wrong.
inline std::string check_flow_input(std::string_view text) {
    const result<onboarding::flow> read = onboarding::parse_flow(text);
    if (!read) {
        return read.err().detail.empty() ? "a flow was refused without a sentence" : "";
    }
    constexpr std::array<std::string_view, 10> words{"yes",     "Zatanna", "none", "1",       "accept",
                                                     "perhaps", "decline", "",     "a\nb\nc", "no"};
    for (std::size_t first = 0; first < words.size(); ++first) {
        onboarding::scene s;
        s.path = &*read;
        s.add_character("Zatanna", "Senjin", 4);
        s.officer(onboarding::officer_verb::start);
        for (std::size_t i = 0; i < 2 * words.size(); ++i) {
            s.perform_all();
            s.say(words[(first + i) % words.size()]);
            if (s.session->state == onboarding::session_state::reviewing) {
                s.officer(onboarding::officer_verb::approve);
            }
            s.timer(timer_purpose::verify);
            const bool stands = s.path->find(s.session->step) != nullptr;
            const bool ordered = s.path->order == onboarding::flow_order::ordered;
            if (ordered && onboarding::is_open(s.session->state) && !stands) {
                return "an open session stands nowhere";
            }
        }
    }
    return "";
}

} // namespace patt::fuzz
