#include "terminal.hpp"

#include "../markdown.hpp"
#include "../time_text.hpp"

#include <patt/provisioning/invite_code.hpp>
#include <patt/testing/plain.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <iterator>

namespace patt::cli::chat {

terminal::terminal(setup how)
    : how_(std::move(how))
    , seen_(how_.world.chat.ledger().size())
    , shown_time_(how_.world.clock.now()) {
    start_engine();
    if (how_.world.game.characters().empty()) {
        for (const identity::character& c : look_->characters(how_.guild)) {
            how_.world.game.take_over(c);
        }
    }
}

terminal::~terminal() = default;

void terminal::start_engine() {
    database_ = how_.open();
    engine::options options;
    options.instance_key = how_.instance_key;
    options.other_connections = 1; // That of `look_`.
    engine_ = std::make_unique<engine::engine>(
        database_, engine::ports{how_.world.chat, how_.world.clock, how_.entropy}, options);
    look_ = std::make_unique<engine::queries>(*database_);
}

std::string terminal::speaker() const {
    return speaker_ ? how_.world.name_of(*speaker_) : std::string();
}

std::string terminal::plain(std::string_view markdown) {
    constexpr std::size_t length = provisioning::invite_code_length;
    for (std::size_t at = markdown.find('`'); at != std::string_view::npos; at = markdown.find('`', at + 1)) {
        if (markdown.size() > at + length + 1 && markdown[at + length + 1] == '`' &&
            provisioning::normalise_invite_code(markdown.substr(at + 1, length))) {
            last_code_ = markdown.substr(at + 1, length);
        }
    }
    const emphasis bold = how_.out.coloured() ? emphasis::escape : emphasis::stars;
    return plain_markdown(markdown, bold,
                          [this](std::int64_t id) { return how_.world.name_of(member_id{id}); });
}

std::optional<member_id> terminal::find(std::string_view word) {
    auto known = how_.world.find(word);
    if (!known) {
        refuse(word.empty() ? "name a member"
                            : fmt::format("nobody here is called {}; /join {} lets them in", word, word));
    }
    return known;
}

engine::origin terminal::origin() const {
    if (speaker_of_line_) {
        return {policy::actor_kind::member, *speaker_of_line_};
    }
    return {policy::actor_kind::local_operator, {}};
}

flow_of_lines terminal::take(std::string_view typed) {
    std::string_view line = trimmed(typed);
    speaker_of_line_.reset();
    if (line.empty() || line.starts_with('#')) {
        return next_;
    }
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos && !line.starts_with('/')) {
        if (const auto who = how_.world.find(line.substr(0, colon))) {
            speaker_of_line_ = who;
            line = trimmed(line.substr(colon + 2));
        }
    }
    try {
        const bool two_words = !behind_first_word(line).empty() &&
                               first_word(behind_first_word(line)) == behind_first_word(line);
        if (line.starts_with('/')) {
            run_command(line.substr(1));
        } else if (!speaker_of_line_ && two_words && first_word(line) == "as" &&
                   how_.world.find(behind_first_word(line))) {
            speak_as(behind_first_word(line));
        } else if (!speaker_of_line_ && !speaker_ && first_word(line) == "join") {
            join(behind_first_word(line));
        } else if (const auto who = speaker_of_line_ ? speaker_of_line_ : speaker_) {
            say(*who, line);
        } else {
            refuse("nobody is speaking: /join NAME, then NAME: what they say. /help lists the commands");
        }
        settle();
    } catch (const std::exception& broken) {
        refuse(fmt::format("failed: {}", broken.what()));
    }
    return next_;
}

void terminal::run_command(std::string_view typed) {
    const std::string name = lowered(first_word(typed));
    for (const command& c : commands()) {
        if (c.name == name) {
            (this->*c.run)(behind_first_word(typed));
            return;
        }
    }
    refuse(fmt::format("there is no command /{}; /help lists them", name));
}

reply terminal::hand_in(guild_id guild, engine::origin from, engine::command what) {
    engine::input in;
    in.guild = guild;
    in.from = from;
    in.command = std::move(what);
    return engine_->handle(in);
}

void terminal::show_reply(std::string_view to, const reply& what) {
    const std::string heading = fmt::format("(only {} {})", to, to == "you" ? "see" : "sees");
    const engine::shown_reply shown = engine_->show(how_.guild, what);
    for (std::size_t i = 0; i < shown.messages.size(); ++i) {
        const bool last = i + 1 == shown.messages.size();
        how_.out.say(what.verdict == verdict::refused ? tone::refused : tone::reply, heading,
                     plain(testing::to_plain(shown.messages[i], last ? shown.question : prompt{})));
    }
    if (what.why) {
        how_.out.say(tone::refused, fmt::format("! {}:", to_string(what.why->code)), what.why->detail);
    }
}

/// Runs the engine until it is idle, and prints what became visible.
void terminal::settle() {
    engine_->run_once(std::chrono::seconds(30));
    print_news();
}

void terminal::print_news() {
    const auto& all = how_.world.chat.ledger();
    if (seen_ < all.size() && how_.world.clock.now() != shown_time_) {
        shown_time_ = how_.world.clock.now();
        how_.out.say(tone::time, fmt::format("-- {}", to_line(shown_time_)), "");
    }
    for (; seen_ < all.size(); ++seen_) {
        if (all[seen_].guild == how_.guild) {
            print(all[seen_]);
        }
    }
}

void terminal::print(const testing::ledger_entry& entry) {
    const auto message_of = [&](const std::vector<testing::chat_message>& list) {
        const auto found = std::find_if(list.rbegin(), list.rend(),
                                        [&](const auto& m) { return m.id == entry.external_ref; });
        return found == list.rend() ? plain(entry.content)
                                    : plain(testing::to_plain(found->message, found->question));
    };
    if (entry.operation == testing::chat_operation::send) {
        const member_id to{entry.target};
        how_.out.say(tone::bot, fmt::format("[bot to {}]", how_.world.name_of(to)),
                     message_of(how_.world.chat.inbox(to)));
    } else if (entry.operation == testing::chat_operation::post) {
        const channel_id where{entry.target};
        how_.out.say(tone::channel, fmt::format("[#{}]", how_.world.channel_name(how_.guild, where)),
                     message_of(how_.world.chat.channel(how_.guild, where)));
    } else if (entry.visible()) {
        std::string change;
        for (const role_id r : entry.before) {
            if (std::find(entry.after.begin(), entry.after.end(), r) == entry.after.end()) {
                change += " -" + how_.world.role_name(how_.guild, r);
            }
        }
        for (const role_id r : entry.after) {
            if (std::find(entry.before.begin(), entry.before.end(), r) == entry.before.end()) {
                change += " +" + how_.world.role_name(how_.guild, r);
            }
        }
        how_.out.say(tone::roles, fmt::format("[roles of {}]", how_.world.name_of(member_id{entry.target})),
                     change.substr(1));
    }
}

std::string terminal::role_list(const std::vector<role_id>& roles) const {
    std::string out;
    for (const role_id r : roles) {
        out += (out.empty() ? "" : ", ") + how_.world.role_name(how_.guild, r);
    }
    return out.empty() ? "none" : out;
}

std::span<const terminal::command> terminal::commands() {
    static constexpr command all[] = {
        {"join", "NAME [+ROLE …]", "somebody joins the chat server", &terminal::join},
        {"leave", "NAME", "somebody leaves it", &terminal::leave},
        {"bot", "NAME", "another bot joins", &terminal::bot},
        {"as", "NAME", "speak as somebody from now on (or write NAME: text)", &terminal::speak_as},
        {"pattsync", "[NAME]", "the slash command of members: begin, go on, see where things stand",
         &terminal::pattsync},
        {"role", "NAME +ROLE -ROLE …", "somebody's roles are changed by hand", &terminal::role},
        {"game", "NAME-REALM [CLASS] [level N] [rank N] [spec S] | gone NAME | rename NAME NEW",
         "somebody joins, changes or leaves the guild in the game", &terminal::change_game},
        {"sync", "", "bring the game's roster in now", &terminal::sync},
        {"import", "FILE [PROFILES]", "bring a roster document in", &terminal::import},
        {"officer", "resolve|dismiss|retry|start|rehearse|approve|decline NAME [CHARACTER]",
         "what officers do; NAME: /officer … does it as somebody", &terminal::officer},
        {"set", "KEY VALUE", "change a setting", &terminal::set},
        {"owner", "NAME", "say whose the guild is from now on", &terminal::owner},
        {"invite", "create | redeem CODE|last BY", "website invites", &terminal::invite},
        {"clock", "[+25h | TIME | now]", "turn the clock, through everything that is due in between",
         &terminal::clock},
        {"fault", "dm closed NAME | outage | OPERATION ERROR [TIMES] | lost OPERATION | clear",
         "let something go wrong in the chat server", &terminal::fault},
        {"restart", "", "end the engine and open the database again", &terminal::restart},
        {"inbox", "NAME", "the direct messages of somebody", &terminal::inbox},
        {"channel", "[NAME]", "what was posted in a channel", &terminal::channel},
        {"roles", "[NAME]", "roles, as the chat server has them", &terminal::roles},
        {"status", "[NAME]", "where somebody stands", &terminal::status},
        {"sessions", "", "all open sessions", &terminal::sessions},
        {"issues", "", "what is wrong", &terminal::issues},
        {"links", "NAME", "whose characters are whose, and why", &terminal::links},
        {"roster", "", "the roster entries that were made", &terminal::roster},
        {"log", "[N]", "the last entries of the event log", &terminal::log},
        {"ledger", "", "the effects that are done", &terminal::ledger},
        {"timers", "", "what is to be decided, and when", &terminal::timers},
        {"help", "", "this list", &terminal::help},
        {"quit", "", "leave the terminal; everything stays", &terminal::quit},
    };
    return all;
}

} // namespace patt::cli::chat
