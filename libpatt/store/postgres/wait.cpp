#include "store/postgres/wait.hpp"

#include <poll.h>

#include <algorithm>

namespace patt::store::postgres {

bool wait_for_socket(const PGconn* connection, wanted what,
                     std::chrono::steady_clock::time_point until) noexcept {
    pollfd watched{PQsocket(connection), 0, 0};
    watched.events =
        static_cast<short>((what == wanted::write ? 0 : POLLIN) | (what == wanted::read ? 0 : POLLOUT));
    // OpenSSL may keep the rest of a record that the socket does not show any more: look again soon.
    const std::chrono::milliseconds slice{PQsslInUse(const_cast<PGconn*>(connection)) != 0 ? 5 : 60'000};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
        return false;
    }
    const int ready = ::poll(&watched, 1, static_cast<int>(std::min(left, slice).count()));
    return ready != 0 || left > slice; // After an error the next read tells what it was.
}

bool is_readable(const PGconn* connection) noexcept {
    pollfd watched{PQsocket(connection), POLLIN, 0};
    return ::poll(&watched, 1, 0) > 0;
}

} // namespace patt::store::postgres
