#include "crash/mapped_clock.hpp"

#include <patt/result.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace patt::crash {

static_assert(std::atomic<std::int64_t>::is_always_lock_free);

mapped_clock::mapped_clock(const std::filesystem::path& file, instant start) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ::ftruncate(fd, sizeof(std::int64_t)) != 0) {
        throw failure("cannot make the clock " + file.string());
    }
    void* mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    if (mapped == MAP_FAILED) {
        throw failure("cannot map the clock " + file.string());
    }
    cell_ = static_cast<std::atomic<std::int64_t>*>(mapped);
    if (!now()) {
        set(start);
    }
}

mapped_clock::~mapped_clock() {
    ::munmap(cell_, sizeof(std::int64_t));
}

} // namespace patt::crash
