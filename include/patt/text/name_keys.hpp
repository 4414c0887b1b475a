/// @file
/// All keys of one name at once, for those who compare many names.
#pragma once

#include <string>
#include <string_view>

namespace patt::text {

/// The keys of one name, each losing more than the one before it.
///
/// A key that would add nothing is empty: `look`, `sound` and `leet` when nothing mixes, `core` when nothing
/// was cut off. Equality on a later key is weaker evidence; equality of `look` is a reason for suspicion.
struct name_keys {
    std::string exact;  ///< `exact_key`.
    std::string folded; ///< `folded_key`.
    std::string bare;   ///< Letters and digits of `folded`: "El_Viajero" and "el viajero" are `elviajero`.
    std::string look;   ///< What mixed scripts and symbols are meant to look like: "Zаtaηna" is `zatanna`.
    std::string sound;  ///< Cyrillic, Greek, Hangul and kana in Latin letters: "Зевс" is `zevs`.
    std::string leet;   ///< Digits and symbols between letters, and a lone zero at the end, read as letters:
                        ///< "C3mbr1ch" is `cembrich`. Also what stands upside down: "ɯoopoɥs" is `shodoom`.
    std::string core;   ///< Without affixes, titles and trailing digits: "Mr_Yoda99" is `yoda`.
};

/// Computes all keys of `name` into `keys`; allocates nothing once the strings of `keys` have grown.
/// @par Threads  Safe to call concurrently on different `keys`.
void make_keys(std::string_view name, name_keys& keys);

/// `make_keys` into a fresh value.
[[nodiscard]] name_keys keys_of(std::string_view name);

/// `name_keys::bare` alone, into `bare`.
void make_bare_key(std::string_view name, std::string& bare);

/// The core of a bare key, or the key itself if nothing can be cut off.
///
/// Affixes: titles ("sir", "captain"), articles, "xx", "tv", "gg", "alt", "bank", trailing digits. At least
/// three letters must remain.
[[nodiscard]] std::string_view core_of(std::string_view bare) noexcept;

/// Whether a bare key is itself such an affix: "the" and "captain" are words of many names and no name.
[[nodiscard]] bool is_affix(std::string_view bare) noexcept;

} // namespace patt::text
