// Time, faults, restarts, and the game's roster.

#include "../progress.hpp"
#include "../time_text.hpp"
#include "terminal.hpp"

#include <patt/blizzard/profile_document.hpp>
#include <patt/blizzard/roster_document.hpp>

#include <fmt/core.h>

namespace patt::cli::chat {

namespace {

/// More turns than anything that is played needs: a guard against time that does not go on.
constexpr int most_turns = 200'000;

std::string_view value_of(const reply& what, std::string_view name) {
    for (const auto& [key, value] : what.data) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

} // namespace

void terminal::clock(std::string_view arguments) {
    const instant now = how_.world.clock.now();
    instant target = now;
    if (arguments.starts_with('+')) {
        const auto by = parse_duration(arguments.substr(1));
        if (!by) {
            refuse(by.err().detail);
            return;
        }
        target = now + *by;
    } else if (!arguments.empty() && arguments != "now") {
        const auto to = parse_instant(arguments);
        if (!to || *to < now) {
            refuse(to ? "time only goes forward" : to.err().detail);
            return;
        }
        target = *to;
    }
    for (int turn = 0; turn < most_turns; ++turn) {
        const engine::run_report report = engine_->run_once(std::chrono::seconds(30));
        print_news();
        if (!report.next_due || report.next_due > target || report.next_due <= how_.world.clock.now()) {
            break;
        }
        how_.world.clock.set(report.next_due);
    }
    how_.world.clock.set(target);
    shown_time_ = target;
    how_.out.say(tone::time, fmt::format("-- it is {}", to_line(target)), "");
}

void terminal::fault(std::string_view arguments) {
    const std::string_view first = first_word(arguments);
    const std::string_view second = first_word(behind_first_word(arguments));
    const std::string_view third = behind_first_word(behind_first_word(arguments));
    testing::fake_chat& chat = how_.world.chat;
    if (first == "clear") {
        chat.clear_faults();
        how_.out.note("the chat server works again");
    } else if (first == "outage") {
        chat.set_outage(testing::outage::on);
        how_.out.note("the chat server does not answer; /fault clear ends it");
    } else if (first == "dm" && second == "closed") {
        if (third.empty()) {
            refuse("name who takes no direct messages: /fault dm closed bob");
            return;
        }
        const member_id who = how_.world.know(third); // may be somebody who joins later
        chat.add_fault(testing::dm_closed(who));
        how_.out.note(fmt::format("{} takes no direct messages", how_.world.name_of(who)));
    } else if (const auto lost = testing::parse_chat_operation(second); first == "lost" && lost) {
        chat.add_fault(testing::loses_answer(1, *lost));
        how_.out.note(fmt::format("the next {} is done, and its answer is lost", second));
    } else if (const auto operation = testing::parse_chat_operation(first)) {
        const auto error = testing::parse_effect_error(second);
        if (!error) {
            refuse("name the error, such as temporary, missing_permission, role_order, unknown_role");
            return;
        }
        testing::fault rule;
        rule.error = *error;
        rule.operation = *operation;
        rule.times = third.empty() ? 0 : std::atoi(std::string(third).c_str());
        chat.add_fault(rule);
        how_.out.note(fmt::format("{} fails now: {}", first, second));
    } else {
        refuse("/fault dm closed NAME | outage | OPERATION ERROR [TIMES] | lost OPERATION | clear; "
               "operations: send, "
               "post, fetch_member, fetch_role, replace_roles");
    }
}

void terminal::restart(std::string_view) {
    look_.reset();
    engine_.reset();
    database_.reset();
    start_engine();
    how_.out.note("the engine was ended and has opened the database again");
}

void terminal::change_game(std::string_view arguments) {
    const std::string_view first = first_word(arguments);
    const std::string_view rest = behind_first_word(arguments);
    std::optional<error> no;
    if (first == "gone") {
        no = how_.world.game.remove(rest);
    } else if (first == "rename") {
        no = how_.world.game.rename(first_word(rest), behind_first_word(rest));
    } else {
        no = how_.world.game.put(arguments);
    }
    if (no) {
        refuse(no->detail);
    }
}

void terminal::bring_in(std::shared_ptr<const identity::roster_snapshot> snapshot,
                        std::vector<identity::character_profile> profiles) {
    engine::import_roster what{std::move(snapshot), std::move(profiles), "manual"};
    const reply said = hand_in(how_.guild, origin(), std::move(what));
    if (said.verdict == verdict::refused) {
        show_reply("you", said);
        return;
    }
    const std::string number(value_of(said, "sync_run"));
    settle();
    const auto run = look_->sync_run(how_.guild, sync_run_id{number.empty() ? 0 : std::stoll(number)});
    if (!run) {
        return;
    }
    how_.out.note(
        fmt::format("roster: {}; found {}, new {}, changed {}, renamed {}, returned {}, gone {}{}{}",
                    run->status, run->found, run->added, run->updated, run->renamed, run->returned,
                    run->removed, run->note.empty() ? "" : "; ", run->note));
}

void terminal::sync(std::string_view) {
    bring_in(std::make_shared<identity::roster_snapshot>(how_.world.game.snapshot()),
             how_.world.game.profiles());
}

void terminal::import(std::string_view arguments) {
    const auto roster = blizzard::load_roster(std::string(first_word(arguments)));
    if (!roster) {
        refuse(fmt::format("{}: {}", to_string(roster.err().code), roster.err().detail));
        return;
    }
    std::vector<identity::character_profile> profiles;
    if (const std::string_view directory = behind_first_word(arguments); !directory.empty()) {
        auto read = blizzard::load_profiles(std::string(directory));
        if (!read) {
            refuse(fmt::format("{}: {}", to_string(read.err().code), read.err().detail));
            return;
        }
        for (const blizzard::failed_profile& f : read->failed) {
            refuse(fmt::format("{}: {}", f.file, f.why.detail));
        }
        profiles = std::move(read->profiles);
    }
    bring_in(std::make_shared<identity::roster_snapshot>(*roster), std::move(profiles));
    how_.world.game = game();
    for (const identity::character& c : look_->characters(how_.guild)) {
        how_.world.game.take_over(c);
    }
}

} // namespace patt::cli::chat
