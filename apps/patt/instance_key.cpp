#include "instance_key.hpp"

#include <patt/provisioning/invite_code.hpp>
#include <patt/result.hpp>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace patt::cli {

namespace {

namespace fs = std::filesystem;

std::string checked(std::string key, std::string_view from) {
    while (!key.empty() && (key.back() == '\n' || key.back() == '\r' || key.back() == ' ')) {
        key.pop_back();
    }
    if (key.size() < provisioning::instance_key_min_bytes) {
        throw failure(fmt::format("the instance key in {} is too short: it needs at least {} characters",
                                  from, provisioning::instance_key_min_bytes));
    }
    return key;
}

std::string read_key(const fs::path& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) == 0 && (info.st_mode & (S_IRGRP | S_IROTH | S_IWGRP | S_IWOTH)) != 0) {
        throw failure(fmt::format("others may read the instance key in {}; run: chmod 600 {}", file.string(),
                                  file.string()));
    }
    std::ifstream in(file, std::ios::binary);
    std::string key;
    if (!in || !std::getline(in, key)) {
        throw failure(
            fmt::format("the instance key in {} cannot be read: {}", file.string(), std::strerror(errno)));
    }
    return checked(std::move(key), file.string());
}

/// Makes the file whole or not at all; somebody else who makes it first wins.
void make_key(const fs::path& file, engine::entropy& random) {
    std::array<unsigned char, 32> bytes{};
    random.fill(bytes);
    std::string key;
    for (const unsigned char b : bytes) {
        key += fmt::format("{:02x}", b);
    }
    key += '\n';
    const fs::path made = file.string() + fmt::format(".{}", ::getpid());
    const int fd = ::open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    const bool written = fd >= 0 && ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                         ::fsync(fd) == 0;
    const int why = errno;
    if (fd >= 0) {
        ::close(fd);
    }
    if (written) {
        ::link(made.c_str(), file.c_str());
    }
    ::unlink(made.c_str());
    if (!written) {
        throw failure(
            fmt::format("the instance key cannot be written to {}: {}", file.string(), std::strerror(why)));
    }
}

} // namespace

std::string instance_key(const fs::path& database, engine::entropy& random, missing_key when) {
    if (const char* key = std::getenv("PATT_INSTANCE_KEY"); key != nullptr && *key != '\0') {
        return checked(key, "PATT_INSTANCE_KEY");
    }
    if (const char* file = std::getenv("PATT_INSTANCE_KEY_FILE"); file != nullptr && *file != '\0') {
        return read_key(file);
    }
    const fs::path file = database.string() + ".key";
    if (!fs::exists(file)) {
        if (when == missing_key::stand_in) {
            return std::string(provisioning::instance_key_min_bytes, 'x');
        }
        make_key(file, random);
    }
    return read_key(file);
}

} // namespace patt::cli
