#include "blizzard/file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace patt::blizzard::detail {

result<std::string> read_file(const std::filesystem::path& file, const document_limits& limits) {
    std::error_code ec;
    const auto status = std::filesystem::status(file, ec);
    if (status.type() == std::filesystem::file_type::not_found) {
        return error{errc::not_found, fmt::format("There is no file {}.", file.string())};
    }
    if (std::filesystem::is_directory(status)) {
        return error{errc::invalid_input, fmt::format("{} is a directory; name a file.", file.string())};
    }
    errno = 0;
    std::ifstream in{file, std::ios::binary};
    if (!in) {
        return error{errc::invalid_input, fmt::format("{} cannot be opened: {}.", file.string(),
                                                      std::generic_category().message(errno))};
    }
    // Read in pieces and not by the file's size: a pipe or a device has none.
    std::string out;
    std::string piece(65'536, '\0');
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        out.append(piece, 0, static_cast<std::size_t>(in.gcount()));
        if (out.size() > limits.max_bytes) {
            return error{errc::limit_exceeded,
                         fmt::format("{} has more than {} bytes, which is more than is read.", file.string(),
                                     limits.max_bytes)};
        }
    }
    if (in.bad()) {
        return error{errc::invalid_input, fmt::format("{} cannot be read to its end: {}.", file.string(),
                                                      std::generic_category().message(errno))};
    }
    return out;
}

error in_file(const std::filesystem::path& file, const error& why) {
    return {why.code, fmt::format("{}: {}", file.filename().string(), why.detail)};
}

std::string lower_slug(std::string slug) {
    for (auto& c : slug) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return slug;
}

} // namespace patt::blizzard::detail
