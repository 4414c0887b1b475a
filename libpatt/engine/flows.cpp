#include "engine/flows.hpp"

#include <fmt/core.h>

#include <utility>

namespace patt::engine {

flow_book::flow_book(std::span<const std::string> documents) {
    add(onboarding::newcomer_flow());
    for (const std::string& document : documents) {
        result<onboarding::flow> read = onboarding::parse_flow(document);
        if (!read) {
            throw failure(read.err().detail);
        }
        add(std::move(read).value());
    }
}

void flow_book::add(onboarding::flow f) {
    const std::string key = f.key;
    const int version = f.version;
    if (!flows_[key].emplace(version, std::move(f)).second) {
        throw failure(fmt::format("the flow {} is there twice in version {}", key, version));
    }
}

const onboarding::flow* flow_book::find(std::string_view key, int version) const noexcept {
    const auto named = flows_.find(key);
    if (named == flows_.end()) {
        return nullptr;
    }
    const auto found = named->second.find(version);
    return found == named->second.end() ? nullptr : &found->second;
}

const onboarding::flow& flow_book::entry(std::string_view key) const noexcept {
    const onboarding::flow* const named = newest(key);
    static const std::string built_in = onboarding::newcomer_flow().key;
    return named != nullptr ? *named : *newest(built_in);
}

std::string flow_book::names() const {
    std::string out;
    for (const auto& [key, versions] : flows_) {
        out += (out.empty() ? "" : ", ") + key;
    }
    return out;
}

const onboarding::flow* flow_book::newest(std::string_view key) const noexcept {
    const auto named = flows_.find(key);
    return named == flows_.end() ? nullptr : &named->second.rbegin()->second;
}

} // namespace patt::engine
