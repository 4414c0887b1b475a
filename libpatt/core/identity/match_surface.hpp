/// @file
/// The spellings of somebody's names with everything that comparing needs, packed into one allocation.
#pragma once

#include "core/identity/background.hpp"

#include <patt/identity/evidence.hpp>
#include <patt/text/name_keys.hpp>
#include <patt/text/name_parts.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// Whose spelling it is and of what kind.
enum class surface_origin : std::uint8_t {
    name,
    former_name,
    username,
    global_name,
    nickname,
    alias,
    learned,
    claim
};

/// One spelling: a view into a `surface_set`, as small as a pointer. A default one is nobody's.
class surface {
public:
    static constexpr std::size_t most_words = 8;

    surface() = default;

    [[nodiscard]] explicit operator bool() const noexcept { return at_ != nullptr; }
    [[nodiscard]] std::string_view raw() const noexcept { return piece(0); }
    [[nodiscard]] std::string_view exact() const noexcept { return piece(head().signs & 1U); }
    [[nodiscard]] std::string_view bare() const noexcept { return piece((head().signs >> 1U) & 3U); }
    [[nodiscard]] std::string_view look() const noexcept { return piece(3); }
    [[nodiscard]] std::string_view sound() const noexcept { return piece(4); }
    [[nodiscard]] std::string_view leet() const noexcept { return piece(5); }
    [[nodiscard]] std::string_view core() const noexcept { return piece(6); }
    /// The bare keys of its words; none if it is one word.
    [[nodiscard]] std::size_t word_count() const noexcept { return head().words; }
    [[nodiscard]] std::string_view word(std::size_t i) const noexcept { return piece(7 + i); }

    [[nodiscard]] surface_origin origin() const noexcept { return head().origin; }
    [[nodiscard]] name_rarity rarity() const noexcept {
        const auto& r = head().rarity;
        return {r[0], r[1], r[2], r[3]};
    }
    /// Length of `bare` in characters.
    [[nodiscard]] std::size_t length() const noexcept { return head().length; }
    /// Which letters occur in `bare`: one typing error changes at most two bits.
    [[nodiscard]] std::uint32_t letters() const noexcept { return head().letters; }
    /// The same of a word, and of `core` if there is one.
    [[nodiscard]] std::uint32_t word_letters(std::size_t i) const noexcept { return part_letters(i); }
    [[nodiscard]] std::uint32_t core_letters() const noexcept { return part_letters(head().words); }
    /// Whether all letters of the words and of the core are letters of `bare`, too, as nearly always.
    [[nodiscard]] bool has_letters_of_parts() const noexcept { return (head().signs & sign_foreign) == 0; }
    [[nodiscard]] bool is_ascii() const noexcept { return (head().signs & sign_ascii) != 0; }
    /// `core` if there is one, else `bare`.
    [[nodiscard]] std::string_view kernel() const noexcept { return core().empty() ? bare() : core(); }
    /// Whether capitals, digits or signs stand where few people would put them.
    [[nodiscard]] bool is_peculiar() const noexcept { return (head().signs & sign_peculiar) != 0; }
    /// Whether it is one word, and no key beyond `bare` differs from it.
    [[nodiscard]] bool is_plain() const noexcept { return head().extras == 0 && head().words == 0; }
    /// Which keys beyond `bare` there are: bits of `extra`.
    enum extra : unsigned { has_look = 1, has_sound = 2, has_leet = 4, has_core = 8 };
    [[nodiscard]] unsigned extras() const noexcept { return head().extras; }
    /// Whether an earlier one of its set has the same keys from `bare` on: what has another bare key agrees
    /// with both in the same way.
    [[nodiscard]] bool is_repetition() const noexcept { return (head().signs & sign_repetition) != 0; }

private:
    friend class surface_set;
    friend class surface_workshop;

    // Equal keys are kept once: bit 0 of `signs` is the piece of `exact`, the next two that of `bare`.
    static constexpr unsigned sign_ascii = 8;
    static constexpr unsigned sign_peculiar = 16;
    static constexpr unsigned sign_repetition = 32;
    static constexpr unsigned sign_wide = 64;
    static constexpr unsigned sign_foreign = 128; // a word or the core has letters that `bare` has not

    // Behind it the ends of the pieces, one byte each or two if it is wide, and the pieces. At the very end
    // the letters of the words, and of the core if there is one.
    struct header {
        std::array<std::uint16_t, 4> rarity{};
        std::uint32_t letters = 0;
        std::uint16_t length = 0;
        std::uint16_t bytes = 0; // to the next one
        std::uint8_t words = 0;
        std::uint8_t signs = 0;
        std::uint8_t extras = 0;
        surface_origin origin = surface_origin::name;
    };

    explicit surface(const std::byte* at) noexcept
        : at_(at) {}

    [[nodiscard]] const header& head() const noexcept { return *reinterpret_cast<const header*>(at_); }
    [[nodiscard]] std::string_view piece(std::size_t i) const noexcept {
        const auto* const ends = reinterpret_cast<const std::uint8_t*>(at_ + sizeof(header));
        if ((head().signs & sign_wide) != 0)
            return wide_piece(i);
        const auto* const text = reinterpret_cast<const char*>(ends + 7 + head().words);
        const std::size_t begin = i == 0 ? 0U : ends[i - 1];
        return {text + begin, ends[i] - begin};
    }
    [[nodiscard]] std::uint32_t part_letters(std::size_t i) const noexcept {
        const std::size_t parts = head().words + ((head().extras & has_core) != 0 ? 1U : 0U);
        return *(reinterpret_cast<const std::uint32_t*>(at_ + head().bytes) - parts + i);
    }
    [[nodiscard]] std::string_view wide_piece(std::size_t i) const noexcept {
        const auto* const ends = reinterpret_cast<const std::uint16_t*>(at_ + sizeof(header));
        const auto* const text = reinterpret_cast<const char*>(ends + 7 + head().words);
        const std::size_t begin = i == 0 ? 0U : ends[i - 1];
        return {text + begin, ends[i] - begin};
    }

    const std::byte* at_ = nullptr;
};

/// The spellings of one record in one piece of memory, as comparing reads all of them. As small as a pointer.
class surface_set {
public:
    class iterator {
    public:
        explicit iterator(const std::byte* at) noexcept
            : at_(at) {}
        [[nodiscard]] surface operator*() const noexcept { return surface(at_); }
        iterator& operator++() noexcept {
            at_ += surface(at_).head().bytes;
            return *this;
        }
        [[nodiscard]] bool operator==(const iterator& other) const noexcept = default;

    private:
        const std::byte* at_;
    };

    [[nodiscard]] bool empty() const noexcept { return !bytes_; }
    [[nodiscard]] surface front() const noexcept { return surface(bytes_.get() + before); }
    [[nodiscard]] iterator begin() const noexcept {
        return iterator(bytes_ ? bytes_.get() + before : nullptr);
    }
    [[nodiscard]] iterator end() const noexcept { return iterator(bytes_ ? bytes_.get() + size() : nullptr); }
    void clear() noexcept { bytes_.reset(); }
    /// Fetches what comparing reads first: in large pools it is not in the cache.
    void prefetch() const noexcept {
        if (!bytes_)
            return;
        for (std::size_t at = 0; at < 256; at += 64) // three names of usual length
            __builtin_prefetch(bytes_.get() + at);
    }

private:
    friend class surface_workshop;
    // First how many bytes there are with these, then the spellings.
    static constexpr std::size_t before = sizeof(std::uint32_t);
    [[nodiscard]] std::uint32_t size() const noexcept {
        return *reinterpret_cast<const std::uint32_t*>(bytes_.get());
    }
    std::unique_ptr<std::byte[]> bytes_;
};

/// Makes surfaces; reuse it for its scratch space.
class surface_workshop {
public:
    /// Adds a spelling to the set that is being made, unless it is there or says nothing. Longer names are
    /// cut at 96 characters.
    void add(std::string_view name, surface_origin origin);
    /// The set, and begins the next one.
    [[nodiscard]] surface_set take();

private:
    void pack(std::string_view name, std::string_view keyed, surface_origin origin);
    void append_words(std::string_view name, std::string_view keyed);
    void append_packed(surface::header& h);
    void append_letters(std::size_t piece, surface::header& h);
    [[nodiscard]] surface earlier_with(std::string_view bare) const noexcept;
    [[nodiscard]] bool repeats(const surface& earlier) const noexcept;

    text::name_keys keys_;
    std::string word_key_;
    std::vector<text::name_part> parts_;
    std::string packed_;
    std::string uncoded_;
    std::vector<std::uint16_t> ends_;
    std::vector<std::uint32_t> part_letters_;
    std::vector<std::byte> bytes_;
};

/// The number of characters of a key, which is well-formed.
[[nodiscard]] std::size_t key_length(std::string_view key) noexcept;

/// Which letters occur in a key: a bit for each of a-z, six for all others.
[[nodiscard]] std::uint32_t letters_of(std::string_view key) noexcept;

/// Whether a bare key begins with a Hangul syllable.
[[nodiscard]] bool is_hangul(std::string_view bare) noexcept;

/// A 32-bit hash of bytes, never zero; the same everywhere.
[[nodiscard]] std::uint32_t hash_text(std::string_view s, std::uint32_t salt) noexcept;

/// Where a record stands in its array.
using slot = std::uint32_t;
inline constexpr slot no_slot = UINT32_MAX;

/// Which kind of key two names share.
enum class block_kind : std::uint8_t { whole, end, near };

/// A key by which a pair of names can find each other.
struct block_key {
    std::uint32_t hash = 0;
    block_kind kind = block_kind::whole;

    friend auto operator<=>(const block_key&, const block_key&) = default;
};

/// The key of a bare key as a whole.
[[nodiscard]] block_key whole_key(std::string_view bare) noexcept;

/// Removes repetitions; the order is not defined.
void drop_repeated(std::vector<block_key>& keys);

/// Appends the keys of a spelling. Names that agree in any way that is compared share a key, but for parts
/// in the middle of a longer word.
void append_block_keys(const surface& s, std::vector<block_key>& keys);

/// Appends the keys of a bare key that a note or a claim gives: whole and beginning.
void append_pointer_keys(std::string_view bare, std::vector<block_key>& keys);

/// Appends the bare key of at most eight characters and all that lack one of them: two that are one typing
/// error apart share one.
void append_near_keys(std::string_view bare, std::vector<block_key>& keys);

/// Appends the key of a bare key's last four characters, if it has more.
void append_suffix_key(std::string_view bare, std::vector<block_key>& keys);

} // namespace patt::identity
