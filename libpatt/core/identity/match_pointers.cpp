#include "core/identity/match_pointers.hpp"

#include <algorithm>
#include <cstring>

namespace patt::identity {

namespace {

// A note is read to its 255th byte, so that lengths are short.
struct header {
    name_rarity rarity;
    std::uint16_t text = 0;
    std::uint16_t key = 0;
    std::uint16_t singular = 0;
    pointer_kind kind = pointer_kind::mention;
    channel from = channel::guild_note;
};

constexpr std::size_t whole_words(std::size_t bytes) noexcept {
    constexpr std::size_t grain = alignof(header);
    return (bytes + grain - 1) / grain * grain;
}

std::size_t bytes_of(const match_pointer& p) noexcept {
    return whole_words(sizeof(header) + p.text.size() + p.key.size() + p.singular.size());
}

} // namespace

pointer_list::pointer_list(std::span<const match_pointer> pointers) {
    if (pointers.empty())
        return;
    const auto count = static_cast<std::uint32_t>(pointers.size());
    std::size_t all = sizeof(count);
    for (const match_pointer& p : pointers)
        all += bytes_of(p);
    bytes_.reset(new std::byte[all]);
    std::memcpy(bytes_.get(), &count, sizeof(count));
    std::byte* at = bytes_.get() + sizeof(count);
    for (const match_pointer& p : pointers) {
        const header h{p.rarity,
                       static_cast<std::uint16_t>(p.text.size()),
                       static_cast<std::uint16_t>(p.key.size()),
                       static_cast<std::uint16_t>(p.singular.size()),
                       p.kind,
                       p.from};
        std::memcpy(at, &h, sizeof(h));
        auto* text = reinterpret_cast<char*>(at + sizeof(h));
        for (const std::string_view t : {p.text, p.key, p.singular})
            text = std::copy(t.begin(), t.end(), text);
        at += bytes_of(p);
    }
}

match_pointer pointer_list::iterator::operator*() const noexcept {
    header h;
    std::memcpy(&h, at_, sizeof(h));
    const auto* text = reinterpret_cast<const char*>(at_ + sizeof(h));
    return {h.kind,  h.from, {text, h.text}, {text + h.text, h.key}, {text + h.text + h.key, h.singular},
            h.rarity};
}

pointer_list::iterator& pointer_list::iterator::operator++() noexcept {
    header h;
    std::memcpy(&h, at_, sizeof(h));
    at_ += whole_words(sizeof(h) + h.text + h.key + h.singular);
    --left_;
    return *this;
}

} // namespace patt::identity
