#include "chat_fixture.hpp"
#include "conformance/temporary_directory.hpp"

#include <patt/result.hpp>

#include <chrono>
#include <fstream>

namespace patt::testing {
namespace {

using namespace std::chrono_literals;

struct ChatFile : chat_fixture {
    ChatFile() {
        engine::outgoing card = words("");
        card.message.title = "Zatañña, \"hello\"\n";
        card.message.fields.push_back({"Main", "Zatañña", text::field_width::narrow});
        card.message.colour = 0xFFA500;
        card.question = {prompt_kind::choice, "which_main", {"one", "two"}, "7.abc"};
        card.mention = mito;
        EXPECT_EQ(chat.send(guild, zat, card, "a").error, effect_error::none);
        EXPECT_EQ(chat.post(guild, audit, words("x"), "p").error, effect_error::none);
        EXPECT_EQ(replace(mito, {low}, "r"), effect_error::none);
        EXPECT_EQ(send(zat, "other", "a"), effect_error::none);
    }
    store::temporary_directory folder;
    manual_clock later_clock{first_moment + 1h};
    fake_chat later{later_clock};
};

TEST_F(ChatFile, BringsTheWholeWorldBack) {
    fault rule = loses_answer(3, chat_operation::post);
    rule.target = audit;
    rule.skip = 1;
    chat.add_fault(rule);
    chat.save(folder.path() / "chat.json");
    later.load(folder.path() / "chat.json");
    EXPECT_EQ(later.inbox(zat), chat.inbox(zat));
    EXPECT_EQ(later.channel(guild, audit), chat.channel(guild, audit));
    EXPECT_EQ(later.members(guild), chat.members(guild));
    EXPECT_EQ(later.roles(guild), chat.roles(guild));
    EXPECT_EQ(later.channels(guild), chat.channels(guild));
    EXPECT_EQ(later.ledger(), chat.ledger());
    EXPECT_EQ(later.faults(), chat.faults());
    EXPECT_EQ(later.to_json(), chat.to_json());
}

TEST_F(ChatFile, RemembersKeysAndNumbersOverARestart) {
    later.from_json(chat.to_json());
    EXPECT_EQ(later.send(guild, zat, words("other"), "a").external_ref, chat.inbox(zat)[0].id);
    EXPECT_EQ(later.inbox(zat).size(), 1U);
    const std::string fresh = later.send(guild, zat, words("new"), "b").external_ref;
    EXPECT_NE(fresh, chat.inbox(zat)[0].id);
    EXPECT_NE(fresh, chat.channel(guild, audit)[0].id);
}

TEST_F(ChatFile, KeepsAnOutageAndHowOftenAFaultStruck) {
    chat.add_fault(fails(2));
    EXPECT_EQ(send(zat, "x", "x"), effect_error::temporary);
    later.from_json(chat.to_json());
    EXPECT_EQ(later.send(guild, zat, words("x"), "x").error, effect_error::temporary);
    EXPECT_EQ(later.send(guild, zat, words("x"), "x").error, effect_error::none);
    chat.set_outage(outage::on);
    later.from_json(chat.to_json());
    EXPECT_EQ(later.send(guild, zat, words("y"), "y").error, effect_error::temporary);
}

TEST_F(ChatFile, BrokenTextsChangeNothing) {
    const std::string good = chat.to_json();
    later.from_json(good);
    std::string halved = good.substr(0, good.size() / 2);
    std::string wrong_type = good;
    wrong_type.replace(wrong_type.find("\"next_message\":"), 16, "\"next_message\":\"");
    for (const std::string& bad : {std::string{}, std::string("{}"), std::string("[1]"), halved, wrong_type,
                                   std::string(R"({"chat_world":2})"), std::string(100, '[')}) {
        EXPECT_THROW(later.from_json(bad), failure) << bad.substr(0, 40);
        EXPECT_EQ(later.to_json(), good);
    }
}

TEST_F(ChatFile, AFileThatIsNotThereIsAFailure) {
    EXPECT_THROW(later.load(folder.path() / "none.json"), failure);
    EXPECT_THROW(chat.save(folder.path() / "no" / "such" / "chat.json"), failure);
}

} // namespace
} // namespace patt::testing
