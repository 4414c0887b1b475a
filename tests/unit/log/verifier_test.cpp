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

class VerifyChain : public testing::TestWithParam<unsigned> {
protected:
    std::mt19937 random{GetParam()};
    std::size_t length = 2 + pick(40, random);
    std::vector<row> rows = a_chain(length, random);
    std::size_t at = pick(length, random);
    head exported = head_of(rows.back());

    void expect(tampering what, std::size_t place, std::optional<head> with = std::nullopt) {
        const report r = check(rows, with);
        ASSERT_TRUE(r.first) << "nothing was found";
        EXPECT_EQ(r.first->seq, static_cast<std::int64_t>(place) + 1) << r.first->sentence;
        EXPECT_EQ(to_string(r.first->what), to_string(what)) << r.first->sentence;
        EXPECT_EQ(r.end.seq, what == tampering::rewritten ? r.rows : r.first->seq - 1);
    }
};

TEST_P(VerifyChain, NeverBlamesAnUntouchedOne) {
    const report r = check(rows, exported);
    EXPECT_FALSE(r.first) << r.first->sentence;
    EXPECT_EQ(r.rows, static_cast<std::int64_t>(length));
    EXPECT_EQ(r.end, exported);
    EXPECT_FALSE(check(rows, head_of(rows[at])).first) << "the log may grow after the export";
    EXPECT_FALSE(check({}).first);
}

TEST_P(VerifyChain, AcceptsErasedPayloads) {
    for (row& r : rows) {
        if (pick(2, random) == 0) {
            r.payload.reset();
            r.salt.reset();
        }
    }
    rows[at].payload.reset();
    rows[at].salt.reset();
    const report r = check(rows, exported);
    EXPECT_FALSE(r.first) << r.first->sentence;
    EXPECT_GE(r.erased, 1);
}

TEST_P(VerifyChain, FindsAnEditedField) {
    row& r = rows[at];
    switch (pick(9, random)) {
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
        (*r.salt)[pick(salt_bytes, random)] ^= 1;
        break;
    case 6:
        r.commitment[pick(32, random)] ^= 1U;
        break;
    case 7:
        r.hash[pick(32, random)] ^= 1U;
        break;
    default:
        r.prev[pick(32, random)] ^= 1U;
        break;
    }
    expect(tampering::edited, at);
}

TEST_P(VerifyChain, FindsAnEditThatIsHalfAnErasure) {
    pick(2, random) == 0 ? rows[at].payload.reset() : rows[at].salt.reset();
    expect(tampering::edited, at);
}

TEST_P(VerifyChain, FindsAnEditThatWasSealedAgain) {
    *rows[at].payload += "x";
    reseal(rows[at]);
    if (at + 1 == length) {
        EXPECT_FALSE(check(rows).first) << "only an exported head can show this";
        expect(tampering::rewritten, at, exported);
        return;
    }
    expect(tampering::edited, at);
}

TEST_P(VerifyChain, FindsAnEditedErasedRow) {
    rows[at].payload.reset();
    rows[at].salt.reset();
    rows[at].actor += "x";
    expect(tampering::edited, at);
}

TEST_P(VerifyChain, FindsRemovedRows) {
    at = pick(length - 1, random);
    const std::size_t count = 1 + pick(length - 1 - at, random);
    const auto first = rows.begin() + static_cast<std::ptrdiff_t>(at);
    rows.erase(first, first + static_cast<std::ptrdiff_t>(count));
    expect(tampering::removed, at);
    renumber(rows, at);
    expect(tampering::removed, at);
    expect(tampering::removed, at, exported);
}

TEST_P(VerifyChain, FindsSwappedRows) {
    std::size_t other = pick(length - 1, random);
    other += other >= at ? 1U : 0U;
    std::swap(rows[at], rows[other]);
    expect(tampering::swapped, std::min(at, other));
    renumber(rows, 0);
    expect(tampering::swapped, std::min(at, other));
}

TEST_P(VerifyChain, FindsAnInsertedRow) {
    const head before = at == 0 ? genesis(guild) : head_of(rows[at - 1]);
    const std::vector<row> original = rows;
    const auto insert = [&](row r) {
        rows = original;
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(at), std::move(r));
    };
    row forged = forged_after(before, random);
    insert(forged);
    expect(tampering::inserted, at);
    renumber(rows, at + 1);
    expect(tampering::inserted, at);

    forged.hash[0] ^= 1U; // a careless forger
    insert(forged);
    expect(tampering::inserted, at);
    renumber(rows, at + 1);
    expect(tampering::inserted, at);

    row stranger = a_chain(at + 1, random).back(); // a row of a different chain
    if (at > 0) {
        insert(stranger);
        renumber(rows, at + 1);
        expect(tampering::inserted, at);
    }
    row copy = original[pick(at + 1, random)]; // an old row once more
    if (copy.seq < static_cast<std::int64_t>(at)) {
        copy.seq = static_cast<std::int64_t>(at) + 1;
        insert(copy);
        renumber(rows, at + 1);
        expect(tampering::inserted, at);
    }
}

TEST_P(VerifyChain, SeesACutTailWithTheExportedHead) {
    rows.resize(at);
    EXPECT_FALSE(check(rows).first) << "without a head a shorter log looks whole";
    expect(tampering::cut, at, exported);
}

TEST_P(VerifyChain, SeesARewrittenLogWithTheExportedHead) {
    std::mt19937 other(GetParam() + 100000);
    rows = a_chain(length, other);
    EXPECT_FALSE(check(rows).first);
    expect(tampering::rewritten, length - 1, exported);
}

TEST_P(VerifyChain, RefusesAnotherGuildsChain) {
    verifier v(guild_id{78});
    for (const row& r : rows) {
        v.feed(r);
    }
    ASSERT_TRUE(v.finish().first);
    EXPECT_EQ(v.finish().first->seq, 1);
}

INSTANTIATE_TEST_SUITE_P(Seeds, VerifyChain, testing::Range(0U, 300U));

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
