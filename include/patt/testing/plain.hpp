/// @file
/// Messages as plain text, for terminals and traces. Deterministic; Markdown stays as it is.
#pragma once

#include <patt/decision/text.hpp>
#include <patt/text/message.hpp>

#include <string>

namespace patt::testing {

/// The message as lines, then what can be answered: `[yes/no]`, `  1) …` for choices, `[field: …]` for a
/// form.
[[nodiscard]] std::string to_plain(const text::message& what, const prompt& question = {});

} // namespace patt::testing
