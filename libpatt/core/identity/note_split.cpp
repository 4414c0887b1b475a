#include "core/identity/note_split.hpp"

#include <patt/text/name_keys.hpp>
#include <patt/text/utf8.hpp>

#include <utility>

namespace patt::identity {

namespace {

bool is_apostrophe(char32_t cp) noexcept {
    return cp == U'\'' || cp == 0x2019 || cp == 0x60 || cp == 0xB4;
}

// The strongest separator wins: "Trog, main" is a comma, "a - b" a hyphen.
note_gap stronger(note_gap a, char32_t cp) noexcept {
    const auto take = [a](note_gap g) { return a == note_gap::space || a == note_gap::start ? g : a; };
    if (a == note_gap::question)
        return a;
    switch (cp) {
    case U':':
    case U'=':
    case U'(': // "alt (Trog)"
        return note_gap::colon;
    case U'@':
        return note_gap::at;
    case U'?':
        return note_gap::question;
    case U'#':
        return take(note_gap::hash);
    case U',':
    case U';':
    case U'.':
    case U'!':
    case U')':
    case U'[':
    case U']':
    case U'+':
    case U'&':
        return take(note_gap::comma);
    case U'/':
    case U'|':
    case U'\\':
        return take(note_gap::slash);
    case U'-':
        return take(note_gap::hyphen);
    default:
        return a;
    }
}

class splitter {
public:
    explicit splitter(std::string_view note)
        : note_(note) {}

    std::vector<note_word> split() {
        std::size_t i = 0;
        note_gap g = note_gap::start;
        while (i < note_.size()) {
            const text::decoded d = text::decode_at(note_, i);
            if (!d.broken && is_word_character(d.code_point)) {
                if (!words_.empty())
                    words_.back().after = g;
                i = take_word(i, g);
                g = note_gap::end;
                continue;
            }
            g = stronger(g == note_gap::end ? note_gap::space : g, d.code_point);
            i += d.bytes;
        }
        if (g == note_gap::question && !words_.empty())
            words_.back().after = g;
        return std::move(words_);
    }

private:
    std::size_t take_word(std::size_t i, note_gap before) {
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
        note_word w;
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
    std::vector<note_word> words_;
};

// Words that speak of somebody else beside their neighbours alone.
void settle(std::string_view note, std::vector<note_word>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        note_word& w = words[i];
        note_word* const before = i > 0 ? &words[i - 1] : nullptr;
        const bool one = w.key == "1" || w.key == "one";
        if (w.text == "SO" || (w.key == "law" && before != nullptr && before->key == "in") ||
            (one && (stands_before('+', note, w) || (before != nullptr && before->key == "plus")))) {
            w.role = word_role::relation; // Significant other, in law, plus one.
        }
        const bool abbreviated = w.key == "o" && before != nullptr && before->after == note_gap::slash &&
                                 (before->key == "s" || before->key == "c");
        if (abbreviated)
            w.role = word_role::denial; // "s/o", "c/o"
        // What is done by somebody is done by somebody else, but an alt of theirs, and what they play.
        const bool own = before != nullptr && (before->role == word_role::alt ||
                                               before->role == word_role::main || before->key == "played");
        if (w.key == "by" && !own)
            w.role = word_role::denial;
        // "alt van X", "tweede char til X": small words that may be names elsewhere.
        const bool of = w.key == "van" || w.key == "til" || w.key == "v" || w.key == "di" || w.key == "do";
        if (of && before != nullptr && (before->role == word_role::alt || before->role == word_role::main))
            w.role = word_role::link;
        const bool either = w.key == "or" || w.key == "oder" || w.key == "ou";
        if (either && i + 1 < words.size() && words[i + 1].role == word_role::name)
            w.role = word_role::doubt;
    }
}

} // namespace

std::vector<note_word> split_note(std::string_view note) {
    std::vector<note_word> words = splitter(note).split();
    settle(note, words);
    return words;
}

bool stands_before(char sign, std::string_view note, const note_word& w) noexcept {
    auto at = static_cast<std::size_t>(w.text.data() - note.data());
    while (at > 0 && note[at - 1] == ' ')
        --at;
    return at > 0 && note[at - 1] == sign;
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

} // namespace patt::identity
