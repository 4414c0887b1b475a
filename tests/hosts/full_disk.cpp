#include "hosts/full_disk.hpp"

#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace patt::hosts {
namespace {

std::string& last_reason() {
    static std::string text;
    return text;
}

} // namespace

std::unique_ptr<small_disk> small_disk::mount(int megabytes) {
    std::unique_ptr<small_disk> out(new small_disk);
    const std::string size = "mode=0755,size=" + std::to_string(megabytes) + "m";
    if (::mount("patt-test", out->path().c_str(), "tmpfs", 0, size.c_str()) != 0) {
        last_reason() = std::strerror(errno);
        return nullptr;
    }
    out->mounted_ = true;
    return out;
}

std::string small_disk::why_not() {
    return last_reason();
}

small_disk::~small_disk() {
    if (mounted_) {
        ::umount2(path().c_str(), MNT_DETACH);
    }
}

void small_disk::fill() const {
    std::ofstream file(path() / "filler", std::ios::binary);
    const std::string block(65536, 'x');
    while (file.write(block.data(), static_cast<std::streamsize>(block.size())) && file.flush()) {
    }
}

void small_disk::clear() const {
    std::error_code ignored;
    std::filesystem::remove(path() / "filler", ignored);
}

} // namespace patt::hosts
