#include "core/text/unicode.hpp"

#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <utility>

namespace patt::text {

namespace {

bool is_word_character(char32_t cp) noexcept {
    const unicode::kind k = unicode::kind_of(cp);
    return k == unicode::kind::letter || k == unicode::kind::digit || k == unicode::kind::mark;
}

// What separates words in a display name; everything else that is no letter is dropped without a trace.
bool separates_words(char32_t cp) noexcept {
    return cp == U'-' || cp == U'_' || unicode::kind_of(cp) == unicode::kind::space;
}

// What was torn by a sign that is gone now, for example the letters of a Hangul syllable, is one again.
std::string rejoined(std::string key) {
    const bool ascii =
        std::all_of(key.begin(), key.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return ascii ? std::move(key) : folded_key(key);
}

} // namespace

std::string realm_slug(std::string_view display_name) {
    const std::string folded = folded_key(display_name);
    std::string slug;
    slug.reserve(folded.size());
    bool gap = false;
    for (std::size_t i = 0; i < folded.size();) {
        const decoded d = decode_at(folded, i);
        if (is_word_character(d.code_point)) {
            if (gap && !slug.empty())
                slug.push_back('-');
            gap = false;
            slug.append(folded, i, d.bytes);
        } else if (separates_words(d.code_point)) {
            gap = true;
        }
        i += d.bytes;
    }
    return rejoined(std::move(slug));
}

std::string realm_key(std::string_view any_spelling) {
    const std::string folded = folded_key(any_spelling);
    std::string key;
    key.reserve(folded.size());
    for (std::size_t i = 0; i < folded.size();) {
        const decoded d = decode_at(folded, i);
        if (is_word_character(d.code_point))
            key.append(folded, i, d.bytes);
        i += d.bytes;
    }
    return rejoined(std::move(key));
}

bool same_realm(std::string_view a, std::string_view b) {
    const std::string key = realm_key(a);
    return !key.empty() && key == realm_key(b);
}

void realm_directory::add(realm_entry entry) {
    for (auto& [key, entries] : by_key_) {
        std::erase_if(entries,
                      [&](const realm_entry& e) { return e.region == entry.region && e.slug == entry.slug; });
    }
    const std::string by_slug = realm_key(entry.slug);
    const std::string by_name = realm_key(entry.display_name);
    if (by_name != by_slug && !by_name.empty())
        by_key_[by_name].push_back(entry);
    if (!by_slug.empty())
        by_key_[by_slug].push_back(std::move(entry));
}

const realm_entry* realm_directory::find(std::string_view region, std::string_view any_spelling) const {
    const auto it = by_key_.find(realm_key(any_spelling));
    if (it == by_key_.end())
        return nullptr;
    for (const realm_entry& e : it->second) {
        if (e.region == region)
            return &e;
    }
    return nullptr;
}

bool realm_directory::knows(std::string_view any_spelling) const {
    const auto it = by_key_.find(realm_key(any_spelling));
    return it != by_key_.end() && !it->second.empty();
}

bool realm_directory::connected(std::string_view region, std::string_view a, std::string_view b) const {
    if (same_realm(a, b))
        return true;
    const realm_entry* x = find(region, a);
    const realm_entry* y = find(region, b);
    if (x == nullptr || y == nullptr)
        return false;
    return x->slug == y->slug || (!x->group.empty() && x->group == y->group);
}

} // namespace patt::text
