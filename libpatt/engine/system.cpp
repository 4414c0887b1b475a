#include <patt/engine/system.hpp>

#include <openssl/rand.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace patt::engine {

instant system_clock::now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return instant{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

duration system_clock::monotonic() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) +
           std::chrono::duration_cast<duration>(std::chrono::nanoseconds(now.tv_nsec));
}

void database_clock::observe(instant database_time, duration before, duration after) {
    // The database looked at its clock at some moment in between: nothing else is known of it. A question
    // that was held up for long says little, and what is known already stays.
    const std::int64_t least = (database_time - after).microseconds();
    const std::int64_t most = (database_time - before).microseconds();
    std::int64_t known = ahead_;
    while (!ahead_.compare_exchange_weak(
        known, known == 0 ? least : std::clamp(known, least, std::max(least, most)))) {
    }
}

instant database_clock::now() {
    const std::int64_t ahead = ahead_;
    std::int64_t now = ahead == 0 ? machine_.now().microseconds() : ahead + monotonic().count();
    if (ahead != 0) {
        std::int64_t told = told_;
        while (now > told && !told_.compare_exchange_weak(told, now)) {
        }
        now = std::max(now, told);
    }
    return instant{now};
}

void system_entropy::fill(std::span<unsigned char> bytes) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw failure("the system's random number generator does not answer");
    }
}

} // namespace patt::engine
