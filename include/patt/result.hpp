/// @file
/// What can go wrong, and how it is told.
///
/// A refusal that a caller can expect is a value: `result<T>` holding an `error` with a code of the closed
/// list `errc`. A failure (the database is gone, the disk is full, an invariant is broken) is an exception
/// derived from `failure`. Each edge (CLI, C ABI, REST) translates both exactly once.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace patt {

/// The closed list of refusals. Names are stable: they appear in the API and in `--json` output.
enum class errc : std::uint8_t {
    invalid_input,  ///< The input cannot be understood; the detail says what and where.
    not_found,      ///< What was named does not exist.
    already_exists, ///< It exists already; nothing was changed.
    not_allowed,    ///< The policy denies it; the detail has the reason.
    confirm_first,  ///< Allowed, but only after an explicit confirmation.
    wrong_state,    ///< The thing is not in a state in which this can be done.
    ambiguous,      ///< Several things fit; the detail lists them.
    expired,        ///< It was valid once and is no more.
    used_up,        ///< It was valid and has been used.
    conflict,       ///< Somebody else owns it or changed it meanwhile.
    incomplete,     ///< The data is not complete enough to act on.
    disabled,       ///< A setting switches it off.
    limit_exceeded, ///< A limit (size, count, rate, brake) was hit.
};

/// The stable name of a code, for example `not_found`.
[[nodiscard]] std::string_view to_string(errc code) noexcept;

/// A refusal: its code, and a sentence that says what, where and what to do.
struct error {
    errc code{};
    std::string detail;
};

/// Either a value or an `error`.
///
/// Precondition of `value()`: `has_value()`; of `err()`: `!has_value()`. Both throw `std::bad_variant_access`
/// otherwise, which is a bug of the caller.
template <class T>
class [[nodiscard]] result {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): `return value;` is the point
    result(T value)
        : state_(std::move(value)) {}
    // NOLINTNEXTLINE(google-explicit-constructor)
    result(error e)
        : state_(std::move(e)) {}

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
    [[nodiscard]] T& value() & { return std::get<0>(state_); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const error& err() const { return std::get<1>(state_); }

private:
    std::variant<T, error> state_;
};

/// Something broke that the caller could not expect. Nothing of the current input was written.
class failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace patt
