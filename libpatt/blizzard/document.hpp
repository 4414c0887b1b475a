/// @file
/// From a text to a JSON object: the bounds, and every way in which a text is no JSON object.
#pragma once

#include <patt/blizzard/limits.hpp>
#include <patt/result.hpp>

#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>

#include <string>
#include <string_view>

namespace patt::blizzard::detail {

/// Parses a text as one JSON object.
/// @param what    For messages, for example `guild roster`.
/// @param memory  Where the values live; must outlive the object.
/// @par Errors    As `parse_roster`, except for what a well-formed object of another kind is.
[[nodiscard]] result<boost::json::object> parse_object(std::string_view text, std::string_view what,
                                                       const document_limits& limits,
                                                       boost::json::storage_ptr memory);

} // namespace patt::blizzard::detail
