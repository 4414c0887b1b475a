#include "blizzard/document.hpp"

#include "blizzard/json_location.hpp"

#include <boost/json/error.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <utility>

namespace patt::blizzard::detail {
namespace {

namespace json = boost::json;

constexpr std::string_view spaces = " \t\r\n";
constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

/// What a text is that cannot be JSON, from its first bytes; empty when it may be.
std::string_view other_kind(std::string_view text) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        return "UTF-16 text. Save it as UTF-8";
    }
    if (text.starts_with("\x1F\x8B")) {
        return "a gzip archive. Unpack it first";
    }
    const auto first = text.find_first_not_of(spaces);
    if (first != std::string_view::npos && text[first] == '<') {
        return "a web page or XML, probably an error page. Fetch the document again from the API's address";
    }
    return {};
}

error syntax_error(std::string_view text, std::string_view what, std::size_t offset, json::error why,
                   std::string_view message, const document_limits& limits) {
    const auto where = describe_location(text, offset);
    if (why == json::error::incomplete) {
        return {errc::incomplete,
                fmt::format("The {} ends in the middle, at {}. It was cut: fetch it again.", what, where)};
    }
    if (why == json::error::too_deep) {
        return {errc::limit_exceeded, fmt::format("The {} is nested deeper than {} levels at {}: it is none.",
                                                  what, limits.max_depth, where)};
    }
    return {errc::invalid_input,
            fmt::format("The {} is not valid JSON at {}: {}. Fetch it again.", what, where, message)};
}

std::string_view kind_name(json::kind kind) {
    switch (kind) {
    case json::kind::null:
        return "null";
    case json::kind::bool_:
        return "true or false";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
        return "a number";
    case json::kind::string:
        return "a string";
    case json::kind::array:
        return "an array";
    case json::kind::object:
        return "an object";
    }
    return "unknown";
}

} // namespace

result<json::object> parse_object(std::string_view text, std::string_view what, const document_limits& limits,
                                  json::storage_ptr memory) {
    if (text.size() > limits.max_bytes) {
        return error{errc::limit_exceeded,
                     fmt::format("The {} has more than {} bytes: it is none, or the limit must be "
                                 "raised.",
                                 what, limits.max_bytes)};
    }
    if (text.starts_with(utf8_mark)) {
        text.remove_prefix(utf8_mark.size());
    }
    if (text.find_first_not_of(spaces) == std::string_view::npos) {
        return error{errc::incomplete, fmt::format("The {} is empty. Fetch it again.", what)};
    }
    if (const auto kind = other_kind(text); !kind.empty()) {
        return error{errc::invalid_input, fmt::format("This is no {} but {}.", what, kind)};
    }
    json::parse_options options;
    options.max_depth = limits.max_depth;
    json::parser parser{{}, options};
    parser.reset(std::move(memory));
    json::error_code ec;
    const auto read = parser.write(text.data(), text.size(), ec);
    if (ec) {
        const auto why = ec.category() == json::make_error_code(json::error::syntax).category()
                             ? static_cast<json::error>(ec.value())
                             : json::error::syntax;
        return syntax_error(text, what, read, why, ec.message(), limits);
    }
    auto value = parser.release();
    if (!value.is_object()) {
        return error{errc::invalid_input, fmt::format("This is no {}: it is {}, and a {} is an object.", what,
                                                      kind_name(value.kind()), what)};
    }
    return std::move(value.as_object());
}

} // namespace patt::blizzard::detail
