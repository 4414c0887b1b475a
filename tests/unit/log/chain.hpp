// Chains for the tests of the log.
#pragma once

#include <patt/log/entry.hpp>

#include <random>
#include <vector>

namespace patt::log::test {

inline constexpr guild_id guild{77};

inline entry an_entry(std::int64_t seq, std::mt19937& random) {
    const auto word = [&random] {
        return std::string(random() % 12, static_cast<char>('a' + random() % 26));
    };
    entry e{seq, instant{1'000'000 * seq}, "kind." + word(), "member:" + word(), word(), word(), {}};
    for (std::size_t i = 0; i < salt_bytes; ++i) {
        e.salt += static_cast<char>(random());
    }
    return e;
}

inline std::vector<row> a_chain(std::size_t length, std::mt19937& random) {
    std::vector<row> out;
    head end = genesis(guild);
    for (std::size_t i = 0; i < length; ++i) {
        out.push_back(seal(end, an_entry(end.seq + 1, random)));
        end = head_of(out.back());
    }
    return out;
}

/// Writes the number of every row from `from` on as its place: what somebody does who hides a gap.
inline void renumber(std::vector<row>& rows, std::size_t from) {
    for (std::size_t i = from; i < rows.size(); ++i) {
        rows[i].seq = static_cast<std::int64_t>(i) + 1;
    }
}

} // namespace patt::log::test
