/// @file
/// Rosters from files: Battle.net's documents as somebody saved them.
#pragma once

#include <patt/engine/game_source.hpp>

#include <filesystem>
#include <iosfwd>

namespace patt::blizzard {

/// A roster document and, if given, a directory with profile documents. The same files for every guild.
class file_source final : public engine::game_source {
public:
    /// @param roster  A file.
    /// @param profiles  A directory; empty: none.
    explicit file_source(std::filesystem::path roster, std::filesystem::path profiles = {});
    /// Reads the roster from a stream, once. The stream outlives the source.
    explicit file_source(std::istream& roster, std::filesystem::path profiles = {});

    [[nodiscard]] result<engine::fetched_roster> fetch_roster(guild_id guild) override;

private:
    std::filesystem::path roster_;
    std::istream* stream_ = nullptr;
    std::filesystem::path profiles_;
};

} // namespace patt::blizzard
