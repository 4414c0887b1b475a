/// @file
/// One statement for several rows, `VALUES ($1, $2), ($3, $4)`, or for several values, `IN ($2, $3)`.
#pragma once

#include "store/binding.hpp"
#include "store/row_arrays.hpp"

#include <patt/store/db.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace patt::store {

/// The texts of a statement for 1, 2, 3 ... rows, made once: their number is small, so all stay prepared.
///
/// Where the database makes rows of arrays (`dialect().rows_of_arrays`), more than a few rows are
/// `row_arrays`: one text for any number of rows, and nothing to plan again.
/// @par Threads  Safe.
class several_rows {
public:
    /// How a list of values is asked for where it is an array. Hosts keep the plan that was made first, and
    /// with nothing in a table yet any plan is as good.
    enum class list_form : std::uint8_t {
        any,   ///< `= ANY (array)`: by the key, or by comparing each row of the rest of the condition.
        each,  ///< Value by value, each by the key: for a query that locks nothing.
        joined ///< For `DELETE FROM t WHERE`: by the key, or by a join with the rest of the condition.
    };

    /// @param before   The statement up to the rows; it ends with `VALUES ` or, for a list, with `IN (`. The
    ///                 rows hold no NULL.
    /// @param columns  Of each row. @param after  Its end; for a list it begins with `)`.
    /// @param shared   How many parameters `before` names itself: `$1` to `$N`.
    several_rows(std::string_view before, int columns, std::string_view after, int shared = 0,
                 list_form form = list_form::any);

    /// Posts the statement for all rows, several at a time. Nothing is run for none.
    /// @param add  `add(std::vector<value>&, const Row&)` appends the values of a row.
    template <class Row, class Add>
    void run(connection& db, const std::vector<const Row*>& rows, Add add,
             std::initializer_list<value> shared = {}) const {
        in_pieces(db, rows, add, shared,
                  [&](const std::string& sql, const std::vector<value>& values) { db.post(sql, values); });
    }

    /// The same, reading the rows that come back: `read(const cursor&)` is called for each.
    /// @param lock  The dialect's words for locking them.
    template <class Row, class Add, class Read>
    void query(connection& db, const std::vector<const Row*>& rows, Add add,
               std::initializer_list<value> shared, Read read, std::string_view lock = {}) const {
        in_pieces(db, rows, add, shared, [&](const std::string& sql, const std::vector<value>& values) {
            cursor found = db.query(lock.empty() ? sql : with_lock(sql, lock), values);
            while (found->next()) {
                read(found);
            }
        });
    }

private:
    template <class Row, class Add, class Run>
    void in_pieces(connection& db, const std::vector<const Row*>& rows, Add add,
                   std::initializer_list<value> shared, Run run_one) const {
        std::vector<value> values;
        if (rows.size() > few && !db.dialect().rows_of_arrays.empty()) {
            row_arrays arrays;
            for (std::size_t first = 0; first < rows.size(); first += most_in_arrays) {
                const std::size_t end = std::min(rows.size(), first + most_in_arrays);
                arrays.clear();
                for (std::size_t i = first; i < end; ++i) {
                    values.clear();
                    add(values, *rows[i]);
                    arrays.add(values);
                }
                values.assign(shared);
                arrays.bind(values);
                run_one(with_arrays(db.dialect().rows_of_arrays, arrays), values);
            }
            return;
        }
        std::size_t size = 0;
        for (std::size_t first = 0; first < rows.size(); first += sizes[size]) {
            while (sizes[size] > rows.size() - first) {
                ++size;
            }
            values.assign(shared);
            for (std::size_t i = first; i < first + sizes[size]; ++i) {
                add(values, *rows[i]);
            }
            run_one(texts_[size], values);
        }
    }

    /// The text that takes rows as arrays; those of the first call say of which types.
    [[nodiscard]] const std::string& with_arrays(std::string_view function, const row_arrays& rows) const;
    [[nodiscard]] std::string list_of_array(std::string_view begin, std::string_view function,
                                            const std::string& array) const;

    /// Up to here rows are written out: arrays would cost more to read than they save.
    static constexpr std::size_t few = 4;
    static constexpr std::size_t most_in_arrays = 1000;
    /// Many rows take few statements, and few rows one.
    static constexpr std::array<std::size_t, 11> sizes{100, 50, 20, 8, 7, 6, 5, 4, 3, 2, 1};
    std::array<std::string, sizes.size()> texts_;
    std::string before_, after_;
    std::size_t shared_;
    list_form form_;
    mutable std::once_flag once_;
    mutable std::string with_arrays_;
};

/// The texts of a query `before IN ($2, $3 ...) after` for a few and for many values; `$1` is the guild.
///
/// Each value must find its rows by a key: many are looked up one by one.
/// @par Threads  Safe.
class in_list {
public:
    /// @param after  Empty, or an order: it holds within the rows of one value.
    in_list(std::string_view before, std::string_view after)
        : sql_(std::string(before) + " IN (", 1, ")" + std::string(after), 1, several_rows::list_form::each) {
    }

    /// Asks for all keys, several at a time; a key twice finds its rows once.
    /// @param read  `read(const cursor&)` makes of a row what is returned.
    template <class Key, class Read>
    [[nodiscard]] auto find(connection& db, guild_id guild, std::span<const Key> keys, Read read) const {
        std::vector<std::invoke_result_t<Read, const cursor&>> out;
        std::vector<const Key*> each;
        for (const Key& k : keys) {
            each.push_back(&k);
        }
        std::sort(each.begin(), each.end(), [](const Key* a, const Key* b) { return *a < *b; });
        const auto same = [](const Key* a, const Key* b) { return *a == *b; };
        each.erase(std::unique(each.begin(), each.end(), same), each.end());
        sql_.query(
            db, each, [](std::vector<value>& to, const Key& k) { to.push_back(param(k)); }, {param(guild)},
            [&](const cursor& row) { out.push_back(read(row)); });
        return out;
    }

private:
    several_rows sql_;
};

/// A query for the rows from the least to the greatest of several texts, in one walk through their index: a
/// third of what it costs to look each up where nearly all rows on the way are wanted.
/// @par Threads  Safe.
class text_range {
public:
    /// @param before  The query up to the column of the texts, by which it has an index; `$1` is the guild.
    explicit text_range(std::string_view before);

    /// @param texts  At least one.
    /// @param read   `read(const cursor&)` makes of a row what is returned.
    /// @return  Every row of the texts, and others between them; nothing when that would be more rows than
    ///          one and a half times the texts.
    template <class Read>
    [[nodiscard]] auto find(connection& db, guild_id guild, std::span<const std::string_view> texts,
                            Read read) const {
        const std::size_t most = texts.size() + texts.size() / 2;
        std::vector<value> values{param(guild), static_cast<std::int64_t>(most) + 1};
        row_arrays arrays;
        const bool by_arrays = !db.dialect().rows_of_arrays.empty();
        if (by_arrays) {
            for (const std::string_view text : texts) {
                arrays.add({text});
            }
            arrays.bind(values);
        } else { // Texts are compared byte by byte there.
            const auto [least, greatest] = std::minmax_element(texts.begin(), texts.end());
            values.insert(values.end(), {*least, *greatest});
        }
        std::optional<std::vector<std::invoke_result_t<Read, const cursor&>>> out{std::in_place};
        cursor rows = db.query(by_arrays ? by_arrays_ : by_ends_, values);
        while (rows->next()) {
            out->push_back(read(rows));
        }
        if (out->size() > most) {
            out.reset();
        }
        return out;
    }

private:
    std::string by_ends_;
    std::string by_arrays_;
};

/// Without those that a later one replaces: one statement may not write a row twice (PostgreSQL).
template <class Row, class Same>
[[nodiscard]] std::vector<const Row*> last_of_each(std::span<const Row* const> rows, Same same) {
    std::vector<const Row*> out;
    for (auto row = rows.begin(); row != rows.end(); ++row) {
        if (std::none_of(row + 1, rows.end(), [&](const Row* later) { return same(**row, *later); })) {
            out.push_back(*row);
        }
    }
    return out;
}

} // namespace patt::store
