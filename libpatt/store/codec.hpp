/// @file
/// JSON forms of what is stored as opaque text: effect bodies, text arguments, log payloads, replies.
///
/// @par Errors  Decoding throws `failure`, and nothing else, when the text is not what encoding writes.
#pragma once

#include <patt/decision/change_set.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::store {

[[nodiscard]] std::string encode_effect(const effect_body& body);
[[nodiscard]] effect_body decode_effect(std::size_t kind, std::string_view text);
/// A body of that kind with nothing in it. @throws failure when this program does not know the kind.
[[nodiscard]] effect_body empty_effect(std::size_t kind);

[[nodiscard]] std::string encode_args(const std::vector<text_arg>& args);
[[nodiscard]] std::vector<text_arg> decode_args(std::string_view text);

/// The payload of a log entry: an object whose members stand in the given order.
[[nodiscard]] std::string encode_fields(const std::vector<std::pair<std::string, std::string>>& fields);

[[nodiscard]] std::string encode_reply(const reply& what);
[[nodiscard]] reply decode_reply(std::string_view text);

} // namespace patt::store
