/// @file
/// Texts and questions as data: a key of the catalogue with arguments. Rendered as late as possible.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt {

/// How an argument is to be rendered.
enum class arg_kind : std::uint8_t {
    text,        ///< Somebody's words: escaped, mentions disabled.
    trusted,     ///< PATT's or an officer's own words (a setting): as it is.
    number,      ///< A decimal number; plural rules see it as one.
    invite_code, ///< The id of an invite: its code is derived when the text is sent, and never stored.
    member,      ///< A member's id: rendered as the platform's mention.
};

struct text_arg {
    std::string name;
    std::string value;
    arg_kind kind = arg_kind::text;
    friend bool operator==(const text_arg&, const text_arg&) = default;
};

/// A text of the catalogue with its arguments.
struct text_ref {
    std::string key;
    std::vector<text_arg> args;

    text_ref& with(std::string_view name, std::string_view value, arg_kind kind = arg_kind::text) & {
        args.push_back({std::string(name), std::string(value), kind});
        return *this;
    }
    text_ref&& with(std::string_view name, std::string_view value, arg_kind kind = arg_kind::text) && {
        args.push_back({std::string(name), std::string(value), kind});
        return std::move(*this);
    }
    text_ref&& number(std::string_view name, std::int64_t value) && {
        return std::move(*this).with(name, std::to_string(value), arg_kind::number);
    }
    friend bool operator==(const text_ref&, const text_ref&) = default;
};

/// How a question wants to be answered. Terminal, direct message, modal and web each render it their way.
enum class prompt_kind : std::uint8_t {
    none,    ///< Not a question.
    confirm, ///< Yes or no.
    choice,  ///< One of `choices`, by number or by text.
    text,    ///< One line of free text.
    form,    ///< Several named fields.
    accept,  ///< Accept or decline a document.
};

/// The question that goes with a text.
struct prompt {
    prompt_kind kind = prompt_kind::none;
    std::string step;                 ///< Which step of the flow is asked.
    std::vector<std::string> choices; ///< Shown as they are (escaped); for `form`, the fields' names.
    /// Names what is asked: the session, the step, and whom or what it is about; at most 40 characters of
    /// ASCII. An adapter puts it into its buttons and gives it back with the answer
    /// (`message_received::question`).
    std::string id = {};
    friend bool operator==(const prompt&, const prompt&) = default;
};

} // namespace patt
