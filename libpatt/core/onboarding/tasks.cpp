#include "core/onboarding/tasks.hpp"

#include <algorithm>
#include <set>

namespace patt::onboarding {

namespace {

bool applies(const draft& d, const step& task) {
    return task.role.empty() || d.recall("role") == task.role;
}

void finish_when_done(draft& d, const std::set<std::string>& done) {
    session& s = d.current();
    for (const step& task : d.path().steps) {
        if (applies(d, task) && !done.contains(task.key)) {
            return;
        }
    }
    s.state = session_state::completed;
    s.completed_at = d.ctx().now;
    d.log("session.completed");
}

std::set<std::string> done_so_far(const draft& d) {
    std::set<std::string> done;
    for (const step_state& state : d.facts().steps) {
        if (state.status == step_status::done) {
            done.insert(state.step);
        }
    }
    return done;
}

/// Marks what a predicate says; returns all that is done then.
std::set<std::string> apply_predicates(draft& d) {
    std::set<std::string> done = done_so_far(d);
    for (const step& task : d.path().steps) {
        const bool holds = !task.predicate.empty() && !d.recall(task.predicate).empty();
        if (applies(d, task) && holds && done.insert(task.key).second) {
            d.mark_step(task.key, step_status::done);
            d.log("task.completed", {{"task", task.key}, {"by", "predicate"}});
        }
    }
    return done;
}

} // namespace

bool begin_tasks(draft& d) {
    // What an earlier session of the member was told (a role, a profile) counts here as well.
    for (const answer& a : d.facts().answers) {
        d.remember(a.field, a.value);
    }
    d.current().state = session_state::active;
    const std::set<std::string> done = apply_predicates(d);
    for (const step& task : d.path().steps) {
        if (applies(d, task) && !done.contains(task.key)) {
            d.mark_step(task.key, step_status::asked);
        }
    }
    finish_when_done(d, done);
    return true;
}

void complete_task(draft& d, std::string_view key) {
    const step* task = d.path().find(key);
    if (task == nullptr || !applies(d, *task)) {
        d.refuse(errc::not_found, "there is no task " + std::string(key) + " for this member",
                 "answer.no_such_task");
        return;
    }
    std::set<std::string> done = apply_predicates(d);
    if (done.insert(task->key).second) {
        d.mark_step(task->key, step_status::done);
        d.log("task.completed", {{"task", task->key}});
    }
    finish_when_done(d, done);
}

} // namespace patt::onboarding
