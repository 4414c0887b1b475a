#include <patt/log/entry.hpp>

#include <fmt/format.h>

#include <charconv>

namespace patt::log {
namespace {

void append_number(std::string& to, std::uint64_t value) {
    const auto bytes = big_endian(value);
    to.append(bytes.data(), bytes.size());
}

void append_text(std::string& to, std::string_view text) {
    append_number(to, text.size());
    to += text;
}

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view white = " \t\r\n";
    const std::size_t first = text.find_first_not_of(white);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

} // namespace

head genesis(guild_id guild) {
    const auto number = big_endian(static_cast<std::uint64_t>(guild.value()));
    return {0, sha256({"patt event log 1", std::string_view(number.data(), number.size())})};
}

digest commit(std::string_view salt, std::string_view payload) {
    return sha256({salt, payload});
}

digest chain_hash(const row& stored) {
    std::string encoding(1, '\x01');
    encoding.reserve(96 + stored.kind.size() + stored.actor.size() + stored.subject.size());
    append_number(encoding, static_cast<std::uint64_t>(stored.seq));
    append_number(encoding, static_cast<std::uint64_t>(stored.at.microseconds()));
    append_text(encoding, stored.kind);
    append_text(encoding, stored.actor);
    append_text(encoding, stored.subject);
    encoding += bytes_of(stored.commitment);
    return sha256({bytes_of(stored.prev), encoding});
}

row seal(const head& before, entry what) {
    if (what.salt.size() != salt_bytes) {
        throw failure(
            fmt::format("a log entry needs a salt of {} bytes, not {}", salt_bytes, what.salt.size()));
    }
    if (what.seq != before.seq + 1) {
        throw failure(fmt::format("log entry {} cannot follow entry {}", what.seq, before.seq));
    }
    row out;
    out.seq = what.seq;
    out.at = what.at;
    out.kind = std::move(what.kind);
    out.actor = std::move(what.actor);
    out.subject = std::move(what.subject);
    out.prev = before.hash;
    out.commitment = commit(what.salt, what.payload);
    out.payload = std::move(what.payload);
    out.salt = std::move(what.salt);
    out.hash = chain_hash(out);
    return out;
}

head head_of(const row& last) {
    return {last.seq, last.hash};
}

std::string to_string(const head& value) {
    return fmt::format("{}:{}", value.seq, to_hex(value.hash));
}

result<head> parse_head(std::string_view text) {
    const error wrong{errc::invalid_input,
                      "A log head has the form SEQ:HEX, a number and 64 hexadecimal characters."};
    text = trimmed(text);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        return wrong;
    }
    head out;
    const char* end = text.data() + colon;
    const auto number = std::from_chars(text.data(), end, out.seq);
    const auto hash = digest_from_hex(text.substr(colon + 1));
    if (number.ec != std::errc{} || number.ptr != end || out.seq < 0 || !hash) {
        return wrong;
    }
    out.hash = *hash;
    return out;
}

} // namespace patt::log
