#include "simulation/trust_oracle.hpp"

#include <patt/result.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

namespace patt::simulation {

namespace {

/// How late an effect may be: switches stay off for hours, outages last for hours, hosts are down for hours.
constexpr duration patience = std::chrono::hours(96);

} // namespace

const game_guild& trust_oracle::guild_of(guild_id id) const {
    for (const game_guild& g : guilds_) {
        if (g.id == id) {
            return g;
        }
    }
    throw failure("the simulation has no such guild");
}

void trust_oracle::roster_told(const game_guild& of, roster_shape shape, instant now) {
    if (shape == roster_shape::empty) {
        return;
    }
    std::map<game_id, known>& roster = rosters_[of.id];
    std::size_t told = 0;
    for (const game_character& c : of.characters) {
        told += c.present ? 1U : 0U;
    }
    std::size_t left = shape == roster_shape::whole ? told : told / 2;
    for (const game_character& c : of.characters) {
        known& k = roster[c.game];
        if (!c.present) {
            if (shape == roster_shape::whole) {
                k.present = false;
            }
            continue;
        }
        if (left == 0) {
            continue;
        }
        --left;
        for (auto& [rank, last] : k.last_true) {
            last = rank == k.rank ? now : last; // True until now.
        }
        k.plains.insert(c.plain);
        k.rank = c.rank;
        k.present = true;
        k.last_true[c.rank] = now;
    }
}

void trust_oracle::confirmed(guild_id guild, member_id who, game_id what) {
    confirmed_[{guild, who}].insert(what);
}

void trust_oracle::moved(guild_id guild, member_id who, game_id what) {
    holder_[{guild, what}] = who;
}

void trust_oracle::left(guild_id guild, member_id who) {
    given_.erase({guild, who});
    std::erase_if(holder_, [&](const auto& h) { return h.first.first == guild && h.second == who; });
}

bool trust_oracle::may_have(const game_guild& g, member_id who, role_id role, const known& c, game_id id,
                            bool confirmed, const std::vector<int>& ranks) const {
    for (const int rank : ranks) {
        if (confirmed && g.role_of(rank) == role) {
            return true;
        }
        const bool claimed = std::any_of(c.plains.begin(), c.plains.end(),
                                         [&](const std::string& p) { return said_.claimed(who, p); });
        const auto holder = holder_.find({g.id, id});
        const bool free = holder == holder_.end() || holder->second == who;
        // A claim is not a proof: below the officers only, and never above the guild's limit for claims.
        if (claimed && free && rank > g.officer_rank && g.role_of(std::max(rank, g.claim_max_rank)) == role) {
            return true;
        }
    }
    return false;
}

std::optional<std::string> trust_oracle::judge_new(const game_guild& g, member_id who, role_id role,
                                                   instant now) {
    std::vector<game_id> bases;
    for (const auto& [id, c] : rosters_[g.id]) {
        std::vector<int> ranks;
        for (const auto& [rank, last] : c.last_true) {
            if ((rank == c.rank && c.present) || now - last < patience) {
                ranks.push_back(rank);
            }
        }
        const bool sure = confirmed_[{g.id, who}].count(id) != 0;
        if (may_have(g, who, role, c, id, sure, ranks)) {
            bases.push_back(id);
        }
    }
    if (bases.empty()) {
        return fmt::format("member {} of guild {} was given role {}, which nothing entitles them to",
                           who.value(), g.id.value(), role.value());
    }
    if (bases.size() == 1) {
        holder_[{g.id, bases.front()}] = who;
    }
    return std::nullopt;
}

std::optional<std::string> trust_oracle::roles_replaced(const testing::ledger_entry& done) {
    const member_id who{done.target};
    const game_guild& g = guild_of(done.guild);
    std::set<role_id>& given = given_[{done.guild, who}];
    for (const role_id role : done.before) {
        if (std::find(done.after.begin(), done.after.end(), role) == done.after.end()) {
            if (given.erase(role) == 0) {
                return fmt::format("role {} of member {} was taken away, though PATT had not given it",
                                   role.value(), who.value());
            }
        }
    }
    for (const role_id role : done.after) {
        if (std::find(done.before.begin(), done.before.end(), role) != done.before.end()) {
            continue;
        }
        if (std::find(g.rank_roles.begin(), g.rank_roles.end(), role) == g.rank_roles.end()) {
            return fmt::format("role {} is none of guild {}'s rank roles", role.value(), g.id.value());
        }
        if (g.id.value() == 3 && role == g.rank_roles.front()) {
            return std::string("a role with dangerous permissions was given");
        }
        if (auto wrong = judge_new(g, who, role, done.at)) {
            return wrong;
        }
        given.insert(role);
    }
    return std::nullopt;
}

std::optional<std::string> trust_oracle::at_rest(guild_id guild, member_id who,
                                                 const std::vector<role_id>& visible) const {
    const game_guild& g = guild_of(guild);
    const auto roster = rosters_.find(guild);
    for (const role_id role : visible) {
        if (given_to(guild, who).count(role) == 0) {
            continue;
        }
        bool fits = false;
        if (roster != rosters_.end()) {
            for (const auto& [id, c] : roster->second) {
                const auto sure = confirmed_.find({guild, who});
                const bool yes = sure != confirmed_.end() && sure->second.count(id) != 0;
                fits = fits || (c.present && may_have(g, who, role, c, id, yes, {c.rank}));
            }
        }
        if (!fits) {
            return fmt::format(
                "at rest member {} of guild {} still has role {}, which nothing entitles them to",
                who.value(), guild.value(), role.value());
        }
    }
    return std::nullopt;
}

const std::set<role_id>& trust_oracle::given_to(guild_id guild, member_id who) const {
    static const std::set<role_id> none;
    const auto found = given_.find({guild, who});
    return found == given_.end() ? none : found->second;
}

} // namespace patt::simulation
