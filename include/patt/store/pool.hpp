/// @file
/// A bounded number of connections that several threads take turns with.
///
/// @code
/// patt::store::pool readers(database, {.most = 4});
/// const auto db = readers.take();
/// db->begin(patt::store::tx_mode::read);
/// @endcode
///
/// The engine's writers keep connections of their own; a pool is for what comes in bursts: queries of a web
/// host, say. Waiting is bounded, and the first to wait is the first to be served, so that an overloaded
/// host answers "busy" instead of piling up.
#pragma once

#include <patt/store/db.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace patt::store {

struct pool_options {
    std::size_t most = 4; ///< So many connections at once; less than 1 counts as 1.
    /// How long `take` waits for one to come back.
    std::chrono::milliseconds patience{5000};
    /// After the server had no room for one more, so long nobody asks it again; then one of those who wait.
    std::chrono::milliseconds ask_again{1000};
    open_options connections = {};
};

/// What a pool does now, for `/metrics`.
struct pool_state {
    std::size_t most = 0;    ///< So many connections it may open.
    std::size_t open = 0;    ///< Connections, idle ones included.
    std::size_t taken = 0;   ///< Of them: in somebody's hands.
    std::size_t waiting = 0; ///< Threads that wait for one.
    std::size_t refused = 0; ///< Since the beginning: waited in vain.
};

class pool;

/// A connection until the end of the scope; then it goes back as clean as it came: a transaction that was
/// left open is rolled back, and with it the guild and role that it had entered. It must not outlive its
/// pool.
class pooled {
public:
    pooled(pooled&& other) noexcept
        : from_(std::exchange(other.from_, nullptr))
        , connection_(std::move(other.connection_)) {}
    pooled& operator=(pooled&&) = delete;
    pooled(const pooled&) = delete;
    pooled& operator=(const pooled&) = delete;
    ~pooled();

    [[nodiscard]] connection& operator*() const noexcept { return *connection_; }
    [[nodiscard]] connection* operator->() const noexcept { return connection_.get(); }

private:
    friend class pool;
    pooled(pool& from, std::unique_ptr<connection> one) noexcept
        : from_(&from)
        , connection_(std::move(one)) {}

    pool* from_;
    std::unique_ptr<connection> connection_;
};

/// @par Threads  Any.
class pool {
public:
    /// Opens nothing yet: connections are made when they are asked for.
    explicit pool(std::shared_ptr<database> where, pool_options how = {});
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;
    /// All connections are back by then.
    ~pool();

    /// The connection used last, a new one, or the first that comes back; that also while the server has no
    /// room for a new one, which it is asked for now and then.
    /// @throws sql_error  `busy` when none came back in time; whatever `database::connect` throws.
    [[nodiscard]] pooled take();

    [[nodiscard]] pool_state state() const;

private:
    friend class pooled;
    void give_back(std::unique_ptr<connection> one) noexcept;

    struct shared;
    std::unique_ptr<shared> shared_;
};

} // namespace patt::store
