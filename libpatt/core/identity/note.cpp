#include "core/identity/note_words.hpp"

#include <patt/identity/note.hpp>
#include <patt/text/name_keys.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <cstddef>

namespace patt::identity {

namespace {

constexpr std::size_t longest_note = 255;

// What stands between two words.
enum class gap : std::uint8_t { start, space, colon, comma, slash, hyphen, at, hash, end };

struct word {
    std::string_view text; // as written, without a possessive 's
    std::string key;       // bare
    word_role role = word_role::name;
    gap before = gap::start;
    gap after = gap::end;
    bool possessive = false; // 's or s' was written
    bool used = false;       // it has been read as part of something
};

bool is_space(char32_t cp) noexcept {
    return cp == U' ' || cp == U'\t' || cp == U'\n' || cp == 0xA0;
}

bool is_word_character(char32_t cp) noexcept {
    if (cp < 0x80) {
        return (cp >= U'a' && cp <= U'z') || (cp >= U'A' && cp <= U'Z') || (cp >= U'0' && cp <= U'9') ||
               cp == U'_';
    }
    // Emoji and typographic signs separate; the keys drop whatever else is no letter.
    return cp > 0xBF && cp != 0xD7 && cp != 0xF7 && !(cp >= 0x2000 && cp < 0x2C00) && cp < 0x1F000 &&
           cp != 0x3000 && !(cp >= 0xFE00 && cp <= 0xFE0F) && cp != 0x3001 && cp != 0x3002;
}

bool is_apostrophe(char32_t cp) noexcept {
    return cp == U'\'' || cp == 0x2019 || cp == 0x60 || cp == 0xB4;
}

// The strongest separator wins: "Trog, main" is a comma, "a - b" a hyphen.
gap stronger(gap a, char32_t cp) noexcept {
    const auto take = [a](gap g) { return a == gap::space || a == gap::start ? g : a; };
    switch (cp) {
    case U':':
    case U'=':
    case U'(': // "alt (Trog)"
        return gap::colon;
    case U'@':
        return gap::at;
    case U'#':
        return take(gap::hash);
    case U',':
    case U';':
    case U'.':
    case U'!':
    case U'?':
    case U')':
    case U'[':
    case U']':
    case U'+':
    case U'&':
        return take(gap::comma);
    case U'/':
    case U'|':
    case U'\\':
        return take(gap::slash);
    case U'-':
        return take(gap::hyphen);
    default:
        return a;
    }
}

class splitter {
public:
    explicit splitter(std::string_view note)
        : note_(note) {}

    std::vector<word> split() {
        std::size_t i = 0;
        gap g = gap::start;
        while (i < note_.size()) {
            const text::decoded d = text::decode_at(note_, i);
            if (!d.broken && is_word_character(d.code_point)) {
                if (!words_.empty())
                    words_.back().after = g;
                i = take_word(i, g);
                g = gap::end;
                continue;
            }
            if (g == gap::end)
                g = is_space(d.code_point) ? gap::space : gap::comma;
            g = stronger(g == gap::comma && !is_hard(d.code_point) ? gap::space : g, d.code_point);
            i += d.bytes;
        }
        return std::move(words_);
    }

private:
    static bool is_hard(char32_t cp) noexcept { return cp == U',' || cp == U';' || cp == U'.'; }

    std::size_t take_word(std::size_t i, gap before) {
        const std::size_t begin = i;
        std::size_t end = i;
        bool possessive = false;
        while (i < note_.size()) {
            const text::decoded d = text::decode_at(note_, i);
            if (!d.broken && is_word_character(d.code_point)) {
                i += d.bytes;
                end = i;
                continue;
            }
            if (!is_apostrophe(d.code_point))
                break;
            const std::string_view rest = note_.substr(i + d.bytes);
            const bool last_s =
                !rest.empty() && (rest[0] == 's' || rest[0] == 'S') && ends_word(rest.substr(1));
            const bool after_s = (note_[end - 1] == 's' || note_[end - 1] == 'S') && ends_word(rest);
            if (last_s || ends_word(rest)) {
                possessive = last_s || after_s || ends_word(rest);
                i += d.bytes + (last_s ? 1U : 0U);
                break;
            }
            i += d.bytes; // an apostrophe inside a name
        }
        word w;
        w.text = note_.substr(begin, end - begin);
        text::make_bare_key(w.text, w.key);
        w.role = role_of(w.key);
        w.before = before;
        w.possessive = possessive;
        if (!w.key.empty())
            words_.push_back(std::move(w));
        return i;
    }

    static bool ends_word(std::string_view rest) noexcept {
        return rest.empty() || !is_word_character(text::decode_at(rest, 0).code_point);
    }

    std::string_view note_;
    std::vector<word> words_;
};

bool all_digits(std::string_view s) noexcept {
    return std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool may_name(const word& w) noexcept {
    return !w.used && w.role == word_role::name && w.key.size() >= 2 && !all_digits(w.key);
}

// Behind a tag even an everyday word is a name ("Discord: Frost"), but not "unknown".
bool may_be_tagged(const word& w) noexcept {
    return !w.used && w.role != word_role::nobody && w.role != word_role::link && w.key.size() >= 2 &&
           !all_digits(w.key);
}

class reader {
public:
    explicit reader(std::string_view note)
        : note_(note)
        , words_(splitter(note).split()) {}

    note_facts read() {
        for (std::size_t i = 0; i < words_.size(); ++i)
            read_tag(i);
        for (std::size_t i = 0; i < words_.size(); ++i)
            read_relation(i);
        for (std::size_t i = 0; i < words_.size(); ++i)
            read_alt(i);
        for (std::size_t i = 0; i < words_.size(); ++i)
            read_possessive(i);
        read_rest();
        for (const word& w : words_) {
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

    void point(pointer_kind kind, word& w) {
        w.used = true;
        point(kind, w.text, w.key);
    }

    // The text from word `first` to word `last`, as it stands in the note.
    [[nodiscard]] std::string_view span(std::size_t first, std::size_t last) const noexcept {
        const char* begin = words_[first].text.data();
        const char* end = words_[last].text.data() + words_[last].text.size();
        return {begin, static_cast<std::size_t>(end - begin)};
    }

    // "Discord: Cool Guy", "dc x", "@x", "x#1234".
    void read_tag(std::size_t i) {
        word& w = words_[i];
        if (w.used)
            return;
        const bool at = w.before == gap::at && (i == 0 || at_begins_word(w));
        if (at && may_be_tagged(w)) {
            read_handle(pointer_kind::handle, i, i);
            return;
        }
        if (w.after == gap::hash && i + 1 < words_.size() && all_digits(words_[i + 1].key) &&
            may_be_tagged(w)) {
            words_[i + 1].used = true;
            point(pointer_kind::handle, w);
            return;
        }
        const bool battle = w.role == word_role::battle_tag;
        if ((w.role != word_role::handle_tag && !battle) || i + 1 >= words_.size())
            return;
        const bool tagged =
            w.after == gap::colon || w.after == gap::space || w.after == gap::hyphen || w.after == gap::at;
        // "Disc priest" is a specialisation: without a colon the next word must be able to be a name.
        const word& next = words_[i + 1];
        if (!tagged || (w.after != gap::colon && w.after != gap::at && !may_name(next)) ||
            !may_be_tagged(next))
            return;
        w.used = true;
        const bool colon = w.after == gap::colon || w.after == gap::at;
        std::size_t last = i + 1;
        while (colon && last + 1 < words_.size() && last < i + 3 && words_[last].after == gap::space &&
               may_be_tagged(words_[last + 1])) {
            ++last;
        }
        read_handle(battle ? pointer_kind::battletag : pointer_kind::handle, i + 1, last);
    }

    // In "e@mail.com" a letter stands right before the sign, so nobody is meant.
    [[nodiscard]] bool at_begins_word(const word& w) const noexcept {
        const char* sign = w.text.data() - 1;
        if (sign < note_.data() || *sign != '@')
            return false;
        return sign == note_.data() || !is_word_character(static_cast<unsigned char>(sign[-1]));
    }

    void read_handle(pointer_kind kind, std::size_t first, std::size_t last) {
        if (last > first) {
            const std::string_view whole = span(first, last);
            point(kind, whole, text::keys_of(whole).bare);
        }
        point(kind, words_[first]);
        for (std::size_t i = first; i <= last; ++i)
            words_[i].used = true;
        if (last + 1 < words_.size() && words_[last].after == gap::hash && all_digits(words_[last + 1].key)) {
            words_[last + 1].used = true;
        }
    }

    // "X's friend", "X friend", "friend of X", "managed by X", "X invited", "Xwife".
    void read_relation(std::size_t i) {
        word& w = words_[i];
        if (w.used)
            return;
        if (w.role == word_role::name) {
            if (const std::size_t n = glued_relation(w.key); n > 0 && w.text.size() == w.key.size()) {
                point(pointer_kind::relation, w.text.substr(0, n), w.key.substr(0, n));
                w.used = true;
            }
            return;
        }
        if (w.role != word_role::relation && w.role != word_role::by_others)
            return;
        w.used = true;
        for (std::size_t j = i + 1; j < words_.size() && j <= i + 4; ++j) { // "by X", "to my X"
            if (words_[j].role == word_role::relation || words_[j].role == word_role::by_others)
                words_[j].used = true;
            if (may_name(words_[j])) {
                point(pointer_kind::relation, words_[j]);
                if (words_[j].after != gap::comma && words_[j].after != gap::slash)
                    continue;
                break;
            }
        }
        // Whoever is named before a relation word is the other one as well: "Rocket and Mito's brother".
        for (std::size_t j = i; j-- > 0;) {
            if (may_name(words_[j])) {
                point(pointer_kind::relation, words_[j]);
            }
        }
    }

    // "alt of X", "alt: X", "alt X", "X's alt", "X alt", "main: X", "main X", "Xalt".
    void read_alt(std::size_t i) {
        word& w = words_[i];
        if (w.used)
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
        bool linked = w.after == gap::colon || w.after == gap::hyphen;
        while (next < words_.size() &&
               (words_[next].role == word_role::link || words_[next].role == word_role::alt ||
                words_[next].role == word_role::main)) {
            linked = linked || words_[next].role == word_role::link || words_[next].after == gap::colon;
            if (words_[next].role == word_role::main)
                kind = pointer_kind::main_of; // "alt, main: X"
            ++next;
        }
        if (next < words_.size() && linked && may_be_tagged(words_[next])) {
            use(i, next);
            point(kind, words_[next]);
            return;
        }
        if (i > 0 && words_[i - 1].after != gap::comma && may_name_before(i - 1)) {
            use(i, i + 1);
            point(kind, words_[named_before_]);
            return;
        }
        if (next < words_.size() && w.after == gap::space && may_name(words_[next])) {
            use(i, next);
            point(kind, words_[next]);
        }
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
        word& w = words_[i];
        if (!may_name(w))
            return;
        const bool before_game = i + 1 < words_.size() && words_[i + 1].role == word_role::game;
        const bool plural = before_game && w.key.size() > 3 && w.key.back() == 's';
        if (w.possessive || plural)
            point(pointer_kind::possessive, w);
    }

    void read_rest() {
        std::vector<word*> names;
        for (word& w : words_) {
            if (may_name(w))
                names.push_back(&w);
        }
        if (names.empty())
            return;
        // A note that already points at somebody has jokes and places besides.
        const bool pointed =
            std::any_of(facts_.pointers.begin(), facts_.pointers.end(),
                        [](const note_pointer& p) { return p.kind != pointer_kind::relation; });
        const bool related = !pointed && !facts_.pointers.empty();
        for (word* w : names) {
            const bool front = w == names.front() && !pointed && !related;
            pointer_kind kind = pointer_kind::mention;
            if (front)
                kind = names.size() == 1 ? pointer_kind::lone : pointer_kind::first;
            point(kind, *w);
        }
    }

    std::string_view note_;
    std::vector<word> words_;
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
