#include "store/several_rows.hpp"

namespace patt::store {

several_rows::several_rows(std::string_view before, int columns, std::string_view after, int shared) {
    for (std::size_t rows = 1; rows <= most; ++rows) {
        std::string& sql = texts_[rows - 1];
        sql = before;
        int number = shared;
        for (std::size_t r = 0; r < rows; ++r) {
            sql += r == 0 ? "(" : ", (";
            for (int c = 0; c < columns; ++c) {
                sql += (c == 0 ? "$" : ", $") + std::to_string(++number);
            }
            sql += ')';
        }
        sql += after;
    }
}

} // namespace patt::store
