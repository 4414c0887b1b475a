/// @file
/// Records as the matcher keeps them: all texts of one in one piece of memory, as they are read seldom.
#pragma once

#include <patt/identity/records.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace patt::identity {

/// A list of texts that does not change; empty ones at its end are dropped.
class packed_texts {
public:
    packed_texts() = default;
    explicit packed_texts(std::span<const std::string_view> texts);

    [[nodiscard]] std::size_t size() const noexcept;
    /// The text, or an empty one behind the end.
    [[nodiscard]] std::string_view at(std::size_t i) const noexcept;

    friend bool operator==(const packed_texts& a, const packed_texts& b) noexcept;

private:
    // Twice the number of texts, one more if the ends take four bytes and not two; where each ends; the
    // texts.
    [[nodiscard]] std::uint32_t head() const noexcept;

    std::unique_ptr<char[]> bytes_;
};

/// A character's record.
class kept_character {
public:
    kept_character() = default;
    kept_character(const match_character& c); // NOLINT(google-explicit-constructor): the same, packed

    [[nodiscard]] std::string_view name() const noexcept { return texts_.at(0); }
    [[nodiscard]] std::string_view realm() const noexcept { return texts_.at(1); }
    [[nodiscard]] std::string_view class_name() const noexcept { return texts_.at(2); }
    [[nodiscard]] std::string_view guild_note() const noexcept { return texts_.at(3); }
    [[nodiscard]] std::string_view officer_note() const noexcept { return texts_.at(4); }
    [[nodiscard]] std::string_view alt_group() const noexcept { return texts_.at(5); }
    [[nodiscard]] std::size_t former_count() const noexcept {
        return texts_.size() - std::min(texts_.size(), first_former);
    }
    [[nodiscard]] std::string_view former_name(std::size_t i) const noexcept {
        return texts_.at(first_former + i);
    }
    [[nodiscard]] match_character unpacked() const;

    friend bool operator==(const kept_character&, const kept_character&) = default;

    character_id id;
    instant joined_at;
    attendance state = attendance::present;

private:
    static constexpr std::size_t first_former = 6;
    packed_texts texts_;
};

/// A member's record.
class kept_member {
public:
    kept_member() = default;
    kept_member(const match_member& m); // NOLINT(google-explicit-constructor): the same, packed

    [[nodiscard]] std::string_view username() const noexcept { return texts_.at(0); }
    [[nodiscard]] std::string_view global_name() const noexcept { return texts_.at(1); }
    [[nodiscard]] std::string_view nickname() const noexcept { return texts_.at(2); }
    [[nodiscard]] std::size_t alias_count() const noexcept { return aliases_; }
    [[nodiscard]] std::string_view alias(std::size_t i) const noexcept { return texts_.at(first_alias + i); }
    [[nodiscard]] std::size_t claim_count() const noexcept { return claims_; }
    [[nodiscard]] std::string_view claim(std::size_t i) const noexcept {
        return texts_.at(first_alias + aliases_ + i);
    }
    [[nodiscard]] std::size_t role_count() const noexcept { return roles_; }
    [[nodiscard]] std::string_view role_name(std::size_t i) const noexcept {
        return texts_.at(first_alias + aliases_ + claims_ + i);
    }
    [[nodiscard]] match_member unpacked() const;

    friend bool operator==(const kept_member&, const kept_member&) = default;

    member_id id;
    instant joined_at;
    attendance state = attendance::present;
    candidacy counts = candidacy::candidate;

private:
    static constexpr std::size_t first_alias = 3;
    std::uint32_t aliases_ = 0;
    std::uint32_t claims_ = 0;
    std::uint32_t roles_ = 0;
    packed_texts texts_;
};

} // namespace patt::identity
