#include <patt/engine/system.hpp>

#include <openssl/rand.h>

#include <chrono>

namespace patt::engine {

instant system_clock::now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return instant{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

void system_entropy::fill(std::span<unsigned char> bytes) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw failure("the system's random number generator does not answer");
    }
}

} // namespace patt::engine
