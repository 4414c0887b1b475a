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
        unicode::normalize(out, start,
                           form == key_form::folded ? unicode::marks::stripped : unicode::marks::kept);
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
