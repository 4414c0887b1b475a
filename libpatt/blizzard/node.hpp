/// @file
/// Typed reads of one JSON object that remember where they are: the first fault is kept and told.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patt::blizzard::detail {

/// The first thing that was wrong while something was read; empty when all was well.
struct read_fault {
    std::string where;  ///< JSON path.
    std::string reason; ///< For example `is a string, must be a whole number`.

    explicit operator bool() const noexcept { return !reason.empty(); }
    void set(std::string path, std::string why) {
        if (reason.empty()) {
            where = std::move(path);
            reason = std::move(why);
        }
    }
};

/// The smallest and the largest value that a number may have.
struct bounds {
    std::int64_t least;
    std::int64_t most;
};

/// An object at a path. A missing or null member reads as "absent"; a wrong one is a fault, once.
///
/// Refers to the object and to the fault; both must outlive it.
class node {
public:
    node(const boost::json::object* object, std::string path, read_fault& fault)
        : object_(object)
        , path_(std::move(path))
        , fault_(&fault) {}

    /// Whether the object is there at all; reads of an absent one are absent.
    [[nodiscard]] bool there() const noexcept { return object_ != nullptr; }

    /// The member, or none when it is missing or null.
    [[nodiscard]] const boost::json::value* find(std::string_view name) const;

    /// The object of this name. A value that is no object is a fault.
    [[nodiscard]] node child(std::string_view name) const;

    /// A whole number within bounds.
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name, bounds allowed) const;

    /// A text without control characters, not empty, of at most 100 bytes.
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;

    /// A text, or the object of translations that Battle.net sends when no locale was asked for: the English
    /// one, else the first.
    [[nodiscard]] std::optional<std::string> translated(std::string_view name) const;

    /// Notes that a member is missing that must be there.
    void missing(std::string_view name) const;

    /// The path of a member.
    [[nodiscard]] std::string path(std::string_view name) const;

private:
    [[nodiscard]] std::optional<std::string> clean(const boost::json::value& value, std::string where) const;

    const boost::json::object* object_;
    std::string path_;
    read_fault* fault_;
};

} // namespace patt::blizzard::detail
