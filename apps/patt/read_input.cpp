#include "read_input.hpp"

#include "exit_code.hpp"

#include <patt/text/utf8.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <istream>

namespace patt::cli {

namespace {

std::string bounded(std::istream& in, const std::string& name, std::size_t most) {
    constexpr std::size_t at_once = 65'536;
    std::string out;
    std::string piece(at_once, '\0');
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        out.append(piece, 0, static_cast<std::size_t>(in.gcount()));
        if (out.size() > most) {
            throw refusal({errc::limit_exceeded, fmt::format("{} is longer than {} bytes", name, most)});
        }
    }
    return out;
}

} // namespace

std::string read_input(const std::string& file, std::size_t most) {
    if (file == "-") {
        return bounded(std::cin, input_name(file), most);
    }
    std::ifstream in(file, std::ios::binary);
    std::error_code ec;
    if (!in || std::filesystem::is_directory(file, ec)) {
        throw refusal({errc::not_found, fmt::format("there is no file {} that can be read", file)});
    }
    return bounded(in, file, most);
}

std::string read_table(const std::string& file) {
    constexpr std::size_t most = 64U * 1024U * 1024U;
    std::string table = read_input(file, most);
    const std::size_t at = std::min(text::find_broken_utf8(table), table.find('\0'));
    if (at != std::string::npos) {
        const auto line =
            1 + std::count(table.begin(), table.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        throw refusal(
            {errc::invalid_input, fmt::format("{}: line {}: {}. Save the list as UTF-8.", input_name(file),
                                              line, table[at] == '\0' ? "a NUL" : "broken UTF-8")});
    }
    return table;
}

std::string input_name(const std::string& file) {
    return file == "-" ? "standard input" : std::filesystem::path(file).filename().string();
}

} // namespace patt::cli
