#include <patt/provisioning/invite_code.hpp>

#include <fmt/format.h>

#include <array>

namespace patt::provisioning {
namespace {

using namespace std::string_view_literals;

// The trailing NUL ends the label, so that no label is the beginning of another.
constexpr std::string_view derivation_label = "patt invite code 1\0"sv;
constexpr std::string_view storage_label = "patt invite hash 1\0"sv;

/// Longer than any code with forgiven decoration; bounds the work on hostile input.
constexpr std::size_t longest_typed = 200;

void require_key(std::string_view key) {
    if (key.size() < instance_key_min_bytes) {
        throw failure(fmt::format("the key of the instance has {} bytes; it needs at least {}", key.size(),
                                  instance_key_min_bytes));
    }
}

void append_number(std::string& to, std::int64_t value) {
    const auto bytes = big_endian(static_cast<std::uint64_t>(value));
    to.append(bytes.data(), bytes.size());
}

/// Separators longer than one byte: no-break spaces, hyphens and dashes, zero-width characters (as UTF-8).
constexpr std::array separators = {"\u00A0"sv, "\u00AD"sv, "\u2007"sv, "\u2009"sv, "\u200B"sv, "\u200C"sv,
                                   "\u200D"sv, "\u2010"sv, "\u2011"sv, "\u2012"sv, "\u2013"sv, "\u2014"sv,
                                   "\u2015"sv, "\u202F"sv, "\u2060"sv, "\u2212"sv, "\u3000"sv, "\uFEFF"sv};

std::size_t separator_length(std::string_view text) noexcept {
    constexpr std::string_view single = " \t\r\n-_`*'\""sv;
    if (single.find(text.front()) != std::string_view::npos) {
        return 1;
    }
    for (const std::string_view s : separators) {
        if (text.starts_with(s)) {
            return s.size();
        }
    }
    return 0;
}

error wrong_length(std::size_t count) {
    return {errc::invalid_input,
            fmt::format("An invite code has {} characters; this one has {}.", invite_code_length, count)};
}

} // namespace

std::string derive_invite_code(std::string_view instance_key, guild_id guild, invite_id invite) {
    require_key(instance_key);
    std::string message(derivation_label);
    append_number(message, guild.value());
    append_number(message, invite.value());
    const digest mac = hmac_sha256(instance_key, message);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 5; ++i) {
        bits = bits << 8U | mac[i];
    }
    std::string code(invite_code_length, ' ');
    for (std::size_t i = 0; i < invite_code_length; ++i) {
        code[i] = invite_alphabet[bits >> (35U - 5U * i) & 31U];
    }
    return code;
}

digest invite_code_hash(std::string_view instance_key, guild_id guild, std::string_view code) {
    require_key(instance_key);
    std::string message(storage_label);
    append_number(message, guild.value());
    message += code;
    return hmac_sha256(instance_key, message);
}

result<std::string> normalise_invite_code(std::string_view text) {
    if (text.size() > longest_typed) {
        return error{errc::invalid_input, "This is too long for an invite code, which has 8 characters."};
    }
    std::string code;
    while (!text.empty()) {
        if (const std::size_t skip = separator_length(text); skip != 0) {
            text.remove_prefix(skip);
            continue;
        }
        char c = text.front();
        text.remove_prefix(1);
        if (c >= 'a' && c <= 'z') {
            c = static_cast<char>(c - 'a' + 'A');
        }
        if (invite_alphabet.find(c) == std::string_view::npos) {
            return error{
                errc::invalid_input,
                fmt::format("Character {} of this is in no invite code. Codes use the letters A to Z "
                            "without I and O, and the digits 2 to 9.",
                            code.size() + 1)};
        }
        code += c;
    }
    if (code.size() != invite_code_length) {
        return wrong_length(code.size());
    }
    return code;
}

} // namespace patt::provisioning
