#include "store/several_rows.hpp"

namespace patt::store {

several_rows::several_rows(std::string_view before, int columns, std::string_view after, int shared) {
    for (std::size_t which = 0; which < sizes.size(); ++which) {
        std::string& sql = texts_[which];
        sql = before;
        int number = shared;
        for (std::size_t r = 0; r < sizes[which]; ++r) {
            sql += r == 0 ? "(" : ", (";
            for (int c = 0; c < columns; ++c) {
                sql += (c == 0 ? "$" : ", $") + std::to_string(++number);
            }
            sql += ')';
        }
        sql += after;
    }
}

in_list::in_list(std::string_view before, std::string_view after) {
    for (std::size_t which = 0; which < sizes.size(); ++which) {
        std::string& sql = texts_[which];
        sql = before;
        sql += " IN (";
        for (std::size_t n = 0; n < sizes[which]; ++n) {
            sql += (n == 0 ? "$" : ", $") + std::to_string(n + 2);
        }
        sql += ')';
        sql += after;
    }
}

} // namespace patt::store
