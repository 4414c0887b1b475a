// Which switch holds which effect, and the names that are stored.
#include <patt/decision/context.hpp>
#include <patt/decision/effect.hpp>
#include <patt/decision/timer.hpp>
#include <patt/policy/sending.hpp>

#include <gmock/gmock.h>

#include <set>

namespace patt::policy {
namespace {

constexpr std::array gates{gate::none, gate::onboarding, gate::invite, gate::announcements, gate::officers};

guild_settings all_on() {
    guild_settings s;
    s.sending = {true, true, true, true, true};
    return s;
}

effect through(gate which, effect_class cls = effect_class::publish) {
    effect e;
    e.gate = which;
    e.cls = cls;
    return e;
}

TEST(Sending, EachSwitchHoldsItsOwn) {
    for (const gate off : gates) {
        guild_settings s = all_on();
        s.sending.onboarding = off != gate::onboarding;
        s.sending.invite = off != gate::invite;
        s.sending.announcements = off != gate::announcements;
        s.sending.officers = off != gate::officers;
        for (const gate g : gates) {
            const bool held = g == off && g != gate::none;
            EXPECT_EQ(initial_state(through(g), s), held ? effect_state::held : effect_state::pending);
        }
    }
}

TEST(Sending, TheMasterHoldsAllThatReachPeople) {
    guild_settings s = all_on();
    s.sending.enabled = false;
    for (const gate g : gates) {
        EXPECT_EQ(is_open(g, s), g == gate::none);
    }
}

TEST(Sending, MaintenanceHoldsWhatIsPublishedAndNothingElse) {
    guild_settings s = all_on();
    s.maintenance.enabled = true;
    EXPECT_EQ(initial_state(through(gate::none), s), effect_state::held);
    EXPECT_EQ(initial_state(through(gate::none, effect_class::internal), s), effect_state::pending);
    EXPECT_EQ(initial_state(through(gate::invite, effect_class::privacy), s), effect_state::pending);
    EXPECT_EQ(gates_of(s).publish, effect_state::held);
}

TEST(Sending, TheSwitchesInANewGuildAreOffForOthersAndOffAtTheMaster) {
    const guild_settings s;
    EXPECT_FALSE(is_open(gate::onboarding, s));
    EXPECT_FALSE(s.sending.announcements);
}

TEST(Names, TimersAndErrorsHaveTheirOwn) {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(timer_purpose::job); ++i) {
        const auto purpose = static_cast<timer_purpose>(i);
        EXPECT_EQ(parse_timer_purpose(to_string(purpose)), purpose);
        EXPECT_TRUE(names.insert(to_string(purpose)).second);
    }
    EXPECT_EQ(parse_timer_purpose("unknown"), std::nullopt);
    for (int i = 0; i <= static_cast<int>(effect_error::rejected); ++i) {
        EXPECT_TRUE(names.insert(to_string(static_cast<effect_error>(i))).second);
    }
}

TEST(IdSequence, TellsWhatItHandedOut) {
    id_sequence ids(10);
    EXPECT_EQ(ids.last(3), 3) << "none was handed out";
    EXPECT_EQ(ids.next<effect_id>(), effect_id{10});
    EXPECT_EQ(ids.next<link_id>(), link_id{11});
    EXPECT_EQ(ids.last(3), 11);
    EXPECT_EQ(ids.peek(), 12);
}

TEST(RandomStream, IsTheSameEverywhereAndStaysBelow) {
    random_stream r(0);
    EXPECT_EQ(r.next(), 0xE220A8397B1DCDAFULL) << "the first number of SplitMix64 for seed 0";
    EXPECT_EQ(r.below(0), 0U);
    EXPECT_EQ(r.below(1), 0U);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_LT(r.below(7), 7U);
    }
}

} // namespace
} // namespace patt::policy
