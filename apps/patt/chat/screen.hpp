/// @file
/// What the terminal prints: who says what to whom, in colours on a terminal and plain on a pipe.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace patt::cli::chat {

enum class colours : std::uint8_t { off, on };

/// What kind of line it is; decides its colour.
enum class tone : std::uint8_t {
    bot,     ///< A direct message from the bot.
    channel, ///< A post that everybody sees.
    roles,   ///< A change of roles.
    reply,   ///< A reply that one person sees.
    refused, ///< Something was not done.
    time,    ///< The clock moved.
    note,    ///< The terminal itself.
};

class screen {
public:
    screen(std::ostream& out, colours how)
        : out_(out)
        , how_(how) {}

    /// A heading and its text: on the same line when it is short, else indented below.
    void say(tone kind, std::string_view heading, std::string_view text);
    /// One or more lines as they are.
    void lines(std::string_view text);
    void note(std::string_view sentence) { say(tone::note, "", sentence); }
    /// The line that was typed, for transcripts.
    void echo(std::string_view prompt, std::string_view typed);
    void flush() { out_.flush(); }
    [[nodiscard]] bool coloured() const noexcept { return how_ == colours::on; }

private:
    std::ostream& out_;
    colours how_;
};

} // namespace patt::cli::chat
