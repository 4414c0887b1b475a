/// @file
/// What a piece of work is refused with, by class.
#pragma once

#include <patt/store/db.hpp>

#include <string>

namespace patt::store {

/// Runs `work` and returns the class of the `sql_error` it threw, or "nothing".
template <class Work>
std::string error_of(Work&& work) {
    try {
        work();
    } catch (const sql_error& problem) {
        return std::string{to_string(problem.code())};
    }
    return "nothing";
}

} // namespace patt::store
