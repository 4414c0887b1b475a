/// @file
/// What an engine says to its database, recorded on the way.
#pragma once

#include <patt/store/db.hpp>
#include <patt/testing/world.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace patt::engine_tests {

/// @par Threads  One at a time.
class spoken {
public:
    using kept_value = std::variant<store::null_t, std::int64_t, double, std::string, std::vector<std::byte>,
                                    std::vector<std::int64_t>>;
    enum class scope : unsigned char { none, guild, queue };
    struct statement {
        std::string sql;
        std::vector<kept_value> parameters;
        scope entered = scope::none;
        guild_id guild;
        int times = 1;
    };

    bool listens = false;
    /// Called with each statement before it runs, by the thread that runs it.
    std::function<void(std::string_view)> on_statement;
    /// The same before each transaction.
    std::function<void(store::tx_mode)> on_begin;
    /// The last of each text.
    [[nodiscard]] std::vector<statement> all() const;

    void hear(std::string_view sql, std::span<const store::value> parameters, scope entered, guild_id guild);

private:
    std::map<std::string, statement, std::less<>> by_text_;
};

/// @param into  Outlives the database.
[[nodiscard]] std::shared_ptr<store::database> recording(std::shared_ptr<store::database> real, spoken& into);

/// What hosts do all day, heard: newcomers who name their character and are provisioned, an officer,
/// deadlines and a restart. The newcomers' ids begin at 40,000.
void work_a_day(testing::world& w, spoken& listener, const std::vector<std::string>& characters);

} // namespace patt::engine_tests
