#include <patt/testing/plain.hpp>

#include <cstddef>

namespace patt::testing {
namespace {

void add_line(std::string& out, const std::string& line) {
    if (!out.empty() && out.back() != '\n') {
        out += '\n';
    }
    out += line;
}

} // namespace

std::string to_plain(const text::message& what, const prompt& question) {
    std::string out = text::as_lines(what);
    while (!out.empty() && out.back() == '\n') {
        out.pop_back();
    }
    switch (question.kind) {
    case prompt_kind::none:
    case prompt_kind::text:
        break;
    case prompt_kind::confirm:
        add_line(out, "[yes/no]");
        break;
    case prompt_kind::accept:
        add_line(out, "[accept/decline]");
        break;
    case prompt_kind::choice:
        for (std::size_t i = 0; i < question.choices.size(); ++i) {
            add_line(out, "  " + std::to_string(i + 1) + ") " + question.choices[i]);
        }
        break;
    case prompt_kind::form:
        for (const std::string& field : question.choices) {
            add_line(out, "[" + field + ": …]");
        }
        break;
    }
    return out;
}

} // namespace patt::testing
