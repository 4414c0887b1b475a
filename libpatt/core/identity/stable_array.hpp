/// @file
/// A growing array whose elements never move: growth copies nothing and wastes less than one block.
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <vector>

namespace patt::identity {

/// Elements are added at the end and stay until the array goes.
template <class T>
class stable_array {
public:
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return (*blocks_[i / per_block])[i % per_block]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept {
        return (*blocks_[i / per_block])[i % per_block];
    }

    /// Adds an empty element.
    T& emplace_back() {
        if (size_ == blocks_.size() * per_block)
            blocks_.push_back(std::make_unique<block>());
        return (*this)[size_++];
    }

    template <class Array, class Value>
    class basic_iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = Value*;
        using reference = Value&;

        basic_iterator(Array& array, std::size_t at) noexcept
            : array_(&array)
            , at_(at) {}
        [[nodiscard]] reference operator*() const noexcept { return (*array_)[at_]; }
        basic_iterator& operator++() noexcept {
            ++at_;
            return *this;
        }
        [[nodiscard]] bool operator==(const basic_iterator& other) const noexcept { return at_ == other.at_; }

    private:
        Array* array_;
        std::size_t at_;
    };

    [[nodiscard]] auto begin() noexcept { return basic_iterator<stable_array, T>(*this, 0); }
    [[nodiscard]] auto end() noexcept { return basic_iterator<stable_array, T>(*this, size_); }
    [[nodiscard]] auto begin() const noexcept {
        return basic_iterator<const stable_array, const T>(*this, 0);
    }
    [[nodiscard]] auto end() const noexcept {
        return basic_iterator<const stable_array, const T>(*this, size_);
    }

private:
    static constexpr std::size_t per_block = 64;
    using block = std::array<T, per_block>;

    std::vector<std::unique_ptr<block>> blocks_;
    std::size_t size_ = 0;
};

} // namespace patt::identity
