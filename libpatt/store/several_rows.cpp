#include "store/several_rows.hpp"

namespace patt::store {

several_rows::several_rows(std::string_view before, int columns, std::string_view after, int shared,
                           list_form form)
    : before_(before)
    , after_(after)
    , shared_(static_cast<std::size_t>(shared))
    , form_(form) {
    const bool list = before.ends_with("IN (");
    for (std::size_t which = 0; which < sizes.size(); ++which) {
        std::string& sql = texts_[which];
        sql = before;
        int number = shared;
        for (std::size_t r = 0; r < sizes[which]; ++r) {
            sql += r == 0 ? "" : ", ";
            sql += list ? "" : "(";
            for (int c = 0; c < columns; ++c) {
                sql += (c == 0 ? "$" : ", $") + std::to_string(++number);
            }
            sql += list ? "" : ")";
        }
        sql += after;
    }
}

const std::string& several_rows::with_arrays(std::string_view function, const row_arrays& rows) const {
    std::call_once(once_, [&] {
        constexpr std::string_view list = "IN (";
        constexpr std::string_view values = "VALUES ";
        std::string_view begin = before_;
        if (begin.ends_with(list)) {
            begin.remove_suffix(list.size());
            with_arrays_ = list_of_array(begin, function, rows.list(shared_ + 1));
            return;
        }
        begin.remove_suffix(values.size());
        with_arrays_ = std::string(begin) + rows.query(function, shared_ + 1) + after_;
    });
    return with_arrays_;
}

std::string several_rows::list_of_array(std::string_view begin, std::string_view function,
                                        const std::string& array) const {
    const std::string wanted = std::string(function) + "(" + array + ") AS wanted (value)";
    const std::string end = "= wanted.value" + after_.substr(1);
    switch (form_) {
    case list_form::each: // OFFSET: else it may be joined in another way.
        return "SELECT r.* FROM " + wanted + " CROSS JOIN LATERAL (" + std::string(begin) + end +
               " OFFSET 0) AS r";
    case list_form::joined: {
        const std::size_t where = begin.find(" WHERE ");
        return std::string(begin.substr(0, where)) + " USING " + wanted + std::string(begin.substr(where)) +
               end;
    }
    case list_form::any:
        break;
    }
    return std::string(begin) + "= ANY (" + array + after_;
}

text_range::text_range(std::string_view before)
    : by_ends_(std::string(before) + " BETWEEN $3 AND $4 LIMIT $2")
    // How texts are ordered is the database's matter, so it finds the ends itself.
    , by_arrays_("SELECT r.* FROM (SELECT MIN(wanted.value) AS least, MAX(wanted.value) AS greatest"
                 " FROM UNNEST(CAST($3 AS TEXT[])) AS wanted (value)) AS ends CROSS JOIN LATERAL (" +
                 std::string(before) + " BETWEEN ends.least AND ends.greatest LIMIT $2) AS r") {}

} // namespace patt::store
