// A table of members: the first line names the columns.

#include "discord/csv_reader.hpp"
#include "discord/member_fields.hpp"
#include "discord/member_list_parts.hpp"

#include <patt/text/utf8.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace patt::discord::detail {

namespace {

using identity::listed_member;

enum column : std::uint8_t { id, username, global_name, nick, roles, joined_at, bot, column_count };
constexpr std::array<std::string_view, column_count> names = {"id",    "username",  "global_name", "nick",
                                                              "roles", "joined_at", "bot"};
constexpr std::size_t absent = static_cast<std::size_t>(-1);

/// Which cell has which column.
using layout = std::array<std::size_t, column_count>;

std::string_view trimmed(std::string_view s) {
    const std::size_t first = s.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{}
                                           : s.substr(first, s.find_last_not_of(" \t") - first + 1);
}

std::string lower(std::string_view s) {
    std::string out(s);
    for (char& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

/// The beginning of a cell, fit for a sentence.
std::string shown(std::string_view cell) {
    constexpr std::size_t enough = 40;
    std::string out(text::first_characters(cell, enough));
    for (char& c : out) {
        c = static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    }
    return out;
}

result<layout> read_header(const csv_record& header) {
    layout out;
    out.fill(absent);
    for (std::size_t i = 0; i < header.cells.size(); ++i) {
        std::string name = lower(trimmed(header.cells[i]));
        name = name == "nickname" ? "nick" : name == "user_id" ? "id" : name;
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) {
            return error{
                errc::invalid_input,
                fmt::format("line {}: there is no column \"{}\"; the first line names the columns: id, "
                            "username, global_name, nick, roles, joined_at, bot",
                            header.line, shown(header.cells[i]))};
        }
        std::size_t& at = out[static_cast<std::size_t>(found - names.begin())];
        if (at != absent) {
            return error{errc::invalid_input,
                         fmt::format("line {}: the column {} is there twice", header.line, name)};
        }
        at = i;
    }
    for (const column c : {id, username}) {
        if (out[c] == absent) {
            return error{errc::invalid_input,
                         fmt::format("line {}: the column {} is missing", header.line, names[c])};
        }
    }
    return out;
}

class row_reader {
public:
    row_reader(const csv_record& row, const layout& where, fault_list& faults)
        : row_(row)
        , where_(where)
        , faults_(faults) {}

    listed_member read(const member_list_limits& limits) {
        listed_member out;
        if (const auto n = read_id(cell(id))) {
            out.id = member_id{*n};
        } else {
            fault(id, n.err().detail);
        }
        out.username = name(username);
        if (out.username.empty() && !failed_) {
            fault(username, "is missing");
        }
        out.global_name = name(global_name);
        out.nickname = name(nick);
        if (!cell(joined_at).empty()) {
            const auto at = read_time(cell(joined_at));
            if (at) {
                out.joined_at = *at;
            } else {
                fault(joined_at, at.err().detail);
            }
        }
        out.kind = is_bot() ? identity::account_kind::bot : identity::account_kind::human;
        read_roles(limits, out);
        return out;
    }

    void fault(column which, std::string_view why) {
        failed_ = true;
        faults_.add(fmt::format("line {}, {}", row_.line, names[which]), why);
    }
    [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
    [[nodiscard]] std::string_view cell(column which) const {
        return where_[which] == absent ? std::string_view{} : trimmed(row_.cells[where_[which]]);
    }

    std::string name(column which) {
        auto read = read_name(cell(which));
        if (!read) {
            fault(which, read.err().detail);
            return {};
        }
        return std::move(*read);
    }

    bool is_bot() {
        const std::string said = lower(cell(bot));
        const bool yes = said == "true" || said == "yes" || said == "1";
        if (!yes && !said.empty() && said != "false" && said != "no" && said != "0") {
            fault(bot, "must be yes or no");
        }
        return yes;
    }

    void read_roles(const member_list_limits& limits, listed_member& out) {
        std::string_view left = cell(roles);
        while (!left.empty()) {
            const std::size_t end = std::min(left.find_first_of(" |,;"), left.size());
            if (const std::string_view one = left.substr(0, end); !one.empty()) {
                const auto n = read_id(one);
                if (!n || out.roles.size() == limits.max_roles) {
                    fault(roles, n ? "has too many roles" : n.err().detail);
                    return;
                }
                out.roles.emplace_back(*n);
            }
            left.remove_prefix(std::min(end + 1, left.size()));
        }
        std::sort(out.roles.begin(), out.roles.end());
        out.roles.erase(std::unique(out.roles.begin(), out.roles.end()), out.roles.end());
    }

    const csv_record& row_;
    const layout& where_;
    fault_list& faults_;
    bool failed_ = false;
};

} // namespace

result<identity::member_snapshot> parse_csv(std::string_view text, const member_list_limits& limits) {
    const std::size_t begin = text.find_first_not_of("\r\n");
    csv_reader rows(text, separator_of(text.substr(begin, text.find('\n', begin) - begin)));
    const auto header = rows.next();
    if (!header) {
        return header.err();
    }
    if (!*header) { // Quotes with nothing inside.
        return error{errc::incomplete, "The list is empty."};
    }
    const auto where = read_header(**header);
    if (!where) {
        return where.err();
    }
    identity::member_snapshot out;
    fault_list faults;
    seen_ids seen;
    for (;;) {
        const auto row = rows.next();
        if (!row) {
            return row.err();
        }
        if (!*row) {
            break;
        }
        if (out.members.size() == limits.max_members) {
            return too_many(limits);
        }
        const std::string place = fmt::format("line {}", (*row)->line);
        if ((*row)->cells.size() != (*header)->cells.size()) {
            faults.add(place, fmt::format("has {} cells, the first line has {}", (*row)->cells.size(),
                                          (*header)->cells.size()));
            continue;
        }
        row_reader reader(**row, *where, faults);
        listed_member read = reader.read(limits);
        if (reader.failed()) {
            continue;
        }
        if (const std::string before = seen.note(read.id.value(), place); !before.empty()) {
            reader.fault(id, fmt::format("{} is in {} already", read.id.value(), before));
            continue;
        }
        out.members.push_back(std::move(read));
    }
    return faults.any() ? result<identity::member_snapshot>(faults.as_error())
                        : result<identity::member_snapshot>(std::move(out));
}

} // namespace patt::discord::detail
