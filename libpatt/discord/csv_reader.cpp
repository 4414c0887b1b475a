#include "discord/csv_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace patt::discord::detail {

namespace {

constexpr std::size_t most_cells = 64;

} // namespace

/// @return whether another cell of the same record follows.
result<bool> csv_reader::read_cell(std::string& into) {
    const std::size_t began = line_;
    bool quoted = at_ < text_.size() && text_[at_] == '"';
    if (quoted) {
        for (++at_;; ++at_) {
            if (at_ >= text_.size()) {
                return error{errc::incomplete,
                             fmt::format("line {}: the text ends inside quotes that begin here", began)};
            }
            if (text_[at_] == '"') {
                if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                    ++at_;
                } else {
                    ++at_;
                    break;
                }
            }
            line_ += text_[at_] == '\n' ? 1U : 0U;
            into += text_[at_];
        }
    }
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') {
        if (quoted) {
            return error{
                errc::invalid_input,
                fmt::format("line {}: text behind a closing quote; write \"\" for a quote inside", line_)};
        }
        into += text_[at_++];
    }
    if (at_ < text_.size() && text_[at_] == separator_) {
        ++at_;
        return true;
    }
    if (at_ < text_.size() && text_[at_] == '\r') {
        ++at_;
    }
    if (at_ < text_.size() && text_[at_] == '\n') {
        ++at_;
        ++line_;
    }
    return false;
}

result<std::optional<csv_record>> csv_reader::next() {
    while (at_ < text_.size()) {
        csv_record out;
        out.line = line_;
        for (bool more = true; more;) {
            if (out.cells.size() == most_cells) {
                return error{errc::invalid_input,
                             fmt::format("line {}: more than {} cells", out.line, most_cells)};
            }
            std::string cell;
            const result<bool> read = read_cell(cell);
            if (!read) {
                return read.err();
            }
            more = *read;
            out.cells.push_back(std::move(cell));
        }
        if (out.cells.size() > 1 || !out.cells.front().empty()) {
            return std::optional(std::move(out));
        }
    }
    return std::optional<csv_record>{};
}

char separator_of(std::string_view first_line) {
    const auto count = [&](char c) { return std::count(first_line.begin(), first_line.end(), c); };
    char best = ',';
    for (const char c : {';', '\t'}) {
        best = count(c) > count(best) ? c : best;
    }
    return best;
}

} // namespace patt::discord::detail
