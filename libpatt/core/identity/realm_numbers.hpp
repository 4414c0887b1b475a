/// @file
/// Realms as numbers: a guild has few of them, and many characters on each.
#pragma once

#include <patt/text/realm.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// Which realm, by its key; zero: none. Numbers depend on the history, so they are only compared.
using realm_number = std::uint32_t;

/// Gives numbers and keeps them.
class realm_numbers {
public:
    /// The number of a realm in any spelling.
    [[nodiscard]] realm_number of(std::string_view realm) {
        if (realm.empty())
            return 0;
        if (realm == last_realm_)
            return last_;
        std::string key = text::realm_key(realm);
        last_realm_ = realm;
        last_ = 0;
        if (key.empty())
            return last_;
        const auto [it, fresh] =
            numbers_.try_emplace(std::move(key), static_cast<realm_number>(keys_.size()));
        if (fresh)
            keys_.push_back(it->first);
        last_ = it->second;
        return last_;
    }

    [[nodiscard]] std::string_view key(realm_number n) const noexcept { return keys_[n]; }

private:
    std::map<std::string, realm_number> numbers_;
    std::vector<std::string_view> keys_{std::string_view()}; // into `numbers_`, which does not move them
    std::string last_realm_;                                 // most are asked for again at once
    realm_number last_ = 0;
};

} // namespace patt::identity
