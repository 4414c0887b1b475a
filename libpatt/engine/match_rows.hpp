/// @file
/// The rows that matching looks at while it decides about one input, each read once.
#pragma once

#include <patt/identity/character.hpp>
#include <patt/identity/link.hpp>
#include <patt/identity/person.hpp>
#include <patt/store/db.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace patt::engine {

/// Calls `work` with some of them at a time: a question goes out for so many at once.
template <class Id, class Work>
void in_parts(std::span<const Id> all, Work work) {
    constexpr std::size_t together = 500;
    for (std::size_t first = 0; first < all.size(); first += together) {
        work(all.subspan(first, std::min(together, all.size() - first)));
    }
}

/// Rows as they were when they were asked for: after something of them is written, make a new one.
///
/// What is asked for one by one costs a round trip each; `read` asks for many at once and is remembered.
/// @par Ownership  What it hands out lives until the next `read`.
class match_rows {
public:
    match_rows(store::connection& db, guild_id guild)
        : db_(db)
        , guild_(guild) {}

    [[nodiscard]] store::connection& db() const noexcept { return db_; }
    [[nodiscard]] guild_id guild() const noexcept { return guild_; }

    /// Characters and who has them. Up to a few hundred.
    void read(std::span<const character_id> who);
    void read(std::span<const member_id> who);
    void read(std::span<const person_id> who); ///< Their accounts.
    /// The accounts of those who have these characters.
    void read_owners_of(std::span<const character_id> who);

    // Null: there is none.
    [[nodiscard]] const identity::character* character(character_id who);
    [[nodiscard]] const identity::link* owner_of(character_id who); ///< Of a level above `suggested`.
    [[nodiscard]] const identity::member* member(member_id who);
    /// The person's accounts, absent ones too.
    [[nodiscard]] const std::vector<identity::member>& accounts_of(person_id who);

private:
    struct known_character {
        std::optional<identity::character> row;
        std::optional<identity::link> owner;
    };
    [[nodiscard]] const known_character& known(character_id who);

    /// An import looks at all of a guild: what was read first is then forgotten.
    static constexpr std::size_t most = 4000;

    store::connection& db_;
    guild_id guild_;
    std::map<character_id, known_character> characters_;
    std::map<member_id, std::optional<identity::member>> members_;
    std::map<person_id, std::vector<identity::member>> accounts_;
};

} // namespace patt::engine
