/// @file
/// Several inputs and all that they make, or nothing of it.
#pragma once

#include <patt/store/db.hpp>

#include <memory>

namespace patt::cli {

/// A transaction in which an engine and queries work as on a database of their own. Unless it is kept,
/// nothing of it is. Others that write wait meanwhile, so it must be short.
/// @par Threads  One at a time.
class one_transaction {
public:
    /// Begins it. @throws store::sql_error
    explicit one_transaction(store::database& real);
    one_transaction(const one_transaction&) = delete;
    one_transaction& operator=(const one_transaction&) = delete;
    /// Takes back what was not kept.
    ~one_transaction();

    /// Outlived by the transaction. When one of its own transactions fails, later ones are refused.
    [[nodiscard]] std::shared_ptr<store::database> database();
    /// @throws store::sql_error  Nothing was kept, or (`unknown`) that is not known.
    void keep();

private:
    std::shared_ptr<store::connection> real_;
    std::shared_ptr<store::database> database_;
};

} // namespace patt::cli
