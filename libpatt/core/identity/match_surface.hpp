/// @file
/// One spelling of somebody's name with everything that comparing needs, packed into one allocation.
#pragma once

#include "core/identity/background.hpp"

#include <patt/identity/evidence.hpp>
#include <patt/text/name_keys.hpp>
#include <patt/text/name_parts.hpp>

#include <array>
#include <cstdint>
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

/// Scratch space for making surfaces; reuse it.
struct surface_workshop {
    text::name_keys keys;
    text::name_keys part_keys;
    std::vector<text::name_part> parts;
    std::string packed;
};

/// See the file comment. Longer names are cut at 96 characters.
class surface {
public:
    static constexpr std::size_t most_words = 8;

    surface(std::string_view name, surface_origin origin, surface_workshop& shop);

    [[nodiscard]] std::string_view raw() const noexcept { return piece(0); }
    [[nodiscard]] std::string_view exact() const noexcept { return piece(exact_at_); }
    [[nodiscard]] std::string_view bare() const noexcept { return piece(bare_at_); }
    [[nodiscard]] std::string_view look() const noexcept { return piece(3); }
    [[nodiscard]] std::string_view sound() const noexcept { return piece(4); }
    [[nodiscard]] std::string_view leet() const noexcept { return piece(5); }
    [[nodiscard]] std::string_view core() const noexcept { return piece(6); }
    /// The bare keys of its words; none if it is one word.
    [[nodiscard]] std::size_t word_count() const noexcept { return words_; }
    [[nodiscard]] std::string_view word(std::size_t i) const noexcept { return piece(7 + i); }

    [[nodiscard]] surface_origin origin() const noexcept { return origin_; }
    [[nodiscard]] const name_rarity& rarity() const noexcept { return rarity_; }
    /// Length of `bare` in characters.
    [[nodiscard]] std::size_t length() const noexcept { return length_; }
    /// Which letters occur in `bare`: one typing error changes at most two bits.
    [[nodiscard]] std::uint32_t letters() const noexcept { return letters_; }
    [[nodiscard]] bool is_ascii() const noexcept { return ascii_; }
    /// `core` if there is one, else `bare`.
    [[nodiscard]] std::string_view kernel() const noexcept { return core().empty() ? bare() : core(); }
    /// Whether capitals, digits or signs stand where few people would put them.
    [[nodiscard]] bool is_peculiar() const noexcept { return peculiar_; }

private:
    [[nodiscard]] std::string_view piece(std::size_t i) const noexcept {
        return std::string_view(text_).substr(ends_[i], static_cast<std::size_t>(ends_[i + 1] - ends_[i]));
    }

    std::string text_;
    std::array<std::uint16_t, 8 + most_words> ends_{};
    name_rarity rarity_;
    std::uint32_t letters_ = 0;
    std::uint16_t length_ = 0;
    std::uint8_t words_ = 0;
    std::uint8_t exact_at_ = 1; // equal keys are kept once: most usernames fit into the string itself
    std::uint8_t bare_at_ = 2;
    surface_origin origin_;
    bool ascii_ = true;
    bool peculiar_ = false;
};

/// The number of characters of a key, which is well-formed.
[[nodiscard]] std::size_t key_length(std::string_view key) noexcept;

/// A 32-bit hash of bytes, never zero; the same everywhere.
[[nodiscard]] std::uint32_t hash_text(std::string_view s, std::uint32_t salt) noexcept;

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

/// Appends the keys of a spelling. Names that agree in any way that is compared share a key, but for parts
/// in the middle of a longer word.
void append_block_keys(const surface& s, std::vector<block_key>& keys);

/// Appends the keys of a bare key that a note or a claim gives: whole and beginning.
void append_pointer_keys(std::string_view bare, std::vector<block_key>& keys);

/// Appends the key of a bare key's last four characters, if it has more.
void append_suffix_key(std::string_view bare, std::vector<block_key>& keys);

} // namespace patt::identity
