#include "core/identity/match_surface.hpp"

#include <patt/text/utf8.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace patt::identity {

namespace {

constexpr std::size_t longest_name = 96;

constexpr std::uint32_t salt_whole = 1;
constexpr std::uint32_t salt_prefix = 2;
constexpr std::uint32_t salt_suffix = 3;
constexpr std::uint32_t salt_long_prefix = 4; // of the suffix: 5
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

// Words inside a word, of three ASCII letters or more: "XYOttmar" has Ottmar, "ειLorenzo" has Lorenzo. A new
// one begins at a capital before small letters, and wherever ASCII letters begin.
template <class Visit>
void for_each_inner_word(std::string_view word, Visit visit) {
    constexpr std::size_t shortest = 3;
    if (std::all_of(word.begin() + (word.empty() || !is_upper(word[0]) ? 0 : 1), word.end(), is_lower))
        return; // most names are one word
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
void add_words_of(std::string_view name, std::vector<text::name_part>& parts, Visit add_word) {
    text::parse_name(name, nullptr, parts);
    for (const text::name_part& p : parts) {
        if (p.kind != text::part_kind::code && p.kind != text::part_kind::discriminator)
            add_word(p.text);
    }
    for (const text::name_part& p : parts) {
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

constexpr std::uint64_t odd = 0x9E3779B97F4A7C15ULL;

std::uint64_t start_of(std::size_t size, std::uint32_t salt) noexcept {
    return odd * (salt + 1U) + 0xD6E8FEB86659FD93ULL * size;
}
std::uint64_t mix(std::uint64_t h) noexcept {
    h = (h ^ (h >> 32U)) * odd;
    return (h ^ (h >> 29U)) * 0xBF58476D1CE4E5B9ULL;
}
std::uint32_t finish(std::uint64_t h) noexcept {
    const auto out = static_cast<std::uint32_t>(h >> 32U);
    return out == 0 ? 1U : out;
}

template <class Number>
std::uint64_t little_endian(const char* at) noexcept {
    Number n{};
    std::memcpy(&n, at, sizeof(n));
    if constexpr (std::endian::native == std::endian::little)
        return n;
    std::uint64_t turned = 0;
    for (std::size_t i = 0; i < sizeof(n); ++i)
        turned |= std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
    return turned;
}

// Up to eight bytes as a number, the first the lowest. Reads overlap, which changes nothing.
std::uint64_t word_of(std::string_view s) noexcept {
    const std::size_t n = s.size();
    if (n == 8)
        return little_endian<std::uint64_t>(s.data());
    if (n >= 4)
        return little_endian<std::uint32_t>(s.data()) | little_endian<std::uint32_t>(s.data() + n - 4)
                                                            << (8 * (n - 4));
    std::uint64_t w = 0;
    for (std::size_t i = 0; i < n; ++i)
        w |= std::uint64_t{static_cast<unsigned char>(s[i])} << (8 * i);
    return w;
}

bool is_ascii(std::string_view s) noexcept {
    std::uint64_t all = 0;
    for (; s.size() > 8; s.remove_prefix(8))
        all |= little_endian<std::uint64_t>(s.data());
    all |= word_of(s);
    return (all & 0x8080808080808080ULL) == 0;
}

// What `hash_text` makes of at most eight bytes.
std::uint32_t hash_word(std::uint64_t word, std::size_t size, std::uint32_t salt) noexcept {
    return finish(mix(start_of(size, salt) ^ word));
}

} // namespace

std::uint32_t letters_of(std::string_view key) noexcept {
    std::uint32_t mask = 0;
    for (const char c : key) {
        const auto byte = static_cast<unsigned char>(c);
        mask |= byte >= 'a' && byte <= 'z' ? 1U << (byte - 'a') : 1U << (26U + byte % 6U);
    }
    return mask;
}

bool is_hangul(std::string_view bare) noexcept {
    return bare.size() >= 3 && bare >= "\uAC00" && bare < "\uD7A4";
}

std::size_t key_length(std::string_view key) noexcept {
    if (is_ascii(key))
        return key.size();
    std::size_t n = 0;
    for (const char c : key)
        n += continues(c) ? 0U : 1U;
    return n;
}

// Eight bytes at a time, read as a little-endian number, so that it is the same everywhere.
std::uint32_t hash_text(std::string_view s, std::uint32_t salt) noexcept {
    std::uint64_t h = start_of(s.size(), salt);
    while (s.size() > 8) {
        h = mix(h ^ word_of(s.substr(0, 8)));
        s.remove_prefix(8);
    }
    return finish(mix(h ^ word_of(s)));
}

void drop_repeated(std::vector<block_key>& keys) {
    constexpr std::size_t cells = 128;
    if (keys.size() > cells / 2) {
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
        return;
    }
    std::array<std::uint8_t, cells> seen{}; // one more than the place of a kept key
    std::size_t kept = 0;
    for (const block_key k : keys) {
        std::size_t i = k.hash % cells;
        while (seen[i] != 0 && keys[seen[i] - 1U] != k)
            i = (i + 1) % cells;
        if (seen[i] != 0)
            continue;
        keys[kept] = k;
        seen[i] = static_cast<std::uint8_t>(++kept);
    }
    keys.resize(kept);
}

void surface_workshop::add(std::string_view name, surface_origin origin) {
    if (name.empty())
        return;
    name = text::first_characters(name, longest_name);
    const std::byte* const end = bytes_.data() + bytes_.size();
    for (const std::byte* at = bytes_.data(); at != end; at += surface(at).head().bytes) {
        if (surface(at).raw() == name)
            return;
    }
    // Friend codes and the digits of `name#1234` are no part of a name.
    const bool coded = text::drop_codes(name, uncoded_);
    text::make_keys(coded ? uncoded_ : name, keys_);
    if (!keys_.exact.empty())
        pack(name, coded ? std::string_view(uncoded_) : name, origin);
}

// @param keyed  What the keys are of: the name or the rest of it.
void surface_workshop::pack(std::string_view name, std::string_view keyed, surface_origin origin) {
    const std::string& bare = keys_.bare;
    packed_.clear();
    ends_.clear();
    const auto append = [this](std::string_view s) {
        packed_.append(s);
        ends_.push_back(static_cast<std::uint16_t>(packed_.size()));
    };
    const unsigned exact_at = keys_.exact == name ? 0 : 1;
    const unsigned bare_at = bare == keys_.exact ? exact_at : 2;
    append(name);
    append(exact_at == 1 ? std::string_view(keys_.exact) : std::string_view());
    append(bare_at == 2 ? std::string_view(bare) : std::string_view());
    for (const std::string* key : {&keys_.look, &keys_.sound, &keys_.leet, &keys_.core})
        append(*key);
    const bool ascii = is_ascii(bare);
    append_words(name, keyed);
    surface::header h;
    const surface earlier = earlier_with(bare);
    if (earlier) {
        h = earlier.head();
        h.extras = 0;
    } else {
        const name_rarity r = rarity_of(bare);
        const auto narrow = [](bits b) { return static_cast<std::uint16_t>(std::clamp(b, 0, 0xFFFF)); };
        h.rarity = {narrow(r.whole), narrow(r.edge), narrow(r.inside), narrow(r.edit)};
        h.letters = letters_of(bare);
        h.length = static_cast<std::uint16_t>(key_length(bare));
    }
    h.words = static_cast<std::uint8_t>(ends_.size() - 7);
    h.signs = static_cast<std::uint8_t>(exact_at | (bare_at << 1U) | (ascii ? surface::sign_ascii : 0U) |
                                        (peculiar(name) ? surface::sign_peculiar : 0U) |
                                        (earlier && repeats(earlier) ? surface::sign_repetition : 0U) |
                                        (packed_.size() > UINT8_MAX ? surface::sign_wide : 0U));
    for (unsigned i = 0; i < 4; ++i)
        h.extras = static_cast<std::uint8_t>(h.extras | (ends_[3 + i] != ends_[2 + i] ? 1U << i : 0U));
    h.origin = origin;
    append_packed(h);
}

// The header, the ends of the pieces, the pieces, the letters of words and core.
void surface_workshop::append_packed(surface::header& h) {
    part_letters_.clear();
    for (std::size_t i = 7; i < ends_.size(); ++i)
        append_letters(i, h);
    if ((h.extras & surface::has_core) != 0)
        append_letters(6, h);
    const bool wide = (h.signs & surface::sign_wide) != 0;
    const std::size_t ends_bytes = ends_.size() * (wide ? sizeof(std::uint16_t) : sizeof(std::uint8_t));
    const std::size_t letters_bytes = part_letters_.size() * sizeof(std::uint32_t);
    constexpr std::size_t grain = alignof(surface::header);
    static_assert(grain == alignof(std::uint32_t));
    const std::size_t all =
        (sizeof(h) + ends_bytes + packed_.size() + grain - 1) / grain * grain + letters_bytes;
    h.bytes = static_cast<std::uint16_t>(all);
    const std::size_t begin = bytes_.size();
    bytes_.resize(begin + all);
    std::byte* const at = bytes_.data() + begin;
    std::memcpy(at, &h, sizeof(h));
    if (wide) {
        std::memcpy(at + sizeof(h), ends_.data(), ends_bytes);
    } else {
        std::transform(ends_.begin(), ends_.end(), at + sizeof(h),
                       [](std::uint16_t end) { return static_cast<std::byte>(end); });
    }
    std::memcpy(at + sizeof(h) + ends_bytes, packed_.data(), packed_.size());
    if (letters_bytes > 0)
        std::memcpy(at + all - letters_bytes, part_letters_.data(), letters_bytes);
}

void surface_workshop::append_letters(std::size_t piece, surface::header& h) {
    const auto size = static_cast<std::size_t>(ends_[piece] - ends_[piece - 1]);
    part_letters_.push_back(letters_of({packed_.data() + ends_[piece - 1], size}));
    if ((part_letters_.back() & ~h.letters) != 0)
        h.signs = static_cast<std::uint8_t>(h.signs | surface::sign_foreign);
}

void surface_workshop::append_words(std::string_view name, std::string_view keyed) {
    const std::string& bare = keys_.bare;
    const auto add_word = [&](std::string_view word) {
        if (ends_.size() == 7 + surface::most_words || word.size() == keyed.size()) // then it is all of it
            return;
        text::make_bare_key(word, word_key_);
        const std::string_view key = word_key_;
        if (key.size() < 2 || key == bare)
            return;
        for (std::size_t i = 7; i < ends_.size(); ++i) {
            const auto length = static_cast<std::size_t>(ends_[i] - ends_[i - 1]);
            if (std::string_view(packed_).substr(ends_[i - 1], length) == key)
                return;
        }
        packed_.append(key);
        ends_.push_back(static_cast<std::uint16_t>(packed_.size()));
    };
    // A name of letters and digits alone is one word, perhaps with humps.
    if (bare.size() == name.size() && is_ascii(bare)) {
        for_each_inner_word(name, add_word);
    } else {
        add_words_of(name, parts_, add_word);
    }
}

// The first one of the set with this bare key.
surface surface_workshop::earlier_with(std::string_view bare) const noexcept {
    const std::byte* const end = bytes_.data() + bytes_.size();
    for (const std::byte* at = bytes_.data(); at != end; at += surface(at).head().bytes) {
        if (surface(at).bare() == bare)
            return surface(at);
    }
    return {};
}

// Whether what is being packed has the keys of an earlier one with the same bare key.
bool surface_workshop::repeats(const surface& earlier) const noexcept {
    if ((earlier.exact() == earlier.bare()) != (keys_.exact == keys_.bare) ||
        earlier.word_count() != ends_.size() - 7) {
        return false;
    }
    // From `look` on the pieces stand in one row.
    const std::string_view now = std::string_view(packed_).substr(ends_[2]);
    const std::string_view then(earlier.look().data(), now.size());
    for (std::size_t i = 3; i < ends_.size(); ++i) {
        if (earlier.piece(i).size() != static_cast<std::size_t>(ends_[i] - ends_[i - 1]))
            return false;
    }
    return now == then;
}

surface_set surface_workshop::take() {
    surface_set set;
    if (!bytes_.empty()) {
        const auto size = static_cast<std::uint32_t>(surface_set::before + bytes_.size());
        set.bytes_.reset(new std::byte[size]);
        std::memcpy(set.bytes_.get(), &size, sizeof(size));
        std::copy(bytes_.begin(), bytes_.end(), set.bytes_.get() + surface_set::before);
    }
    bytes_.clear();
    return set;
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

void append_near_keys(std::string_view bare, std::vector<block_key>& keys) {
    if (bare.size() <= 8 &&
        key_length(bare) == bare.size()) { // it fits into one number, which is what `hash_text` hashes
        const std::uint64_t w = word_of(bare);
        keys.push_back({hash_word(w, bare.size(), salt_near), block_kind::near});
        const std::uint64_t start = start_of(bare.size() - 1, salt_near);
        for (std::size_t i = 0; i < bare.size(); ++i) {
            const std::uint64_t below = (std::uint64_t{1} << (8 * i)) - 1;
            keys.push_back({finish(mix(start ^ ((w & below) | ((w >> 8U) & ~below)))), block_kind::near});
        }
        return;
    }
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

namespace {

// The keys of the first and the last characters, if there are so many. The salt of the last is the next one.
template <std::size_t Characters>
void append_ends(std::string_view t, std::size_t length, std::uint32_t salt, std::vector<block_key>& keys) {
    if (length < Characters)
        return;
    if (length == t.size()) {
        const std::string_view last(t.data() + (t.size() - Characters), Characters);
        keys.push_back({hash_word(word_of({t.data(), Characters}), Characters, salt), block_kind::end});
        keys.push_back({hash_word(word_of(last), Characters, salt + 1), block_kind::end});
        return;
    }
    keys.push_back({hash_text(t.substr(0, offset_of(t, Characters)), salt), block_kind::end});
    keys.push_back({hash_text(t.substr(offset_of(t, length - Characters)), salt + 1), block_kind::end});
}

} // namespace

void append_block_keys(const surface& s, std::vector<block_key>& keys) {
    if (s.is_repetition())
        return; // they are there
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
    const auto ends = [&](std::string_view t, std::size_t length) {
        append_ends<4>(t, length, salt_prefix, keys);
        append_ends<6>(t, length, salt_long_prefix, keys);
    };
    ends(s.bare(), s.length());
    if (!s.core().empty())
        ends(s.core(), key_length(s.core()));
    for (std::size_t i = 0; i < s.word_count(); ++i) {
        const std::size_t length = key_length(s.word(i));
        if (length >= 4 && length < s.length())
            append_ends<4>(s.word(i), length, salt_prefix, keys);
    }
    if (s.length() >= 5 && s.length() <= 8)
        append_near_keys(s.bare(), keys);
    if (is_hangul(s.bare()) && s.sound().size() >= 5 && s.sound().size() <= 12)
        append_near_keys(s.sound(), keys);
}

} // namespace patt::identity
