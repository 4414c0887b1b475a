#include "core/identity/match_kept.hpp"

#include <array>
#include <cstring>
#include <memory_resource>
#include <string>
#include <vector>

namespace patt::identity {

packed_texts::packed_texts(std::span<const std::string_view> texts) {
    while (!texts.empty() && texts.back().empty())
        texts = texts.first(texts.size() - 1);
    if (texts.empty())
        return;
    std::size_t all = 0;
    for (const std::string_view t : texts)
        all += t.size();
    const bool wide = all > UINT16_MAX;
    const std::size_t width = wide ? sizeof(std::uint32_t) : sizeof(std::uint16_t);
    bytes_.reset(new char[sizeof(std::uint32_t) + texts.size() * width + all]);
    const auto count = static_cast<std::uint32_t>(texts.size() * 2 + (wide ? 1U : 0U));
    std::memcpy(bytes_.get(), &count, sizeof(count));
    char* number = bytes_.get() + sizeof(count);
    char* text = number + texts.size() * width;
    std::uint32_t end = 0;
    for (const std::string_view t : texts) {
        end += static_cast<std::uint32_t>(t.size());
        if (wide) {
            std::memcpy(number, &end, width);
        } else {
            const auto narrow = static_cast<std::uint16_t>(end);
            std::memcpy(number, &narrow, width);
        }
        number += width;
        text = std::copy(t.begin(), t.end(), text);
    }
}

std::uint32_t packed_texts::head() const noexcept {
    std::uint32_t n = 0;
    if (bytes_)
        std::memcpy(&n, bytes_.get(), sizeof(n));
    return n;
}

std::size_t packed_texts::size() const noexcept {
    return head() / 2;
}

std::string_view packed_texts::at(std::size_t i) const noexcept {
    const std::size_t count = size();
    if (i >= count)
        return {};
    const bool wide = head() % 2 == 1;
    const char* const numbers = bytes_.get() + sizeof(std::uint32_t);
    const auto end_of = [wide, numbers](std::size_t k) -> std::size_t {
        std::uint32_t all = 0;
        std::uint16_t narrow = 0;
        if (wide) {
            std::memcpy(&all, numbers + k * sizeof(all), sizeof(all));
            return all;
        }
        std::memcpy(&narrow, numbers + k * sizeof(narrow), sizeof(narrow));
        return narrow;
    };
    const std::size_t begin = i == 0 ? 0 : end_of(i - 1);
    const char* const texts = numbers + count * (wide ? sizeof(std::uint32_t) : sizeof(std::uint16_t));
    return {texts + begin, end_of(i) - begin};
}

bool operator==(const packed_texts& a, const packed_texts& b) noexcept {
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a.at(i) != b.at(i))
            return false;
    }
    return true;
}

namespace {

// The texts of one record; those of most need no memory of their own.
struct text_row {
    std::array<std::byte, 16 * sizeof(std::string_view)> room;
    std::pmr::monotonic_buffer_resource memory{room.data(), room.size()};
    std::pmr::vector<std::string_view> texts{&memory};

    text_row() { texts.reserve(12); }
};

} // namespace

kept_character::kept_character(const match_character& c)
    : id(c.id)
    , joined_at(c.joined_at)
    , state(c.state) {
    text_row row;
    std::pmr::vector<std::string_view>& texts = row.texts;
    texts.insert(texts.end(), {c.name, c.realm, c.class_name, c.guild_note, c.officer_note, c.alt_group});
    texts.insert(texts.end(), c.former_names.begin(), c.former_names.end());
    texts_ = packed_texts(texts);
}

match_character kept_character::unpacked() const {
    match_character c;
    c.id = id;
    c.name = name();
    c.realm = realm();
    c.class_name = class_name();
    c.guild_note = guild_note();
    c.officer_note = officer_note();
    c.alt_group = alt_group();
    for (std::size_t i = 0; i < former_count(); ++i)
        c.former_names.emplace_back(former_name(i));
    c.joined_at = joined_at;
    c.state = state;
    return c;
}

kept_member::kept_member(const match_member& m)
    : id(m.id)
    , joined_at(m.joined_at)
    , state(m.state)
    , counts(m.counts)
    , aliases_(static_cast<std::uint32_t>(m.aliases.size()))
    , claims_(static_cast<std::uint32_t>(m.claims.size()))
    , roles_(static_cast<std::uint32_t>(m.role_names.size())) {
    text_row row;
    std::pmr::vector<std::string_view>& texts = row.texts;
    texts.insert(texts.end(), {m.username, m.global_name, m.nickname});
    for (const auto* list : {&m.aliases, &m.claims, &m.role_names})
        texts.insert(texts.end(), list->begin(), list->end());
    texts_ = packed_texts(texts);
}

match_member kept_member::unpacked() const {
    match_member m;
    m.id = id;
    m.username = username();
    m.global_name = global_name();
    m.nickname = nickname();
    for (std::size_t i = 0; i < aliases_; ++i)
        m.aliases.emplace_back(alias(i));
    for (std::size_t i = 0; i < claims_; ++i)
        m.claims.emplace_back(claim(i));
    for (std::size_t i = 0; i < roles_; ++i)
        m.role_names.emplace_back(role_name(i));
    m.joined_at = joined_at;
    m.state = state;
    m.counts = counts;
    return m;
}

} // namespace patt::identity
