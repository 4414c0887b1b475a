// The engine's tests on SQLite, each in a memory of its own.

#include "engine/engine_fixture.hpp"

#include <patt/store/sqlite.hpp>

#include <atomic>

namespace patt::engine_tests {

std::shared_ptr<store::database> fresh_database() {
    static std::atomic<int> number{0};
    return store::open_memory("patt-engine-test-" + std::to_string(++number));
}

std::shared_ptr<store::database> empty_database() {
    return fresh_database();
}

std::unique_ptr<store::connection> beside(store::database& engine) {
    return engine.connect();
}

} // namespace patt::engine_tests
