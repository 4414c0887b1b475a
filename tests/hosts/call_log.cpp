#include "hosts/call_log.hpp"

#include <patt/result.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <tuple>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;
using monotonic = std::chrono::steady_clock;

/// So long after it was let go on, a host may still make the call that it was about to make.
constexpr auto waking = 300ms;

std::int64_t number_of(monotonic::time_point when) {
    return std::chrono::duration_cast<std::chrono::microseconds>(when.time_since_epoch()).count();
}

} // namespace

call_log::call_log(const std::string& file)
    : file_(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) {
    if (file_ < 0) {
        throw failure("cannot open " + file);
    }
}

call_log::~call_log() {
    ::close(file_);
}

void call_log::add(std::int64_t boot_id, guild_id guild, std::string_view key) const {
    std::string line = std::to_string(number_of(monotonic::now())) + ' ' + std::to_string(boot_id) + ' ' +
                       std::to_string(guild.value()) + ' ';
    line.append(key).append("\n");
    if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        throw failure("the call cannot be written down");
    }
}

std::vector<chat_call> read_calls(const std::string& file) {
    std::vector<chat_call> out;
    std::ifstream in(file);
    std::int64_t at = 0;
    for (chat_call c; in >> at >> c.boot_id >> c.guild >> c.key;) {
        c.at = monotonic::time_point(std::chrono::microseconds(at));
        out.push_back(c);
    }
    return out;
}

repeated_calls judge_repeats(std::vector<chat_call> calls, const std::vector<disturbance>& done,
                             int workers) {
    std::stable_sort(calls.begin(), calls.end(), [](const chat_call& a, const chat_call& b) {
        return std::tie(a.guild, a.key, a.at) < std::tie(b.guild, b.key, b.at);
    });
    repeated_calls out;
    std::map<const disturbance*, int> late;
    const auto reason = [&](const chat_call& before, const chat_call& again) {
        return std::any_of(done.begin(), done.end(), [&](const disturbance& d) {
            return (d.boot_id == 0 || d.boot_id == before.boot_id) && d.from <= again.at &&
                   d.until + waking >= before.at;
        });
    };
    // For whoever has to find out what it was, as a rare one comes back seldom.
    const auto after = [](monotonic::time_point from, monotonic::time_point to) {
        return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count()) +
               " ms";
    };
    const auto near = [&](const chat_call& before, const chat_call& again) {
        std::string all;
        for (const disturbance& d : done) {
            if (d.from <= again.at + 1s && d.until + 10s >= before.at) {
                all += "; to " + std::to_string(d.boot_id) + " from " + after(before.at, d.from) + " to " +
                       after(before.at, d.until) + " of the first call";
            }
        }
        return all;
    };
    const auto was_about_to = [&](const chat_call& again) {
        return std::any_of(done.begin(), done.end(), [&](const disturbance& d) {
            return d.boot_id == again.boot_id && d.until <= again.at && d.until + waking >= again.at &&
                   ++late[&d] <= workers;
        });
    };
    for (std::size_t i = 1; i < calls.size(); ++i) {
        const chat_call& before = calls[i - 1];
        const chat_call& again = calls[i];
        if (before.guild != again.guild || before.key != again.key) {
            continue;
        }
        if (reason(before, again)) {
            ++out.excused;
        } else if (was_about_to(again)) {
            ++out.late;
        } else {
            out.without.push_back("call-repeated: " + again.key + " of guild " + std::to_string(again.guild) +
                                  ", by host " + std::to_string(again.boot_id) + " after host " +
                                  std::to_string(before.boot_id) + " " + after(before.at, again.at) +
                                  ", to which nothing had been done" + near(before, again));
        }
    }
    return out;
}

} // namespace patt::hosts
