#include <patt/digest.hpp>
#include <patt/digest_stream.hpp>
#include <patt/result.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>

namespace patt {
namespace {

[[noreturn]] void refuse(const char* what) {
    throw failure(std::string("the cryptographic library refused: ") + what);
}

const unsigned char* as_unsigned(std::string_view bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes.data()); // char and unsigned char may alias
}

/// Fetching an algorithm costs more than hashing a short text, so it is done once. It is a constant.
const EVP_MD* algorithm() {
    static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> md(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                    EVP_MD_free);
    if (!md) {
        refuse("SHA-256 is not available");
    }
    return md.get();
}

/// A context is scratch memory; one a thread saves an allocation a hash and carries nothing between calls.
EVP_MD_CTX* scratch() {
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                       EVP_MD_CTX_free);
    if (!context) {
        refuse("no memory for a hash");
    }
    return context.get();
}

int nibble(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

constexpr std::size_t block_size = 64; // of SHA-256

} // namespace

digest sha256(std::initializer_list<std::string_view> parts) {
    EVP_MD_CTX* context = scratch();
    if (EVP_DigestInit_ex2(context, algorithm(), nullptr) != 1) {
        refuse("a hash cannot start");
    }
    for (const std::string_view part : parts) {
        if (!part.empty() && EVP_DigestUpdate(context, part.data(), part.size()) != 1) {
            refuse("a hash cannot go on");
        }
    }
    digest out{};
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(context, out.data(), &size) != 1 || size != out.size()) {
        refuse("a hash cannot end");
    }
    return out;
}

digest sha256(std::string_view bytes) {
    return sha256({bytes});
}

struct sha256_stream::state {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

sha256_stream::sha256_stream()
    : state_(std::make_unique<state>()) {
    if (!state_->context || EVP_DigestInit_ex2(state_->context.get(), algorithm(), nullptr) != 1) {
        refuse("a hash cannot start");
    }
}

sha256_stream::sha256_stream(sha256_stream&&) noexcept = default;
sha256_stream& sha256_stream::operator=(sha256_stream&&) noexcept = default;
sha256_stream::~sha256_stream() = default;

void sha256_stream::add(std::string_view bytes) {
    if (!bytes.empty() && EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1) {
        refuse("a hash cannot go on");
    }
}

digest sha256_stream::end() {
    digest out{};
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(state_->context.get(), out.data(), &size) != 1 || size != out.size()) {
        refuse("a hash cannot end");
    }
    return out;
}

digest hmac_sha256(std::string_view key, std::string_view message) {
    // RFC 2104 in two hashes: the library's MAC object looks its parameters up by name in every call and
    // takes several times as long for short messages. The test vectors of RFC 4231 hold it.
    std::array<char, block_size> inner{};
    std::array<char, block_size> outer{};
    digest shortened{};
    if (key.size() > block_size) {
        shortened = sha256(key);
        key = bytes_of(shortened);
    }
    for (std::size_t i = 0; i < block_size; ++i) {
        const auto byte = static_cast<unsigned char>(i < key.size() ? key[i] : '\0');
        inner[i] = static_cast<char>(byte ^ 0x36U);
        outer[i] = static_cast<char>(byte ^ 0x5cU);
    }
    const digest within = sha256({std::string_view(inner.data(), inner.size()), message});
    const digest out = sha256({std::string_view(outer.data(), outer.size()), bytes_of(within)});
    OPENSSL_cleanse(inner.data(), inner.size());
    OPENSSL_cleanse(outer.data(), outer.size());
    OPENSSL_cleanse(shortened.data(), shortened.size());
    return out;
}

std::string_view bytes_of(const digest& value) noexcept {
    return {reinterpret_cast<const char*>(value.data()), value.size()}; // char may alias anything
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const unsigned char byte = as_unsigned(bytes)[i];
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

std::string to_hex(const digest& value) {
    return to_hex(bytes_of(value));
}

std::optional<digest> digest_from_hex(std::string_view text) noexcept {
    digest out{};
    if (text.size() != out.size() * 2) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = nibble(text[2 * i]);
        const int low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

std::array<char, 8> big_endian(std::uint64_t value) noexcept {
    std::array<char, 8> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<char>(static_cast<unsigned char>(value >> (56U - 8U * i)));
    }
    return out;
}

} // namespace patt
