// The keys of a name are made without allocating, once the buffers have grown. A program of its own, as it
// counts every allocation.
#include <patt/text/name_keys.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>

namespace {
std::size_t allocations = 0;
} // namespace

// Not inlined: GCC would see `free` meet `new` and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* p = std::malloc(size == 0 ? 1 : size))
        return p;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept {
    std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}

namespace patt::text {
namespace {

TEST(NameKeys, AreMadeWithoutAllocating) {
    const std::string names[] = {"Shodoom",
                                 "xX_D3athkn1ght_Xx the 2nd of somewhere",
                                 "Zatañña de la Fuenteovejuna y otros",
                                 "Ведьмочка Северного Королевства",
                                 "한국사람이름 길게 쓰기",
                                 "カタカナの名前 ひらがな",
                                 "Ｆｕｌｌｗｉｄｔｈ ζαταηηα",
                                 "\xFF\xFE broken \xC3"};
    name_keys keys;
    const auto all = [&] {
        for (const std::string& n : names)
            make_keys(n, keys);
    };
    all();
    const std::size_t before = allocations;
    for (int i = 0; i < 100; ++i)
        all();
    EXPECT_EQ(allocations, before);
    EXPECT_GT(before, 0U) << "the counter counts";
}

} // namespace
} // namespace patt::text
