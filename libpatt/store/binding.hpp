/// @file
/// Typed values in and out of statements, so that repositories read like SQL.
#pragma once

#include <patt/digest.hpp>
#include <patt/ids.hpp>
#include <patt/store/db.hpp>
#include <patt/time.hpp>

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace patt::store {

/// @param words  The dialect's words for locking the rows: none where there is one writer.
[[nodiscard]] inline std::string with_lock(std::string_view sql, std::string_view words) {
    return std::string(sql).append(words);
}

template <class Tag>
[[nodiscard]] value param(id<Tag> v) noexcept {
    return v.value();
}
[[nodiscard]] inline value param(instant v) noexcept {
    return v.microseconds();
}
[[nodiscard]] inline value param(duration v) noexcept {
    return static_cast<std::int64_t>(v.count());
}
[[nodiscard]] inline value param(std::string_view v) noexcept {
    return v;
}
[[nodiscard]] inline value param(const std::string& v) noexcept {
    return std::string_view{v};
}
[[nodiscard]] inline value param(const char* v) noexcept {
    return std::string_view{v};
}
[[nodiscard]] inline value param(bool v) noexcept {
    return static_cast<std::int64_t>(v ? 1 : 0);
}
template <class Number>
requires(std::integral<Number> && !std::same_as<Number, bool>) [[nodiscard]] value param(Number v) noexcept {
    return static_cast<std::int64_t>(v);
}
template <class Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] value param(Enum v) noexcept {
    return static_cast<std::int64_t>(v);
}
[[nodiscard]] inline value param(const digest& v) noexcept {
    return std::span<const std::byte>{reinterpret_cast<const std::byte*>(v.data()), v.size()};
}
/// Bytes held in a string.
[[nodiscard]] inline value param_bytes(std::string_view v) noexcept {
    return std::span<const std::byte>{reinterpret_cast<const std::byte*>(v.data()), v.size()};
}

/// Reads the columns of a row from left to right.
class reader {
public:
    explicit reader(const cursor& rows, int first_column = 0) noexcept
        : rows_(rows)
        , column_(first_column) {}

    template <class Id>
    [[nodiscard]] Id id() {
        return Id{rows_->i64(column_++)};
    }
    [[nodiscard]] instant time() { return instant{rows_->i64(column_++)}; }
    [[nodiscard]] std::string text() { return std::string(rows_->text(column_++)); }
    [[nodiscard]] std::string_view view() { return rows_->text(column_++); }
    [[nodiscard]] std::int64_t number() { return rows_->i64(column_++); }
    [[nodiscard]] int integer() { return static_cast<int>(rows_->i64(column_++)); }
    [[nodiscard]] bool flag() { return rows_->i64(column_++) != 0; }
    template <class Enum>
    [[nodiscard]] Enum enumerator() {
        return static_cast<Enum>(rows_->i64(column_++));
    }
    [[nodiscard]] digest hash() {
        const auto bytes = rows_->bytes(column_++);
        digest out{};
        if (bytes.size() == out.size()) {
            std::transform(bytes.begin(), bytes.end(), out.begin(),
                           [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
        }
        return out;
    }
    [[nodiscard]] std::optional<std::string> optional_text() {
        const int at = column_++;
        return rows_->is_null(at) ? std::nullopt : std::optional<std::string>(rows_->text(at));
    }
    [[nodiscard]] std::optional<std::string> optional_bytes() {
        const int at = column_++;
        if (rows_->is_null(at)) {
            return std::nullopt;
        }
        const auto bytes = rows_->bytes(at);
        return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }

private:
    const cursor& rows_;
    int column_;
};

} // namespace patt::store
