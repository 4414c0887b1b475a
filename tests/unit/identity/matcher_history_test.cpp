// The decisions depend on what is in the matcher, not on how it came there: random histories against a
// rebuild, and against a plain reading of the candidate rule.
#include "core/identity/match_state.hpp"

#include <patt/identity/matcher.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

namespace patt::identity {
namespace {

class dice {
public:
    explicit dice(std::uint64_t seed)
        : state_(seed * 2654435761ULL + 99) {}
    std::size_t below(std::size_t n) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>((state_ >> 33U) % n);
    }
    template <class T>
    const T& pick(const std::vector<T>& v) {
        return v[below(v.size())];
    }

private:
    std::uint64_t state_;
};

// Few names, so that everything collides: homonyms, typing errors, parts, tags, notes that name each other.
const std::vector<std::string> names = {"Trogmoon",    "Trogmon",  "Trog",
                                        "trogmoon99",  "Shodoom",  "Shodoomalt",
                                        "Zatañña",     "Zatanna",  "zatanna_tv",
                                        "Rocket",      "rocket",   "R\u043Ecket",
                                        "Mito",        "Mitos",    "El Matador",
                                        "elmatador",   "Bajdoffa", "Bajdoffb",
                                        "Bajdoff",     "Khazgrim", "Khaz",
                                        "Kelthas",     "Keltas",   "Main/Alt",
                                        "[PATT] Mito", "Bo",       "Ivo",
                                        "Зевс",        "Zevs",     "V3lmerich",
                                        "Velmerich",   "nC_Trog",  "Trogmoon Rocket",
                                        "★★",          "Shodoom",  "Moonbear"};
const std::vector<std::string> notes = {
    "",         "alt of Trogmoon", "Trogmoon",           "Shodoom's alt", "Discord: rocket",
    "@mito",    "Rocket's friend", "managed by Shodoom", "sho",           "sho",
    "sho's dk", "Khaz alt",        "main: Zatanna",      "Mitos shammy",  "Bajdof",
    "alch",     "hit mito",        "DC: El Matador"};
const std::vector<std::string> realms = {"Sen'jin", "Sargeras", ""};
const std::vector<std::string> classes = {"Priest", "Mage", ""};

// Unknown, or one of some days in a row: some lie within two days of each other.
instant random_day(dice& d) {
    constexpr std::int64_t day_us = 24LL * 3600 * 1'000'000;
    return d.below(3) == 0 ? instant{}
                           : instant{1'780'000'000'000'000 + static_cast<std::int64_t>(d.below(6)) * day_us};
}

match_character random_character(dice& d, std::int64_t id) {
    match_character c;
    c.id = character_id{id};
    c.name = d.pick(names);
    c.realm = d.pick(realms);
    c.guild_note = d.pick(notes);
    if (d.below(4) == 0)
        c.officer_note = d.pick(notes);
    if (d.below(6) == 0)
        c.alt_group = d.below(2) == 0 ? "group one" : "group two";
    if (d.below(8) == 0)
        c.former_names.push_back(d.pick(names));
    c.class_name = d.pick(classes);
    c.joined_at = random_day(d);
    if (d.below(10) == 0)
        c.state = attendance::gone;
    return c;
}

match_member random_member(dice& d, std::int64_t id) {
    match_member m;
    m.id = member_id{id};
    m.username = d.pick(names);
    if (d.below(2) == 0)
        m.nickname = d.pick(names);
    if (d.below(3) == 0)
        m.global_name = d.pick(names);
    if (d.below(8) == 0)
        m.aliases.push_back(d.pick(names));
    if (d.below(4) == 0)
        m.role_names = {d.pick(classes), "Raider"};
    m.joined_at = random_day(d);
    if (d.below(6) == 0)
        m.claims.push_back(d.pick(names) + (d.below(2) == 0 ? "-Sargeras" : ""));
    if (d.below(10) == 0)
        m.state = attendance::gone;
    if (d.below(10) == 0)
        m.counts = candidacy::bystander;
    return m;
}

struct world {
    std::map<std::int64_t, match_character> characters;
    std::map<std::int64_t, match_member> members;
    std::vector<route_experience> experience;
};

route_experience random_experience(dice& d) {
    constexpr std::array routes{route::exact_name, route::fuzzy_name, route::guild_note, route::alias,
                                route::alt_of};
    const int accepted = static_cast<int>(d.below(30));
    const int rejected = static_cast<int>(d.below(30));
    return {routes[d.below(routes.size())], accepted, rejected,
            static_cast<std::int64_t>(d.below(1000)) * (accepted + rejected)};
}

void random_change(dice& d, matcher& m, world& w) {
    const auto id = static_cast<std::int64_t>(1 + d.below(14));
    const auto other = static_cast<std::int64_t>(1 + d.below(14));
    const auto mid = static_cast<std::int64_t>(101 + d.below(14));
    switch (d.below(10)) {
    case 0:
    case 1:
    case 2:
        m.put(w.characters[id] = random_character(d, id));
        break;
    case 3:
    case 4:
    case 5:
        m.put(w.members[mid] = random_member(d, mid));
        break;
    case 6:
        m.remove(character_id{id});
        if (w.characters.contains(id))
            w.characters[id].state = attendance::gone;
        break;
    case 7: {
        const auto kind = static_cast<ruling_kind>(d.below(5));
        m.rule({kind, character_id{id}, member_id{mid}, character_id{other}, 0});
        break;
    }
    case 8: {
        const auto all = m.rulings();
        if (!all.empty())
            m.withdraw(d.pick(all));
        break;
    }
    default:
        if (d.below(3) == 0) {
            w.experience = {random_experience(d)};
            m.learn(w.experience);
        }
        break;
    }
}

matcher rebuilt(const matcher& old, const world& w, dice& d) {
    matcher fresh;
    // Members and characters in a random order, rulings last and first: none of it may matter.
    std::vector<std::int64_t> order;
    for (const auto& [id, c] : w.characters)
        order.push_back(id);
    for (const auto& [id, m] : w.members)
        order.push_back(id);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[d.below(i)]);
    const bool rulings_first = d.below(2) == 0;
    if (rulings_first) {
        for (const match_ruling& r : old.rulings())
            fresh.rule(r);
    }
    for (const std::int64_t id : order) {
        if (id > 100) {
            fresh.put(w.members.at(id));
        } else {
            fresh.put(w.characters.at(id));
        }
        if (d.below(5) == 0)
            fresh.settle();
    }
    if (!rulings_first) {
        for (const match_ruling& r : old.rulings())
            fresh.rule(r);
    }
    fresh.learn(w.experience);
    fresh.settle();
    return fresh;
}

std::string describe(const match_decision& d) {
    return std::to_string(d.character.value()) + " -> " + std::to_string(d.member.value()) + " " +
           std::string(to_string(d.what)) + " " + std::to_string(d.probability) + " " +
           std::string(to_string(d.why_not)) + " group " + std::to_string(d.group.value()) + " via " +
           std::to_string(d.via.value()) + " by " + std::string(to_string(d.by));
}

TEST(MatcherHistory, AnyHistoryEqualsARebuild) {
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        dice d(seed);
        matcher m;
        world w;
        for (int step = 0; step < 60; ++step) {
            random_change(d, m, w);
            if (d.below(3) != 0)
                m.settle();
        }
        m.settle();
        const matcher fresh = rebuilt(m, w, d);
        const auto a = m.decisions();
        const auto b = fresh.decisions();
        ASSERT_EQ(a.size(), b.size()) << "seed " << seed;
        for (std::size_t i = 0; i < a.size(); ++i) {
            ASSERT_EQ(a[i], b[i]) << "seed " << seed << "\n" << describe(a[i]) << "\n" << describe(b[i]);
        }
        ASSERT_EQ(m.review_queue(), fresh.review_queue()) << "seed " << seed;
        ASSERT_EQ(m.members_without_character(), fresh.members_without_character());
    }
}

TEST(MatcherHistory, ListsThatGrowTooCommonAndShrinkAgainLeaveNoTrace) {
    const auto limit = static_cast<std::int64_t>(posting_limit(block_kind::whole));
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        dice d(seed + 900);
        matcher m;
        world w;
        const auto crowd = [&](std::int64_t id) {
            match_member x;
            x.id = member_id{200 + id};
            x.username = "Trogmoon";
            x.nickname = d.below(2) == 0 ? "Shodoom" : "";
            m.put(w.members[200 + id] = x);
        };
        for (std::int64_t id = 0; id < limit - 3; ++id)
            crowd(id);
        for (std::int64_t id = 1; id <= 8; ++id)
            m.put(w.characters[id] = random_character(d, id));
        for (int step = 0; step < 40; ++step) {
            const auto id = limit - 6 + static_cast<std::int64_t>(d.below(12));
            if (d.below(2) == 0) {
                crowd(id);
            } else if (w.members.contains(200 + id)) {
                m.remove(member_id{200 + id});
                w.members[200 + id].state = attendance::gone;
            }
            m.settle();
        }
        const matcher fresh = rebuilt(m, w, d);
        ASSERT_EQ(m.decisions(), fresh.decisions()) << "seed " << seed;
    }
}

TEST(MatcherHistory, ChangesAreReportedExactlyOnce) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        dice d(seed);
        matcher m;
        world w;
        std::map<std::int64_t, match_decision> told;
        for (int step = 0; step < 60; ++step) {
            random_change(d, m, w);
            for (const match_decision& x : m.settle())
                told[x.character.value()] = x;
            for (const match_decision& x : m.decisions())
                ASSERT_EQ(told[x.character.value()], x) << "seed " << seed << " step " << step;
            ASSERT_TRUE(m.settle().empty()) << "seed " << seed << " step " << step;
        }
    }
}

// The plain rule: a pair is looked at if it shares a key that few enough members have.
TEST(MatcherHistory, CandidatesAreThoseOfThePlainRule) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        dice d(seed + 5000);
        matcher::state s{matcher_settings{}};
        std::vector<slot> characters;
        std::vector<slot> members;
        for (std::int64_t id = 1; id <= 12; ++id) {
            const slot x = s.slot_of(character_id{id});
            s.characters[x].record = random_character(d, id);
            s.characters[x].present = true;
            s.index(x);
            characters.push_back(x);
        }
        const std::int64_t pool = seed % 2 == 0 ? 20 : 150; // in the large one some keys are too common
        for (std::int64_t id = 1; id <= pool; ++id) {
            const slot x = s.slot_of(member_id{id});
            s.members[x].record = random_member(d, id);
            s.members[x].present = true;
            s.index_member(x);
            members.push_back(x);
        }
        std::map<std::uint32_t, std::size_t> common;
        std::vector<std::vector<block_key>> keys(members.size());
        for (std::size_t i = 0; i < members.size(); ++i) {
            collect_member_keys(s.members[members[i]], keys[i]);
            for (const block_key& k : keys[i])
                ++common[k.hash];
        }
        s.catch_up();
        for (const slot c : characters) {
            std::vector<contest> touched;
            s.score(c, touched);
            std::vector<std::pair<slot, bits>> expected;
            std::vector<block_key> own;
            collect_character_keys(s.characters[c], own);
            for (std::size_t i = 0; i < members.size(); ++i) {
                const bool shared = std::any_of(own.begin(), own.end(), [&](const block_key& k) {
                    return common[k.hash] <= posting_limit(k.kind) &&
                           std::find(keys[i].begin(), keys[i].end(), k) != keys[i].end();
                });
                if (!shared)
                    continue;
                const pair_score p = s.score_pair(s.characters[c], members[i], nullptr);
                if (p.total > 0 || p.related)
                    expected.emplace_back(members[i], p.total);
            }
            std::vector<std::pair<slot, bits>> got;
            for (const pair_score& p : s.characters[c].candidates)
                got.emplace_back(p.member, p.total);
            std::sort(got.begin(), got.end());
            ASSERT_EQ(got, expected) << "seed " << seed;
        }
    }
}

// Every candidate of every character, by brute force and by the index, while members come, change and go.
TEST(MatcherHistory, SmallPoolsHaveTheSameCandidatesByBruteForceAndByIndex) {
    constexpr std::size_t most = 24; // no list of the index can be too long below
    std::size_t candidates = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        dice d(seed + 7000);
        matcher::state brute{matcher_settings{}};
        matcher::state index{matcher_settings{}};
        brute.few_members = small_pool(most);
        index.few_members = small_pool(0);
        for (int step = 0; step < 40; ++step) {
            const auto id = static_cast<std::int64_t>(1 + d.below(seed % 2 == 0 ? 4 : most));
            const match_member m = random_member(d, id);
            const match_character c = random_character(d, 1 + static_cast<std::int64_t>(d.below(10)));
            for (matcher::state* s : {&brute, &index}) {
                const slot x = s->slot_of(m.id);
                s->unindex_member(x);
                s->members[x].record = m;
                s->members[x].present = m.state == attendance::present && m.counts == candidacy::candidate;
                s->index_member(x);
                const slot y = s->slot_of(c.id);
                s->unindex(y);
                s->characters[y].record = c;
                s->characters[y].present = true;
                s->index(y);
                s->catch_up();
            }
            ASSERT_TRUE(brute.few_members.is_kept());
            for (slot y = 0; y < brute.characters.size(); ++y) {
                brute.find_members(brute.characters[y]);
                index.find_members(index.characters[y]);
                std::sort(brute.found_scratch.begin(), brute.found_scratch.end());
                std::sort(index.found_scratch.begin(), index.found_scratch.end());
                ASSERT_EQ(brute.found_scratch, index.found_scratch) << "seed " << seed << " step " << step;
                candidates += brute.found_scratch.size();
            }
        }
    }
    EXPECT_GT(candidates, 10000U);
}

// The same members decided by brute force, and by the index after others came and went.
TEST(MatcherHistory, SmallPoolsHaveTheSameDecisionsByBruteForceAndByIndex) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        dice d(seed + 8000);
        matcher brute;
        matcher index;
        for (std::int64_t id = 1; id <= 40; ++id) {
            match_member passing;
            passing.id = member_id{1000 + id};
            passing.username = d.pick(names);
            index.put(passing);
            index.remove(passing.id);
        }
        for (std::int64_t id = 1; id <= static_cast<std::int64_t>(small_pool::most_members); ++id) {
            const match_member m = random_member(d, id);
            brute.put(m);
            index.put(m);
        }
        for (std::int64_t id = 1; id <= 12; ++id) {
            const match_character c = random_character(d, id);
            brute.put(c);
            index.put(c);
        }
        brute.settle();
        index.settle();
        ASSERT_EQ(brute.decisions(), index.decisions()) << "seed " << seed;
        ASSERT_EQ(brute.review_queue(), index.review_queue()) << "seed " << seed;
    }
}

} // namespace
} // namespace patt::identity
