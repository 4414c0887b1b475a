#include "crash/sweep.hpp"

#include "crash/story.hpp"

#include <patt/result.hpp>
#include <patt/store/postgres.hpp>
#include <patt/store/sqlite.hpp>

#include <algorithm>
#include <system_error>

namespace patt::crash {
namespace {

constexpr int most_boots = 8;

std::vector<step> story_of(const std::string& name) {
    return name == "short" ? short_story() : story();
}

/// One folder and one chat server, used again for every run.
class stage {
public:
    stage(const std::filesystem::path& folder, const sweep_plan& plan)
        : folder_(folder / "run")
        , plan_(plan)
        , steps_(story_of(plan.story))
        , chat_(folder) {}

    struct result {
        life first;          ///< The one that was to be killed.
        std::string failure; ///< Why the story did not come to its end; empty when it did.
        outcome end;
    };

    /// Plays the story from the empty file; after the death the next process goes on.
    result play(const death& end, const std::string& plant) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        chat_.reset();
        renew_server();
        result out;
        life now = run_victim(folder_, chat_.socket(), server_, plan_.story, 0, 0, end, plant);
        out.first = now;
        for (int boot = 1; now.how == life::ending::killed && boot < most_boots; ++boot) {
            forget_shared_memory(end);
            now =
                run_victim(folder_, chat_.socket(), server_, plan_.story, now.acknowledged, boot, {}, plant);
        }
        if (now.how != life::ending::done) {
            out.failure = now.why.empty() ? "it never came to its end" : now.why;
            return out;
        }
        const auto database =
            plan_.server ? store::open_postgres(server_) : store::open_sqlite(folder_ / "guild.db");
        out.end = read_outcome(*database, chat_.world(), steps_);
        return out;
    }

private:
    void renew_server() {
        if (plan_.server) {
            if (!server_.empty()) {
                plan_.give_back(server_);
            }
            server_ = plan_.server();
        }
    }

    /// Where the power went, the index of the write-ahead log (which is in memory only) is gone too.
    void forget_shared_memory(const death& end) {
        if (end.mode == "power") {
            std::error_code ignored;
            std::filesystem::remove(folder_ / "guild.db-shm", ignored);
        }
    }

    std::filesystem::path folder_;
    std::string server_;
    const sweep_plan& plan_;
    std::vector<step> steps_;
    chat_process chat_;
};

/// The story without a death and without a fault.
stage::result undisturbed(stage& on) {
    stage::result out = on.play({}, "");
    if (!out.failure.empty() || !out.end.broken.empty()) {
        throw failure("the undisturbed story is broken: " + out.failure +
                      (out.end.broken.empty() ? "" : out.end.broken.front()));
    }
    return out;
}

/// @return Whether the victim was struck there; false beyond the last point.
bool try_point(stage& on, const outcome& sound, const sweep_plan& plan, const death& end,
               sweep_report& report) {
    const stage::result run = on.play(end, plan.plant);
    const bool struck = run.first.how == life::ending::killed || end.mode.starts_with("cut");
    report.points += struck ? 1 : 0;
    const std::string where = "at call " + std::to_string(end.at) + " (" + end.mode + "): ";
    if (!run.failure.empty()) {
        report.breaks.push_back(where + "everything-due-happens: the process ended: " + run.failure);
    } else {
        const std::vector<std::string> wrong = compare(sound, run.end);
        if (!wrong.empty()) {
            std::string all = where;
            for (const std::string& w : wrong) {
                all += "\n    " + w;
            }
            report.breaks.push_back(all);
        }
    }
    return struck;
}

bool enough(const sweep_plan& plan, const sweep_report& report) {
    if (report.breaks.empty() || plan.until.empty()) {
        return report.breaks.size() >= plan.most_breaks;
    }
    return report.breaks.back().find(plan.until) != std::string::npos;
}

} // namespace

sweep_report sweep(const std::filesystem::path& folder, const sweep_plan& plan) {
    stage on(folder, plan);
    const stage::result sound = undisturbed(on);
    sweep_report report;
    report.calls = sound.first.calls;
    report.end = digest_of(sound.end);
    std::size_t turn = 0;
    const long stride = plan.points > 0 ? std::max(1L, report.calls / plan.points) : plan.stride;
    for (long at = 1 + report.calls * plan.first_percent / 100;; at += at < plan.closely ? 1 : stride) {
        const death end{at, plan.modes[turn++ % plan.modes.size()]};
        // How many packets a server's answer comes in is up to the network: its last points may not be there.
        const bool beyond = plan.server ? at > report.calls : false;
        if (beyond || (!try_point(on, sound.end, plan, end, report) && !plan.server) ||
            enough(plan, report)) {
            return report;
        }
    }
}

outcome play_undisturbed(const std::filesystem::path& folder, const sweep_plan& plan) {
    stage on(folder, plan);
    return undisturbed(on).end;
}

std::vector<std::string> compare_undisturbed(const std::filesystem::path& folder, const std::string& story) {
    sweep_plan plan;
    plan.story = story;
    stage on(folder, plan);
    const stage::result first = undisturbed(on);
    const stage::result second = undisturbed(on);
    return compare(first.end, second.end);
}

} // namespace patt::crash
