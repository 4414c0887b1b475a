#include "bench/sync_delay.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace patt::bench {
namespace {

std::atomic<std::int64_t> delay_us{0};
std::atomic<std::uint64_t> syncs{0};

int sync_or_wait(long number, int file) {
    ++syncs;
    const std::int64_t wait = delay_us.load();
    if (wait == 0) {
        return static_cast<int>(::syscall(number, file));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(wait));
    return 0;
}

} // namespace

void delay_syncs(std::chrono::microseconds each) noexcept {
    delay_us = each.count();
}

std::uint64_t syncs_done() noexcept {
    return syncs.load();
}

} // namespace patt::bench

// The dynamic linker finds a program's own functions first, so SQLite's library calls these.
extern "C" int fdatasync(int file) {
    return patt::bench::sync_or_wait(SYS_fdatasync, file);
}

extern "C" int fsync(int file) {
    return patt::bench::sync_or_wait(SYS_fsync, file);
}
