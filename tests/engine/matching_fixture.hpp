/// @file
/// A guild with four characters, and what the tests of matching ask it. The same tests run on every database.
#pragma once

#include "engine/engine_fixture.hpp"

#include <patt/store/in_tx.hpp>

#include <algorithm>

namespace patt::engine_tests {

using identity::assurance;
using identity::ruling_kind;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

struct Matching : ::testing::Test {
    testing::world_options how;
    std::unique_ptr<world> w;

    Matching() {
        how.database = fresh_database();
        how.roster = "Shodoomer-Senjin, Mage, 4\nKestrelby-Senjin, Druid, 4\nBrackenfell-Senjin, Priest, 4\n"
                     "Highlordan-Senjin, Warrior, 1\n";
        w = std::make_unique<world>(how);
    }
    [[nodiscard]] engine::queries look() { return engine::queries(w->database()); }
    [[nodiscard]] identity::character named(std::string_view name) {
        for (identity::character& c : look().characters(w->ids().guild)) {
            if (c.name == name) {
                return c;
            }
        }
        throw failure("no such character");
    }
    void join(std::int64_t id, const std::string& name) {
        const member_id who{id};
        w->chat().add_member(w->ids().guild, {who, name, {}});
        const onboarding::member_joined what{
            who, name, name, {}, identity::account_kind::human, w->clock().now()};
        EXPECT_EQ(w->engine().handle({w->ids().guild, {}, "", "", what}).verdict, verdict::accepted);
    }
    reply rule(ruling_kind kind, std::string_view character, std::int64_t member,
               std::string_view other = {}) {
        const engine::rule_match what{kind, named(character).id, member_id{member},
                                      other.empty() ? character_id{} : named(other).id};
        return w->engine().handle({w->ids().guild, at_the_machine, "because", "", what});
    }
    reply hand_in(engine::command what) {
        return w->engine().handle({w->ids().guild, at_the_machine, "", "", std::move(what)});
    }
    void note(const std::string& name, const std::string& text) {
        const reply said = hand_in(engine::import_notes{{{name, "", text, "", ""}}});
        EXPECT_THAT(said.data, Contains(std::pair<std::string, std::string>("changed", "1")));
    }
    [[nodiscard]] std::optional<identity::link> link(std::string_view character) {
        return look().owner_link(w->ids().guild, named(character).id);
    }
    [[nodiscard]] member_id owner(std::string_view character) {
        const auto held = link(character);
        const auto person = held ? look().person(w->ids().guild, held->person) : std::nullopt;
        return person && !person->members.empty() ? person->members.front().id : member_id{};
    }
    [[nodiscard]] std::string why(std::string_view character) { return why_of(named(character).id.value()); }
    [[nodiscard]] std::string why_of(std::int64_t subject) {
        for (const identity::review_item& i : look().review_items(w->ids().guild)) {
            if (i.subject == subject) {
                return i.why;
            }
        }
        return "";
    }
    [[nodiscard]] std::optional<identity::review_item> item(std::string_view character) {
        const std::int64_t subject = named(character).id.value();
        for (identity::review_item& i : look().review_items(w->ids().guild)) {
            if (i.subject_kind == identity::link_kind::character && i.subject == subject) {
                return std::move(i);
            }
        }
        return std::nullopt;
    }
    /// What rulings have taught, as `member alias`.
    [[nodiscard]] std::vector<std::string> learned() {
        const auto db = w->database().connect();
        return store::in_tx(*db, store::tx_mode::read, [&] {
            db->enter_guild(w->ids().guild);
            const store::cursor rows =
                db->query("SELECT member_id, alias FROM member_alias WHERE guild_id = 1"
                          " AND source = 'learned'");
            std::vector<std::string> out;
            while (rows->next()) {
                out.push_back(std::to_string(rows->i64(0)) + " " + std::string(rows->text(1)));
            }
            return out;
        });
    }
    [[nodiscard]] std::vector<integrity::issue_type> issues() {
        std::vector<integrity::issue_type> out;
        for (const integrity::issue& i : look().open_issues(w->ids().guild)) {
            out.push_back(i.type);
        }
        return out;
    }
    /// The present members as a list that has changed nothing yet.
    [[nodiscard]] identity::member_snapshot listed() {
        identity::member_snapshot out;
        for (const identity::member& m : look().members(w->ids().guild)) {
            out.members.push_back({m.id, m.username, "", m.display_name, m.roles, {}, m.joined_at});
        }
        return out;
    }
    reply hand_in(identity::member_snapshot list) {
        return hand_in(engine::import_members{std::make_shared<identity::member_snapshot>(std::move(list))});
    }
    /// A list of the roles; `everything` unless it is said to be a part.
    reply name_roles(std::vector<identity::listed_role> roles,
                     identity::role_coverage covers = identity::role_coverage::everything) {
        return hand_in(engine::import_roles{std::make_shared<identity::role_snapshot>(
            identity::role_snapshot{std::move(roles), covers, "a test"})});
    }
    /// Links, queue and candidates, without times, ids and evidence.
    [[nodiscard]] std::vector<std::string> state() {
        std::vector<std::string> out;
        for (const identity::character& c : look().characters(w->ids().guild)) {
            const auto held = look().owner_link(w->ids().guild, c.id);
            out.push_back(c.name + " " + (held ? std::string(to_string(held->level)) : "-") + " " +
                          std::to_string(owner(c.name).value()));
        }
        for (const identity::review_item& i : look().review_items(w->ids().guild)) {
            out.push_back(std::to_string(i.subject) + " " + i.why + " " + i.candidates);
        }
        std::sort(out.begin(), out.end());
        return out;
    }
    /// Nothing differs after everybody is decided about anew.
    void expect_equal_to_a_new_run() {
        const std::vector<std::string> before = state();
        EXPECT_EQ(hand_in(engine::run_matching{}).verdict, verdict::accepted);
        EXPECT_EQ(state(), before);
    }
};

} // namespace patt::engine_tests
