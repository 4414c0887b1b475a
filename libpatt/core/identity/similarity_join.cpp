#include <patt/identity/similarity_join.hpp>
#include <patt/text/distance.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <string>

namespace patt::identity {

namespace {

constexpr std::size_t longest = 64;
constexpr std::size_t small_product =
    std::size_t{32} * 32; // below it, building an index costs more than it saves

std::uint32_t allowed_errors(std::size_t length) noexcept {
    return static_cast<std::uint32_t>(length / 5);
}

// The names of a list with one byte per code point: ASCII as it is, everything else hashed into the upper
// half. Two names are never farther apart so than they are, so nothing is lost; what is found is verified.
class packed_list {
public:
    explicit packed_list(std::span<const std::string_view> names) {
        std::size_t total = 0;
        for (const std::string_view n : names)
            total += n.size();
        bytes_.reserve(total);
        ends_.reserve(names.size() + 1);
        ends_.push_back(0);
        hashed_.reserve(names.size());
        for (const std::string_view n : names)
            add(n);
    }

    [[nodiscard]] std::size_t size() const noexcept { return hashed_.size(); }
    [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
        return std::string_view(bytes_).substr(ends_[i], ends_[i + 1] - ends_[i]);
    }
    [[nodiscard]] bool is_hashed(std::size_t i) const noexcept { return hashed_[i]; }

private:
    void add(std::string_view name) {
        bool hashed = false;
        std::size_t length = 0;
        for (std::size_t i = 0; i < name.size() && length < longest; ++length) {
            const text::decoded d = text::decode_at(name, i);
            hashed = hashed || d.code_point >= 0x80;
            const char32_t low =
                d.code_point < 0x80 ? d.code_point : 0x80U | ((d.code_point * 0x9E3779B1U) >> 25U);
            bytes_.push_back(static_cast<char>(static_cast<unsigned char>(low)));
            i += d.bytes;
        }
        ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
        hashed_.push_back(hashed);
    }

    std::string bytes_;
    std::vector<std::uint32_t> ends_;
    std::vector<bool> hashed_;
};

// H. Hyyrö's bit-parallel distance (see core/text/osa_kernel.hpp), for bytes.
class byte_pattern {
public:
    void set(std::string_view pattern) noexcept {
        for (const char c : pattern_)
            masks_[static_cast<unsigned char>(c)] = 0;
        pattern_ = pattern;
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            masks_[static_cast<unsigned char>(pattern[i])] |= std::uint64_t{1} << i;
        }
    }

    [[nodiscard]] std::uint32_t distance(std::string_view text, std::uint32_t limit) const noexcept {
        const auto m = static_cast<std::uint32_t>(pattern_.size());
        const auto n = static_cast<std::uint32_t>(text.size());
        std::uint64_t vp = ~std::uint64_t{0};
        std::uint64_t vn = 0;
        std::uint64_t d0 = 0;
        std::uint64_t before = 0;
        std::uint32_t score = m;
        const std::uint32_t last = m - 1;
        for (std::uint32_t j = 0; j < n; ++j) {
            const std::uint64_t pm = masks_[static_cast<unsigned char>(text[j])];
            const std::uint64_t tr = ((~d0 & pm) << 1U) & before;
            d0 = (((pm & vp) + vp) ^ vp) | pm | vn | tr;
            const std::uint64_t hp = vn | ~(d0 | vp);
            const std::uint64_t hn = d0 & vp;
            score += static_cast<std::uint32_t>((hp >> last) & 1U);
            score -= static_cast<std::uint32_t>((hn >> last) & 1U);
            const std::uint64_t x = (hp << 1U) | 1U;
            vp = (hn << 1U) | ~(d0 | x);
            vn = x & d0;
            before = pm;
            if (score > limit + (n - 1U - j))
                return limit + 1;
        }
        return score;
    }

private:
    std::array<std::uint64_t, 256> masks_{};
    std::string_view pattern_;
};

std::uint32_t hash_piece(std::string_view s, std::uint32_t salt) noexcept {
    std::uint32_t h = salt * 0x9E3779B1U + 0x85EBCA6BU;
    for (const char c : s)
        h = (h ^ static_cast<unsigned char>(c)) * 0x01000193U;
    h ^= h >> 15U;
    h *= 0x2C1B3C6DU;
    return h ^ (h >> 13U);
}

struct posting {
    std::uint32_t hash = 0;
    std::uint32_t name = 0;
};

// Postings in buckets of one array: counted, then placed.
class bucket_table {
public:
    void build(const std::vector<posting>& postings) {
        const std::size_t buckets = std::bit_ceil(std::max<std::size_t>(16, postings.size()));
        mask_ = static_cast<std::uint32_t>(buckets - 1);
        starts_.assign(buckets + 1, 0);
        for (const posting& p : postings)
            ++starts_[(p.hash & mask_) + 1];
        for (std::size_t i = 1; i <= buckets; ++i)
            starts_[i] += starts_[i - 1];
        placed_.resize(postings.size());
        std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
        for (const posting& p : postings)
            placed_[next[p.hash & mask_]++] = p;
    }

    template <class Visit>
    void find(std::uint32_t hash, Visit visit) const {
        const std::uint32_t b = hash & mask_;
        for (std::uint32_t i = starts_[b]; i < starts_[b + 1]; ++i) {
            if (placed_[i].hash == hash)
                visit(placed_[i].name);
        }
    }

private:
    std::uint32_t mask_ = 0;
    std::vector<std::uint32_t> starts_;
    std::vector<posting> placed_;
};

// Where the i-th of n / parts segments begins; the later ones are longer by one where it does not divide.
std::size_t segment_begin(std::size_t length, std::size_t parts, std::size_t i) noexcept {
    const std::size_t base = length / parts;
    const std::size_t shorter = parts - length % parts;
    return i * base + (i > shorter ? i - shorter : 0);
}

std::uint32_t segment_salt(std::uint32_t errors, std::size_t length, std::size_t i) noexcept {
    return errors * 4096U + static_cast<std::uint32_t>(length) * 32U + static_cast<std::uint32_t>(i);
}

constexpr std::uint32_t salt_exact = 1;
constexpr std::uint32_t salt_deleted = 2;

template <class Visit>
void for_each_deletion(std::string_view s, Visit visit) {
    std::array<char, longest> buffer{};
    visit(hash_piece(s, salt_deleted));
    std::copy(s.begin() + 1, s.end(), buffer.begin());
    for (std::size_t i = 0; i < s.size(); ++i) {
        // Equal neighbours leave the same text: once is enough.
        if (i == 0 || s[i] != s[i - 1])
            visit(hash_piece({buffer.data(), s.size() - 1}, salt_deleted));
        buffer[i] = s[i];
    }
}

// Pieces of the right names. Pairs are of three kinds, by the longer of the two:
//   up to 4: equal. 5 to 9: one error, found by a common deletion. From 10: k errors, found by one of k + 1
//   segments.
// k errors cannot hit k + 1 segments, unless one swaps two letters over an edge; that one counts for the
// segment on its left, and the segment on its right is looked for with its first letter taken from in front
// of it.
class join_index {
public:
    explicit join_index(const packed_list& names) {
        std::vector<posting> postings;
        postings.reserve(names.size() * 9);
        for (std::uint32_t n = 0; n < names.size(); ++n) {
            const std::string_view s = names[n];
            if (s.empty())
                continue;
            if (s.size() <= 4)
                postings.push_back({hash_piece(s, salt_exact), n});
            if (s.size() >= 4 && s.size() <= 9) {
                for_each_deletion(s, [&](std::uint32_t h) { postings.push_back({h, n}); });
            }
            for (std::uint32_t k = 2; k <= allowed_errors(s.size() + k); ++k)
                add_segments(s, k, n, postings);
        }
        table_.build(postings);
    }

    template <class Visit>
    void candidates(std::string_view s, Visit visit) const {
        if (s.empty())
            return;
        if (s.size() <= 4)
            table_.find(hash_piece(s, salt_exact), visit);
        if (s.size() >= 4 && s.size() <= 9) {
            for_each_deletion(s, [&](std::uint32_t h) { table_.find(h, visit); });
        }
        for (std::uint32_t k = 2; k <= allowed_errors(s.size() + k); ++k)
            find_segments(s, k, visit);
    }

private:
    // The lengths whose pairs may have k errors: the longer one has 5k to 5k + 4.
    static bool takes_part(std::size_t length, std::uint32_t k) noexcept {
        return length + k >= std::size_t{5} * k && length <= std::size_t{5} * k + 4;
    }

    static void add_segments(std::string_view s, std::uint32_t k, std::uint32_t n,
                             std::vector<posting>& postings) {
        if (!takes_part(s.size(), k))
            return;
        for (std::size_t i = 0; i <= k; ++i) {
            const std::size_t begin = segment_begin(s.size(), k + 1, i);
            const std::size_t end = segment_begin(s.size(), k + 1, i + 1);
            postings.push_back({hash_piece(s.substr(begin, end - begin), segment_salt(k, s.size(), i)), n});
        }
    }

    template <class Visit>
    void find_segments(std::string_view s, std::uint32_t k, Visit visit) const {
        if (!takes_part(s.size(), k))
            return;
        const auto errors = static_cast<std::ptrdiff_t>(k);
        const auto size = static_cast<std::ptrdiff_t>(s.size());
        for (std::ptrdiff_t other = size - errors; other <= size + errors; ++other) {
            const auto length = static_cast<std::size_t>(other);
            if (!takes_part(length, k) || std::max(length, s.size()) < std::size_t{5} * k)
                continue;
            for (std::size_t i = 0; i <= k; ++i) {
                const auto begin = static_cast<std::ptrdiff_t>(segment_begin(length, k + 1, i));
                const auto end = static_cast<std::ptrdiff_t>(segment_begin(length, k + 1, i + 1));
                for (std::ptrdiff_t shift = -errors; shift <= errors; ++shift) {
                    // Errors on the left make the shift, those on the right the rest of the difference.
                    if (std::abs(shift) + std::abs(size - other - shift) > errors)
                        continue;
                    const std::ptrdiff_t from = begin + shift;
                    if (from < 0 || from + (end - begin) > size)
                        continue;
                    probe(s, static_cast<std::size_t>(from), static_cast<std::size_t>(end - begin),
                          segment_salt(k, length, i), visit);
                }
            }
        }
    }

    template <class Visit>
    void probe(std::string_view s, std::size_t from, std::size_t length, std::uint32_t salt,
               Visit visit) const {
        const std::string_view piece = s.substr(from, length);
        table_.find(hash_piece(piece, salt), visit);
        if (from == 0 || s[from - 1] == s[from])
            return;
        std::array<char, longest> swapped{};
        std::copy(piece.begin(), piece.end(), swapped.begin());
        swapped[0] = s[from - 1];
        table_.find(hash_piece({swapped.data(), length}, salt), visit);
    }

    bucket_table table_;
};

// Verifies candidates of one name of a list after the other.
class verifier {
public:
    verifier(std::span<const std::string_view> left_names, const packed_list& left,
             std::span<const std::string_view> right_names, const packed_list& right)
        : left_names_(left_names)
        , right_names_(right_names)
        , left_(left)
        , right_(right) {}

    void take(std::uint32_t left) {
        l_ = left;
        pattern_.set(left_[left]);
    }

    void verify(std::uint32_t r, std::vector<join_hit>& hits) const {
        const std::string_view a = left_[l_];
        const std::string_view b = right_[r];
        const std::uint32_t limit = allowed_errors(std::max(a.size(), b.size()));
        const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
        if (difference > limit || a.empty() || b.empty())
            return;
        std::uint32_t d = limit == 0 ? (a == b ? 0U : 1U) : pattern_.distance(b, limit);
        if (d > limit)
            return;
        if (left_.is_hashed(l_) || right_.is_hashed(r)) {
            d = text::osa_distance(text::first_characters(left_names_[l_], longest),
                                   text::first_characters(right_names_[r], longest), limit);
            if (d > limit)
                return;
        }
        hits.push_back({l_, r, d});
    }

private:
    std::span<const std::string_view> left_names_;
    std::span<const std::string_view> right_names_;
    const packed_list& left_;
    const packed_list& right_;
    byte_pattern pattern_;
    std::uint32_t l_ = 0;
};

class joiner {
public:
    joiner(std::span<const std::string_view> left, std::span<const std::string_view> right)
        : left_(left)
        , right_(right)
        , check_(left, left_, right, right_) {}

    std::vector<join_hit> by_brute_force() {
        for (std::uint32_t l = 0; l < left_.size(); ++l) {
            check_.take(l);
            for (std::uint32_t r = 0; r < right_.size(); ++r)
                check_.verify(r, hits_);
        }
        return std::move(hits_);
    }

    std::vector<join_hit> by_index() {
        const join_index index(right_);
        std::vector<std::uint32_t> seen(right_.size(), UINT32_MAX);
        for (std::uint32_t l = 0; l < left_.size(); ++l) {
            check_.take(l);
            const std::size_t first = hits_.size();
            index.candidates(left_[l], [&](std::uint32_t r) {
                if (seen[r] == l)
                    return;
                seen[r] = l;
                check_.verify(r, hits_);
            });
            std::sort(hits_.begin() + static_cast<std::ptrdiff_t>(first), hits_.end());
        }
        return std::move(hits_);
    }

private:
    packed_list left_;
    packed_list right_;
    verifier check_;
    std::vector<join_hit> hits_;
};

} // namespace

std::vector<join_hit> similarity_join(std::span<const std::string_view> left,
                                      std::span<const std::string_view> right, join_method method) {
    joiner j(left, right);
    const bool small = left.size() * right.size() <= small_product;
    if (method == join_method::brute_force || (method == join_method::automatic && small))
        return j.by_brute_force();
    return j.by_index();
}

struct similarity_index::state {
    explicit state(std::span<const std::string_view> all)
        : names(all.begin(), all.end())
        , packed(names)
        , index(packed) {}

    std::vector<std::string_view> names;
    packed_list packed;
    join_index index;
};

similarity_index::similarity_index(std::span<const std::string_view> names)
    : state_(std::make_unique<state>(names)) {}
similarity_index::~similarity_index() = default;
similarity_index::similarity_index(similarity_index&&) noexcept = default;
similarity_index& similarity_index::operator=(similarity_index&&) noexcept = default;

void similarity_index::find(std::string_view name, std::vector<join_hit>& hits) const {
    hits.clear();
    const std::span<const std::string_view> left(&name, 1);
    const packed_list packed(left);
    verifier check(left, packed, state_->names, state_->packed);
    check.take(0);
    // A hit may come by several of its pieces.
    state_->index.candidates(packed[0], [&](std::uint32_t r) { check.verify(r, hits); });
    std::sort(hits.begin(), hits.end());
    hits.erase(std::unique(hits.begin(), hits.end()), hits.end());
}

} // namespace patt::identity
