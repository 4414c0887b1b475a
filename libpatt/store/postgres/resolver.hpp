/// @file
/// Looking up the names of servers without waiting for it: the system's own way waits as long as the name
/// server keeps silent, and knows no limit.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace patt::store::postgres {

/// What came of a look-up.
struct addresses {
    std::vector<std::string> numeric; ///< `192.0.2.7` or `2001:db8::7`, in the order in which to try them.
    std::string problem;              ///< Why there are none.
    /// Whether it is known that there are none; else nobody could tell, and what they were may hold still.
    enum class answer : std::uint8_t { known, nobody_could_tell } how = answer::known;
};

/// Looks a name up, however long that takes.
using name_lookup = std::function<addresses(const std::string& name)>;

/// The system's own way: hosts file, name server. Blocks.
[[nodiscard]] addresses ask_system(const std::string& name);

/// One look-up that is under way, or over. Thread-safe.
class lookup {
public:
    lookup();
    lookup(const lookup&) = delete;
    lookup& operator=(const lookup&) = delete;
    ~lookup();

    /// Readable, for everybody, once it is over. -1 when there is no descriptor left for it.
    [[nodiscard]] int socket() const noexcept { return over_event_; }
    [[nodiscard]] bool over() const noexcept { return over_; }
    /// Precondition: it is over.
    [[nodiscard]] const addresses& found() const noexcept { return found_; }

    /// Ends it. Once.
    void end(addresses found) noexcept;

private:
    int over_event_;
    addresses found_;
    std::atomic<bool> over_{false};
};

/// Looks names up on threads of their own, one for each name at a time: whoever asks meanwhile shares the
/// answer. A thread that does not come to its end outlives the resolver and needs nothing of it; it ends with
/// the process. Thread-safe.
class resolver {
public:
    /// @param how  Called on other threads, also after the resolver is gone.
    explicit resolver(name_lookup how = ask_system);

    /// Begins to look a name up, unless somebody does or did a moment ago.
    [[nodiscard]] std::shared_ptr<const lookup> look_up(const std::string& name);
    /// The addresses that it had when it was last found; empty: never.
    [[nodiscard]] std::vector<std::string> last_found(const std::string& name) const;

private:
    struct memory;
    std::shared_ptr<memory> memory_;
};

} // namespace patt::store::postgres
