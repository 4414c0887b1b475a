/// @file
/// What the notes of a character say, ready to be compared and packed into one piece of memory.
#pragma once

#include "core/identity/background.hpp"

#include <patt/identity/evidence.hpp>
#include <patt/identity/note.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace patt::identity {

/// A name that a note gives: a view into a `pointer_list`, or what one is made of.
struct match_pointer {
    pointer_kind kind = pointer_kind::mention;
    channel from = channel::guild_note;
    std::string_view text;
    std::string_view key;
    std::string_view singular;
    name_rarity rarity;
};

/// The names that the notes of one character give, in order.
class pointer_list {
public:
    class iterator {
    public:
        using value_type = match_pointer;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = match_pointer;
        using iterator_category = std::input_iterator_tag;

        iterator(const std::byte* at, std::uint32_t left) noexcept
            : at_(at)
            , left_(left) {}
        [[nodiscard]] match_pointer operator*() const noexcept;
        iterator& operator++() noexcept;
        [[nodiscard]] bool operator==(const iterator& other) const noexcept { return left_ == other.left_; }

    private:
        const std::byte* at_;
        std::uint32_t left_;
    };

    pointer_list() = default;
    explicit pointer_list(std::span<const match_pointer> pointers);

    [[nodiscard]] bool empty() const noexcept { return !bytes_; }
    [[nodiscard]] iterator begin() const noexcept {
        return {bytes_ ? bytes_.get() + sizeof(std::uint32_t) : nullptr, count()};
    }
    [[nodiscard]] iterator end() const noexcept { return {nullptr, 0}; }
    void clear() noexcept { bytes_.reset(); }

private:
    [[nodiscard]] std::uint32_t count() const noexcept {
        return bytes_ ? *reinterpret_cast<const std::uint32_t*>(bytes_.get()) : 0;
    }

    std::unique_ptr<std::byte[]> bytes_; // how many there are, then each with its texts behind it
};

} // namespace patt::identity
