#include "core/identity/note_split.hpp"

#include <patt/identity/note.hpp>
#include <patt/text/name_keys.hpp>

#include <algorithm>
#include <cstddef>

namespace patt::identity {

namespace {

constexpr std::size_t longest_note = 255;

bool all_digits(std::string_view s) noexcept {
    return std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool may_name(const note_word& w) noexcept {
    return !w.used && w.tag < 0 && w.role == word_role::name && w.key.size() >= 2 && !all_digits(w.key);
}

// Behind a tag even an everyday word is a name ("Discord: Frost"), but not "unknown".
bool may_be_tagged(const note_word& w) noexcept {
    return !w.used && w.tag < 0 && w.role != word_role::nobody && w.role != word_role::link &&
           w.key.size() >= 2 && !all_digits(w.key);
}

// A comma or a slash ends a thought: "friend of Mito, Discord: Rocket".
bool ends_thought(note_gap g) noexcept {
    return g == note_gap::comma || g == note_gap::slash || g == note_gap::question;
}

bool is_tag(const note_word& w) noexcept {
    return w.role == word_role::handle_tag || w.role == word_role::battle_tag;
}

bool is_somebody_else(const note_word& w) noexcept {
    return w.role == word_role::relation || w.role == word_role::by_others;
}

// "X's guild", "X's officer": what belongs to a person who leads others.
bool is_of_many(std::string_view key) noexcept {
    return key == "guild" || key == "officer" || key == "member" || key == "leader" || key == "coleader" ||
           key == "co" || key == "raidleader" || key == "recruit";
}

// "Discord name: x", "discord tag x".
bool fills_tag(const note_word& w) noexcept {
    return w.key == "tag" || w.key == "name" || w.key == "id" || w.key == "handle" || w.key == "user" ||
           w.key == "username" || w.key == "nick" || w.key == "is";
}

class reader {
public:
    explicit reader(std::string_view note)
        : note_(note)
        , words_(split_note(note)) {}

    note_facts read() {
        const auto each = [this](void (reader::*step)(std::size_t)) {
            for (std::size_t i = 0; i < words_.size(); ++i)
                (this->*step)(i);
        };
        // Whose friend somebody is stands above all: "@x's friend" is no account of the owner.
        each(&reader::find_tag);
        each(&reader::read_relation);
        each(&reader::read_denial);
        point_at_tagged();
        each(&reader::read_alt);
        each(&reader::read_possessive);
        read_rest();
        for (const note_word& w : words_) {
            if (w.role == word_role::alt && !w.used)
                facts_.says_alt = true;
            if (w.role == word_role::main && !w.used)
                facts_.says_main = true;
        }
        return std::move(facts_);
    }

private:
    void point(pointer_kind kind, std::string_view text, std::string key) {
        if (key.size() < 2)
            return;
        note_pointer p{kind, std::string(text), std::move(key), {}};
        if (p.key.size() > 3 && p.key.back() == 's')
            p.singular = p.key.substr(0, p.key.size() - 1);
        const auto same = [&p](const note_pointer& q) { return q.kind == p.kind && q.key == p.key; };
        if (std::none_of(facts_.pointers.begin(), facts_.pointers.end(), same))
            facts_.pointers.push_back(std::move(p));
    }

    void point(pointer_kind kind, note_word& w) {
        w.used = true;
        point(kind == pointer_kind::relation || !is_doubted(w) ? kind : pointer_kind::mention, w.text, w.key);
    }

    // "Maren?", "maybe Maren's alt", "alt of Maren or Kess": whoever wrote it does not say that it is so.
    [[nodiscard]] bool is_doubted(const note_word& w) const noexcept {
        const auto at = static_cast<std::size_t>(&w - words_.data());
        for (std::size_t i = at + 1; i-- > 0 && (i == at || !ends_thought(words_[i].after));) {
            if (words_[i].role == word_role::doubt)
                return true;
        }
        for (std::size_t i = at; i < words_.size() && (i == at || !ends_thought(words_[i].before)); ++i) {
            if (words_[i].role == word_role::doubt || words_[i].after == note_gap::question)
                return true;
        }
        return false;
    }

    // The text from word `first` to word `last`, as it stands in the note.
    [[nodiscard]] std::string_view span(std::size_t first, std::size_t last) const noexcept {
        const char* begin = words_[first].text.data();
        const char* end = words_[last].text.data() + words_[last].text.size();
        return {begin, static_cast<std::size_t>(end - begin)};
    }

    // What stands behind a tag, until it is known whether it is the owner's.
    struct tagged {
        pointer_kind kind = pointer_kind::handle;
        std::size_t first = 0;
        std::size_t last = 0;
        bool one_name = false; // "Sugar Daddy" is somebody, "Sugar" alone is not meant
    };

    void tag(const tagged& what) {
        for (std::size_t i = what.first; i <= what.last; ++i)
            words_[i].tag = static_cast<int>(tags_.size());
        const std::size_t number = what.last + 1; // "x#1234"
        if (number < words_.size() && words_[what.last].after == note_gap::hash &&
            all_digits(words_[number].key)) {
            words_[number].used = true;
            words_[what.last].possessive = words_[what.last].possessive || words_[number].possessive;
            words_[what.last].after = words_[number].after;
        }
        tags_.push_back(what);
    }

    // "Discord: Cool Guy", "dc x", "@x", "x#1234".
    void find_tag(std::size_t i) {
        note_word& w = words_[i];
        if (w.used || w.tag >= 0)
            return;
        const bool at = w.before == note_gap::at && (i == 0 || at_begins_word(w));
        const bool hash = w.after == note_gap::hash && i + 1 < words_.size() && all_digits(words_[i + 1].key);
        if ((at || hash) && may_be_tagged(w)) {
            tag({pointer_kind::handle, i, i});
            return;
        }
        if (is_tag(w))
            find_behind_tag(i);
    }

    void find_behind_tag(std::size_t i) {
        std::size_t first = i + 1;
        while (first + 1 < words_.size() && !ends_thought(words_[first].before) && fills_tag(words_[first]))
            ++first;
        if (first >= words_.size())
            return;
        const note_word& next = words_[first];
        const bool sign = next.before == note_gap::colon || next.before == note_gap::at;
        const bool tagged_by = sign || next.before == note_gap::space || next.before == note_gap::hyphen;
        // "Disc priest" is a specialisation: without a colon the next word must be able to be a name.
        if (!tagged_by || (sign ? !may_be_tagged(next) : !may_name(next)) || speaks_of_another(first))
            return;
        words_[i].used = true;
        tagged what{words_[i].role == word_role::battle_tag ? pointer_kind::battletag : pointer_kind::handle,
                    first, first};
        while (sign && what.last + 1 < words_.size() && what.last < i + 3 &&
               words_[what.last].after == note_gap::space && !words_[what.last].possessive &&
               may_be_tagged(words_[what.last + 1]) && words_[what.last + 1].role != word_role::by_others &&
               !is_tag(words_[what.last + 1])) {
            ++what.last;
            what.one_name = what.one_name || words_[what.last].role == word_role::relation;
        }
        tag(what);
    }

    // "dc: friend of x", "Discord: ask x".
    [[nodiscard]] bool speaks_of_another(std::size_t i) const noexcept {
        const word_role r = words_[i].role;
        if (!is_somebody_else(words_[i]) && r != word_role::denial && r != word_role::referral)
            return false;
        for (std::size_t j = i + 1; j < words_.size() && !ends_thought(words_[j].before); ++j) {
            if (may_name(words_[j]))
                return true;
        }
        return false;
    }

    void point_at_tagged() {
        for (const tagged& t : tags_) {
            if (words_[t.first].used)
                continue;
            if (t.last > t.first) {
                const std::string_view whole = span(t.first, t.last);
                point(t.kind, whole, text::keys_of(whole).bare);
            }
            if (!t.one_name)
                point(t.kind, words_[t.first]);
            use(t.first, t.last + 1);
        }
    }

    // An account that is somebody else's: "friend of @x".
    void point_elsewhere(int number, pointer_kind kind) {
        const tagged& t = tags_[static_cast<std::size_t>(number)];
        if (words_[t.first].used)
            return;
        if (t.last > t.first) {
            const std::string_view whole = span(t.first, t.last);
            point(kind, whole, text::keys_of(whole).bare);
        }
        point(kind, words_[t.first]);
        use(t.first, t.last + 1);
    }

    // In "e@mail.com" a letter stands right before the sign, so nobody is meant.
    [[nodiscard]] bool at_begins_word(const note_word& w) const noexcept {
        const char* sign = w.text.data() - 1;
        if (sign < note_.data() || *sign != '@')
            return false;
        return sign == note_.data() || !is_word_character(static_cast<unsigned char>(sign[-1]));
    }

    // "X's friend", "X friend", "friend of X", "managed by X", "X invited", "Xwife".
    void read_relation(std::size_t i) {
        note_word& w = words_[i];
        if (w.used || w.tag >= 0)
            return;
        if (w.role == word_role::name) {
            if (const std::size_t n = glued_relation(w.key); n > 0 && w.text.size() == w.key.size()) {
                point(pointer_kind::relation, w.text.substr(0, n), w.key.substr(0, n));
                w.used = true;
            }
            return;
        }
        if (!is_somebody_else(w))
            return;
        w.used = true;
        const bool named = read_relation_ahead(i);
        // Whoever is named before a relation word is the other one as well: "Rocket and Mito's brother". A
        // tag there is the owner's when somebody is named behind: "@x friend of y". So is whatever another
        // thought says, if this one names somebody: "alt of X, friend of Y".
        bool same_thought = true;
        bool named_here = named;
        for (std::size_t j = i; j-- > 0;) {
            if (same_thought && ends_thought(words_[j].after)) {
                same_thought = false;
                if (named_here && has_pointing_word(j))
                    break;
            }
            named_here = named_here || (words_[j].tag < 0 && may_name(words_[j]));
            if (words_[j].tag >= 0 && same_thought && (!named || words_[j].possessive))
                point_elsewhere(words_[j].tag, pointer_kind::relation);
            else if (may_name(words_[j]))
                point(pointer_kind::relation, words_[j]);
        }
    }

    // Whether "alt", "main" or a possessive stands at `last` or before it in its thought.
    [[nodiscard]] bool has_pointing_word(std::size_t last) const noexcept {
        for (std::size_t j = last + 1; j-- > 0 && (j == last || !ends_thought(words_[j].after));) {
            if (words_[j].role == word_role::alt || words_[j].role == word_role::main)
                return true;
        }
        return false;
    }

    // "by X", "to my X". @return whether somebody is named there.
    bool read_relation_ahead(std::size_t i) {
        bool named = false;
        bool same_thought = true;
        for (std::size_t j = i + 1; j < words_.size() && j <= i + 4; ++j) {
            same_thought = same_thought && !ends_thought(words_[j].before);
            if ((is_tag(words_[j]) || words_[j].tag >= 0) && (named || !same_thought))
                break; // Another thought: "friend of Mito - dc: Rocket".
            if (words_[j].tag >= 0) {
                point_elsewhere(words_[j].tag, pointer_kind::relation);
                return true;
            }
            if (is_somebody_else(words_[j]))
                words_[j].used = true;
            if (may_name(words_[j])) {
                point(pointer_kind::relation, words_[j]);
                named = true;
                if (ends_thought(words_[j].after))
                    break;
            }
        }
        return named;
    }

    // "not X", "rec by X", "c/o X": somebody else. "ask X", "contact X": may be anybody.
    void read_denial(std::size_t i) {
        if (words_[i].role != word_role::denial && words_[i].role != word_role::referral)
            return;
        const pointer_kind kind =
            words_[i].role == word_role::denial ? pointer_kind::relation : pointer_kind::mention;
        for (std::size_t j = i + 1; j < words_.size() && j <= i + 4; ++j) {
            if (ends_thought(words_[j].before))
                return;
            if (words_[j].tag >= 0) {
                point_elsewhere(words_[j].tag, kind);
                return;
            }
            if (may_name(words_[j])) {
                point(kind, words_[j]);
                return;
            }
            if (words_[j].role == word_role::name || words_[j].role == word_role::nobody)
                return;
        }
    }

    // "alt of X", "alt: X", "alt X", "X's alt", "X alt", "main: X", "main X", "Xalt".
    void read_alt(std::size_t i) {
        note_word& w = words_[i];
        if (w.used || w.tag >= 0)
            return;
        if (w.role == word_role::name) {
            if (const std::size_t n = glued_alt(w.key); n > 0 && w.text.size() == w.key.size()) {
                point(pointer_kind::alt_of, w.text.substr(0, n), w.key.substr(0, n));
                w.used = true;
            }
            return;
        }
        if (w.role != word_role::alt && w.role != word_role::main)
            return;
        pointer_kind kind = w.role == word_role::main ? pointer_kind::main_of : pointer_kind::alt_of;
        std::size_t next = i + 1;
        bool linked = w.after == note_gap::colon || w.after == note_gap::hyphen;
        if (next + 1 < words_.size() && all_digits(words_[next].key) &&
            words_[next + 1].role == word_role::link)
            ++next; // "alt 4 of X"
        while (next < words_.size() &&
               (words_[next].role == word_role::link || words_[next].role == word_role::alt ||
                words_[next].role == word_role::main)) {
            linked = linked || words_[next].role == word_role::link || words_[next].after == note_gap::colon;
            if (words_[next].role == word_role::main)
                kind = pointer_kind::main_of; // "alt, main: X"
            ++next;
        }
        // "Wreckz alt (LW 300)": what is said in brackets is the name only where none stands before.
        const bool game_ahead = next < words_.size() && !may_name(words_[next]);
        if (next < words_.size() && linked && may_be_tagged(words_[next]) &&
            !(game_ahead && i > 0 && may_name_before(i - 1))) {
            next = name_or_first(next);
            use(i, next);
            point(kind, words_[next]);
            return;
        }
        if (i > 0 && may_name_before(i - 1)) {
            use(i, i + 1);
            point(kind, words_[named_before_]);
            return;
        }
        const bool beside = w.after == note_gap::space || w.after == note_gap::comma;
        if (next < words_.size() && beside && may_name(words_[next])) {
            use(i, next);
            point(kind, words_[next]);
        }
    }

    // "alt of GM Trog": a rank before the name is not the name, where a name follows.
    [[nodiscard]] std::size_t name_or_first(std::size_t first) const noexcept {
        for (std::size_t j = first; j < words_.size() && j < first + 3; ++j) {
            if (j > first && words_[j].before != note_gap::space)
                break;
            if (may_name(words_[j]))
                return j;
        }
        return first;
    }

    // "Trog alt", "Trog bank alt", "Trog's mage alt": the name may stand one word of the game further ahead.
    bool may_name_before(std::size_t i) {
        for (std::size_t j = i + 1; j-- > 0 && i - j < 3;) {
            if (may_name(words_[j])) {
                named_before_ = j;
                return true;
            }
            const word_role r = words_[j].role;
            if (r != word_role::game && r != word_role::alt && r != word_role::main && r != word_role::noise)
                return false;
        }
        return false;
    }

    void use(std::size_t first, std::size_t end) {
        for (std::size_t i = first; i < end; ++i)
            words_[i].used = true;
    }

    // "Rocket's DH waifu", "shodooms shammy".
    void read_possessive(std::size_t i) {
        note_word& w = words_[i];
        if (!may_name(w))
            return;
        const bool before_game = i + 1 < words_.size() && words_[i + 1].role == word_role::game;
        if (w.possessive && i + 1 < words_.size() && is_of_many(words_[i + 1].key)) {
            point(pointer_kind::relation, w);
            return;
        }
        const bool plural = before_game && w.key.size() > 3 && w.key.back() == 's';
        if (w.possessive || plural)
            point(pointer_kind::possessive, w);
    }

    void read_rest() {
        std::vector<note_word*> names;
        for (note_word& w : words_) {
            if (may_name(w))
                names.push_back(&w);
        }
        if (names.empty())
            return;
        // A note that already points at somebody has jokes and places besides.
        const auto& all = facts_.pointers;
        const bool pointed = std::any_of(
            all.begin(), all.end(), [](const note_pointer& p) { return p.kind < pointer_kind::mention; });
        const bool related = !pointed && std::any_of(all.begin(), all.end(), [](const note_pointer& p) {
            return p.kind == pointer_kind::relation;
        });
        for (note_word* w : names) {
            const bool front =
                w == names.front() && !pointed && !related && !is_object(*w) && !is_one_of_two(*w);
            pointer_kind kind = pointer_kind::mention;
            if (front)
                kind = names.size() == 1 ? pointer_kind::lone : pointer_kind::first;
            point(kind, *w);
        }
    }

    // "X & Y": either, or both.
    [[nodiscard]] bool is_one_of_two(const note_word& w) const noexcept {
        const auto next = static_cast<std::size_t>(&w - words_.data()) + 1;
        return next < words_.size() && may_name(words_[next]) && stands_before('&', note_, words_[next]);
    }

    // "works with X", "backup for X": what a word of a sentence leads to is no lone name.
    [[nodiscard]] bool is_object(const note_word& w) const noexcept {
        const auto i = static_cast<std::size_t>(&w - words_.data());
        if (i == 0)
            return false;
        const std::string_view before = words_[i - 1].key;
        if (w.before == note_gap::slash && before == "w")
            return true;
        if (w.before != note_gap::space)
            return false;
        if (before == "as") // "same server as X", but "same as X"
            return i < 2 || words_[i - 2].key != "same";
        return before == "for" || before == "with" || before == "w" || before == "from" || before == "to" ||
               before == "of" || before == "than" || before == "like" || before == "about" ||
               before == "after";
    }

    std::string_view note_;
    std::vector<note_word> words_;
    std::vector<tagged> tags_;
    note_facts facts_;
    std::size_t named_before_ = 0;
};

} // namespace

std::string_view to_string(pointer_kind k) noexcept {
    switch (k) {
    case pointer_kind::handle:
        return "handle";
    case pointer_kind::battletag:
        return "battletag";
    case pointer_kind::alt_of:
        return "alt_of";
    case pointer_kind::main_of:
        return "main_of";
    case pointer_kind::possessive:
        return "possessive";
    case pointer_kind::lone:
        return "lone";
    case pointer_kind::first:
        return "first";
    case pointer_kind::mention:
        return "mention";
    case pointer_kind::relation:
        return "relation";
    }
    return "unknown";
}

note_facts parse_note(std::string_view note) {
    if (note.empty())
        return {};
    return reader(note.substr(0, longest_note)).read();
}

} // namespace patt::identity
