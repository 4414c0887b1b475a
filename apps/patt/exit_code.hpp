/// @file
/// How the program ends: the exit codes that scripts rely on, and the exceptions that lead to them.
#pragma once

#include <patt/result.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace patt::cli {

enum class exit_code : int {
    done = 0,
    failed = 1,  ///< Something broke: the database is gone, a file cannot be read.
    usage = 2,   ///< The command line cannot be understood.
    refused = 3, ///< Understood and not done: the policy, a state or the data is against it.
};

/// Ends the command with `exit_code::refused`.
class refusal : public std::runtime_error {
public:
    explicit refusal(error why)
        : std::runtime_error(why.detail)
        , why_(std::move(why)) {}
    [[nodiscard]] const error& why() const noexcept { return why_; }

private:
    error why_;
};

/// Ends the command with `exit_code::usage`.
class usage_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The value of a result, or the end of the command.
template <class T>
[[nodiscard]] T value_or_refuse(result<T> r) {
    if (!r) {
        throw refusal(r.err());
    }
    return std::move(r).value();
}

} // namespace patt::cli
