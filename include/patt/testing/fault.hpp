/// @file
/// What can go wrong in the fake chat, as rules that a test adds and takes away.
#pragma once

#include <patt/decision/effect.hpp>
#include <patt/testing/chat_records.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace patt::testing {

/// When a call fails.
enum class fault_moment : std::uint8_t {
    before, ///< Nothing was done.
    after,  ///< It was done, and the answer was lost: the caller hears the error all the same.
};

/// Whom a call concerns; `std::monostate` is everybody.
using chat_target = std::variant<std::monostate, member_id, channel_id, role_id>;

/// A rule. Of the calls that fit it, `skip` go well; of the rest each `every`-th fails, at most `times`
/// times.
struct fault {
    effect_error error = effect_error::temporary; ///< `none`: the call only takes its `latency`.
    fault_moment moment = fault_moment::before;
    std::optional<chat_operation> operation; ///< None: every call.
    chat_target target;
    guild_id guild; ///< None: in every guild.
    int skip = 0;
    int every = 1;
    int times = 0;          ///< 0: without end.
    duration retry_after{}; ///< What the answer names.
    duration latency{};     ///< How long the call takes; the manual clock goes on by it.
    friend bool operator==(const fault&, const fault&) = default;
};

/// Names a rule that was added.
using fault_id = id<struct fault_tag>;

/// The fault that closes somebody's direct messages, in every guild.
[[nodiscard]] fault dm_closed(member_id who);
/// The next `times` calls fail and can be tried again.
[[nodiscard]] fault fails(int times, std::optional<chat_operation> operation = {});
/// The next `times` calls are performed, but their answers are lost.
[[nodiscard]] fault loses_answer(int times, std::optional<chat_operation> operation = {});

/// The error of this stable name (`effect_error`'s names: `temporary`, `dm_closed`, …), or none.
[[nodiscard]] std::optional<effect_error> parse_effect_error(std::string_view name) noexcept;
/// The operation of this stable name, or none.
[[nodiscard]] std::optional<chat_operation> parse_chat_operation(std::string_view name) noexcept;

} // namespace patt::testing
