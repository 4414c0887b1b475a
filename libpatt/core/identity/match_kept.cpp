#include "core/identity/match_kept.hpp"

#include <cstring>
#include <string>

namespace patt::identity {

packed_texts::packed_texts(std::span<const std::string_view> texts) {
    std::size_t all = (texts.size() + 1) * sizeof(std::uint32_t);
    for (const std::string_view t : texts)
        all += t.size();
    bytes_.reset(new char[all]);
    char* numbers = bytes_.get();
    char* text = numbers + (texts.size() + 1) * sizeof(std::uint32_t);
    std::uint32_t end = 0;
    const auto put = [&numbers](std::uint32_t n) {
        std::memcpy(numbers, &n, sizeof(n));
        numbers += sizeof(n);
    };
    put(static_cast<std::uint32_t>(texts.size()));
    for (const std::string_view t : texts) {
        end += static_cast<std::uint32_t>(t.size());
        put(end);
        text = std::copy(t.begin(), t.end(), text);
    }
}

std::uint32_t packed_texts::number(std::size_t i) const noexcept {
    std::uint32_t n = 0;
    std::memcpy(&n, bytes_.get() + i * sizeof(n), sizeof(n));
    return n;
}

std::size_t packed_texts::size() const noexcept {
    return bytes_ ? number(0) : 0;
}

std::string_view packed_texts::at(std::size_t i) const noexcept {
    const std::size_t count = size();
    if (i >= count)
        return {};
    const std::uint32_t begin = i == 0 ? 0 : number(i);
    return {bytes_.get() + (count + 1) * sizeof(std::uint32_t) + begin, number(i + 1) - begin};
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

kept_character::kept_character(const match_character& c)
    : id(c.id)
    , joined_at(c.joined_at)
    , state(c.state) {
    std::vector<std::string_view> texts{c.name,       c.realm,        c.class_name,
                                        c.guild_note, c.officer_note, c.alt_group};
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
    std::vector<std::string_view> texts{m.username, m.global_name, m.nickname};
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
