// patt review view: one after the other, with a key for each answer.

#include "../exit_code.hpp"
#include "../host.hpp"
#include "../keys.hpp"
#include "../output.hpp"
#include "commands.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace patt::cli {

namespace {

using identity::review_item;
using identity::ruling_kind;

constexpr const char* help =
    "  1-3 accept that one   a accept the first   r reject the first   x not in the chat\n"
    "  m same person as the other character   s not the same person\n"
    "  e explain   n next   b back   u undo the last   q quit\n";

class view {
public:
    explicit view(host& h)
        : h_(h)
        , names_(h.names())
        , items_(h.look().review_items(h.guild())) {}

    exit_code run() {
        if (items_.empty()) {
            fmt::print("Nobody waits.\n");
            return exit_code::done;
        }
        fmt::print("{}", help);
        keys from;
        while (at_ < items_.size()) {
            show();
            const auto key = from.next();
            if (!key || *key == 'q') {
                break;
            }
            take(*key);
        }
        fmt::print("{} decided, {} wait.\n", decided_, h_.look().review_items(h_.guild()).size());
        return exit_code::done;
    }

private:
    [[nodiscard]] const review_item& item() const { return items_[at_]; }
    [[nodiscard]] bool of_character() const { return item().subject_kind == identity::link_kind::character; }

    void show() {
        fmt::print("\n[{} of {}, {} decided] {} {}: {}\n", at_ + 1, items_.size(), decided_,
                   of_character() ? "character" : "member",
                   of_character() ? names_.character(character_id{item().subject})
                                  : names_.member(member_id{item().subject}),
                   item().why);
        int number = 0;
        for (const engine::item_candidate& c : engine::candidates_of(item())) {
            fmt::print("  {} {} ({:.1f} %)\n", ++number, c.name, c.probability * 100);
        }
        if (item().other) {
            fmt::print("  other character: {}\n", names_.character(item().other));
        }
    }

    void take(char key) {
        switch (key) {
        case '1':
        case '2':
        case '3':
            return rule(ruling_kind::accepted, static_cast<std::size_t>(key - '1'));
        case 'a':
            return rule(ruling_kind::accepted, 0);
        case 'r':
            return rule(ruling_kind::rejected, 0);
        case 'x':
            return rule(ruling_kind::not_in_chat, 0);
        case 'm':
            return rule(ruling_kind::merged, 0);
        case 's':
            return rule(ruling_kind::split, 0);
        case 'e':
            return explain();
        case 'u':
            return undo();
        case 'n':
        case ' ':
            ++at_;
            return;
        case 'b':
            at_ -= at_ == 0 ? 0 : 1;
            return;
        default:
            fmt::print("{}", help);
        }
    }

    void explain() {
        if (!of_character()) {
            fmt::print("No character's names or notes lead to this member.\n");
        }
        for (const identity::match_explanation& why : engine::explanations_of(item())) {
            fmt::print("{}\n", identity::to_text(why, names_)); // of a contradiction both sides
        }
    }

    void rule(ruling_kind kind, std::size_t which) {
        if (!of_character()) {
            fmt::print("Decisions are about characters: patt review accept CHARACTER MEMBER.\n");
            return;
        }
        engine::rule_match what;
        what.kind = kind;
        what.character = character_id{item().subject};
        const bool of_two = kind == ruling_kind::merged || kind == ruling_kind::split;
        if (of_two && !item().other) {
            fmt::print("No other character is meant here.\n");
            return;
        }
        if (of_two) {
            what.other = item().other;
        } else if (kind != ruling_kind::not_in_chat) {
            const auto candidates = engine::candidates_of(item());
            if (which >= candidates.size()) {
                fmt::print("There is no such candidate.\n");
                return;
            }
            what.member = candidates[which].member;
        }
        const reply said = h_.handle(what, "patt review view");
        fmt::print("{}\n", h_.words_of(said));
        if (said.verdict != verdict::accepted) {
            return;
        }
        last_ = said.data.empty() ? std::string() : said.data.front().second;
        last_about_ = what.character;
        ++decided_;
        go_on();
    }

    void undo() {
        if (last_.empty()) {
            fmt::print("Nothing to undo.\n");
            return;
        }
        const reply said =
            h_.handle(engine::undo_ruling{identity::ruling_id{std::stoll(last_)}}, "patt review view");
        fmt::print("{}\n", h_.words_of(said));
        last_.clear();
        if (said.verdict != verdict::accepted) {
            return;
        }
        --decided_;
        go_on();
        go_back_to(last_about_);
    }

    /// Whoever takes a decision back wants to decide it anew.
    void go_back_to(character_id who) {
        const auto item = std::find_if(items_.begin(), items_.end(), [&](const review_item& i) {
            return i.subject_kind == identity::link_kind::character && i.subject == who.value();
        });
        if (item != items_.end()) {
            at_ = static_cast<std::size_t>(item - items_.begin());
        }
    }

    /// A decision may settle others too, and change what is worth asking first: the queue is read again, who
    /// was passed stays behind, and the first of the others is next.
    void go_on() {
        std::vector<identity::review_id> passed;
        const bool decided = !last_.empty(); // If it still waits, then for another reason.
        for (std::size_t i = 0; i < items_.size() && i < at_ + (decided ? 1 : 0); ++i) {
            passed.push_back(items_[i].id);
        }
        items_ = h_.look().review_items(h_.guild());
        const auto next = std::stable_partition(items_.begin(), items_.end(), [&](const review_item& i) {
            return std::find(passed.begin(), passed.end(), i.id) != passed.end();
        });
        at_ = static_cast<std::size_t>(next - items_.begin());
    }

    host& h_;
    identity::naming names_;
    std::vector<review_item> items_;
    std::size_t at_ = 0;
    int decided_ = 0;
    std::string last_; ///< The last ruling.
    character_id last_about_;
};

} // namespace

exit_code view_review(const common_options& common) {
    if (common.dry_run || common.json) {
        throw usage_error(
            "patt review view is for a person at a terminal, and keeps what is decided: list with "
            "patt review list, rehearse with patt review accept CHARACTER MEMBER --dry-run");
    }
    host h(common);
    return view(h).run();
}

} // namespace patt::cli
