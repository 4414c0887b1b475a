// "Did you mean": the characters whose names are nearest to a typed one, by the same kernel as the links.
#include "core/identity/match_state.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

namespace patt::identity {

namespace {

/// A short name is near to too many others: only one edit there.
constexpr std::size_t short_typed = 5;

/// How near a name is to a typed one, the nearest first.
enum class nearness : std::uint8_t { same, one_edit, alike, edits };

struct fitness {
    nearness how = nearness::edits;
    bits weight = 0;
};

struct hit {
    fitness fits;
    std::string_view name;
    character_id who;

    [[nodiscard]] bool operator<(const hit& o) const {
        return std::tie(fits.how, o.fits.weight, name, who) <
               std::tie(o.fits.how, fits.weight, o.name, o.who);
    }
};

bool is_same(agreement how) noexcept {
    return how == agreement::identical || how == agreement::exact || how == agreement::folded ||
           how == agreement::sound || how == agreement::leet || how == agreement::look;
}

// How well a name fits what was typed; not at all if none. Whoever types errs more than a chat name differs.
std::optional<fitness> fit(const surface& typed, const surface& name) {
    if (typed.is_plain() && name.is_plain() && typed.bare() != name.bare() && !may_agree(typed, name))
        return std::nullopt;
    const comparison got = compare(typed, name);
    if (is_same(got.how))
        return fitness{nearness::same, got.weight};
    const std::uint32_t limit = typed.length() < short_typed ? 1 : 2;
    const std::uint32_t edits = edits_between(typed, name, limit);
    if (edits == 1)
        return fitness{nearness::one_edit, got.weight};
    if (got.how != agreement::none && got.weight > 0)
        return fitness{nearness::alike, got.weight};
    return edits <= limit ? std::optional<fitness>({nearness::edits, 0}) : std::nullopt;
}

} // namespace

std::vector<character_id> matcher::nearest(std::string_view typed, std::size_t most) const {
    surface_workshop shop;
    shop.add(typed, surface_origin::name);
    const surface_set wanted = shop.take();
    if (wanted.empty())
        return {};
    std::vector<hit> hits;
    for (const character_state& c : state_->characters) {
        if (!c.present || c.names.empty())
            continue;
        if (const auto fits = fit(wanted.front(), c.names.front()))
            hits.push_back({*fits, c.names.front().bare(), c.record.id});
    }
    const std::size_t count = std::min(most, hits.size());
    std::partial_sort(hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(count), hits.end());
    std::vector<character_id> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(hits[i].who);
    return out;
}

} // namespace patt::identity
