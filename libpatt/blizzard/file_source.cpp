#include <patt/blizzard/file_source.hpp>
#include <patt/blizzard/profile_document.hpp>
#include <patt/blizzard/roster_document.hpp>

#include <istream>
#include <iterator>
#include <utility>

namespace patt::blizzard {

namespace {

result<identity::roster_snapshot> read_stream(std::istream& from) {
    const std::string text{std::istreambuf_iterator<char>(from), std::istreambuf_iterator<char>()};
    result<identity::roster_snapshot> read = parse_roster(text);
    if (read) {
        read->source = "standard input";
    }
    return read;
}

} // namespace

file_source::file_source(std::filesystem::path roster, std::filesystem::path profiles)
    : roster_(std::move(roster))
    , profiles_(std::move(profiles)) {}

file_source::file_source(std::istream& roster, std::filesystem::path profiles)
    : stream_(&roster)
    , profiles_(std::move(profiles)) {}

result<engine::fetched_roster> file_source::fetch_roster(guild_id /*guild*/) {
    result<identity::roster_snapshot> read =
        stream_ != nullptr ? read_stream(*stream_) : load_roster(roster_);
    if (!read) {
        return read.err();
    }
    engine::fetched_roster out;
    out.snapshot = std::move(read).value();
    if (!profiles_.empty()) {
        result<profile_set> profiles = load_profiles(profiles_);
        if (!profiles) {
            return profiles.err();
        }
        out.profiles = std::move(profiles->profiles);
        for (const failed_profile& f : profiles->failed) {
            out.left_out.push_back(f.file + ": " + f.why.detail);
        }
    }
    return out;
}

} // namespace patt::blizzard
