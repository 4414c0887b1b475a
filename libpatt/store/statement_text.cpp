#include "store/statement_text.hpp"

#include <algorithm>
#include <vector>

namespace patt::store {
namespace {

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
/// Of a name, behind its first character; bytes above ASCII are letters to both databases.
bool in_name(char c) noexcept {
    return is_letter(c) || is_digit(c) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80U;
}

void skip_to(std::string_view& sql, std::string_view end) noexcept {
    const std::size_t found = sql.find(end);
    sql.remove_prefix(found == std::string_view::npos ? sql.size() : found + end.size());
}

/// Cuts the next word of letters off the front, behind white space and comments.
std::string_view next_word(std::string_view& sql) noexcept {
    for (;;) {
        if (sql.starts_with("--")) {
            skip_to(sql, "\n");
        } else if (sql.starts_with("/*")) {
            sql.remove_prefix(2);
            skip_to(sql, "*/");
        } else if (!sql.empty() &&
                   std::string_view{" \t\r\n\f;"}.find(sql.front()) != std::string_view::npos) {
            sql.remove_prefix(1);
        } else {
            break;
        }
    }
    const auto end = std::find_if_not(sql.begin(), sql.end(), is_letter);
    const std::string_view word = sql.substr(0, static_cast<std::size_t>(end - sql.begin()));
    sql.remove_prefix(word.size());
    return word;
}

bool is_word(std::string_view word, std::string_view upper) noexcept {
    return std::equal(word.begin(), word.end(), upper.begin(), upper.end(),
                      [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

template <std::size_t Count>
bool is_one_of(std::string_view word, const std::string_view (&uppers)[Count]) noexcept {
    return std::any_of(std::begin(uppers), std::end(uppers),
                       [&](std::string_view upper) { return is_word(word, upper); });
}

/// Cuts one lexical piece off the front: a quoted text, a comment, a name, a `$N`, or one character.
std::string_view cut_piece(std::string_view& sql) noexcept {
    const std::string_view all = sql;
    const char first = sql.front();
    const auto taken = [&] { return all.substr(0, all.size() - sql.size()); };
    sql.remove_prefix(1);
    if (first == '\'' || first == '"') {
        skip_to(sql, {&first, 1});
    } else if (all.starts_with("--")) {
        skip_to(sql, "\n");
    } else if (all.starts_with("/*")) {
        skip_to(sql, "*/");
    } else if (first == '$') {
        const auto end =
            std::find_if_not(sql.begin(), sql.end(), [](char c) { return in_name(c) && c != '$'; });
        sql.remove_prefix(static_cast<std::size_t>(end - sql.begin()));
        const std::string_view tag = taken();
        if (sql.starts_with('$') && (tag.size() == 1 || !is_digit(tag[1]))) { // A quote: $tag$ ... $tag$
            sql.remove_prefix(1);
            skip_to(sql, all.substr(0, tag.size() + 1));
        }
    } else if (in_name(first)) {
        const auto end = std::find_if_not(sql.begin(), sql.end(), in_name);
        sql.remove_prefix(static_cast<std::size_t>(end - sql.begin()));
    }
    return taken();
}

/// The number in `$N`, or 0 when the piece is something else with a `$`.
std::size_t parameter_number(std::string_view piece) noexcept {
    piece.remove_prefix(1);
    constexpr std::size_t digits = 5; // 65,535 parameters are the most a statement can have.
    if (piece.empty() || piece.size() > digits || piece.front() == '0' ||
        !std::all_of(piece.begin(), piece.end(), is_digit)) {
        return 0;
    }
    std::size_t number = 0;
    for (const char c : piece) {
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number;
}

} // namespace

statement_kind kind_by_words(std::string_view sql) noexcept {
    const std::string_view word = next_word(sql);
    if (is_one_of(word, {"SAVEPOINT", "RELEASE"})) {
        return statement_kind::savepoint;
    }
    if (is_word(word, "ROLLBACK")) {
        std::string_view second = next_word(sql);
        if (is_one_of(second, {"TRANSACTION", "WORK"})) {
            second = next_word(sql);
        }
        return is_word(second, "TO") ? statement_kind::rollback_to : statement_kind::transaction;
    }
    if (is_one_of(word, {"BEGIN", "START", "COMMIT", "END", "ABORT"})) {
        return statement_kind::transaction;
    }
    if (is_one_of(word, {"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "WITH"})) {
        return statement_kind::writing;
    }
    return is_one_of(word, {"SELECT", "VALUES", "TABLE", "EXPLAIN", "SHOW"}) ? statement_kind::reading
                                                                             : statement_kind::defining;
}

bool is_blank(std::string_view sql) noexcept {
    return next_word(sql).empty() && sql.empty();
}

bool opens_savepoint(std::string_view sql) noexcept {
    return is_word(next_word(sql), "SAVEPOINT");
}

std::string_view savepoint_name(std::string_view sql) noexcept {
    for (;;) {
        const std::string_view before = sql;
        const std::string_view word = next_word(sql);
        const bool whole = sql.empty() || !in_name(sql.front());
        if (!whole || !is_one_of(word, {"SAVEPOINT", "RELEASE", "ROLLBACK", "TRANSACTION", "WORK", "TO"})) {
            sql = before;
            break;
        }
    }
    const auto start = std::find_if(sql.begin(), sql.end(), in_name);
    sql.remove_prefix(static_cast<std::size_t>(start - sql.begin()));
    const auto end = std::find_if_not(sql.begin(), sql.end(), in_name);
    return sql.substr(0, static_cast<std::size_t>(end - sql.begin()));
}

std::string_view head_of(std::string_view sql) noexcept {
    constexpr std::size_t shown = 240;
    return sql.substr(0, shown);
}

text_parameters parameters_in(std::string_view sql) {
    std::vector<bool> used;
    while (!sql.empty()) {
        const std::string_view piece = cut_piece(sql);
        if (!piece.starts_with('$') || (piece.size() > 1 && piece.ends_with('$'))) {
            continue;
        }
        const std::size_t number = parameter_number(piece);
        if (number == 0) {
            return {0, "a parameter that is not $1, $2 ..."};
        }
        used.resize(std::max(used.size(), number), false);
        used[number - 1] = true;
    }
    if (std::find(used.begin(), used.end(), false) != used.end()) {
        return {0, "a parameter's number is used but not every number below it"};
    }
    return {used.size(), {}};
}

std::string_view cut_statement(std::string_view& statements) noexcept {
    const std::string_view all = statements;
    while (!statements.empty() && cut_piece(statements) != ";") {
    }
    return all.substr(0, all.size() - statements.size());
}

} // namespace patt::store
