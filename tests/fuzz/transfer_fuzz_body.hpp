// What must hold for every text that somebody calls a guild's file; shared by the fuzzer and the replay.
#pragma once

#include "store/transfer/reader.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace patt::fuzz {

inline const std::vector<store::table_shape>& transfer_tables() {
    using store::column_kind;
    static const std::vector<store::table_shape> tables{
        {"guild",
         {{"guild_id", column_kind::number, false}, {"name", column_kind::text, false}},
         {"guild_id"},
         {}},
        {"t",
         {{"guild_id", column_kind::number, false},
          {"n", column_kind::small_number, true},
          {"d", column_kind::floating, true},
          {"b", column_kind::bytes, false}},
         {"guild_id"},
         {}}};
    return tables;
}

inline bool has_sentence(const error& e) {
    return !e.detail.empty() && e.detail.size() < 1'000 &&
           std::none_of(e.detail.begin(), e.detail.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// Empty when all is well, else what is wrong. @param whole  Set when the file was accepted to its end.
inline std::string check_transfer_input(std::string_view text, bool* whole = nullptr) {
    store::transfer::reader file(transfer_tables(), 2);
    std::int64_t rows = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const auto read = file.take(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!read) {
            return has_sentence(read.err()) ? "" : "a file was refused without a sentence";
        }
        if (*read) {
            ++rows;
            const store::transfer::row_text& row = **read;
            const std::string again = store::transfer::row_line(*row.table, row.cells);
            const auto reread = store::transfer::parse_row(again, transfer_tables());
            if (!reread || store::transfer::row_line(*reread->table, reread->cells) != again) {
                return "a row that was read cannot be written and read again";
            }
        }
    }
    const auto done = file.end();
    if (!done) {
        return has_sentence(done.err()) ? "" : "a file was refused without a sentence";
    }
    if (whole != nullptr) {
        *whole = true;
    }
    return done->rows == rows ? "" : "rows were counted wrongly";
}

inline bool is_whole_transfer(std::string_view text) {
    bool whole = false;
    return check_transfer_input(text, &whole).empty() && whole;
}

} // namespace patt::fuzz
