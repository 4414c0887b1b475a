/// @file
/// A list that is a pointer when it is empty and one block of memory when it is not: records have many lists,
/// most of them short.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace patt::identity {

/// Like a vector of plain values, of at most 2^32 - 1 elements. Moves, does not copy.
template <class T>
class lean_list {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= alignof(std::uint64_t));

public:
    lean_list() = default;

    [[nodiscard]] std::size_t size() const noexcept { return block_ ? block_->size : 0; }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] T* begin() noexcept { return data(); }
    [[nodiscard]] T* end() noexcept { return data() + size(); }
    [[nodiscard]] const T* begin() const noexcept { return data(); }
    [[nodiscard]] const T* end() const noexcept { return data() + size(); }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return data()[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data()[i]; }
    [[nodiscard]] const T& front() const noexcept { return data()[0]; }
    [[nodiscard]] T& back() noexcept { return data()[size() - 1]; }

    void push_back(const T& value) {
        const T kept = value; // it may be one of this list
        const std::size_t n = size();
        if (!block_ || n == block_->room)
            reallocate(n + 1 + n / 2);
        data()[n] = kept;
        ++block_->size;
    }

    /// Inserts before `where`.
    void insert(const T* where, const T& value) {
        const std::ptrdiff_t at = where - begin();
        push_back(value);
        std::rotate(begin() + at, end() - 1, end());
    }

    void erase(const T* where) noexcept {
        const std::ptrdiff_t at = where - begin();
        std::copy(begin() + at + 1, end(), begin() + at);
        pop_back();
    }

    void pop_back() noexcept { --block_->size; }

    /// Replaces the content; takes no more memory than that needs.
    void assign(const T* first, const T* last) {
        const auto n = static_cast<std::size_t>(last - first);
        if (n == 0) {
            block_.reset();
            return;
        }
        if (!block_ || room_for(n) != block_->room)
            reallocate(n);
        std::copy(first, last, data());
        block_->size = static_cast<std::uint32_t>(n);
    }

    void clear() noexcept { block_.reset(); }

private:
    struct header {
        std::uint32_t size;
        std::uint32_t room;
    };
    struct freeing {
        void operator()(header* p) const noexcept { std::free(p); } // NOLINT(cppcoreguidelines-no-malloc)
    };

    [[nodiscard]] T* data() noexcept { return block_ ? reinterpret_cast<T*>(block_.get() + 1) : nullptr; }
    [[nodiscard]] const T* data() const noexcept {
        return block_ ? reinterpret_cast<const T*>(block_.get() + 1) : nullptr;
    }

    // What fits into the block that an allocator gives for that many: they come in steps of 16 bytes.
    [[nodiscard]] static std::size_t room_for(std::size_t n) noexcept {
        const std::size_t bytes = sizeof(header) + n * sizeof(T);
        const std::size_t given = (bytes + 7) / 16 * 16 + 8;
        return (given - sizeof(header)) / sizeof(T);
    }

    void reallocate(std::size_t least) {
        const std::size_t room = room_for(least);
        const std::size_t n = size();
        // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): nothing else grows in place
        void* const grown = std::realloc(block_.get(), sizeof(header) + room * sizeof(T));
        if (grown == nullptr)
            throw std::bad_alloc();
        static_cast<void>(block_.release());
        block_.reset(static_cast<header*>(grown));
        block_->size = static_cast<std::uint32_t>(std::min(n, room));
        block_->room = static_cast<std::uint32_t>(room);
    }

    std::unique_ptr<header, freeing> block_;
};

} // namespace patt::identity
