/// @file
/// Fields of members and roles from text, and the faults that were met: the first ones are told, all are
/// counted.
#pragma once

#include <patt/identity/member_snapshot.hpp>
#include <patt/result.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace patt::discord::detail {

/// What is wrong with a list, with where it is.
class fault_list {
public:
    void add(std::string where, std::string_view why);
    [[nodiscard]] bool any() const noexcept { return count_ != 0; }
    /// All of it as one refusal.
    [[nodiscard]] error as_error() const;

private:
    std::vector<std::string> first_;
    std::size_t count_ = 0;
};

/// An id of Discord in decimal digits. @return the reason when it is none, for example `must be digits only`.
[[nodiscard]] result<std::int64_t> read_id(std::string_view text);

/// A name: at most 100 characters, no control characters. May be empty.
[[nodiscard]] result<std::string> read_name(std::string_view text);

/// `2021-03-04T05:06:07.123000+00:00`, with `Z` or without a zone (then UTC), or only a day.
[[nodiscard]] result<instant> read_time(std::string_view text);

/// Finds ids that come twice.
class seen_ids {
public:
    /// The place where the id was before; empty when it is new. Remembers this place.
    [[nodiscard]] std::string note(std::int64_t id, const std::string& where);

private:
    std::unordered_map<std::int64_t, std::string> places_;
};

} // namespace patt::discord::detail
