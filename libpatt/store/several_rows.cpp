#include "store/several_rows.hpp"

namespace patt::store {

several_rows::several_rows(std::string_view before, int columns, std::string_view after, int shared) {
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        std::string& sql = texts_[i];
        sql = before;
        int number = shared;
        for (std::size_t r = 0; r < sizes[i]; ++r) {
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
