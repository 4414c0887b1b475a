#include "core/identity/match_surface.hpp"

#include <patt/text/utf8.hpp>

#include <algorithm>

namespace patt::identity {

namespace {

constexpr std::size_t longest_name = 96;

constexpr std::uint32_t salt_whole = 1;
constexpr std::uint32_t salt_prefix = 2;
constexpr std::uint32_t salt_suffix = 3;
constexpr std::uint32_t salt_long_prefix = 4;
constexpr std::uint32_t salt_long_suffix = 5;
constexpr std::uint32_t salt_near = 6;

bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// A capital after the first letter, a digit before the last letter, or any sign.
bool peculiar(std::string_view raw) noexcept {
    bool letter_after_digit = false;
    bool digit = false;
    std::size_t capitals = 0;
    std::size_t lower = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const char c = raw[i];
        if (static_cast<unsigned char>(c) >= 0x80)
            continue;
        if (is_upper(c) && i > 0)
            ++capitals;
        if (c >= 'a' && c <= 'z')
            ++lower;
        if (is_digit(c)) {
            digit = true;
        } else if (digit) {
            letter_after_digit = true;
        }
    }
    return (capitals > 0 && lower > 0) || letter_after_digit;
}

bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}

// Words inside a word, of four ASCII letters or more: "XYOttmar" has Ottmar, "ειLorenzo" has Lorenzo. A new
// one begins at a capital before small letters, and wherever ASCII letters begin.
template <class Visit>
void for_each_inner_word(std::string_view word, Visit visit) {
    constexpr std::size_t shortest = 4;
    std::size_t begin = 0;
    const auto end_at = [&](std::size_t i) {
        if (i - begin >= shortest && i - begin < word.size())
            visit(word.substr(begin, i - begin));
    };
    for (std::size_t i = 0; i < word.size(); ++i) {
        const bool letter = is_upper(word[i]) || is_lower(word[i]);
        const bool hump = is_upper(word[i]) && i > 0 && i + 1 < word.size() && is_lower(word[i + 1]);
        if (letter && !hump)
            continue;
        end_at(i);
        begin = letter ? i : i + 1;
    }
    end_at(word.size());
}

bool continues(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

template <class Visit>
void add_words_of(std::string_view name, surface_workshop& shop, Visit add_word) {
    text::parse_name(name, nullptr, shop.parts);
    for (const text::name_part& p : shop.parts) {
        if (p.kind != text::part_kind::code && p.kind != text::part_kind::discriminator)
            add_word(p.text);
    }
    for (const text::name_part& p : shop.parts) {
        if (p.kind == text::part_kind::word || p.kind == text::part_kind::alias)
            for_each_inner_word(p.text, add_word);
    }
}

// The byte offset after `n` characters. Keys are well-formed, so counting first bytes is enough.
std::size_t offset_of(std::string_view s, std::size_t n) noexcept {
    std::size_t i = 0;
    for (; i < s.size() && n > 0; --n) {
        ++i;
        while (i < s.size() && continues(s[i]))
            ++i;
    }
    return i;
}

std::uint32_t letters_of(std::string_view bare) noexcept {
    std::uint32_t mask = 0;
    for (const char c : bare) {
        const auto byte = static_cast<unsigned char>(c);
        mask |= byte >= 'a' && byte <= 'z' ? 1U << (byte - 'a') : 1U << (26U + byte % 6U);
    }
    return mask;
}

} // namespace

std::size_t key_length(std::string_view key) noexcept {
    std::size_t n = 0;
    for (const char c : key)
        n += continues(c) ? 0U : 1U;
    return n;
}

std::uint32_t hash_text(std::string_view s, std::uint32_t salt) noexcept {
    std::uint64_t h = 0x9E3779B97F4A7C15ULL * (salt + 1U);
    for (const char c : s)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    h ^= h >> 29U;
    h *= 0xBF58476D1CE4E5B9ULL;
    h ^= h >> 32U;
    const auto out = static_cast<std::uint32_t>(h);
    return out == 0 ? 1U : out;
}

surface::surface(std::string_view name, surface_origin origin, surface_workshop& shop)
    : origin_(origin) {
    name = text::first_characters(name, longest_name);
    text::make_keys(name, shop.keys);
    std::string& packed = shop.packed;
    packed.clear();
    std::size_t n = 0;
    const auto add = [&](std::string_view s) {
        packed.append(s);
        ends_[++n] = static_cast<std::uint16_t>(packed.size());
    };
    exact_at_ = shop.keys.exact == name ? 0 : 1;
    bare_at_ = shop.keys.bare == shop.keys.exact ? exact_at_ : 2;
    for (const std::string_view s :
         {name, exact_at_ == 1 ? std::string_view(shop.keys.exact) : std::string_view(),
          bare_at_ == 2 ? std::string_view(shop.keys.bare) : std::string_view(),
          std::string_view(shop.keys.look), std::string_view(shop.keys.sound),
          std::string_view(shop.keys.leet), std::string_view(shop.keys.core)}) {
        add(s);
    }
    ascii_ = std::all_of(shop.keys.bare.begin(), shop.keys.bare.end(),
                         [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    const auto add_word = [&](std::string_view word) {
        if (words_ == most_words)
            return;
        text::make_keys(word, shop.part_keys);
        const std::string& bare = shop.part_keys.bare;
        if (bare.size() < 2 || bare == shop.keys.bare)
            return;
        for (std::size_t i = 0; i < words_; ++i) {
            if (std::string_view(packed).substr(
                    ends_[7 + i], static_cast<std::size_t>(ends_[8 + i] - ends_[7 + i])) == bare)
                return;
        }
        add(bare);
        ++words_;
    };
    // A name of letters and digits alone is one word, perhaps with humps.
    if (shop.keys.bare.size() == name.size() && ascii_) {
        for_each_inner_word(name, add_word);
    } else {
        add_words_of(name, shop, add_word);
    }
    text_.assign(packed);
    rarity_ = rarity_of(bare());
    length_ = static_cast<std::uint16_t>(key_length(bare()));
    letters_ = letters_of(bare());
    peculiar_ = peculiar(raw());
}

block_key whole_key(std::string_view bare) noexcept {
    return {hash_text(bare, salt_whole), block_kind::whole};
}

void append_pointer_keys(std::string_view bare, std::vector<block_key>& keys) {
    if (bare.size() < 2)
        return;
    keys.push_back(whole_key(bare));
    const std::string_view front = bare.substr(0, offset_of(bare, 4));
    if (front.size() < bare.size() || bare.size() >= 4) {
        keys.push_back({hash_text(front, salt_prefix), block_kind::end});
    }
}

void append_suffix_key(std::string_view bare, std::vector<block_key>& keys) {
    const std::size_t length = key_length(bare);
    if (length < 5)
        return;
    keys.push_back({hash_text(bare.substr(offset_of(bare, length - 4)), salt_suffix), block_kind::end});
}

void append_block_keys(const surface& s, std::vector<block_key>& keys) {
    const auto whole = [&](std::string_view t) {
        if (t.size() >= 2)
            keys.push_back({hash_text(t, salt_whole), block_kind::whole});
    };
    whole(s.bare());
    for (const std::string_view t : {s.look(), s.sound(), s.leet(), s.core()}) {
        if (!t.empty())
            whole(t);
    }
    for (std::size_t i = 0; i < s.word_count(); ++i) {
        whole(s.word(i));
        const std::string_view core = text::core_of(s.word(i));
        if (core.size() != s.word(i).size())
            whole(core);
    }
    const auto key = [&](std::string_view piece, std::uint32_t salt) {
        keys.push_back({hash_text(piece, salt), block_kind::end});
    };
    const auto short_ends = [&](std::string_view t, std::size_t length) {
        if (length < 4)
            return;
        key(t.substr(0, offset_of(t, 4)), salt_prefix);
        key(t.substr(offset_of(t, length - 4)), salt_suffix);
    };
    const auto ends = [&](std::string_view t, std::size_t length) {
        short_ends(t, length);
        if (length < 6)
            return;
        key(t.substr(0, offset_of(t, 6)), salt_long_prefix);
        key(t.substr(offset_of(t, length - 6)), salt_long_suffix);
    };
    ends(s.bare(), s.length());
    if (!s.core().empty())
        ends(s.core(), key_length(s.core()));
    for (std::size_t i = 0; i < s.word_count(); ++i) {
        const std::size_t length = key_length(s.word(i));
        if (length >= 4 && length < s.length())
            short_ends(s.word(i), length);
    }
    const std::string_view bare = s.bare();
    if (s.length() < 5 || s.length() > 8)
        return;
    const auto near = [&](std::string_view t) {
        keys.push_back({hash_text(t, salt_near), block_kind::near});
    };
    near(bare);
    std::array<char, 40> shorter{};
    for (std::size_t i = 0; i < bare.size();) {
        const std::size_t n = offset_of(bare.substr(i), 1);
        std::copy_n(bare.begin(), i, shorter.begin());
        std::copy(bare.begin() + static_cast<std::ptrdiff_t>(i + n), bare.end(),
                  shorter.begin() + static_cast<std::ptrdiff_t>(i));
        near({shorter.data(), bare.size() - n});
        i += n;
    }
}

} // namespace patt::identity
