/// @file
/// What the matcher keeps: records with their keys, indexes, candidates, groups. Private.
///
/// The way of a change: `put` unindexes the old record, indexes the new one and marks whom it touches;
/// `settle` then scores, resolves notes, groups, decides and finishes, each step only for what is marked:
///   scores (whose candidates?) -> edges (whose alt?) -> groups -> bases (own evidence) -> finals (with the
///   group)
/// Slots depend on the history, so nothing may be ordered by them: every tie is broken by ids.
#pragma once

#include "core/identity/lean_list.hpp"
#include "core/identity/match_compare.hpp"
#include "core/identity/match_kept.hpp"
#include "core/identity/match_pointers.hpp"
#include "core/identity/match_surface.hpp"
#include "core/identity/posting_index.hpp"
#include "core/identity/realm_numbers.hpp"
#include "core/identity/small_pool.hpp"
#include "core/identity/stable_array.hpp"

#include <patt/identity/matcher.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace patt::identity {

/// The evidence of one pair, summed.
struct pair_score {
    slot member = no_slot;
    bits total = 0;
    std::uint32_t piece = 0;
    agreement how = agreement::none;
    route by = route::none;
    std::uint8_t channels : 4 = 0; ///< Independent channels that speak for it.
    bool solid : 1 = false;        ///< At least one of them is not fuzzy.
    bool longer : 1 = false;       ///< At least one rests on more than three letters, or is a tag or a claim.
    bool look : 1 = false;         ///< The names look alike and agree in nothing better.
    bool related : 1 = false;      ///< A note names the member as a relation.
};

/// A tie to another character of the same person.
struct alt_edge {
    slot to = no_slot;
    std::uint16_t per_mille = 0; ///< Probability that it holds, in thousandths.
    pointer_kind kind = pointer_kind::mention;
    std::uint16_t said = 0; ///< The same by notes and add-ons alone.
    bool by_addon = false;
    bool by_ruling = false;

    friend bool operator==(const alt_edge&, const alt_edge&) = default;
};

/// Ties below this only suggest.
inline constexpr std::uint16_t merge_from = 950;

/// A name of so many letters alone never links in a pool of more than 2^6 members.
inline constexpr std::size_t short_name = 3;
inline constexpr bits big_pool = 6 * one_bit;

/// Steps of the histogram of `matcher::state::fit_counts`: one bit each, `fit_offset` of them below the pool.
inline constexpr int fit_steps = 25;
inline constexpr int fit_offset = 9;
inline constexpr std::uint8_t no_fit = 255;
inline constexpr std::size_t route_count = static_cast<std::size_t>(route::manual) + 1;

/// A decision by the character's own evidence alone.
struct base_decision {
    double probability = 0.0; ///< Calibrated.
    double raw = 0.0;         ///< Before rivalry and calibration.
    double share = 1.0;       ///< Of the member's name, among the characters that fit it.
    slot best = no_slot;
    doubt why_not = doubt::none;
    bool automatic = false;
};

/// What was decided, with slots for ids; `matcher::state::decision_of` makes a `match_decision` of it.
struct kept_decision {
    struct candidate {
        slot member = no_slot;
        bits weight = 0;
        friend bool operator==(const candidate&, const candidate&) = default;
    };

    double probability = 0.0;
    double raw = 0.0; ///< Of the first candidate: those of the others follow from the weights.
    std::array<candidate, 3> candidates;
    slot member = no_slot;
    slot via = no_slot;
    slot group = no_slot; ///< None: nothing was decided yet, or it takes no part.
    advice what = advice::nothing;
    confidence level = confidence::none;
    route by = route::none;
    doubt why_not = doubt::none;

    friend bool operator==(const kept_decision&, const kept_decision&) = default;
};

struct character_state {
    surface_set names;
    pointer_list pointers;
    lean_list<pair_score> candidates; ///< Sorted: best first, ties by member id.
    lean_list<alt_edge> edges;
    lean_list<slot> edges_from; ///< Characters whose edges point here.
    kept_character record;
    base_decision base;
    kept_decision decided;
    std::uint32_t group = no_slot; ///< Number of the group; none: alone.
    realm_number realm = 0;
    bool present = false;      ///< Takes part.
    std::uint8_t fit = no_fit; ///< Where it is counted in `fit_counts`.
};

struct member_claim {
    surface_set name; ///< Exactly one.
    realm_number realm = 0;
};

/// What few members have.
struct member_extras {
    std::vector<member_claim> claims;
    std::vector<std::string> learned; ///< Names that rulings taught.
};

/// A character that has a member as a candidate, with what its rivals need to know.
struct member_fit {
    slot character = no_slot;
    bits total = 0;
    std::uint32_t piece = 0; ///< `no_rival`: it competes with nobody.
};
inline constexpr std::uint32_t no_rival = UINT32_MAX;

/// What a pair is to its rivals.
[[nodiscard]] inline std::uint32_t contested_piece(const pair_score& p) noexcept {
    return p.related || p.look ? no_rival : p.piece;
}

/// A name of a member over which characters compete.
struct contest {
    slot member = no_slot;
    std::uint32_t piece = 0;
    friend auto operator<=>(const contest&, const contest&) = default;
};

struct member_state {
    surface_set names;
    lean_list<member_fit> fits;
    std::unique_ptr<member_extras> extras; ///< None: empty ones.
    kept_member record;
    std::uint32_t indexed = 0; ///< How often it came: what was noted of earlier names is void.
    bool present = false;

    [[nodiscard]] std::span<const member_claim> claims() const noexcept {
        return extras ? std::span<const member_claim>(extras->claims) : std::span<const member_claim>();
    }
    [[nodiscard]] std::span<const std::string> learned() const noexcept {
        return extras ? std::span<const std::string>(extras->learned) : std::span<const std::string>();
    }
    [[nodiscard]] member_extras& more() {
        if (!extras)
            extras = std::make_unique<member_extras>();
        return *extras;
    }
};

/// The rulings about one character.
struct character_rulings {
    member_id accepted;
    std::uint64_t accepted_facts = 0;
    route accepted_by = route::manual;
    bool not_in_chat = false;
    std::uint64_t not_in_chat_facts = 0;
    std::map<member_id, std::uint64_t> rejected;
    std::vector<std::string> accepted_taught;
    std::map<character_id, std::uint64_t> merged;
    std::map<character_id, std::vector<std::string>> merged_taught; ///< By the same as `merged`.
    std::map<character_id, std::uint64_t> split;

    [[nodiscard]] bool empty() const noexcept {
        return !accepted && !not_in_chat && rejected.empty() && merged.empty() && split.empty();
    }
};

enum dirty_mark : std::uint8_t {
    dirty_score = 1,
    dirty_edges = 2,
    dirty_group = 4,
    dirty_base = 8,
    dirty_final = 16
};

struct matcher::state {
    explicit state(matcher_settings s)
        : settings(s) {}

    matcher_settings settings;
    stable_array<character_state> characters;
    stable_array<member_state> members;
    std::vector<std::uint8_t> dirty; ///< `dirty_mark`s per character; apart, as marking touches many.
    posting_index character_slots;   ///< By hashes of ids.
    posting_index member_slots;
    std::map<character_id, character_rulings> rulings;
    std::map<member_id, std::vector<character_id>> accepted_by_member;
    posting_index member_keys;    ///< Keys of members' names.
    posting_index character_keys; ///< Keys of characters' names and of what their notes say.
    posting_index pointer_keys;   ///< Names that notes give, to find whom a new character concerns.
    posting_index addon_groups;
    small_pool few_members; ///< Instead of `member_keys` while they are so few.
    realm_numbers realms;
    std::vector<std::vector<slot>> groups;
    std::vector<std::uint32_t> free_groups;
    /// A character and a member that a member's change concerns: they share a key of the names with which
    /// the member was indexed for the `met`th time, or (zero) did so with earlier ones.
    struct pending_pair {
        slot character = no_slot;
        slot member = no_slot;
        std::uint32_t met = 0;
        friend auto operator<=>(const pending_pair&, const pending_pair&) = default;
    };
    std::vector<pending_pair> pending_pairs;
    std::vector<slot> marked[5]; ///< By bit of `dirty_mark`.
    std::size_t present_characters = 0;
    std::size_t present_members = 0;
    std::array<std::uint32_t, fit_steps> fit_counts{}; ///< How many characters fit somebody how well.
    bits prior =
        0; ///< Rounded log2 of the odds that an owner is here and to be seen, as this guild shows it.
    std::size_t counted_characters = 0;         ///< Present ones when the prior was last learned.
    std::array<bits, route_count> experience{}; ///< Of pairs, by the route that speaks loudest.
    bool pool_changed = false;
    bits pool = 0; ///< Rounded log2 of the number of members, in steps of a quarter bit.
    surface_workshop shop;
    std::vector<block_key> key_scratch;
    std::vector<std::pair<posting_index::place, std::size_t>> place_scratch; ///< With how long they may be.
    std::vector<std::uint32_t> hash_scratch;
    std::vector<pair_score> score_scratch;
    std::vector<pair_score> old_scratch; ///< The candidates before.
    std::vector<match_pointer> pointer_scratch;
    std::vector<slot> found_scratch;       ///< What `find_members` found.
    std::vector<std::uint8_t> group_marks; ///< Scratch of `regroup`: all zero between calls.
    std::vector<std::uint32_t> seen;       ///< Per member: the round in which it was last found.
    std::uint32_t round = 0;

    // match_records.cpp
    /// Slots are given once and stay; `no_slot` if it has none.
    [[nodiscard]] slot find_slot(character_id id) const noexcept;
    [[nodiscard]] slot find_slot(member_id id) const noexcept;
    slot slot_of(character_id id);
    slot slot_of(member_id id);
    void mark(slot character, dirty_mark what);
    /// Whether everybody is marked anyway, as while a guild is loaded.
    [[nodiscard]] bool all_marked(dirty_mark what) const noexcept;
    /// Whether everybody is scored and tied anew anyway: nobody reads the indexes before that.
    [[nodiscard]] bool loading() const noexcept { return all_marked(dirty_score) && all_marked(dirty_edges); }
    /// The indexes know everybody.
    void catch_up();
    void index(slot character);
    void unindex(slot character);
    void index_member(slot member);
    void add_member_keys(slot member);
    void unindex_member(slot member);
    void refresh_member(slot member);
    void mark_neighbours(slot character);
    void mark_pair(slot character, slot member, std::uint32_t met);
    void member_count_changed();

    // match_candidates.cpp
    void score(slot character, std::vector<contest>& touched);
    void update_pairs(std::vector<slot>& changed_characters, std::vector<contest>& touched);
    bool update_pair(const pending_pair& pair, std::vector<contest>& touched);
    void add_fit(slot character, const pair_score& p);
    void drop_fit(slot character, slot member);
    void mark_rivals(const contest& over);
    void find_members(const character_state& c);
    [[nodiscard]] bool ranks_before(const pair_score& a, const pair_score& b) const;

    // match_score.cpp
    [[nodiscard]] pair_score score_pair(const character_state& c, slot member,
                                        std::vector<evidence_item>* items) const;

    // match_edges.cpp
    void resolve_edges(slot character);
    [[nodiscard]] lean_list<alt_edge> edges_of(slot character) const;
    [[nodiscard]] std::pair<slot, std::size_t> first_with_same_pointer(slot character,
                                                                       const match_pointer& p) const;
    [[nodiscard]] std::vector<slot> characters_near(std::span<const block_key> keys) const;
    [[nodiscard]] character_id suggest_alt(slot character) const;
    [[nodiscard]] std::uint32_t unused_group();
    void regroup();
    void mark_regrouped(std::span<const slot> all);

    // match_decide.cpp
    [[nodiscard]] base_decision decide(slot character) const;
    [[nodiscard]] std::uint8_t fit_of(const character_state& c) const noexcept;
    void learn_prior(std::span<const slot> scored);
    [[nodiscard]] bool is_rejected(const character_state& c, slot member) const;
    [[nodiscard]] slot accepted_owner(const character_state& c) const;
    [[nodiscard]] bool is_absent(const character_state& c) const;
    [[nodiscard]] bool is_outdated(const match_ruling& r) const;
    [[nodiscard]] double share_of(slot character, const pair_score& best) const;

    // match_group.cpp
    void finish(slot character, std::vector<slot>& changed);
    [[nodiscard]] kept_decision own_decision(slot character) const;
    void accept(kept_decision& d, slot character, slot owner) const;
    /// Whether its notes tag an account that is surely somebody else's, whatever else speaks for the owner.
    [[nodiscard]] bool is_tagged_otherwise(slot character, slot owner) const;
    /// Whether it was said of another name, and its own evidence names somebody else or nobody.
    [[nodiscard]] bool is_acceptance_outdated(slot character, slot owner) const;
    [[nodiscard]] match_decision decision_of(slot character) const;
    [[nodiscard]] std::vector<match_decision> decisions_of(std::span<const slot> some) const;
    void sort_by_id(std::vector<slot>& some) const;
    void prefetch_decision(std::span<const slot> list, std::size_t at) const;
    [[nodiscard]] route route_to(const character_state& c, slot member) const;

    // match_rulings.cpp
    [[nodiscard]] std::uint64_t facts_of(const match_ruling& r) const;
    void ruling_changed(const match_ruling& r);
    [[nodiscard]] std::vector<std::string> taught_by(const match_ruling& r) const;
    /// Drops what is the whole name of a character, or of a present member but for these.
    void forget_names_of_others(std::vector<match_pointer>& told, std::span<const member_id> but_for) const;
    void relearn(member_id member);
    /// Whose learned names the rulings about the character may change.
    void relearn_from(character_id character);
};

/// The keys of a character: of its names, and of what its notes say. Without repetitions, in no order.
void collect_character_keys(const character_state& c, std::vector<block_key>& keys);
/// The keys of a member. Without repetitions, in no order.
void collect_member_keys(const member_state& m, std::vector<block_key>& keys);
/// How long a member-side list may be to be of help.
[[nodiscard]] std::size_t posting_limit(block_kind kind) noexcept;
/// The level of a probability.
[[nodiscard]] confidence confidence_of(double probability) noexcept;
/// The calibrated probability of an owner.
/// @param own    Odds of this member against "nobody who is here". @param all  Their sum over all that fit.
/// @param share  The character's part of the member's name, see `share_of`.
[[nodiscard]] double owner_probability(double own, double all, double share) noexcept;
/// Hashes by which notes and names find each other.
[[nodiscard]] std::uint32_t pointer_hash(std::string_view key) noexcept;
void append_typo_hashes(std::string_view key, std::vector<std::uint32_t>& hashes);

} // namespace patt::identity
