#include "store/postgres/resolver.hpp"

#include <netdb.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace patt::store::postgres {
namespace {

using std::chrono::steady_clock;

/// Many connections are opened at once; and who moves a name to another address does not see a difference.
constexpr std::chrono::seconds fresh{1};

struct free_addresses {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

addresses none(std::string why, addresses::answer how) {
    addresses out;
    out.problem = std::move(why);
    out.how = how;
    return out;
}

/// While it lives, threads are made that no signal is delivered to: those are the embedder's.
class no_signals {
public:
    no_signals() noexcept {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    no_signals(const no_signals&) = delete;
    no_signals& operator=(const no_signals&) = delete;
    ~no_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

} // namespace

addresses ask_system(const std::string& name) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (const int problem = ::getaddrinfo(name.c_str(), nullptr, &wanted, &list); problem != 0) {
        return none(::gai_strerror(problem),
                    problem == EAI_NONAME ? addresses::answer::known : addresses::answer::nobody_could_tell);
    }
    const std::unique_ptr<addrinfo, free_addresses> owned(list);
    addresses out;
    for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), static_cast<socklen_t>(text.size()),
                          nullptr, 0, NI_NUMERICHOST) == 0) {
            out.numeric.emplace_back(text.data());
        }
    }
    return out;
}

lookup::lookup()
    : over_event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

lookup::~lookup() {
    if (over_event_ >= 0) {
        ::close(over_event_);
    }
}

void lookup::end(addresses found) noexcept {
    found_ = std::move(found);
    over_ = true;
    const std::uint64_t one = 1;
    static_cast<void>(::write(over_event_, &one, sizeof one) == 0); // Nobody reads it, so it stays readable.
}

struct resolver::memory {
    struct entry {
        std::shared_ptr<lookup> current;
        steady_clock::time_point ended; ///< Of one that found something.
        std::vector<std::string> last_found;
    };
    const name_lookup how;
    std::mutex guard{};
    std::map<std::string, entry> names{};

    [[nodiscard]] static bool may_be_shared(const entry& known) {
        return known.current != nullptr &&
               (!known.current->over() || steady_clock::now() - known.ended < fresh);
    }
    [[nodiscard]] addresses ask(const std::string& name) const noexcept {
        try {
            return how(name);
        } catch (...) {
            return none("out of memory", addresses::answer::nobody_could_tell);
        }
    }
    void end(const std::string& name, lookup& mine, addresses found) {
        const std::lock_guard lock(guard);
        if (entry& known = names[name]; !found.numeric.empty()) {
            known.last_found = found.numeric;
            known.ended = steady_clock::now();
        }
        mine.end(std::move(found));
    }
};

resolver::resolver(name_lookup how)
    : memory_(new memory{std::move(how)}) {}

std::shared_ptr<const lookup> resolver::look_up(const std::string& name) {
    auto mine = std::make_shared<lookup>();
    {
        const std::lock_guard lock(memory_->guard);
        memory::entry& known = memory_->names[name];
        if (memory::may_be_shared(known)) {
            return known.current;
        }
        known.current = mine;
    }
    try {
        if (mine->socket() >= 0) {
            const no_signals while_it_begins;
            std::thread([all = memory_, name, mine] { all->end(name, *mine, all->ask(name)); }).detach();
            return mine;
        }
    } catch (const std::system_error&) { // As without a descriptor.
    }
    memory_->end(name, *mine,
                 none("there is no thread or descriptor left", addresses::answer::nobody_could_tell));
    return mine;
}

std::vector<std::string> resolver::last_found(const std::string& name) const {
    const std::lock_guard lock(memory_->guard);
    const auto known = memory_->names.find(name);
    return known == memory_->names.end() ? std::vector<std::string>{} : known->second.last_found;
}

} // namespace patt::store::postgres
