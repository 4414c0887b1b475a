// Which row an entry belongs to: three passes over a chunk, from the surest to the weakest.
#include <patt/identity/roster_merge.hpp>
#include <patt/text/name_key.hpp>

#include <cstddef>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

namespace patt::identity {
namespace {

constexpr std::size_t no_row = std::numeric_limits<std::size_t>::max();

/// Whether two spellings are the same name in the game, which tells accents apart but not letter case.
bool same_spelling(std::string_view a, std::string_view b) {
    return a == b || text::exact_key(a) == text::exact_key(b);
}

class matcher {
public:
    matcher(std::span<const roster_item> items, std::span<const character> rows)
        : items_(items)
        , rows_(rows)
        , taken_(rows.size(), false)
        , row_of_(items.size(), no_row)
        , basis_(items.size(), match_basis::none) {
        for (std::size_t r = 0; r < rows.size(); ++r) {
            by_key_[key_of(rows[r].name, rows[r].realm_slug)].push_back(r);
            if (rows[r].game) {
                by_game_.try_emplace(rows[r].game, r);
            }
        }
    }

    void run() {
        by_number();
        by_name(spelling::exact);
        by_name(spelling::folded);
    }

    [[nodiscard]] std::size_t row_of(std::size_t item) const { return row_of_[item]; }
    [[nodiscard]] match_basis basis_of(std::size_t item) const { return basis_[item]; }

    /// The other rows of an item's key.
    [[nodiscard]] std::vector<character_id> namesakes(std::size_t item) const {
        std::vector<character_id> out;
        const auto found = by_key_.find(items_[item].key);
        if (found == by_key_.end()) {
            return out;
        }
        for (const auto r : found->second) {
            if (r != row_of_[item]) {
                out.push_back(rows_[r].id);
            }
        }
        return out;
    }

private:
    enum class spelling : std::uint8_t { exact, folded };

    void take(std::size_t item, std::size_t row, match_basis basis) {
        taken_[row] = true;
        row_of_[item] = row;
        basis_[item] = basis;
    }

    void by_number() {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const auto found = by_game_.find(items_[i].entry.game);
            if (found != by_game_.end() && !taken_[found->second]) {
                take(i, found->second, match_basis::game_id);
            }
        }
    }

    void by_name(spelling how) {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            if (row_of_[i] != no_row) {
                continue;
            }
            if (const auto row = best_of_name(items_[i], how)) {
                take(i, *row, match_basis::name);
            }
        }
    }

    /// The one free row of the item's name: present before removed, then the last removed; none when tied.
    [[nodiscard]] std::optional<std::size_t> best_of_name(const roster_item& item, spelling how) const {
        const auto found = by_key_.find(item.key);
        if (found == by_key_.end()) {
            return std::nullopt;
        }
        std::optional<std::size_t> best;
        bool tied = false;
        for (const auto r : found->second) {
            const auto& row = rows_[r];
            // Two different numbers are two different characters, whatever they are called.
            if (taken_[r] || (row.game && item.entry.game) ||
                (how == spelling::exact && !same_spelling(row.name, item.entry.name))) {
                continue;
            }
            if (!best || better(row, rows_[*best])) {
                best = r;
                tied = false;
            } else if (!better(rows_[*best], row)) {
                tied = true;
            }
        }
        return tied ? std::nullopt : best;
    }

    static bool better(const character& a, const character& b) noexcept {
        return a.present != b.present ? a.present : a.removed_at > b.removed_at;
    }

    std::span<const roster_item> items_;
    std::span<const character> rows_;
    std::vector<bool> taken_;
    std::vector<std::size_t> row_of_;
    std::vector<match_basis> basis_;
    std::unordered_map<character_key, std::vector<std::size_t>> by_key_;
    std::unordered_map<game_id, std::size_t> by_game_;
};

} // namespace

std::vector<character_change> merge_chunk(std::span<const roster_item> items,
                                          std::span<const character> candidates, const merge_context& ctx) {
    matcher match{items, candidates};
    match.run();
    std::vector<character_change> out;
    out.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto row = match.row_of(i);
        const auto known = row == no_row ? std::optional<character>{} : std::optional{candidates[row]};
        auto change = merge_character(known, items[i].entry, items[i].profile, ctx);
        change.basis = match.basis_of(i);
        change.name_also_held_by = match.namesakes(i);
        out.push_back(std::move(change));
    }
    return out;
}

} // namespace patt::identity
