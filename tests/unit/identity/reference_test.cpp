// The matcher against a plain, slow one that works every answer out from nothing: small guilds, after
// histories of changes, and where keys are too common to be of help. PATT_TEST_LONG: many more of them.
#include "unit/identity/reference/evidence.hpp"
#include "unit/identity/reference/made_up.hpp"
#include "unit/identity/reference/matcher.hpp"
#include "unit/identity/reference/rulings.hpp"
#include "unit/identity/reference/ties.hpp"

#include <patt/identity/matcher.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

namespace patt::identity::reference {
namespace {

std::uint64_t rounds(std::uint64_t usual) {
    return std::getenv("PATT_TEST_LONG") != nullptr ? usual * 5 : usual;
}

std::string describe(const match_decision& d) {
    std::ostringstream out;
    out << std::setprecision(17) << d.character.value() << ": " << to_string(d.what) << " "
        << d.member.value() << " p " << d.probability << " " << to_string(d.level) << " by "
        << to_string(d.by) << ", " << to_string(d.why_not) << ", via " << d.via.value() << ", group "
        << d.group.value() << ", alt of " << d.alt_suggestion.value() << ";";
    for (const ranked_candidate& c : d.candidates)
        out << " " << c.member.value() << " " << c.weight << " " << c.probability;
    return out.str();
}

std::string describe(const match_character& c) {
    std::string out = std::to_string(c.id.value()) + " \"" + c.name + "\" - " + c.realm + " [" +
                      c.guild_note + "] [" + c.officer_note + "] " + c.alt_group;
    for (const std::string& f : c.former_names)
        out += " formerly " + f;
    return out + "\n";
}

std::string describe(const match_member& m) {
    std::string out = std::to_string(m.id.value()) + " \"" + m.username + "\" \"" + m.global_name + "\" \"" +
                      m.nickname + "\"";
    for (const std::string& a : m.aliases)
        out += " alias " + a;
    for (const std::string& c : m.claims)
        out += " claims " + c;
    return out + "\n";
}

// Whom the answer may concern, for whoever reads a failure.
std::string describe(const content& all) {
    std::string out;
    for (const auto& [id, c] : all.characters)
        out += c.state == attendance::present ? describe(c) : "";
    for (const auto& [id, m] : all.members)
        out += m.state == attendance::present && m.counts == candidacy::candidate ? describe(m) : "";
    for (const match_ruling& r : all.rulings)
        out += std::string(to_string(r.kind)) + " " + std::to_string(r.character.value()) + " " +
               std::to_string(r.member.value()) + " " + std::to_string(r.other.value()) + "\n";
    return out;
}

// Equal to the last bit: both sum the smallest first.
std::string difference(const std::vector<match_decision>& real, const std::vector<match_decision>& plain) {
    if (real == plain)
        return {};
    if (real.size() != plain.size())
        return "not as many";
    const auto [a, b] = std::mismatch(real.begin(), real.end(), plain.begin());
    return "\nreal  " + describe(*a) + "\nplain " + describe(*b) + "\n";
}

std::vector<match_ruling> sorted(std::vector<match_ruling> some) {
    const auto key = [](const match_ruling& r) {
        return std::tuple(r.character, r.kind, r.member, r.other, r.facts);
    };
    std::sort(some.begin(), some.end(), [&key](const auto& a, const auto& b) { return key(a) < key(b); });
    return some;
}

std::string difference(const matcher& real, const content& all) {
    const answers plain = answer(all);
    std::string out = difference(real.decisions(), plain.decisions);
    if (!out.empty())
        return "decisions: " + out + describe(all);
    out = difference(real.review_queue(), plain.review_queue);
    if (!out.empty())
        return "queue: " + out + describe(all);
    if (real.members_without_character() != plain.members_without_character)
        return "members without a character\n" + describe(all);
    return sorted(real.rulings()) == sorted(all.rulings) ? "" : "rulings\n" + describe(all);
}

// A matcher, and what it was told.
struct pair_of_both {
    content all;
    matcher real;

    explicit pair_of_both(const matcher_settings& settings)
        : real(settings) {
        all.settings = settings;
    }
    void put(const match_character& c) { real.put(all.characters[c.id] = c); }
    void put(const match_member& m) { real.put(all.members[m.id] = m); }
    void remove(character_id id) {
        real.remove(id);
        if (all.characters.contains(id))
            all.characters[id].state = attendance::gone;
    }
    void remove(member_id id) {
        real.remove(id);
        if (all.members.contains(id))
            all.members[id].state = attendance::gone;
    }
    void decide(const match_ruling& r) { EXPECT_EQ(real.rule(r), rule(all, r)); }
    void undo(const match_ruling& r) {
        real.withdraw(r);
        withdraw(all, r);
    }
    void learn(const std::vector<route_experience>& what) { real.learn(all.experience = what); }
};

character_id character_number(std::size_t n) {
    return character_id{static_cast<std::int64_t>(1 + n)};
}
member_id member_number(std::size_t n) {
    return member_id{static_cast<std::int64_t>(1001 + n)};
}

pair_of_both small_guild(dice& d, std::size_t most) {
    pair_of_both both(some_settings(d));
    const std::size_t characters = 2 + d.below(most - 1);
    const std::size_t members = 2 + d.below(most - 1);
    const stems from = some_stems(d, 2 + d.below(characters + members));
    for (std::size_t i = 0; i < members; ++i)
        both.put(some_member(d, member_number(i), from));
    for (std::size_t i = 0; i < characters; ++i)
        both.put(some_character(d, character_number(i), from));
    while (!d.once_in(4))
        both.decide(some_ruling(d, characters, members));
    while (!d.once_in(3)) // rulings may be about names that have changed since
        both.put(some_character(d, character_number(d.below(characters)), from));
    while (!d.once_in(3)) // rulings may be about names that have changed since
        both.put(some_character(d, character_number(d.below(characters)), from));
    if (d.once_in(3))
        both.learn({some_experience(d), some_experience(d)});
    both.real.settle();
    return both;
}

TEST(ReferenceMatcher, AgreesOnSmallGuilds) {
    for (std::uint64_t seed = 1; seed <= rounds(1000); ++seed) {
        dice d(seed);
        const pair_of_both both = small_guild(d, seed % 10 == 0 ? 60 : 16);
        ASSERT_EQ(difference(both.real, both.all), "") << "seed " << seed;
    }
}

// What the two themselves say, before everybody else has a say.
bits evidence_in(const match_explanation& e) {
    const std::set<channel> of_others{channel::group, channel::prior, channel::competition, channel::rivalry,
                                      channel::calibration};
    bits sum = 0;
    for (const evidence_item& i : e.items)
        sum += of_others.contains(i.from) ? 0 : i.weight;
    return sum;
}

// Also of pairs that no key brings together, which no decision shows.
TEST(ReferenceMatcher, AgreesOnTheEvidenceOfEveryPair) {
    for (std::uint64_t seed = 1; seed <= rounds(100); ++seed) {
        dice d(seed + 50'000);
        const pair_of_both both = small_guild(d, 16);
        const guild g = read_guild(both.all);
        for (const character& c : g.characters) {
            for (const member& m : g.members) {
                ASSERT_EQ(evidence_in(both.real.explain(c.record.id, m.record.id)),
                          evidence_of(g, c, m).total)
                    << "seed " << seed << "\n"
                    << describe(c.record) << describe(m.record);
            }
        }
    }
}

TEST(ReferenceMatcher, AgreesOnWhatTiesEveryTwoCharacters) {
    for (std::uint64_t seed = 1; seed <= rounds(100); ++seed) {
        dice d(seed + 60'000);
        const pair_of_both both = small_guild(d, 16);
        const guild g = read_guild(both.all);
        for (std::size_t i = 0; i < g.characters.size(); ++i) {
            for (const auto& [j, t] : ties_of(g, i)) {
                ties back = ties_of(g, j);
                const double said = std::max(t.said, back[i].said) / 1000.0;
                ASSERT_EQ(both.real.tie(g.characters[i].record.id, g.characters[j].record.id), said)
                    << "seed " << seed << "\n"
                    << describe(both.all);
            }
        }
    }
}

// A comparison of answers that never differ in anything would say nothing.
TEST(ReferenceMatcher, IsAskedForEveryKindOfAnswer) {
    std::set<std::string> seen;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        dice d(seed);
        for (const match_decision& m : small_guild(d, 16).real.review_queue()) {
            seen.insert(m.alt_suggestion ? "suggests an alt" : "suggests no alt");
            seen.insert(m.candidates.size() == 3 ? "three candidates" : "less candidates");
        }
    }
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        dice d(seed);
        for (const match_decision& m : small_guild(d, 16).real.decisions()) {
            for (const std::string_view what :
                 {to_string(m.what), to_string(m.level), to_string(m.by), to_string(m.why_not)})
                seen.emplace(what);
            seen.insert(m.via ? "carried" : m.group == m.character ? "first" : "in a group");
        }
    }
    for (const char* what : {"link",
                             "suggest",
                             "nothing",
                             "none",
                             "low",
                             "medium",
                             "high",
                             "certain",
                             "confirmed",
                             "exact_name",
                             "guild_note",
                             "officer_note",
                             "fuzzy_name",
                             "similar_name",
                             "main_of",
                             "ruling_outdated",
                             "alt_of",
                             "self_reported",
                             "alias",
                             "manual",
                             "unsure",
                             "several_fit",
                             "several_characters",
                             "look_alike",
                             "owners_conflict",
                             "contradicts_ruling",
                             "contradicts_group",
                             "related_only",
                             "rejected",
                             "not_in_chat",
                             "carried",
                             "first",
                             "in a group",
                             "suggests an alt",
                             "suggests no alt",
                             "three candidates",
                             "less candidates"})
        EXPECT_TRUE(seen.contains(what)) << what;
}

void change(dice& d, pair_of_both& both, const stems& from, std::size_t people) {
    const character_id c = character_number(d.below(people));
    const member_id m = member_number(d.below(people));
    switch (d.below(12)) {
    case 0:
    case 1:
    case 2:
        both.put(some_character(d, c, from));
        break;
    case 3:
    case 4:
    case 5:
        both.put(some_member(d, m, from));
        break;
    case 6:
        both.remove(c);
        break;
    case 7:
        both.remove(m);
        break;
    case 8:
    case 9:
        both.decide(some_ruling(d, people, people));
        break;
    case 10:
        if (!both.all.rulings.empty())
            both.undo(match_ruling(d.pick(both.all.rulings)));
        break;
    default:
        if (d.once_in(3))
            both.learn({some_experience(d)});
        break;
    }
}

TEST(ReferenceMatcher, AgreesAfterAnyHistory) {
    for (std::uint64_t seed = 1; seed <= rounds(1600); ++seed) {
        dice d(seed + 10'000);
        pair_of_both both(some_settings(d));
        const std::size_t people = 2 + d.below(24);
        const stems from = some_stems(d, 2 + d.below(people));
        for (std::size_t step = 0; step < 80; ++step) {
            change(d, both, from, people);
            if (d.once_in(2))
                both.real.settle();
            if (!d.once_in(15))
                continue;
            both.real.settle();
            ASSERT_EQ(difference(both.real, both.all), "") << "seed " << seed << " step " << step;
        }
    }
}

// Names that begin or end alike, and homonyms, about as many as a key may have.
TEST(ReferenceMatcher, AgreesWhereKeysAreTooCommonToHelp) {
    for (std::uint64_t seed = 1; seed <= rounds(80); ++seed) {
        dice d(seed + 20'000);
        pair_of_both both(some_settings(d));
        const stems from = some_stems(d, 4);
        const std::size_t crowd = d.once_in(2) ? 20 : 58;
        const std::string name = crowd == 20 ? spelt(d, from) : from.front();
        const auto join = [&](std::size_t n) {
            match_member m = some_member(d, member_number(n), from);
            m.state = attendance::present;
            m.counts = candidacy::candidate;
            m.username = crowd == 20 ? name + static_cast<char>('a' + n % 26) : name;
            both.put(m);
        };
        for (std::size_t n = 0; n < crowd; ++n)
            join(n);
        for (std::size_t n = 0; n < 8; ++n)
            both.put(some_character(d, character_number(n), from));
        for (std::size_t step = 0; step < 24; ++step) {
            const std::size_t n = crowd - 4 + d.below(14);
            if (d.once_in(3)) {
                both.remove(member_number(n));
            } else {
                join(n);
            }
            both.real.settle();
            if (step % 6 != 5)
                continue;
            ASSERT_EQ(difference(both.real, both.all), "") << "seed " << seed << " step " << step;
        }
    }
}

// Two names that many bear, and characters that bore both: more fit one than any one key gives.
TEST(ReferenceMatcher, AgreesWhereVeryManyFit) {
    for (std::uint64_t seed = 1; seed <= rounds(10); ++seed) {
        dice d(seed + 40'000);
        pair_of_both both(some_settings(d));
        const stems from = some_stems(d, 4);
        for (std::size_t n = 0; n < 100; ++n) {
            match_member m = some_member(d, member_number(n), from);
            m.username = from[n % 2];
            both.put(m);
        }
        for (std::size_t n = 0; n < 8; ++n) {
            match_character c = some_character(d, character_number(n), from);
            c.name = from[n % 2];
            c.former_names = {from[1 - n % 2]};
            both.put(c);
        }
        both.real.settle();
        ASSERT_EQ(difference(both.real, both.all), "") << "seed " << seed;
    }
}

// Many characters of names and notes that few share elsewhere: lists that are too long, notes that too many
// share.
TEST(ReferenceMatcher, AgreesOnCrowdsOfCharacters) {
    for (std::uint64_t seed = 1; seed <= rounds(40); ++seed) {
        dice d(seed + 30'000);
        pair_of_both both(some_settings(d));
        const stems from = some_stems(d, 3);
        const std::string note = d.once_in(2) ? "Bankrupt" : "Discord: Bankrupt";
        const auto join = [&](std::size_t n) {
            match_character c = some_character(d, character_number(n), from);
            c.state = attendance::present;
            c.name = d.once_in(6) ? c.name : from.front() + static_cast<char>('a' + n % 26);
            c.guild_note = d.once_in(8) ? c.guild_note : note;
            both.put(c);
        };
        for (std::size_t n = 0; n < 6; ++n)
            both.put(some_member(d, member_number(n), from));
        for (std::size_t n = 0; n < 42; ++n)
            join(n);
        for (std::size_t step = 0; step < 12; ++step) {
            const std::size_t n = 14 + d.below(40);
            if (d.once_in(3)) {
                both.remove(character_number(n));
            } else {
                join(n);
            }
            both.real.settle();
            if (step % 4 != 3)
                continue;
            ASSERT_EQ(difference(both.real, both.all), "") << "seed " << seed << " step " << step;
        }
    }
}

} // namespace
} // namespace patt::identity::reference
