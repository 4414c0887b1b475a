#include "store/postgres/timeline.hpp"

#include <fstream>
#include <system_error>
#include <utility>

namespace patt::store::postgres {

timeline_memory::timeline_memory(std::filesystem::path file)
    : file_(std::move(file)) {
    std::int64_t kept = 0;
    if (!file_.empty() && std::ifstream(file_) >> kept && kept > 0) {
        highest_ = kept;
    }
}

void timeline_memory::raise(std::int64_t seen) {
    if (seen <= highest()) {
        return;
    }
    const std::lock_guard lock(writing_);
    if (seen <= highest()) {
        return;
    }
    highest_ = seen;
    if (!file_.empty()) {
        std::filesystem::path fresh = file_;
        fresh += ".new";
        std::ofstream(fresh) << seen << '\n';
        std::error_code ignored;
        std::filesystem::rename(fresh, file_, ignored); // A reader sees the old number or the new one.
    }
}

} // namespace patt::store::postgres
