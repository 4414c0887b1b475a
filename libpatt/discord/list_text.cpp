#include "discord/list_text.hpp"

#include "discord/member_fields.hpp"

#include <patt/text/utf8.hpp>

#include <boost/json/parser.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace patt::discord::detail {

namespace json = boost::json;

result<std::string_view> usable_text(std::string_view text, std::size_t max_bytes, std::string_view of) {
    constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
    if (text.size() > max_bytes) {
        return error{errc::limit_exceeded,
                     fmt::format("The list has more than {} bytes, which is more than is read.", max_bytes)};
    }
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        return error{errc::invalid_input, "The list is UTF-16 text. Save it as UTF-8."};
    }
    if (text.starts_with(utf8_mark)) {
        text.remove_prefix(utf8_mark.size());
    }
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return error{errc::incomplete, "The list is empty."};
    }
    if (const std::size_t broken = text::find_broken_utf8(text); broken != std::string_view::npos) {
        const std::string_view before = text.substr(0, broken);
        const std::size_t line_start =
            before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
        return error{errc::invalid_input,
                     fmt::format("line {}, byte {}: broken UTF-8. Save the list as UTF-8.",
                                 std::count(before.begin(), before.end(), '\n') + 1,
                                 broken - line_start + 1)};
    }
    if (text[first] == '<') {
        return error{errc::invalid_input, fmt::format("This is a web page or XML and no list of {}.", of)};
    }
    return text;
}

result<json::value> parse_document(std::string_view text, json::storage_ptr memory) {
    constexpr std::size_t deepest = 32;
    json::parse_options options;
    options.max_depth = deepest;
    json::parser parser{{}, options};
    parser.reset(std::move(memory));
    json::error_code ec;
    const std::size_t read = parser.write(text.data(), text.size(), ec);
    if (!ec) {
        return parser.release();
    }
    const std::string_view before = text.substr(0, read);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const bool cut = ec == json::error::incomplete;
    return error{
        cut ? errc::incomplete : errc::invalid_input,
        cut ? fmt::format("The list ends in the middle, in line {}. It was cut: make it again.", line)
            : fmt::format("The list is not valid JSON at byte {} (line {}): {}.", read + 1, line,
                          ec.message())};
}

result<std::int64_t> id_in(const json::value* value) {
    const auto wrong = [](std::string_view why) { return error{errc::invalid_input, std::string(why)}; };
    if (value != nullptr && value->is_number()) {
        return wrong("must be text: numbers lose their last digits in many programs");
    }
    if (value == nullptr || !value->is_string()) {
        return wrong(value == nullptr || value->is_null() ? "is missing" : "must be text");
    }
    return read_id(std::string_view(value->get_string()));
}

result<std::string> name_in(const json::value* value) {
    if (value == nullptr || value->is_null()) {
        return std::string{};
    }
    if (!value->is_string()) {
        return error{errc::invalid_input, "must be text"};
    }
    return read_name(std::string_view(value->get_string()));
}

} // namespace patt::discord::detail
