#include "chain.hpp"

#include <patt/log/verifier.hpp>

#include <gtest/gtest.h>

namespace {

using namespace patt;
using namespace patt::log;
using namespace patt::log::test;

report check(const std::vector<row>& rows, std::optional<head> exported = std::nullopt) {
    verifier v(guild, exported);
    for (const row& r : rows) {
        v.feed(r);
    }
    return v.finish();
}

/// A row that fits its own place by itself, as somebody who knows the format would forge it.
row forged_after(const head& before, std::mt19937& random) {
    return seal(before, an_entry(before.seq + 1, random));
}

void reseal(row& r) {
    if (r.payload && r.salt) {
        r.commitment = commit(*r.salt, *r.payload);
    }
    r.hash = chain_hash(r);
}

std::size_t pick(std::size_t bound, std::mt19937& random) {
    return random() % bound;
}

/// A random chain, a place in it, and what the verification has to say about it.
struct chain_under_test {
    explicit chain_under_test(unsigned seed)
        : random(seed) {}

    std::mt19937 random;
    std::size_t length = 2 + pick(40, random);
    std::vector<row> rows = a_chain(length, random);
    std::size_t at = pick(length, random);
    head exported = head_of(rows.back());

    void expect(tampering what, std::size_t place, std::optional<head> with = std::nullopt) const {
        const report r = check(rows, with);
        ASSERT_TRUE(r.first) << "nothing was found";
        EXPECT_EQ(r.first->seq, static_cast<std::int64_t>(place) + 1) << r.first->sentence;
        EXPECT_EQ(to_string(r.first->what), to_string(what)) << r.first->sentence;
        EXPECT_EQ(r.end.seq, what == tampering::rewritten ? r.rows : r.first->seq - 1);
    }
};

/// Runs the body with many chains, until one of them fails.
template <class Body>
void for_many_chains(Body body) {
    for (unsigned seed = 0; seed < 300 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        chain_under_test t(seed);
        body(t);
    }
}

TEST(VerifyChain, NeverBlamesAnUntouchedOne) {
    for_many_chains([](chain_under_test& t) {
        const report r = check(t.rows, t.exported);
        EXPECT_FALSE(r.first) << r.first->sentence;
        EXPECT_EQ(r.rows, static_cast<std::int64_t>(t.length));
        EXPECT_EQ(r.end, t.exported);
        EXPECT_FALSE(check(t.rows, head_of(t.rows[t.at])).first) << "the log may grow after the export";
        EXPECT_FALSE(check({}).first);
    });
}

TEST(VerifyChain, AcceptsErasedPayloads) {
    for_many_chains([](chain_under_test& t) {
        for (row& r : t.rows) {
            if (pick(2, t.random) == 0) {
                r.payload.reset();
                r.salt.reset();
            }
        }
        t.rows[t.at].payload.reset();
        t.rows[t.at].salt.reset();
        const report r = check(t.rows, t.exported);
        EXPECT_FALSE(r.first) << r.first->sentence;
        EXPECT_GE(r.erased, 1);
    });
}

TEST(VerifyChain, FindsAnEditedField) {
    for_many_chains([](chain_under_test& t) {
        row& r = t.rows[t.at];
        switch (pick(9, t.random)) {
        case 0:
            r.at = r.at + duration{1};
            break;
        case 1:
            r.kind += "x";
            break;
        case 2:
            r.actor += "x";
            break;
        case 3:
            r.subject += "x";
            break;
        case 4:
            *r.payload += "x";
            break;
        case 5:
            (*r.salt)[pick(salt_bytes, t.random)] ^= 1;
            break;
        case 6:
            r.commitment[pick(32, t.random)] ^= 1U;
            break;
        case 7:
            r.hash[pick(32, t.random)] ^= 1U;
            break;
        default:
            r.prev[pick(32, t.random)] ^= 1U;
            break;
        }
        t.expect(tampering::edited, t.at);
    });
}

TEST(VerifyChain, FindsAnEditThatIsHalfAnErasure) {
    for_many_chains([](chain_under_test& t) {
        pick(2, t.random) == 0 ? t.rows[t.at].payload.reset() : t.rows[t.at].salt.reset();
        t.expect(tampering::edited, t.at);
    });
}

TEST(VerifyChain, FindsAnEditThatWasSealedAgain) {
    for_many_chains([](chain_under_test& t) {
        *t.rows[t.at].payload += "x";
        reseal(t.rows[t.at]);
        if (t.at + 1 == t.length) {
            EXPECT_FALSE(check(t.rows).first) << "only an t.exported head can show this";
            t.expect(tampering::rewritten, t.at, t.exported);
            return;
        }
        t.expect(tampering::edited, t.at);
    });
}

TEST(VerifyChain, FindsABorderMovedBetweenSaltAndPayload) {
    for_many_chains([](chain_under_test& t) {
        row& r = t.rows[t.at];
        *r.payload = r.salt->back() + *r.payload; // salt || payload, and so the commitment, stays the same
        r.salt->pop_back();
        t.expect(tampering::edited, t.at);
    });
}

TEST(VerifyChain, FindsAnEditedErasedRow) {
    for_many_chains([](chain_under_test& t) {
        t.rows[t.at].payload.reset();
        t.rows[t.at].salt.reset();
        t.rows[t.at].actor += "x";
        t.expect(tampering::edited, t.at);
    });
}

TEST(VerifyChain, FindsRemovedRows) {
    for_many_chains([](chain_under_test& t) {
        t.at = pick(t.length - 1, t.random);
        const std::size_t count = 1 + pick(t.length - 1 - t.at, t.random);
        const auto first = t.rows.begin() + static_cast<std::ptrdiff_t>(t.at);
        t.rows.erase(first, first + static_cast<std::ptrdiff_t>(count));
        t.expect(tampering::removed, t.at);
        renumber(t.rows, t.at);
        t.expect(tampering::removed, t.at);
        t.expect(tampering::removed, t.at, t.exported);
    });
}

TEST(VerifyChain, FindsSwappedRows) {
    for_many_chains([](chain_under_test& t) {
        std::size_t other = pick(t.length - 1, t.random);
        other += other >= t.at ? 1U : 0U;
        std::swap(t.rows[t.at], t.rows[other]);
        t.expect(tampering::swapped, std::min(t.at, other));
        renumber(t.rows, 0);
        t.expect(tampering::swapped, std::min(t.at, other));
    });
}

TEST(VerifyChain, FindsAnInsertedRow) {
    for_many_chains([](chain_under_test& t) {
        const head before = t.at == 0 ? genesis(guild) : head_of(t.rows[t.at - 1]);
        const std::vector<row> original = t.rows;
        const auto insert = [&](row r) {
            t.rows = original;
            t.rows.insert(t.rows.begin() + static_cast<std::ptrdiff_t>(t.at), std::move(r));
        };
        row forged = forged_after(before, t.random);
        insert(forged);
        t.expect(tampering::inserted, t.at);
        renumber(t.rows, t.at + 1);
        t.expect(tampering::inserted, t.at);

        forged.hash[0] ^= 1U; // a careless forger
        insert(forged);
        t.expect(tampering::inserted, t.at);
        renumber(t.rows, t.at + 1);
        t.expect(tampering::inserted, t.at);

        row stranger = a_chain(t.at + 1, t.random).back(); // a row of a different chain
        if (t.at > 0) {
            insert(stranger);
            renumber(t.rows, t.at + 1);
            t.expect(tampering::inserted, t.at);
        }
        row copy = original[pick(t.at + 1, t.random)]; // an old row once more
        if (copy.seq < static_cast<std::int64_t>(t.at)) {
            copy.seq = static_cast<std::int64_t>(t.at) + 1;
            insert(copy);
            renumber(t.rows, t.at + 1);
            t.expect(tampering::inserted, t.at);
        }
    });
}

TEST(VerifyChain, SeesACutTailWithTheExportedHead) {
    for_many_chains([](chain_under_test& t) {
        t.rows.resize(t.at);
        EXPECT_FALSE(check(t.rows).first) << "without a head a shorter log looks whole";
        t.expect(tampering::cut, t.at, t.exported);
    });
}

TEST(VerifyChain, SeesARewrittenLogWithTheExportedHead) {
    for_many_chains([](chain_under_test& t) {
        std::mt19937 other(static_cast<unsigned>(t.random()));
        t.rows = a_chain(t.length, other);
        EXPECT_FALSE(check(t.rows).first);
        t.expect(tampering::rewritten, t.length - 1, t.exported);
    });
}

TEST(VerifyChain, RefusesAnotherGuildsChain) {
    for_many_chains([](chain_under_test& t) {
        verifier v(guild_id{78});
        for (const row& r : t.rows) {
            v.feed(r);
        }
        ASSERT_TRUE(v.finish().first);
        EXPECT_EQ(v.finish().first->seq, 1);
    });
}

TEST(VerifyLog, TakesRowsOfAnyContent) {
    std::mt19937 random(5);
    for (int i = 0; i < 200; ++i) {
        std::vector<row> rows = a_chain(5, random);
        row& r = rows[pick(5, random)];
        constexpr std::array extremes = {std::int64_t{0}, std::int64_t{-1}, INT64_MAX, INT64_MIN};
        r.seq = extremes[pick(4, random)];
        r.kind = std::string(pick(2000, random), '\0');
        ASSERT_TRUE(check(rows).first);
    }
}

TEST(VerifyLog, SaysNothingOfPayloads) {
    std::mt19937 random(6);
    std::vector<row> rows = a_chain(5, random);
    rows[2].payload = "a secret";
    const report r = check(rows);
    ASSERT_TRUE(r.first);
    EXPECT_EQ(r.first->sentence, "Row 3 was edited: its payload does not fit its commitment.");
}

} // namespace
