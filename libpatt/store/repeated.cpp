#include "store/repeated.hpp"

namespace patt::store {

repeated::repeated(const parts& of) {
    for (std::size_t which = 0; which < sizes.size(); ++which) {
        std::string& sql = texts_[which];
        sql = of.before;
        int number = of.shared;
        for (std::size_t r = 0; r < sizes[which]; ++r) {
            sql += r == 0 ? "" : of.between;
            for (const char c : of.each) {
                if (c == '?') {
                    sql += '$' + std::to_string(++number);
                } else {
                    sql += c;
                }
            }
        }
        sql += of.after;
    }
}

} // namespace patt::store
