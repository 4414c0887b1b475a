#include "output.hpp"

#include <patt/text/utf8.hpp>

#include <boost/json.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

namespace patt::cli {

namespace {

std::string text_of(const cell& c) {
    if (const auto* number = std::get_if<std::int64_t>(&c)) {
        return std::to_string(*number);
    }
    const auto* text = std::get_if<std::string>(&c);
    return text != nullptr ? *text : std::string();
}

boost::json::value json_of(const cell& c) {
    if (const auto* number = std::get_if<std::int64_t>(&c)) {
        return *number;
    }
    if (const auto* raw = std::get_if<raw_json>(&c)) {
        return raw->text.empty() ? boost::json::value() : boost::json::parse(raw->text);
    }
    return boost::json::string(std::get<std::string>(c));
}

/// The cell and spaces up to the width, counted in characters.
std::string padded(const std::string& s, std::size_t width) {
    const std::size_t length = text::count_characters(s);
    return s + std::string(width > length ? width - length : 0, ' ');
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        line += i + 1 == cells.size() ? cells[i] : padded(cells[i], widths[i]) + "  ";
    }
    while (!line.empty() && line.back() == ' ') {
        line.pop_back();
    }
    return line + "\n";
}

} // namespace

std::string rendered(const table& what, form as) {
    if (as == form::json) {
        boost::json::array rows;
        for (const auto& row : what.rows) {
            boost::json::object o;
            for (std::size_t i = 0; i < row.size(); ++i) {
                o[what.columns[i]] = json_of(row[i]);
            }
            rows.emplace_back(std::move(o));
        }
        return boost::json::serialize(rows) + "\n";
    }
    if (what.rows.empty()) {
        return what.when_empty + "\n";
    }
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < what.columns.size(); ++i) {
        std::size_t widest = text::count_characters(what.columns[i]);
        for (const auto& row : what.rows) {
            widest = std::max(widest, text::count_characters(text_of(row[i])));
        }
        widths.push_back(widest);
    }
    std::string out = line_of(what.columns, widths);
    for (const auto& row : what.rows) {
        std::vector<std::string> cells;
        for (const cell& c : row) {
            cells.push_back(text_of(c));
        }
        out += line_of(cells, widths);
    }
    return out;
}

std::string rendered(const record& what, form as) {
    if (as == form::json) {
        boost::json::object o;
        for (const auto& [name, value] : what) {
            o[name] = json_of(value);
        }
        return boost::json::serialize(o) + "\n";
    }
    std::size_t widest = 0;
    for (const auto& [name, value] : what) {
        widest = std::max(widest, text::count_characters(name));
    }
    std::string out;
    for (const auto& [name, value] : what) {
        out += line_of({name, text_of(value)}, {widest, 0});
    }
    return out;
}

void print(const table& what, form as) {
    fmt::print("{}", rendered(what, as));
}
void print(const record& what, form as) {
    fmt::print("{}", rendered(what, as));
}

void tell_rehearsed(form as, std::string_view would) {
    if (as == form::json) {
        print(record{{"would", std::string(would)}, {"written", "no"}}, as);
    } else {
        fmt::print("This would {}. Nothing was written (--dry-run).\n", would);
    }
}

void tell(form as, std::string_view sentence) {
    if (as == form::text) {
        fmt::print("{}\n", sentence);
    }
}

} // namespace patt::cli
