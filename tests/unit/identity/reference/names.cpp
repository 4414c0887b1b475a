#include "unit/identity/reference/names.hpp"

#include <patt/text/name_parts.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <cstdint>

namespace patt::identity::reference {

namespace {

constexpr std::size_t longest_name = 96;

std::string joined(const std::vector<std::string>& characters, std::size_t begin, std::size_t end) {
    std::string out;
    for (std::size_t i = begin; i < end; ++i)
        out += characters[i];
    return out;
}

void add_whole(std::set<name_key>& out, std::string_view text) {
    if (text.size() >= 2)
        out.emplace(key_part::whole, text);
}

void add_ends(std::set<name_key>& out, std::string_view text, std::size_t count, key_part first,
              key_part last) {
    const std::vector<std::string> all = characters_of(text);
    if (all.size() < count)
        return;
    out.emplace(first, joined(all, 0, count));
    out.emplace(last, joined(all, all.size() - count, all.size()));
}

void add_four(std::set<name_key>& out, std::string_view text) {
    add_ends(out, text, 4, key_part::first_four, key_part::last_four);
}

void add_six(std::set<name_key>& out, std::string_view text) {
    add_ends(out, text, 6, key_part::first_six, key_part::last_six);
}

// The text, and all that lack one character of it: two that are one error apart have one in common.
void add_near(std::set<name_key>& out, std::string_view text) {
    const std::vector<std::string> all = characters_of(text);
    out.emplace(key_part::near, text);
    for (std::size_t i = 0; i < all.size(); ++i)
        out.emplace(key_part::near, joined(all, 0, i) + joined(all, i + 1, all.size()));
}

} // namespace

std::vector<std::string> characters_of(std::string_view text) {
    std::vector<std::string> out;
    for (const char c : text) {
        const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
        if (!continues || out.empty())
            out.emplace_back();
        out.back() += c;
    }
    return out;
}

bool is_plain_text(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::vector<spelling> spellings_of(const std::vector<written_name>& names) {
    std::vector<spelling> out;
    for (const auto& [text, origin] : names) {
        const std::string raw(text::first_characters(text, longest_name));
        const bool known =
            std::any_of(out.begin(), out.end(), [&raw](const spelling& s) { return s.raw == raw; });
        if (raw.empty() || known)
            continue;
        spelling s;
        s.raw = raw;
        s.origin = origin;
        std::string uncoded; // friend codes and the digits of `name#1234` are no part of a name
        s.keys = text::keys_of(text::drop_codes(raw, uncoded) ? uncoded : raw);
        if (s.keys.exact.empty())
            continue;
        surface_workshop shop;
        shop.add(raw, origin);
        s.alone = shop.take();
        for (std::size_t i = 0; i < s.for_comparison().word_count(); ++i)
            s.words.emplace_back(s.for_comparison().word(i));
        out.push_back(std::move(s));
    }
    return out;
}

std::set<name_key> keys_of(const spelling& s) {
    std::set<name_key> out;
    for (const std::string& t : {s.keys.bare, s.keys.look, s.keys.sound, s.keys.leet, s.keys.core})
        add_whole(out, t);
    for (const std::string& w : s.words) {
        add_whole(out, w);
        add_whole(out, text::core_of(w));
    }
    for (const std::string& t : {s.keys.bare, s.keys.core}) {
        add_four(out, t);
        add_six(out, t);
    }
    const std::size_t length = characters_of(s.bare()).size();
    for (const std::string& w : s.words) {
        if (characters_of(w).size() < length)
            add_four(out, w);
    }
    if (length >= 5 && length <= 8)
        add_near(out, s.bare());
    // A syllable of Hangul is two or three letters when it is read.
    if (is_hangul(s.bare()) && s.keys.sound.size() >= 5 && s.keys.sound.size() <= 12)
        add_near(out, s.keys.sound);
    return out;
}

std::set<name_key> keys_of_told(const std::string& bare) {
    std::set<name_key> out;
    add_whole(out, bare);
    const std::vector<std::string> all = characters_of(bare);
    if (bare.size() >= 4)
        out.emplace(key_part::first_four, joined(all, 0, std::min<std::size_t>(all.size(), 4)));
    return out;
}

std::size_t most_with(key_part part) noexcept {
    return part == key_part::whole ? 64 : 24;
}

} // namespace patt::identity::reference
