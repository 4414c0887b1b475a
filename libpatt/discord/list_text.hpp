/// @file
/// What the lists have in common before anything is read from them: the text, and the JSON document in it.
#pragma once

#include <patt/result.hpp>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patt::discord::detail {

/// The text without a mark in front, in UTF-8 and with something in it, or the refusal.
/// @param of  What the list is of, for sentences: `members`.
[[nodiscard]] result<std::string_view> usable_text(std::string_view text, std::size_t max_bytes,
                                                   std::string_view of);

/// The document, or the refusal with where it breaks off. It lives in `memory`.
[[nodiscard]] result<boost::json::value> parse_document(std::string_view text,
                                                        boost::json::storage_ptr memory);

/// An id of Discord in a document: text of digits. Null: the field is missing.
[[nodiscard]] result<std::int64_t> id_in(const boost::json::value* value);

/// A name in a document; empty when the field is missing or null.
[[nodiscard]] result<std::string> name_in(const boost::json::value* value);

} // namespace patt::discord::detail
