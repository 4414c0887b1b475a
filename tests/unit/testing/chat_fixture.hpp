/// @file
/// A fake chat with one guild, for the tests of the fake itself.
#pragma once

#include <patt/testing/fake_chat.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace patt::testing {

struct chat_fixture : ::testing::Test {
    static constexpr guild_id guild{1};
    static constexpr guild_id other_guild{2};
    static constexpr member_id zat{1001};
    static constexpr member_id mito{1002};
    static constexpr channel_id audit{13};
    static constexpr role_id low{10};
    static constexpr role_id mid{11};
    static constexpr role_id top{12};

    manual_clock clock;
    fake_chat chat{clock};

    chat_fixture() {
        chat.add_role(guild, {low, "Low", 0, false});
        chat.add_role(guild, {mid, "Mid", 8, false});
        chat.add_role(guild, {top, "Top", 0, true});
        chat.add_channel(guild, {audit, "audit"});
        chat.add_member(guild, {zat, "Zat", {}});
        chat.add_member(guild, {mito, "Mito", {mid, low}});
    }

    static engine::outgoing words(std::string_view text) {
        engine::outgoing out;
        out.message.content = std::string(text);
        return out;
    }
    effect_error send(member_id to, std::string_view text, std::string_view key) {
        return chat.send(guild, to, words(text), key).error;
    }
    effect_error replace(member_id who, std::vector<role_id> roles, std::string_view key) {
        return chat.replace_roles(guild, who, roles, key).error;
    }
};

} // namespace patt::testing
