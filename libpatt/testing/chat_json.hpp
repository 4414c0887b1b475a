/// @file
/// Values of the chat port as JSON. Private: for the file of the fake chat and for whoever puts a fake chat
/// into another process.
#pragma once

#include <patt/engine/ports.hpp>
#include <patt/testing/chat_records.hpp>

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patt::testing {

/// Reading throws `failure` for whatever is not as it was written.
[[nodiscard]] boost::json::value parse_json(std::string_view text);
/// The member of that name. @throws failure when there is none.
[[nodiscard]] const boost::json::value& at(const boost::json::value& object, std::string_view name);
[[nodiscard]] std::int64_t number_at(const boost::json::value& object, std::string_view name);
[[nodiscard]] std::string text_at(const boost::json::value& object, std::string_view name);
[[nodiscard]] const boost::json::array& list_at(const boost::json::value& object, std::string_view name);

template <class Id>
[[nodiscard]] Id id_at(const boost::json::value& object, std::string_view name) {
    return Id{number_at(object, name)};
}

[[nodiscard]] boost::json::value json_of(const std::vector<role_id>& roles);
[[nodiscard]] std::vector<role_id> roles_at(const boost::json::value& object, std::string_view name);

[[nodiscard]] boost::json::object json_of(const engine::outgoing& what);
[[nodiscard]] engine::outgoing outgoing_of(const boost::json::value& from);

[[nodiscard]] boost::json::object json_of(const effect_outcome& outcome);
[[nodiscard]] effect_outcome outcome_of(const boost::json::value& from);

[[nodiscard]] boost::json::object json_of(const ledger_entry& entry);
[[nodiscard]] ledger_entry ledger_entry_of(const boost::json::value& from);

} // namespace patt::testing
