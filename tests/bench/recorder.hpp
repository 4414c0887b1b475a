/// @file
/// A database that writes down what is written to it: the same rows are then written again without the
/// engine.
#pragma once

#include <patt/store/db.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace patt::bench {

/// Bytes of a blob, apart from text.
struct blob {
    std::string bytes;
};
using recorded_value = std::variant<std::monostate, std::int64_t, double, std::string, blob>;

struct recorded_write {
    std::size_t statement = 0; ///< Its place in `recording::statements`.
    std::vector<recorded_value> values;
    std::int64_t rows = 0; ///< How many it wrote.
};

/// Committed transactions with the statements that wrote rows. Those that wrote none are left out, and so are
/// transactions without any: a program that knew beforehand would not have run them.
struct recording {
    std::vector<std::string> statements;
    std::vector<std::vector<recorded_write>> transactions;
};

/// What a run asked of the database.
struct traffic {
    std::uint64_t transactions = 0;
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;       ///< Statements that may write.
    std::uint64_t empty_writes = 0; ///< Of these, those that wrote nothing.
    std::uint64_t savepoints = 0;   ///< Statements about savepoints.
    std::map<std::string, std::uint64_t> by_text;
};

/// Wraps a database; used by one thread.
class recorder final : public store::database {
public:
    explicit recorder(std::shared_ptr<store::database> inner);
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options = {}) override;

    [[nodiscard]] const recording& written() const noexcept { return written_; }
    [[nodiscard]] const traffic& seen() const noexcept { return seen_; }
    void forget_traffic() { seen_ = {}; }

private:
    friend class recording_connection;
    std::shared_ptr<store::database> inner_;
    recording written_;
    traffic seen_;
};

} // namespace patt::bench
