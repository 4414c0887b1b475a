#include "simulation/claims.hpp"

#include <patt/text/name_key.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace patt::simulation {

namespace {

/// The name in front of a choice's label: "Aralith — Senjin, Druid, Member".
std::string plain_in(std::string_view label) {
    return text::folded_key(label.substr(0, label.find(' ')));
}

bool begins_with_one(const std::vector<std::string_view>& words, std::string_view text) {
    const std::string first = text::folded_key(text.substr(0, text.find_first_of(" ,!")));
    return std::find(words.begin(), words.end(), first) != words.end();
}

/// "Nope", "not yet", "No, sorry". Not "none" nor "nothing": those answer a list.
bool is_no(std::string_view text) {
    return begins_with_one({"no", "nope", "not", "nah"}, text);
}

bool is_yes(std::string_view text) {
    return begins_with_one({"yes", "y", "yeah", "yep", "si", "sure", "👍"}, text);
}

/// The number that the text is; 0 for anything else.
std::size_t number_in(std::string_view text) {
    std::size_t out = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() ? out : 0;
}

} // namespace

void claims::named(member_id who, const std::string& plain) {
    claimed_[who].insert(plain);
}

void claims::mentioned(member_id who, const std::string& plain) {
    mentioned_[who].insert(plain);
}

void claims::asked(guild_id guild, member_id who, const prompt& shown, std::string_view main) {
    std::vector<std::string> about;
    if (shown.step == "that_you") {
        about.push_back(text::folded_key(main));
    } else if (shown.step == "which_main" || shown.step == "did_you_mean") {
        std::transform(shown.choices.begin(), shown.choices.end(), std::back_inserter(about), plain_in);
    }
    open_[who][guild] = {shown.kind, std::move(about)};
}

void claims::said(member_id who, std::string_view text) {
    const std::size_t number = number_in(text);
    for (const auto& [guild, q] : open_[who]) {
        if (q.about.empty() || is_no(text)) {
            continue;
        }
        if (q.kind == prompt_kind::confirm) {
            // Asked about somebody whom they never mentioned, they cannot know what they agree to.
            if (mentioned_[who].count(q.about.front()) != 0) {
                named(who, q.about.front());
            }
        } else if (number >= 1 && number <= q.about.size()) {
            named(who, q.about[number - 1]);
        } else if (q.about.size() == 1 && is_yes(text)) {
            named(who, q.about.front());
        } else if (const auto meant = std::find(q.about.begin(), q.about.end(), text::folded_key(text));
                   meant != q.about.end()) {
            named(who, *meant);
        }
    }
}

bool claims::claimed(member_id who, const std::string& plain) const {
    const auto known = claimed_.find(who);
    return known != claimed_.end() && known->second.count(plain) != 0;
}

std::string_view main_in(std::string_view shown) {
    constexpr std::string_view mark = "**";
    const std::size_t begin = shown.find(mark);
    const std::size_t end = begin == std::string_view::npos ? begin : shown.find(mark, begin + mark.size());
    return end == std::string_view::npos ? std::string_view{}
                                         : shown.substr(begin + mark.size(), end - begin - mark.size());
}

} // namespace patt::simulation
