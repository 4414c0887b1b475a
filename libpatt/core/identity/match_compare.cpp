#include "core/identity/match_compare.hpp"

#include "core/text/osa_kernel.hpp"

#include <patt/text/distance.hpp>
#include <patt/text/name_keys.hpp>

#include <algorithm>

namespace patt::identity {

namespace {

constexpr std::uint32_t piece_salt = 21;

constexpr bits milli(std::int32_t thousandths) noexcept {
    return thousandths * one_bit / 1000;
}

// What an agreement costs: -log2 of the share of true pairs that agree in just this way, rounded, from the
// strategy-game set and kept to round numbers.
constexpr bits cost_identical = milli(600);
constexpr bits cost_exact = milli(900);
constexpr bits cost_decorated = milli(1300); // no accents: only signs around or between the letters
constexpr bits cost_folded = milli(1800);
constexpr bits cost_token = milli(1800);
constexpr bits cost_read = milli(3000); // sound, leet
constexpr bits cost_core = milli(1600);
constexpr bits cost_shared_word = milli(3500);
constexpr bits cost_edge = milli(2200);
constexpr bits cost_inside = milli(3500);
constexpr bits cost_one_edit = milli(4500);
constexpr bits cost_two_edits = milli(6500);
constexpr bits cost_prefix = milli(7000);
constexpr bits cost_slight = milli(1000); // on top, where `comparison::slight`
constexpr bits cost_look = milli(4000);
// Two strangers who both write a name in the same odd way are rarer than two who bear it.
constexpr bits peculiar_bonus = milli(2500);

std::uint32_t piece_of(std::string_view s) noexcept {
    return hash_text(s, piece_salt);
}

// Less than five letters of a longer name fit too many by accident to link alone.
bool is_slight(std::string_view piece) noexcept {
    return key_length(piece) < 5;
}

bool is_plain(std::string_view exact) noexcept {
    return std::all_of(exact.begin(), exact.end(),
                       [](char ch) { return static_cast<unsigned char>(ch) < 0x80; });
}

comparison whole(const surface& c, const surface& m) {
    const bits rarity = c.rarity().whole;
    if (c.raw() == m.raw()) {
        return {agreement::identical, rarity - cost_identical + (c.is_peculiar() ? peculiar_bonus : 0),
                piece_of(m.bare())};
    }
    if (c.exact() == m.exact())
        return {agreement::exact, rarity - cost_exact, piece_of(m.bare())};
    const bool plain = is_plain(c.exact()) && is_plain(m.exact());
    return {agreement::folded, rarity - (plain ? cost_decorated : cost_folded), piece_of(m.bare())};
}

// The word of `s` that equals `key`, which has these letters; empty if none.
std::string_view word_like(const surface& s, std::string_view key, std::uint32_t letters) {
    if (key.empty())
        return {};
    for (std::size_t i = 0; i < s.word_count(); ++i) {
        if (s.word_letters(i) == letters && s.word(i) == key)
            return s.word(i);
    }
    return {};
}

std::uint32_t kernel_letters(const surface& s) noexcept {
    return (s.extras() & surface::has_core) != 0 ? s.core_letters() : s.letters();
}

// Whether all letters of a text occur in another: without that it cannot stand there.
constexpr bool may_contain(std::uint32_t outer, std::uint32_t inner) noexcept {
    return (inner & ~outer) == 0;
}

// A word in a list of n may be any of them: each further word is another chance to agree by accident. Words
// of two letters are none: what they equal is worth nothing anyway.
bits chances(const surface& s) noexcept {
    std::size_t words = 0;
    for (std::size_t i = 0; i < s.word_count(); ++i)
        words += s.word(i).size() > 2 ? 1U : 0U;
    return words >= 4 ? milli(1600) : words == 3 ? milli(1200) : words == 2 ? milli(700) : 0;
}

// A name that is a whole word only without its accents is another spelling: "Swéet" is no "Sweet".
bits spelling(const surface& s) noexcept {
    return s.exact() == s.bare() ? 0 : cost_folded - cost_exact;
}

comparison by_word(const surface& c, const surface& m) {
    if (c.word_count() == 0 && m.word_count() == 0)
        return {};
    if (const std::string_view w = word_like(m, c.bare(), c.letters()); !w.empty()) {
        return {agreement::token, c.rarity().whole - cost_token - spelling(c) - chances(m), piece_of(w)};
    }
    if (const std::string_view w = word_like(c, m.bare(), m.letters()); !w.empty()) {
        return {agreement::token, m.rarity().whole - cost_token - spelling(m) - chances(c),
                piece_of(m.bare())};
    }
    const unsigned extras = c.extras() | m.extras();
    // "ZFD Devil" and "D3vil".
    if ((extras & surface::has_leet) != 0) {
        if (const std::string_view w = word_like(c, m.leet(), letters_of(m.leet())); !w.empty()) {
            return {agreement::leet, rarity_of(w).whole - cost_read - cost_token, piece_of(m.bare())};
        }
        if (const std::string_view w = word_like(m, c.leet(), letters_of(c.leet())); !w.empty()) {
            return {agreement::leet, rarity_of(w).whole - cost_read - cost_token, piece_of(w)};
        }
    }
    if ((extras & surface::has_core) == 0)
        return {};
    // "WS Jayz" and "jayz99": the core of one is a word of the other.
    if (const std::string_view w = word_like(c, m.kernel(), kernel_letters(m)); !w.empty()) {
        return {agreement::core, rarity_of(w).whole - cost_core - cost_token, piece_of(m.bare()),
                key_length(w) < 4 || c.bare().size() > w.size() + 3};
    }
    if (const std::string_view w = word_like(m, c.kernel(), kernel_letters(c)); !w.empty()) {
        return {agreement::core, rarity_of(w).whole - cost_core - cost_token, piece_of(w), key_length(w) < 4};
    }
    return {};
}

comparison by_reading(const surface& c, const surface& m) {
    const auto either = [](std::string_view a, std::string_view b, std::string_view a_bare,
                           std::string_view b_bare) {
        return (!a.empty() && (a == b || a == b_bare)) || (!b.empty() && b == a_bare);
    };
    const unsigned extras = c.extras() | m.extras();
    if (extras == 0)
        return {}; // the bare keys differ
    const bits rarity = std::min(c.rarity().whole, m.rarity().whole);
    if ((extras & surface::has_sound) != 0 && either(c.sound(), m.sound(), c.bare(), m.bare())) {
        return {agreement::sound, rarity - cost_read, piece_of(m.bare())};
    }
    if ((extras & surface::has_leet) != 0 && either(c.leet(), m.leet(), c.bare(), m.bare())) {
        return {agreement::leet, rarity - cost_read, piece_of(m.bare())};
    }
    if ((extras & surface::has_core) != 0 && c.kernel() == m.kernel() && c.kernel().size() >= 3) {
        const bits cut = c.core().empty() || m.core().empty() ? 0 : one_bit;
        return {agreement::core, rarity_of(c.kernel()).whole - cost_core - cut, piece_of(m.bare()),
                key_length(c.kernel()) < 4};
    }
    return {};
}

// Whether something of `other` stands in `name` only as an imitation: letters in a row that it looks like
// having and does not have.
bool imitates(const surface& name, const surface& other) {
    constexpr std::size_t longest = 5;
    constexpr std::size_t shortest = 4;
    const std::string_view look = name.look();
    const std::size_t n = std::min({longest, look.size(), other.bare().size()});
    if (n < shortest)
        return false;
    std::size_t known = 0; // so many letters in a row the other one has, too
    for (std::size_t i = 0; i < look.size(); ++i) {
        known = may_contain(other.letters(), letters_of(look.substr(i, 1))) ? known + 1 : 0;
        if (known < n)
            continue;
        const std::string_view row = look.substr(i + 1 - n, n);
        if (other.bare().find(row) != std::string_view::npos &&
            name.bare().find(row) == std::string_view::npos)
            return true;
    }
    return false;
}

comparison by_look(const surface& c, const surface& m) {
    if (((c.extras() | m.extras()) & surface::has_look) == 0)
        return {};
    const bool same = (!c.look().empty() && (c.look() == m.look() || c.look() == m.bare())) ||
                      (!m.look().empty() && m.look() == c.bare());
    if (!same && !imitates(c, m) && !imitates(m, c))
        return {};
    return {agreement::look, std::min(c.rarity().whole, m.rarity().whole) - cost_look, piece_of(m.bare())};
}

comparison by_shared_word(const surface& c, const surface& m) {
    comparison best;
    for (std::size_t i = 0; i < c.word_count(); ++i) {
        const std::string_view w = word_like(m, c.word(i), c.word_letters(i));
        if (w.size() < 3 || text::is_affix(w))
            continue;
        const bits weight = rarity_of(w).whole - cost_shared_word - chances(c) - chances(m);
        // What else stands there may be a tag of three letters; more makes it another name with a common
        // word.
        const bool another = c.bare().size() > w.size() + 3 || m.bare().size() > w.size() + 3;
        if (weight > best.weight)
            best = {agreement::shared_word, weight, piece_of(w), another || is_slight(w)};
    }
    return best;
}

// Which word of the member's name is used up: characters that take different words of it are no rivals.
std::uint32_t piece_in(const surface& member, std::string_view text) {
    for (std::size_t i = 0; i < member.word_count(); ++i) {
        if (member.word(i).find(text) != std::string_view::npos)
            return piece_of(member.word(i));
    }
    return piece_of(member.bare());
}

// The longest of the texts of `inner` that stands in `outer`, as an agreement.
// What is not worth more than `floor` may be left out.
comparison contained(const surface& inner, const surface& outer, const surface& member, bits floor) {
    comparison best;
    const auto attempt = [&](std::string_view piece, bits extra, bool whole) {
        if (piece.size() < 3 || piece.size() >= outer.bare().size())
            return;
        const std::size_t at = outer.bare().find(piece);
        if (at == std::string_view::npos || key_length(piece) < 3)
            return;
        const bool edge = outer.bare().substr(0, piece.size()) == piece ||
                          outer.bare().substr(outer.bare().size() - piece.size()) == piece;
        const name_rarity rare = whole ? inner.rarity() : rarity_of(piece);
        const bits weight = (edge ? rare.edge - cost_edge : rare.inside - cost_inside) - extra;
        if (weight <= best.weight)
            return;
        best = {edge ? agreement::edge : agreement::inside, weight, piece_in(member, piece),
                is_slight(piece)};
    };
    const std::uint32_t letters = outer.letters();
    const name_rarity r = inner.rarity();
    const bool worth = r.edge - cost_edge > floor || r.inside - cost_inside > floor;
    if (worth && may_contain(letters, inner.letters()))
        attempt(inner.bare(), 0, true);
    if ((inner.extras() & surface::has_core) != 0 && may_contain(letters, inner.core_letters()))
        attempt(inner.core(), one_bit, false);
    for (std::size_t i = 0; i < inner.word_count(); ++i) {
        if (!may_contain(letters, inner.word_letters(i)))
            continue;
        const comparison before = best;
        attempt(inner.word(i), chances(inner) + one_bit, false);
        if (best.weight <= before.weight)
            continue;
        if (text::is_affix(inner.word(i))) { // "The Boss" and "The Mole"
            best = before;
            continue;
        }
        // What else stands there may be a tag of three letters; more makes it another name with a common
        // word. And a word of five letters begins or ends too many longer names.
        const bool another = inner.bare().size() > inner.word(i).size() + 3;
        best.slight = best.slight || another || key_length(inner.word(i)) < 6;
    }
    return best;
}

// Whether two texts of ASCII differ by exactly one letter more, less, other, or swapped with its neighbour.
bool is_one_edit(std::string_view x, std::string_view y) noexcept {
    while (!x.empty() && !y.empty() && x.front() == y.front()) {
        x.remove_prefix(1);
        y.remove_prefix(1);
    }
    while (!x.empty() && !y.empty() && x.back() == y.back()) {
        x.remove_suffix(1);
        y.remove_suffix(1);
    }
    if (x.size() == 2 && y.size() == 2)
        return x[0] == y[1] && x[1] == y[0];
    return std::max(x.size(), y.size()) == 1;
}

// Whether no more than so many bits are set. Not every processor can count them at once.
template <int Most>
constexpr bool has_at_most(std::uint32_t bits) noexcept {
    for (int i = 0; i < Most; ++i)
        bits &= bits - 1U;
    return bits == 0;
}

// How many errors two names may have by their lengths and letters; zero: they are no spellings of one name.
std::uint32_t most_edits(const surface& c, const surface& m) noexcept {
    const std::size_t shorter = std::min(c.length(), m.length());
    const std::size_t longer = std::max(c.length(), m.length());
    const std::uint32_t limit = shorter >= 8 ? 2 : shorter >= 4 ? 1 : 0;
    if (longer - shorter > limit)
        return 0;
    const std::uint32_t differing = c.letters() ^ m.letters();
    return has_at_most<2>(differing) || (limit == 2 && has_at_most<4>(differing)) ? limit : 0;
}

comparison by_edits(const surface& c, const surface& m) {
    const std::uint32_t limit = most_edits(c, m);
    if (limit == 0)
        return {};
    const std::uint32_t d = edits_between(c, m, limit);
    if (d > limit)
        return {};
    const bits rarity = std::min(c.rarity().edit, m.rarity().edit);
    if (d == 1)
        return {agreement::one_edit, rarity - cost_one_edit, piece_of(m.bare())};
    return {agreement::two_edits, rarity - 4 * one_bit - cost_two_edits, piece_of(m.bare())};
}

// Two Hangul names whose readings differ by one letter: a syllable has three, so a typing error changes one
// of some two hundred syllables near it.
comparison by_jamo(const surface& c, const surface& m) {
    constexpr bits neighbours = 8 * one_bit;
    if (!is_hangul(c.bare()) || !is_hangul(m.bare()) || c.length() != m.length() || c.length() < 2)
        return {};
    if (c.sound().size() < 5 || m.sound().size() < 5 || text::osa_distance(c.sound(), m.sound(), 1) != 1)
        return {};
    const bits weight = std::min(c.rarity().whole, m.rarity().whole) - neighbours - cost_one_edit;
    if (weight <= 0)
        return {};
    return {agreement::one_edit, weight, piece_of(m.bare())};
}

comparison by_prefix(const surface& c, const surface& m) {
    const std::string_view a = c.bare();
    const std::string_view b = m.bare();
    std::size_t n = 0;
    while (n < a.size() && n < b.size() && a[n] == b[n])
        ++n;
    if (n < 5)
        return {};
    const bits weight = rarity_of(a.substr(0, n)).edge - cost_prefix;
    return {agreement::prefix, std::max(weight, 0), piece_of(b)};
}

} // namespace

std::uint32_t edits_between(const surface& a, const surface& b, std::uint32_t limit) {
    const std::string_view x = a.bare();
    const std::string_view y = b.bare();
    if (a.is_ascii() && b.is_ascii() && is_one_edit(x, y))
        return 1;
    if (a.is_ascii() && b.is_ascii() && limit == 1)
        return x == y ? 0 : 2;
    if (a.is_ascii() && b.is_ascii() && x.size() <= text::osa_pattern::longest) {
        return text::osa_pattern(x).distance(y, limit);
    }
    return text::osa_distance(x, y, limit);
}

// Most pairs of plain names have nothing in common but some letters. Two such names of different bare keys
// can only agree if one contains the other, if they are a few errors apart, or if they begin alike.
bool may_agree(const surface& c, const surface& m) noexcept {
    const std::uint32_t a = c.letters();
    const std::uint32_t b = m.letters();
    if ((a & ~b) == 0 || (b & ~a) == 0 || most_edits(c, m) != 0)
        return true;
    return c.bare().substr(0, 5) == m.bare().substr(0, 5);
}

namespace {

// Whether a whole part of one may stand in the other, or be a part of it, by their letters.
bool may_have_part_of(const surface& outer, const surface& inner) noexcept {
    const std::uint32_t letters = outer.letters();
    if ((inner.extras() & surface::has_core) != 0 && may_contain(letters, inner.core_letters()))
        return true;
    for (std::size_t i = 0; i < inner.word_count(); ++i) {
        if (may_contain(letters, inner.word_letters(i)))
            return true;
    }
    return false;
}

// Whether two names may be one that is read in another way, by the sizes of the readings.
bool may_read_alike(const surface& c, const surface& m) noexcept {
    const unsigned extras = c.extras() | m.extras();
    if ((extras & surface::has_leet) != 0 || (c.extras() & m.extras() & surface::has_sound) != 0)
        return true;
    if ((extras & surface::has_sound) != 0) {
        const bool left = (c.extras() & surface::has_sound) != 0;
        if (left ? c.sound().size() == m.bare().size() : m.sound().size() == c.bare().size())
            return true;
    }
    return (extras & surface::has_look) != 0 && by_look(c, m).how != agreement::none;
}

// The same quick look at any two names with bare keys.
bool may_agree_in_parts(const surface& c, const surface& m) noexcept {
    constexpr unsigned readings = surface::has_look | surface::has_sound | surface::has_leet;
    return !c.has_letters_of_parts() || !m.has_letters_of_parts() || may_agree(c, m) ||
           may_have_part_of(c, m) || may_have_part_of(m, c) ||
           (((c.extras() | m.extras()) & readings) != 0 && may_read_alike(c, m));
}

} // namespace

comparison compare(const surface& c, const surface& m) {
    if (c.letters() != m.letters() && c.letters() != 0 && m.letters() != 0)
        return may_agree_in_parts(c, m) ? compare_different(c, m) : comparison();
    if (c.bare().empty() || m.bare().empty()) {
        // Names of signs alone: only themselves.
        if (c.bare() == m.bare() && c.exact() == m.exact() && !c.exact().empty()) {
            return {agreement::exact, 6 * one_bit, piece_of(m.exact())};
        }
        return {};
    }
    return c.bare() == m.bare() ? whole(c, m) : compare_different(c, m);
}

comparison compare_different(const surface& c, const surface& m) {
    comparison best = by_word(c, m);
    const auto consider = [&best](const comparison& other) {
        if (other.weight > best.weight)
            best = other;
    };
    // An imitation stays one, whatever else agrees but a word as it is written.
    if (best.how != agreement::token) {
        if (const comparison imitation = by_look(c, m); imitation.how != agreement::none)
            return imitation;
    }
    consider(by_reading(c, m));
    if (c.word_count() > 0 && m.word_count() > 0)
        consider(by_shared_word(c, m));
    consider(contained(c, m, m, std::max(best.weight, 0)));
    consider(contained(m, c, m, std::max(best.weight, 0)));
    if (best.how == agreement::none)
        consider(by_edits(c, m));
    if (best.how == agreement::none)
        consider(by_jamo(c, m));
    if (best.how == agreement::none)
        consider(by_prefix(c, m));
    if (best.slight)
        best.weight = std::max(best.weight - cost_slight, 0);
    return best;
}

bool is_much_alike(agreement how, const surface& a, const surface& b) noexcept {
    const std::size_t both = a.length() + b.length();
    const std::size_t shorter = std::min(a.length(), b.length());
    const auto errors = [longer = both - shorter](std::size_t n) { return 100 * n <= 15 * longer; };
    switch (how) {
    case agreement::identical:
    case agreement::exact:
    case agreement::folded:
    case agreement::sound:
    case agreement::leet:
        return true;
    case agreement::one_edit:
        return errors(1);
    case agreement::two_edits:
        return errors(2);
    case agreement::token:
    case agreement::core:
    case agreement::edge:
    case agreement::inside:
        return 200 * shorter >= 85 * both;
    case agreement::none:
    case agreement::shared_word:
    case agreement::prefix:
    case agreement::look:
        break;
    }
    return false;
}

} // namespace patt::identity
