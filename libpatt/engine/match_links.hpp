/// @file
/// Makes and ends the links that matching and its rulings lead to.
#pragma once

#include "engine/loader.hpp"
#include "engine/match_rows.hpp"

#include <patt/identity/matcher.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace patt::engine {

struct input_scope;

/// `identity::link::source` of what an officer said, and of what came from a list that officers kept before.
inline constexpr std::string_view officer_source = "officer";
inline constexpr std::string_view migrated_source = "migrated";

/// Collects rows, log entries and timers. One for each change set: it remembers the persons it has made.
class link_writer {
public:
    link_writer(load_context& from, input_scope& in)
        : from_(from)
        , in_(in)
        , rows_(from.db, from.guild) {}

    [[nodiscard]] change_set& out() noexcept { return out_; }
    /// As they are before what is collected here is written.
    [[nodiscard]] match_rows& rows() noexcept { return rows_; }

    /// Reads ahead what will be asked about these: a question for each would be a round trip for each.
    void read_ahead(std::span<const character_id> characters, std::span<const member_id> members);
    /// The person of a member; none when nobody knows yet.
    [[nodiscard]] person_id person_of(member_id who);
    /// A link of level `matched` or `suggested` by what the matcher decided.
    void match(const identity::character& who, const identity::match_decision& why, identity::assurance level,
               const std::string& evidence);
    /// A link of that level; ends another person's, changes this one's.
    /// @param source  `officer_source` or `migrated_source`.
    void give(const identity::character& who, member_id owner, identity::assurance level,
              std::string_view source, const std::string& evidence);
    void revoke(identity::link held, const identity::character& who, const std::string& why);
    /// What matching suggested before and does not any more.
    void end_suggestions(const identity::character& who);

private:
    person_id person_for(member_id who, identity::assurance level, std::string_view source);
    void make(const identity::character& who, person_id person, identity::assurance level, std::string source,
              std::string evidence, identity::claim_role role);
    [[nodiscard]] identity::claim_role role_for(person_id person);
    [[nodiscard]] std::vector<identity::link> suggestions_for(character_id who);
    void log(std::string_view kind, const identity::link& link, const std::string& what);

    load_context& from_;
    input_scope& in_;
    match_rows rows_;
    change_set out_;
    std::map<member_id, person_id> made_;
    std::map<person_id, int> mains_;
    std::map<character_id, std::vector<identity::link>> suggestions_;
};

} // namespace patt::engine
