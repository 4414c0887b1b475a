#include "core/onboarding/permit.hpp"

namespace patt::onboarding {

namespace {

policy::action action_of(officer_verb verb) {
    switch (verb) {
    case officer_verb::resolve:
        return policy::action::resolve;
    case officer_verb::dismiss:
        return policy::action::dismiss;
    case officer_verb::retry:
        return policy::action::retry;
    case officer_verb::start:
        return policy::action::start;
    case officer_verb::rehearse:
        return policy::action::rehearse;
    case officer_verb::approve:
    case officer_verb::decline:
        return policy::action::review;
    }
    return policy::action::review;
}

} // namespace

bool permit(draft& d, officer_verb verb) {
    return permit(d, action_of(verb));
}

bool permit(draft& d, policy::action what) {
    policy::target at;
    at.guild = d.ctx().guild;
    at.member = d.facts().member ? d.facts().member->id : member_id{};
    const policy::policy_facts facts{d.ctx().settings, policy::confirmation::missing};
    const policy::decision decided = policy::decide(d.ctx().actor, what, at, facts);
    if (decided.log == policy::logging::yes) {
        d.log(decided.allowed() ? "policy.allowed" : "policy.denied",
              {{"action", std::string(policy::to_string(what))},
               {"why", std::string(policy::to_string(decided.why))}});
    }
    if (decided.allowed()) {
        return true;
    }
    const error why = policy::as_error(decided);
    d.refuse(why.code, why.detail, "officer.denied");
    return false;
}

} // namespace patt::onboarding
