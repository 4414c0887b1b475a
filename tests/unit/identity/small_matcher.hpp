/// @file
/// A matcher with a few strangers as its pool, who are like nobody.
#pragma once

#include <patt/identity/matcher.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace patt::identity {

class small_matcher : public ::testing::Test {
protected:
    small_matcher() {
        std::int64_t id = 900;
        for (const char* name : {"Kerrigan", "xoloth", "Brambleback", "Quizzical", "Lunaris", "Oakenfist"})
            member(id++, name);
    }
    void member(std::int64_t id, std::string name) {
        match_member who;
        who.id = member_id{id};
        who.username = std::move(name);
        m.put(who);
    }
    void character(std::int64_t id, std::string name, std::string note = {}) {
        match_character who;
        who.id = character_id{id};
        who.name = std::move(name);
        who.guild_note = std::move(note);
        m.put(who);
    }

    matcher m;
};

} // namespace patt::identity
