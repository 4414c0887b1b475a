/// @file
/// Recognises documents of Battle.net that somebody handed over in place of the right one.
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace patt::blizzard::detail {

/// What a well-formed object is, with what to do: `a character profile. Give it …`; empty when nothing is
/// recognised.
[[nodiscard]] std::string recognise(const boost::json::object& document);

} // namespace patt::blizzard::detail
