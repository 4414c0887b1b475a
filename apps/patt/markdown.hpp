/// @file
/// The chat server's Markdown on a terminal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace patt::cli {

enum class emphasis : std::uint8_t {
    none,   ///< Left out: for words that stand by themselves.
    stars,  ///< Kept as they are: for pipes and transcripts.
    escape, ///< As the terminal's bold.
};

/// Without the backslashes and zero-width spaces that keep users' words from being read as Markdown.
/// @param name_of  What stands for `<@1002>`; the number itself when it gives nothing.
[[nodiscard]] std::string plain_markdown(std::string_view text, emphasis bold = emphasis::stars,
                                         const std::function<std::string(std::int64_t)>& name_of = {});

} // namespace patt::cli
