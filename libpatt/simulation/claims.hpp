/// @file
/// Which characters people claimed, worked out from what they said and what they were asked.
#pragma once

#include <patt/decision/text.hpp>
#include <patt/ids.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::simulation {

/// A direct message names no guild, so an answer may reach another question than the one that it was meant
/// for: the alts of somebody whose main one waits for an officer become the next main one, if they say so.
class claims {
public:
    /// Somebody gave a name for their main one, in whatever guild the message went to.
    void named(member_id who, const std::string& plain);
    /// Somebody gave a name for another one of theirs. That claims nothing.
    void mentioned(member_id who, const std::string& plain);
    /// A question was shown; it takes the place of the guild's last one. `main`: whom it asks about, in the
    /// game's spelling, when it asks about one.
    void asked(guild_id guild, member_id who, const prompt& shown, std::string_view main);
    /// Somebody wrote something: what it means to every question that waits for them.
    void said(member_id who, std::string_view text);

    [[nodiscard]] bool claimed(member_id who, const std::string& plain) const;

private:
    struct open_question {
        prompt_kind kind = prompt_kind::none;
        std::vector<std::string> about; ///< Plain names.
    };

    std::map<member_id, std::set<std::string>> claimed_;
    std::map<member_id, std::set<std::string>> mentioned_;
    std::map<member_id, std::map<guild_id, open_question>> open_;
};

/// Whom the text of "That you?" asks about, in the game's spelling; empty when it asks about nobody.
[[nodiscard]] std::string_view main_in(std::string_view shown);

} // namespace patt::simulation
