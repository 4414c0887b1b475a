#include "core/text/normalize.hpp"
#include "core/text/unicode.hpp"

#include <patt/text/name_key.hpp>
#include <patt/text/utf8.hpp>

namespace patt::text {

namespace {

enum class key_form : std::uint8_t { exact, folded };

char lower_ascii(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Marks that folding keeps: U+3099 and U+309A turn one kana into another letter.
bool is_stripped_mark(char32_t cp) noexcept {
    const unicode::mapping m = unicode::fold(cp);
    return !m.identity && m.folded.empty();
}

void append_composed(std::string& out, std::u32string& text) {
    unicode::compose(text);
    for (const char32_t c : text)
        append_utf8(out, c);
}

// Replaces what was appended after `start` (a concatenation of mapped texts) by its normal form.
void normalize_tail(std::string& out, std::size_t start, key_form form) {
    std::u32string text = unicode::to_nfd(std::string_view(out).substr(start));
    out.resize(start);
    if (form == key_form::folded)
        std::erase_if(text, is_stripped_mark);
    append_composed(out, text);
}

void append_key(std::string& out, std::string_view name, key_form form) {
    const std::size_t start = out.size();
    bool reorder = false;
    for (std::size_t i = 0; i < name.size();) {
        if (static_cast<unsigned char>(name[i]) < 0x80) {
            out.push_back(lower_ascii(name[i++]));
            continue;
        }
        const decoded d = decode_at(name, i);
        const unicode::mapping m = unicode::fold(d.code_point);
        if (!m.identity) {
            out.append(form == key_form::exact ? m.exact : m.folded);
            reorder = reorder || (form == key_form::exact ? m.reorder_exact : m.reorder_folded);
        } else if (d.broken) {
            append_utf8(out, replacement_character);
        } else {
            out.append(name.substr(i, d.bytes));
        }
        i += d.bytes;
    }
    if (reorder)
        normalize_tail(out, start, form);
}

} // namespace

void append_exact_key(std::string& out, std::string_view name) {
    append_key(out, name, key_form::exact);
}

void append_folded_key(std::string& out, std::string_view name) {
    append_key(out, name, key_form::folded);
}

std::string exact_key(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    append_exact_key(out, name);
    return out;
}

std::string folded_key(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    append_folded_key(out, name);
    return out;
}

} // namespace patt::text
