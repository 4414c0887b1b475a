/// @file
/// A buffer of plain values for big tables: it grows in place where the system can do that, so that growing
/// neither copies much nor needs old and new at once.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace patt::identity {

/// `size` values, uninitialised until somebody writes them.
template <class T>
class grown_array {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] T* data() noexcept { return data_.get(); }
    [[nodiscard]] const T* data() const noexcept { return data_.get(); }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_.get()[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_.get()[i]; }

    /// Makes it larger; what is in it stays.
    void grow_to(std::size_t size) {
        // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): nothing else grows in place
        void* const grown = std::realloc(data_.get(), size * sizeof(T));
        if (grown == nullptr)
            throw std::bad_alloc();
        static_cast<void>(data_.release());
        data_.reset(static_cast<T*>(grown));
        size_ = size;
    }

private:
    struct freeing {
        void operator()(T* p) const noexcept { std::free(p); } // NOLINT(cppcoreguidelines-no-malloc)
    };
    std::unique_ptr<T[], freeing> data_;
    std::size_t size_ = 0;
};

} // namespace patt::identity
