#include <patt/identity/review.hpp>
#include <patt/identity/review_order.hpp>

#include <algorithm>
#include <map>
#include <tuple>

namespace patt::identity {

std::optional<member_alias> former_username(const member& before, const member& after, instant now) {
    if (before.username.empty() || before.username == after.username) {
        return std::nullopt;
    }
    return member_alias{before.id, alias_source::learned, before.username, {}, now, alias_state::known};
}

namespace {

/// What an officer is asked about, in the order in which a thing is worth asking at all.
enum class use : std::uint8_t {
    question,    ///< Somebody may be chosen, or two sides contradict each other.
    no_hint,     ///< Nobody fits: only who knows the person can say.
    answered,    ///< An officer has said already that the owner is not in the chat.
    no_character ///< A member whom nothing leads to.
};

use use_of(const review_item& i) {
    if (i.subject_kind == link_kind::member) {
        return use::no_character;
    }
    if (i.why == to_string(doubt::not_in_chat)) {
        return use::answered;
    }
    return i.member || i.other ? use::question : use::no_hint;
}

/// Of a link that stands it is open whether it is right, however sure either side is.
double uncertainty(const review_item& i) {
    const double p = i.advice == to_string(advice::link) ? 0.5 : i.probability;
    return p * (1.0 - p);
}

} // namespace

void most_useful_first(std::vector<review_item>& items) {
    std::map<std::int64_t, int> waiting_for; // how many others a character's owner would be carried to
    for (const review_item& i : items) {
        if (i.subject_kind == link_kind::character && i.other) {
            ++waiting_for[i.other.value()];
        }
    }
    const auto rank = [&waiting_for](const review_item& i) {
        const auto others =
            i.subject_kind == link_kind::character ? waiting_for.find(i.subject) : waiting_for.end();
        const int size = 1 + (others == waiting_for.end() ? 0 : others->second);
        return std::tuple(use_of(i), -uncertainty(i) * size, -i.probability, i.id);
    };
    std::sort(items.begin(), items.end(),
              [&rank](const review_item& a, const review_item& b) { return rank(a) < rank(b); });
}

} // namespace patt::identity
