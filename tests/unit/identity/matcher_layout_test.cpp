// How the matcher lays out what it keeps: its containers against those of the standard library, packed texts
// against the unpacked ones.
#include "core/identity/lean_list.hpp"
#include "core/identity/match_compare.hpp"
#include "core/identity/match_kept.hpp"
#include "core/identity/match_pointers.hpp"
#include "core/identity/match_surface.hpp"
#include "core/identity/posting_index.hpp"

#include <patt/text/name_keys.hpp>
#include <patt/text/utf8.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace patt::identity {
namespace {

using generator = std::mt19937;

std::uint32_t below(generator& random, std::uint32_t n) {
    return static_cast<std::uint32_t>(random() % n);
}

using oracle = std::map<std::uint32_t, std::set<std::uint32_t>>;

void expect_same(const posting_index& index, const oracle& expected, std::uint32_t key) {
    const auto list = index.find(key);
    std::set<std::uint32_t> got(list.begin(), list.end());
    ASSERT_EQ(got.size(), list.size()) << "key " << key << " holds a slot twice";
    const auto it = expected.find(key);
    ASSERT_EQ(got, it == expected.end() ? std::set<std::uint32_t>{} : it->second) << "key " << key;
}

// Random additions and removals; `key_of` decides how the keys lie in the table.
template <class KeyOf>
void compare_with_oracle(std::uint32_t keys, int steps, unsigned seed, KeyOf key_of) {
    posting_index index;
    oracle expected;
    generator random(seed);
    for (int i = 0; i < steps; ++i) {
        const std::uint32_t key = key_of(below(random, keys));
        const std::uint32_t slot = below(random, 40);
        auto& list = expected[key];
        // More additions in the first half, more removals in the second.
        const bool add = below(random, 100) < (i < steps / 2 ? 70U : 25U);
        if (add && !list.contains(slot)) {
            list.insert(slot);
            ASSERT_EQ(index.add(key, slot), list.size());
        } else if (!add && list.contains(slot)) {
            ASSERT_EQ(index.remove(key, slot), list.size());
            list.erase(slot);
        }
        expect_same(index, expected, key);
    }
    for (std::uint32_t k = 0; k < keys; ++k)
        expect_same(index, expected, key_of(k));
}

constexpr std::uint32_t inverse = 0x0E8B2F51U; // of the table's multiplier, modulo 2^32

TEST(PostingIndex, HoldsWhatWasAdded) {
    static_assert(0x9E3779B1U * inverse == 1U);
    compare_with_oracle(5000, 60000, 1, [](std::uint32_t k) { return k * 2654435761U + 1U; });
    compare_with_oracle(40, 20000, 2, [](std::uint32_t k) { return k + 1U; });
}

// Keys that all want the last place, the first one, or one in the middle.
TEST(PostingIndex, SurvivesKeysThatCrowdOnePlace) {
    compare_with_oracle(300, 20000, 3, [](std::uint32_t k) { return (0xFFFFFFFFU - k) * inverse; });
    compare_with_oracle(300, 20000, 4, [](std::uint32_t k) { return (1U + k) * inverse; });
    compare_with_oracle(300, 20000, 5, [](std::uint32_t k) { return (0x80000000U + k) * inverse; });
}

// Some one by one and many together, in turns.
template <class KeyOf>
void add_together(std::uint32_t keys, int many, unsigned seed, KeyOf key_of) {
    posting_index index;
    oracle expected;
    generator random(seed);
    for (int turn = 0; turn < 4; ++turn) {
        for (int i = 0; i < many; ++i) {
            const std::uint32_t key = key_of(below(random, keys));
            const std::uint32_t slot = below(random, 100'000);
            if (expected[key].insert(slot).second)
                index.add_later(key, slot);
        }
        index.catch_up();
        for (int i = 0; i < 50; ++i) {
            const std::uint32_t key = key_of(below(random, keys));
            auto& list = expected[key];
            if (!list.empty()) {
                ASSERT_EQ(index.remove(key, *list.begin()), list.size());
                list.erase(list.begin());
            }
            if (list.insert(100'000U).second) {
                ASSERT_EQ(index.add(key, 100'000U), list.size());
            }
        }
        for (std::uint32_t k = 0; k < keys; ++k)
            ASSERT_NO_FATAL_FAILURE(expect_same(index, expected, key_of(k)));
    }
}

TEST(PostingIndex, HoldsWhatWasAddedTogether) {
    const auto spread = [](std::uint32_t k) { return k * 2654435761U + 1U; };
    add_together(3000, 100, 6, spread);    // few at a time
    add_together(3000, 20'000, 7, spread); // sorted
    add_together(40, 20'000, 8, spread);   // long lists
    add_together(3000, 20'000, 9, [](std::uint32_t k) { return (0xFFFFFFFFU - k) * inverse; });
    add_together(3000, 20'000, 10, [](std::uint32_t k) { return (1U + k) * inverse; });
}

// More than wait at a time; in the order of the table, so that what comes first must not crowd its beginning.
TEST(PostingIndex, TakesAHalfMillionTogether) {
    constexpr std::uint32_t many = 600'000;
    posting_index index;
    for (std::uint32_t k = 0; k < many; ++k)
        index.add_later((k + 1U) * 7001U * inverse, k);
    index.catch_up();
    for (std::uint32_t k = 0; k < many; ++k) {
        const auto list = index.find((k + 1U) * 7001U * inverse);
        ASSERT_EQ(list.size(), 1U);
        ASSERT_EQ(list.front(), k);
    }
}

TEST(PostingIndex, CrowdedKeysCostNoMoreMemoryThanOthers) {
    posting_index crowded;
    posting_index spread;
    for (std::uint32_t k = 0; k < 3000; ++k) {
        crowded.add((0xFFFFFFFFU - k) * inverse, k);
        spread.add(k * 1431655U + 1U, k);
    }
    EXPECT_LT(crowded.bytes(), spread.bytes() * 2);
}

TEST(PostingIndex, AnEmptyOneFindsNothing) {
    posting_index index;
    EXPECT_TRUE(index.find(7).empty());
    EXPECT_EQ(index.remove(7, 1), 0U);
    index.add(7, 1);
    EXPECT_EQ(index.remove(8, 1), 0U);
    EXPECT_EQ(index.remove(7, 1), 1U);
    EXPECT_TRUE(index.find(7).empty());
}

TEST(LeanList, DoesWhatAVectorDoes) {
    generator random(6);
    lean_list<std::uint32_t> list;
    std::vector<std::uint32_t> expected;
    for (int i = 0; i < 20000; ++i) {
        const auto value = static_cast<std::uint32_t>(random());
        const std::size_t at = expected.empty() ? 0 : random() % expected.size();
        switch (random() % 5) {
        case 0:
            list.push_back(value);
            expected.push_back(value);
            break;
        case 1:
            list.insert(list.begin() + at, value);
            expected.insert(expected.begin() + static_cast<std::ptrdiff_t>(at), value);
            break;
        case 2:
            if (expected.empty())
                break;
            list.erase(list.begin() + at);
            expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(at));
            break;
        case 3:
            if (expected.empty())
                break;
            list.push_back(list[at]); // one of its own
            expected.push_back(expected[at]);
            break;
        default:
            if (random() % 40 != 0)
                break;
            expected.resize(random() % 12, value);
            list.assign(expected.data(), expected.data() + expected.size());
            break;
        }
        ASSERT_TRUE(std::equal(list.begin(), list.end(), expected.begin(), expected.end())) << i;
    }
    const lean_list<std::uint32_t> moved = std::move(list);
    EXPECT_EQ(moved.size(), expected.size());
}

TEST(PointerList, GivesBackWhatWasPacked) {
    const std::string longest(255, 'x');
    const std::vector<match_pointer> pointers{
        {pointer_kind::handle, channel::guild_note, "Rocket", "rocket", "", {1, 2, 3, 4}},
        {pointer_kind::alt_of, channel::officer_note, "Trogs", "trogs", "trog", {-5, 70000, 0, 9}},
        {pointer_kind::mention, channel::guild_note, longest, "", "", {}}};
    const pointer_list list(pointers);
    std::size_t i = 0;
    for (const match_pointer p : list) {
        ASSERT_LT(i, pointers.size());
        EXPECT_EQ(p.kind, pointers[i].kind);
        EXPECT_EQ(p.from, pointers[i].from);
        EXPECT_EQ(p.text, pointers[i].text);
        EXPECT_EQ(p.key, pointers[i].key);
        EXPECT_EQ(p.singular, pointers[i].singular);
        EXPECT_EQ(p.rarity.whole, pointers[i].rarity.whole);
        EXPECT_EQ(p.rarity.edit, pointers[i].rarity.edit);
        ++i;
    }
    EXPECT_EQ(i, pointers.size());
    EXPECT_TRUE(pointer_list(std::vector<match_pointer>{}).empty());
}

TEST(KeptRecords, GiveBackWhatWasPacked) {
    for (const std::size_t length : {std::size_t{0}, std::size_t{30}, std::size_t{70000}}) {
        match_character c;
        c.id = character_id{7};
        c.name = "Trogmoon";
        c.officer_note = std::string(length, 'n');
        EXPECT_EQ(kept_character(c).unpacked(), c);
        c.former_names = {"Trog", "", "Moon"};
        EXPECT_EQ(kept_character(c).unpacked(), c);
        EXPECT_EQ(kept_character(c).officer_note(), c.officer_note);

        match_member m;
        m.id = member_id{8};
        m.username = "trog";
        EXPECT_EQ(kept_member(m).unpacked(), m);
        m.aliases = {"a", std::string(length, 'b')};
        m.role_names = {"Priest", "Raider", ""};
        EXPECT_EQ(kept_member(m).unpacked(), m);
        EXPECT_EQ(kept_member(m), kept_member(m));
        match_member other = m;
        other.claims = {"Trogmoon"};
        EXPECT_FALSE(kept_member(m) == kept_member(other));
    }
}

std::vector<std::string> spellings() {
    std::vector<std::string> out{"Trogmoon",         "Zata\u00F1\u00F1a", "V3lmerich",
                                 "R\u043Ecket",      "nC_Trog",           "\u2605\u2605",
                                 "[PATT] Mito / Bo", "El Matador 99",     "\u0417\u0435\u0432\u0441"};
    std::string cyrillic; // more than 255 bytes of keys: its ends take two bytes each
    for (int i = 0; i < 12; ++i)
        cyrillic += "\u0416\u0443\u043A\u043E\u0432 ";
    out.push_back(cyrillic);
    out.push_back(std::string(96, 'x') + "y");
    return out;
}

TEST(Surfaces, GiveBackTheKeysTheyWereMadeOf) {
    surface_workshop shop;
    for (const std::string& name : spellings()) {
        shop.add("somebody", surface_origin::username);
        shop.add(name, surface_origin::nickname);
        const surface_set set = shop.take();
        std::size_t count = 0;
        surface last;
        for (const surface s : set) {
            last = s;
            ++count;
        }
        ASSERT_EQ(count, 2U);
        const text::name_keys keys = text::keys_of(text::first_characters(name, 96));
        EXPECT_EQ(last.raw(), text::first_characters(name, 96));
        EXPECT_EQ(last.exact(), keys.exact);
        EXPECT_EQ(last.bare(), keys.bare);
        EXPECT_EQ(last.look(), keys.look);
        EXPECT_EQ(last.sound(), keys.sound);
        EXPECT_EQ(last.leet(), keys.leet);
        EXPECT_EQ(last.core(), keys.core);
        EXPECT_EQ(last.length(), key_length(keys.bare));
        EXPECT_EQ(last.rarity().whole, rarity_of(keys.bare).whole);
        for (std::size_t i = 0; i < last.word_count(); ++i)
            EXPECT_FALSE(last.word(i).empty()) << name;
    }
}

// What is called a repetition has the same keys to find it by, and agrees with others as the first one does.
TEST(Surfaces, ARepetitionAddsNothing) {
    surface_workshop shop;
    std::size_t repetitions = 0;
    for (const std::string& name : spellings()) {
        std::string loud = name;
        std::transform(loud.begin(), loud.end(), loud.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        for (const std::string& again : {loud, " " + name, name + "!", name + "9"}) {
            shop.add(name, surface_origin::username);
            shop.add(again, surface_origin::nickname);
            const surface_set set = shop.take();
            surface second = set.front();
            for (const surface s : set)
                second = s;
            if (!second.is_repetition())
                continue;
            ++repetitions;
            shop.add(again, surface_origin::nickname);
            const surface_set alone = shop.take();
            std::vector<block_key> keys;
            std::vector<block_key> keys_alone;
            append_block_keys(set.front(), keys);
            append_block_keys(alone.front(), keys_alone);
            EXPECT_EQ(keys, keys_alone);
            for (const std::string& other : spellings()) {
                shop.add(other, surface_origin::name);
                const surface_set others = shop.take();
                if (others.front().bare() == second.bare())
                    continue;
                const comparison a = compare(others.front(), set.front());
                const comparison b = compare(others.front(), second);
                EXPECT_EQ(a.how, b.how) << name << " ~ " << other;
                EXPECT_EQ(a.weight, b.weight);
                EXPECT_EQ(a.piece, b.piece);
                EXPECT_EQ(a.slight, b.slight);
            }
        }
    }
    EXPECT_GT(repetitions, 8U);
}

// The quick look at plain names must never hide an agreement: names that were made of each other by errors,
// cuts and additions, and strangers.
TEST(Surfaces, TheQuickLookHidesNoAgreement) {
    generator random(11);
    surface_workshop shop;
    const auto letter = [&] {
        return static_cast<char>('a' + below(random, below(random, 2) == 0 ? 4 : 26));
    };
    std::size_t rejected = 0;
    std::size_t agreed = 0;
    for (int i = 0; i < 60000; ++i) {
        std::string name;
        for (std::uint32_t n = 3 + below(random, 10); n > 0; --n)
            name += below(random, 40) == 0 ? std::string("\u0416") : std::string(1, letter());
        std::string other = name;
        for (std::uint32_t n = below(random, 5); n > 0; --n) {
            const std::size_t at = below(random, static_cast<std::uint32_t>(other.size()));
            switch (below(random, 4)) {
            case 0:
                other.insert(at, 1, letter());
                break;
            case 1:
                other.erase(at, 1 + below(random, 3));
                break;
            case 2:
                other = other.substr(at) + other.substr(0, at / 2);
                break;
            default:
                other[at] = letter();
                break;
            }
            if (other.empty())
                other = "x";
        }
        shop.add(name, surface_origin::name);
        const surface_set a = shop.take();
        shop.add(other, surface_origin::username);
        const surface_set b = shop.take();
        if (a.empty() || b.empty() || !a.front().is_plain() || !b.front().is_plain() ||
            a.front().bare() == b.front().bare())
            continue;
        const bool agree = compare_different(a.front(), b.front()).how != agreement::none;
        agreed += agree ? 1U : 0U;
        if (may_agree(a.front(), b.front()))
            continue;
        ++rejected;
        ASSERT_FALSE(agree) << name << " ~ " << other;
    }
    EXPECT_GT(rejected, 1000U);
    EXPECT_GT(agreed, 5000U);
}

TEST(Surfaces, TheQuickLookAtPartsHidesNoAgreementEither) {
    std::mt19937 random(17);
    surface_workshop shop;
    std::size_t rejected = 0;
    std::size_t agreed = 0;
    const char* const parts[] = {"Trog",   "mito", "Mito99",       "dr",     "xX",           " ",
                                 " / ",    "the",  "\u0417\u0435", "3",      "\uBC14\uB2E4", "\u0430",
                                 "Shadow", "o",    "m00n",         "\u00F1", "#1234",        "-"};
    const auto made_up = [&] {
        std::string name;
        for (std::uint32_t n = 1 + below(random, 4); n > 0; --n)
            name += parts[below(random, static_cast<std::uint32_t>(std::size(parts)))];
        return name;
    };
    for (int i = 0; i < 60000; ++i) {
        const std::string name = made_up();
        const std::string other = made_up();
        shop.add(name, surface_origin::name);
        const surface_set a = shop.take();
        shop.add(other, surface_origin::username);
        const surface_set b = shop.take();
        if (a.empty() || b.empty() || a.front().bare().empty() || b.front().bare().empty() ||
            a.front().bare() == b.front().bare())
            continue;
        const comparison quick = compare(a.front(), b.front());
        const comparison whole = compare_different(a.front(), b.front());
        ASSERT_EQ(quick.how, whole.how) << name << " ~ " << other;
        ASSERT_EQ(quick.weight, whole.weight) << name << " ~ " << other;
        ASSERT_EQ(quick.piece, whole.piece) << name << " ~ " << other;
        ASSERT_EQ(quick.slight, whole.slight) << name << " ~ " << other;
        (whole.how == agreement::none ? rejected : agreed) += 1;
    }
    EXPECT_GT(rejected, 5000U);
    EXPECT_GT(agreed, 5000U);
}

} // namespace
} // namespace patt::identity
