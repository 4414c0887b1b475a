/// @file
/// Two flows that exist in tests only: they run without a change to the engine.
#pragma once

#include <string>

namespace patt::onboarding {

/// A question with a branch, a versioned agreement, a review by an officer. Raiders are reviewed, others not.
inline std::string entry_flow_document(int version) {
    return R"json({"flow":"entry","version":)json" + std::to_string(version) + R"json(,"order":"ordered",
        "start":"path","steps":[
        {"key":"path","kind":"ask","prompt":"choice","text":"newcomer.welcome","parser":"choice","field":"role",
         "choices":["raider","social"],"next":"rules"},
        {"key":"rules","kind":"agreement","prompt":"accept","text":"newcomer.ask_main","document":"code",
         "version":)json" +
           std::to_string(version) + R"json(,"field":"code",
         "branches":[{"field":"code","is":"declined","go":"really"},{"field":"role","is":"raider","go":"look"}],
         "next":"bye"},
        {"key":"really","kind":"agreement","prompt":"accept","text":"newcomer.ask_main","document":"code",
         "version":)json" +
           std::to_string(version) + R"json(,"field":"code",
         "branches":[{"field":"code","is":"accepted","go":"bye"}],"next":"bye"},
        {"key":"look","kind":"review","text":"officer.escalation","next":"bye"},
        {"key":"bye","kind":"say","text":"newcomer.wrap_up","next":"done"},
        {"key":"done","kind":"end"}]})json";
}

/// Tasks in any order; some only for raiders, one done by what an earlier flow learned.
inline const std::string checklist_document = R"json({"flow":"checklist","version":1,"order":"tasks","steps":[
        {"key":"profile","kind":"task","predicate":"role"},
        {"key":"website","kind":"task"},
        {"key":"addon","kind":"task","role":"raider"},
        {"key":"kitchen","kind":"task","role":"social"}]})json";

} // namespace patt::onboarding
