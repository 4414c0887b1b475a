// Documents in Battle.net's shape, put together for a test.
#pragma once

#include <patt/result.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace patt::blizzard::test {

inline constexpr std::string_view good_member =
    R"({"character":{"key":{"href":"x"},"name":"Aka","id":111111,"realm":{"id":9,"slug":"area-52"},)"
    R"("level":80,"playable_class":{"id":8}},"rank":4})";

/// A roster of the guild Moonfall on Sen'jin with these members, separated by commas.
inline std::string roster_of(std::string_view members) {
    return R"({"guild":{"name":"Moonfall","id":77,"realm":{"name":"Sen'jin","id":5,"slug":"senjin"}},"members":[)" +
           std::string{members} + "]}";
}

/// A roster with one good member and one with this character and rank.
inline std::string with_member(std::string_view character, std::string_view rank) {
    return roster_of(std::string{good_member} + R"(,{"character":)" + std::string{character} + R"(,"rank":)" +
                     std::string{rank} + "}");
}

inline constexpr std::string_view good_profile =
    R"({"id":111111,"name":"Zatañña","gender":{"type":"FEMALE","name":"Female"},"race":{"name":"Troll","id":8},)"
    R"("character_class":{"name":"Mage","id":8},"active_spec":{"name":"Frost","id":64},)"
    R"("realm":{"name":"Sen'jin","id":5,"slug":"senjin"},"level":80,"last_login_timestamp":1740000000000,)"
    R"("average_item_level":650,"equipped_item_level":642})";

/// The refusal, or a test failure when there is none.
template <class T>
error refusal(const result<T>& r) {
    if (r) {
        ADD_FAILURE() << "was not refused";
        return {};
    }
    return r.err();
}

} // namespace patt::blizzard::test
