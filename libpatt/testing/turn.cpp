// Virtual time: the engine runs wherever something falls due.

#include <patt/result.hpp>
#include <patt/testing/world.hpp>

#include <algorithm>

namespace patt::testing {
namespace {

/// More rounds without rest than any story has.
constexpr int most_rounds = 10'000;
/// More stops in one turn of the clock than any test has; a timer that is always due soon would run for ever.
constexpr int most_stops = 1'000'000;

} // namespace

engine::run_report settle(engine::engine& engine) {
    engine::run_report total;
    for (int round = 0; round < most_rounds; ++round) {
        const engine::run_report report = engine.run_once(std::chrono::seconds(1));
        total.inputs += report.inputs;
        total.effects += report.effects;
        total.next_due = report.next_due;
        if (report.inputs == 0 && report.effects == 0) {
            return total;
        }
    }
    throw failure("the engine never comes to rest");
}

void turn_to(engine::engine& engine, manual_clock& clock, instant to) {
    for (int stop = 0; stop < most_stops; ++stop) {
        const engine::run_report report = settle(engine);
        const instant now = clock.now();
        if (now >= to) {
            return;
        }
        if (!report.next_due || report.next_due >= to) {
            clock.set(to);
        } else {
            // What is due and yet not done (its lane is taken, its time has no fraction) is tried a little
            // later.
            clock.set(std::max(report.next_due, now + std::chrono::seconds(1)));
        }
    }
    throw failure("the clock never comes to its end");
}

} // namespace patt::testing
