#include <patt/decision/context.hpp>
#include <patt/testing/clock.hpp>

namespace patt::testing {

void seeded_entropy::fill(std::span<unsigned char> bytes) {
    // One step of the counter a call, so that the number of bytes asked for does not shift later calls.
    random_stream stream(state_.fetch_add(0x9E3779B97F4A7C15ULL));
    for (unsigned char& byte : bytes) {
        byte = static_cast<unsigned char>(stream.next() >> 56U);
    }
}

} // namespace patt::testing
