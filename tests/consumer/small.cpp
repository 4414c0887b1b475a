// The smallest program of an embedder: it compiles, links and runs with nothing but the library's target.
#include <patt/ids.hpp>
#include <patt/result.hpp>

#include <iostream>

namespace {

patt::result<patt::member_id> parse(long value) {
    if (value <= 0) {
        return patt::error{patt::errc::invalid_input, "an id is positive"};
    }
    return patt::member_id{value};
}

} // namespace

int main() {
    const auto good = parse(42);
    const auto bad = parse(-1);
    std::cout << good->value() << ' ' << patt::to_string(bad.err().code) << '\n';
    return good && bad.err().code == patt::errc::invalid_input ? 0 : 1;
}
