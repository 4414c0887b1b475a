/// @file
/// Who is who: which member of the chat server owns which character, with reasons.
///
/// Start here. Put characters and members in, call `settle`, read the decisions:
/// @code
/// patt::identity::matcher m;
/// m.put(match_character{.id = character_id{1}, .name = "Shodoom"});
/// m.put(match_member{.id = member_id{7}, .username = "shodoom"});
/// for (const auto& change : m.settle()) { ... }
/// std::cout << to_text(m.explain(character_id{1}));
/// @endcode
/// Pure: no I/O, clock, thread or randomness. The decisions depend on what is in it alone, not on the order
/// in which it came: after any history of changes they equal those of a fresh matcher with the same content.
#pragma once

#include <patt/identity/evidence.hpp>
#include <patt/identity/records.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace patt::identity {

/// How sure a decision is, from the calibrated probability.
enum class confidence : std::uint8_t {
    none,      ///< Below 0.5.
    low,       ///< From 0.5.
    medium,    ///< From 0.9.
    high,      ///< From 0.99.
    certain,   ///< From 0.999.
    confirmed, ///< A human decided, or a proof was given.
};

/// What the matcher advises. What is done with it is the guild's policy.
enum class advice : std::uint8_t {
    link,    ///< Sure enough, and nothing speaks against it.
    suggest, ///< Show it to an officer.
    nothing, ///< Nobody fits.
};

/// Why a decision is no link, or needs a look although it is one.
enum class doubt : std::uint8_t {
    none,
    unsure,             ///< One candidate, not sure enough.
    several_fit,        ///< Members tie; nobody wins by being first.
    several_characters, ///< Characters tie for one name of the member.
    look_alike,         ///< The name imitates the member's: perhaps an impersonation.
    owners_conflict,    ///< Characters of one group are certainly owned by different members: the group was
                        ///< split.
    contradicts_ruling, ///< The evidence speaks against what a human decided; the ruling stands.
    ruling_outdated,   ///< The names that a human decided about have changed, and nothing else says the same:
                       ///< the ruling stands until somebody has looked again.
    contradicts_group, ///< Its own evidence and its group name different members.
    related_only,      ///< A note says it belongs to a relative or friend.
    rejected,          ///< An officer said that it is not the member's whom its group names.
    alt_of_somebody,   ///< Perhaps an alt of another character, by its name alone.
    not_in_chat,       ///< A human said that the owner is not in the chat.
};

[[nodiscard]] std::string_view to_string(confidence c) noexcept;
[[nodiscard]] std::string_view to_string(advice a) noexcept;
[[nodiscard]] std::string_view to_string(doubt d) noexcept;

/// One member that may own the character.
struct ranked_candidate {
    member_id member;
    bits weight = 0; ///< Sum of the evidence, without prior and competition.
    double probability = 0.0;

    friend bool operator==(const ranked_candidate&, const ranked_candidate&) = default;
};

/// What is decided for one character.
struct match_decision {
    character_id character;
    advice what = advice::nothing;
    member_id member; ///< The owner, or the best candidate; zero if there is none.
    double probability = 0.0;
    confidence level = confidence::none;
    route by = route::none;
    doubt why_not = doubt::none;
    character_id via;            ///< With `route::alt_of`: the character of the group that carries the link.
    character_id group;          ///< The least character of its group of alts: equal means same person.
    character_id alt_suggestion; ///< A character whose alt it may be, by a weak sign; zero if none.
    std::vector<ranked_candidate> candidates; ///< The best three, best first.

    friend bool operator==(const match_decision&, const match_decision&) = default;
};

/// A character that is tied to another one, and whose it surely is.
struct conflicting_owner {
    character_id character;
    member_id member;
};

/// Everything behind a decision. The weights of `items` add up to log2(p / (1 - p)).
struct match_explanation {
    match_decision decision;
    std::vector<evidence_item> items;
    member_id runner_up;
    bits margin = 0;                          ///< Bits between the best and the second member.
    std::vector<std::string> vetoes;          ///< Sentences: what forbids candidates or links.
    std::vector<std::string> would_change;    ///< Sentences: what would change the answer.
    std::vector<conflicting_owner> conflicts; ///< Of its group, with other owners, by character.
};

/// How a text calls those who are meant; by number where a function is empty.
struct naming {
    std::function<std::string(character_id)> character;
    std::function<std::string(member_id)> member;
};

/// An explanation as lines of text, English, for terminals and logs of tests.
[[nodiscard]] std::string to_text(const match_explanation& e, const naming& names = {});

/// How the officers of a guild ruled on members that one kind of evidence had proposed; with `route::alt_of`,
/// on ties between two characters (merged or split).
struct route_experience {
    route by = route::none;
    int accepted = 0;
    int rejected = 0;
    std::int64_t expected_per_mille = 0; ///< Sum of the probabilities that had been shown for all of them.

    friend bool operator==(const route_experience&, const route_experience&) = default;
};

/// What such experience adds to every pair that the route speaks loudest for: from -2 to +1 bit in steps of a
/// half, 0 as long as officers agree as often as had been shown, or have ruled on few.
[[nodiscard]] bits experience_weight(const route_experience& what) noexcept;

/// What a guild may tune. The defaults are those of the published figures.
struct matcher_settings {
    /// The least level that is advised as a link. From `high` on nobody is linked by likeness alone.
    confidence link_from = confidence::high;
    double prior_present = 0.85;     ///< Probability that the owner of a character is in the chat.
    bits least_margin = 6 * one_bit; ///< To the second member, for a link.
    double suggest_from = 0.05;      ///< Below it nothing is suggested.
    bool operator==(const matcher_settings&) const = default;
};

/// The matching engine of one guild.
///
/// @par Threads    One at a time; different matchers are independent.
/// @par Memory     About 600 bytes per character or member.
class matcher {
public:
    explicit matcher(matcher_settings settings = {});
    ~matcher();
    matcher(matcher&&) noexcept;
    matcher& operator=(matcher&&) noexcept;

    /// Adds or replaces one record, known by its id. One that is gone takes part in nothing, but is kept.
    void put(const match_character& record);
    void put(const match_member& record);

    /// Forgets a record. Rulings about it are kept: it may come back.
    void remove(character_id id);
    void remove(member_id id);

    /// Adds a ruling, or replaces the one about the same thing. Returns it with its `facts` and what it
    /// taught filled in. `accepted` replaces another acceptance and `not_in_chat` of the character, and the
    /// other way round.
    match_ruling rule(match_ruling ruling);

    /// The ruling as `rule` would return it now; nothing is changed.
    [[nodiscard]] match_ruling as_of_now(match_ruling ruling) const;

    /// Takes a ruling back. Unknown ones are ignored.
    void withdraw(const match_ruling& ruling);

    /// What officers' rulings taught of the kinds of evidence, in place of what it was told before. It is
    /// counted by whoever keeps the rulings, as it is about what had been shown when they were made.
    void learn(std::span<const route_experience> experience);

    /// Decides anew whatever the changes since the last call may touch; the decisions that changed, by
    /// character.
    std::vector<match_decision> settle();

    /// The decision for a character as of the last `settle`; one that says nothing if it is unknown.
    [[nodiscard]] match_decision decision(character_id id) const;

    /// The decisions of all present characters, by character.
    [[nodiscard]] std::vector<match_decision> decisions() const;

    /// What needs a human, the most useful first: by size of the group and uncertainty.
    [[nodiscard]] std::vector<match_decision> review_queue() const;

    /// Members present and counting that own no character, by id.
    [[nodiscard]] std::vector<member_id> members_without_character() const;

    /// Why the decision for a character is what it is, as of the last `settle`.
    [[nodiscard]] match_explanation explain(character_id id) const;

    /// Why a member is, or is not, the owner of a character: the evidence of that pair alone. Where nothing
    /// agrees there are no items, no probability and no level.
    [[nodiscard]] match_explanation explain(character_id id, member_id member) const;

    /// Present characters whose names are nearest to a typed one, the best first: they agree with it in what
    /// a member's name may, or are an edit or two away. By looking at all of them, so right after `put`, too.
    [[nodiscard]] std::vector<character_id> nearest(std::string_view typed, std::size_t most) const;

    /// How sure it is that two characters belong to one person, by what their notes and an add-on say
    /// directly of each other, without rulings; 0 if they say nothing. As of the last `settle`.
    [[nodiscard]] double tie(character_id a, character_id b) const;

    /// All rulings, in a stable order, with their facts.
    [[nodiscard]] std::vector<match_ruling> rulings() const;

    /// The number of records that take part.
    [[nodiscard]] std::size_t character_count() const noexcept;
    [[nodiscard]] std::size_t member_count() const noexcept;

    struct state; ///< Private to the library.

private:
    std::unique_ptr<state> state_;
};

} // namespace patt::identity
