#include "blizzard/node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace patt::blizzard::detail {
namespace {

namespace json = boost::json;

constexpr std::size_t max_text = 100;
/// Up to here every whole number has a double of its own.
constexpr double exact_doubles = 9'007'199'254'740'992.0;

std::optional<std::int64_t> whole_number(const json::value& value) {
    if (const auto* i = value.if_int64()) {
        return *i;
    }
    if (const auto* d = value.if_double()) {
        if (std::abs(*d) <= exact_doubles && std::trunc(*d) == *d) {
            return static_cast<std::int64_t>(*d);
        }
    }
    return std::nullopt;
}

std::string_view a_kind(const json::value& value) {
    switch (value.kind()) {
    case json::kind::null:
        return "null";
    case json::kind::bool_:
        return "true or false";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
        return "another number";
    case json::kind::string:
        return "a string";
    case json::kind::array:
        return "an array";
    case json::kind::object:
        return "an object";
    }
    return "unknown";
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

} // namespace

const json::value* node::find(std::string_view name) const {
    if (object_ == nullptr) {
        return nullptr;
    }
    const auto* value = object_->if_contains({name.data(), name.size()});
    return value == nullptr || value->is_null() ? nullptr : value;
}

node node::child(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) {
        return {nullptr, path(name), *fault_};
    }
    const auto* object = value->if_object();
    if (object == nullptr) {
        fault_->set(path(name), fmt::format("is {}, must be an object", a_kind(*value)));
    }
    return {object, path(name), *fault_};
}

std::optional<std::int64_t> node::number(std::string_view name, bounds allowed) const {
    const auto* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto number = whole_number(*value);
    if (!number) {
        fault_->set(path(name), fmt::format("is {}, must be a whole number", a_kind(*value)));
        return std::nullopt;
    }
    if (*number < allowed.least || *number > allowed.most) {
        fault_->set(path(name), fmt::format("is {}, must be {} to {}", *number, allowed.least, allowed.most));
        return std::nullopt;
    }
    return number;
}

std::optional<std::string> node::clean(const json::value& value, std::string where) const {
    const auto* text = value.if_string();
    if (text == nullptr) {
        fault_->set(std::move(where), fmt::format("is {}, must be a string", a_kind(value)));
        return std::nullopt;
    }
    if (text->empty()) {
        fault_->set(std::move(where), "is empty");
        return std::nullopt;
    }
    if (text->size() > max_text) {
        fault_->set(std::move(where),
                    fmt::format("has {} bytes, at most {} are believed", text->size(), max_text));
        return std::nullopt;
    }
    if (has_control({text->data(), text->size()})) {
        fault_->set(std::move(where), "has a control character");
        return std::nullopt;
    }
    return std::string{text->data(), text->size()};
}

std::optional<std::string> node::text(std::string_view name) const {
    const auto* value = find(name);
    return value == nullptr ? std::nullopt : clean(*value, path(name));
}

std::optional<std::string> node::translated(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto* all = value->if_object();
    if (all == nullptr) {
        return clean(*value, path(name));
    }
    for (const auto* locale : {"en_US", "en_GB"}) {
        if (const auto* english = all->if_contains(locale); english != nullptr && english->is_string()) {
            return clean(*english, path(name) + "." + locale);
        }
    }
    return all->empty() ? std::nullopt : clean(all->begin()->value(), path(name));
}

void node::missing(std::string_view name) const {
    fault_->set(path(name), "is missing");
}

std::string node::path(std::string_view name) const {
    return path_.empty() ? std::string{name} : path_ + "." + std::string{name};
}

} // namespace patt::blizzard::detail
