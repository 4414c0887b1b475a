#include "store/several_rows.hpp"

#include "store/array_text.hpp"

namespace patt::store {

several_rows::several_rows(std::string_view before, int columns, std::string_view after, int shared,
                           list_form form)
    : before_(before)
    , after_(after)
    , columns_(static_cast<std::size_t>(columns))
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

const std::string& several_rows::with_arrays(std::string_view function, const std::vector<value>& row) const {
    std::call_once(once_, [&] {
        constexpr std::string_view list = "IN (";
        constexpr std::string_view rows = "VALUES ";
        const auto array = [&](std::size_t column) {
            return "CAST($" + std::to_string(shared_ + column + 1) + " AS " +
                   std::string(sql_type_of(row[column])) + "[])";
        };
        std::string_view begin = before_;
        if (begin.ends_with(list)) {
            begin.remove_suffix(list.size());
            with_arrays_ = list_of_array(begin, function, array(0));
            return;
        }
        begin.remove_suffix(rows.size());
        std::string arrays;
        std::string names;
        for (std::size_t c = 0; c < columns_; ++c) {
            arrays += (c == 0 ? "" : ", ") + array(c);
            names += (c == 0 ? "column" : ", column") + std::to_string(c + 1);
        }
        with_arrays_ = std::string(begin) + "SELECT * FROM " + std::string(function) + "(" + arrays +
                       ") AS r (" + names + ")" + after_;
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

void several_rows::take(const std::vector<value>& row, std::vector<std::string>& into) {
    for (std::size_t c = 0; c < row.size(); ++c) {
        add_element(into[c], row[c]);
    }
}

void several_rows::bind(std::vector<value>& values, std::initializer_list<value> shared,
                        std::vector<std::string>& arrays) {
    values.assign(shared);
    for (std::string& array : arrays) {
        array += '}';
        values.emplace_back(std::string_view{array});
    }
}

} // namespace patt::store
