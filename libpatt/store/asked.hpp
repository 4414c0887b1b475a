/// @file
/// A question to the database whose answer is read later: see `connection::ask`.
#pragma once

#include <patt/store/db.hpp>

#include <functional>
#include <optional>
#include <utility>

namespace patt::store {

template <class Answer>
class asked {
public:
    using reader_of_rows = std::function<Answer(const cursor&)>;
    asked(cursor rows, reader_of_rows read)
        : rows_(std::move(rows))
        , read_(std::move(read)) {}
    /// Waits if need be. Once.
    [[nodiscard]] Answer get() {
        const cursor rows = std::move(rows_); // Free for others as soon as it is read.
        return read_(rows);
    }

private:
    cursor rows_;
    reader_of_rows read_;
};

/// The answer of a question, none where nothing was asked.
template <class Answer>
[[nodiscard]] Answer answer_of(std::optional<asked<Answer>>& question) {
    return question ? question->get() : Answer{};
}

} // namespace patt::store
