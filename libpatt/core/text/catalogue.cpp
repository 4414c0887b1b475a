#include "core/text/catalogue_arguments.hpp"
#include "core/text/catalogue_cards.hpp"
#include "core/text/catalogue_source.hpp"

#include <patt/text/catalogue.hpp>
#include <patt/text/utf8.hpp>

#include <fmt/format.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace patt::text {
namespace {

struct entry {
    std::vector<std::string> arguments;
    std::string pattern;
    std::unique_ptr<icu::MessageFormat> parsed; ///< Made at the first use.
};

using texts = std::map<std::string, entry, std::less<>>;

constexpr std::string_view fallback_locale = "en";
constexpr std::size_t reported_keys = 20;

icu::UnicodeString to_icu(std::string_view s) {
    return icu::UnicodeString::fromUTF8(icu::StringPiece(s.data(), static_cast<std::int32_t>(s.size())));
}

/// The names that a pattern uses. @throws failure when it is broken.
std::set<std::string> names_in(const std::string& key, const std::string& pattern) {
    UErrorCode status = U_ZERO_ERROR;
    UParseError where{};
    const icu::MessagePattern parsed(to_icu(pattern), &where, status);
    if (U_FAILURE(status)) {
        throw failure(fmt::format("text {}: broken pattern near character {}", key, where.offset));
    }
    std::set<std::string> out;
    for (std::int32_t i = 0; i < parsed.countParts(); ++i) {
        const auto& part = parsed.getPart(i);
        if (part.getType() == UMSGPAT_PART_TYPE_ARG_NAME || part.getType() == UMSGPAT_PART_TYPE_ARG_NUMBER) {
            std::string name;
            parsed.getSubstring(part).toUTF8String(name);
            out.insert(std::move(name));
        }
    }
    return out;
}

void check(const detail::source_text& text) {
    const std::set<std::string> used = names_in(text.key, text.pattern);
    const std::set<std::string> declared(text.arguments.begin(), text.arguments.end());
    if (used != declared || declared.size() != text.arguments.size()) {
        throw failure(fmt::format("text {}: declares ({}) but uses ({})", text.key,
                                  fmt::join(text.arguments, ", "), fmt::join(used, ", ")));
    }
}

std::string cut(std::string text, std::size_t most) {
    if (count_characters(text) <= most) {
        return text;
    }
    text = first_characters(text, most - 1);
    // A cut between a backslash and what it escapes would escape the ellipsis instead.
    const std::size_t last = text.find_last_not_of('\\');
    if ((text.size() - (last == std::string::npos ? 0 : last + 1)) % 2 == 1) {
        text.pop_back();
    }
    return text + "\u2026";
}

std::size_t size_of(const message& card) {
    std::size_t out =
        count_characters(card.title) + count_characters(card.description) + count_characters(card.footer);
    for (const message_field& field : card.fields) {
        out += count_characters(field.name) + count_characters(field.value);
    }
    return out;
}

/// Makes the texts of a card fit together: the description gives way.
void fit(message& card) {
    const std::size_t size = size_of(card);
    if (size > message_limits::card) {
        const std::size_t description = count_characters(card.description);
        const std::size_t excess = size - message_limits::card;
        card.description = excess < description ? cut(card.description, description - excess) : std::string();
    }
}

} // namespace

struct catalogue::state {
    std::map<std::string, texts, std::less<>> locales;
    catalogue_misses misses;

    struct found_text {
        std::string locale;
        entry* text = nullptr;
    };

    found_text find(std::string locale, std::string_view key) {
        for (;;) {
            if (const auto l = locales.find(locale); l != locales.end()) {
                if (const auto t = l->second.find(key); t != l->second.end()) {
                    return {locale, &t->second};
                }
            }
            if (locale == fallback_locale) {
                return {};
            }
            const std::size_t dash = locale.rfind('-');
            locale = dash == std::string::npos ? std::string(fallback_locale) : locale.substr(0, dash);
        }
    }

    std::string miss_key(std::string_view key) {
        ++misses.keys;
        if (misses.first_keys.size() < reported_keys) {
            misses.first_keys.emplace_back(key);
        }
        return std::string(key);
    }

    icu::MessageFormat* parsed(const found_text& found) {
        if (!found.text->parsed) {
            UErrorCode status = U_ZERO_ERROR;
            const auto locale = icu::Locale::forLanguageTag(found.locale, status);
            found.text->parsed =
                std::make_unique<icu::MessageFormat>(to_icu(found.text->pattern), locale, status);
            if (U_FAILURE(status)) {
                found.text->parsed.reset();
            }
        }
        return found.text->parsed.get();
    }

    std::string format(std::string_view locale, std::string_view key,
                       const detail::argument_list& arguments) {
        const found_text found = find(std::string(locale), key);
        if (found.text == nullptr) {
            return miss_key(key);
        }
        std::vector<icu::UnicodeString> names;
        std::vector<icu::Formattable> values;
        for (const std::string& name : found.text->arguments) {
            const auto value = arguments.find(name);
            if (!value) {
                ++misses.arguments;
                continue;
            }
            names.push_back(to_icu(name));
            const auto* number = std::get_if<std::int64_t>(&*value);
            values.push_back(number != nullptr ? icu::Formattable(*number)
                                               : icu::Formattable(to_icu(std::get<std::string>(*value))));
        }
        icu::MessageFormat* pattern = parsed(found);
        if (pattern == nullptr) {
            return miss_key(key);
        }
        UErrorCode status = U_ZERO_ERROR;
        icu::UnicodeString out;
        pattern->format(names.data(), values.data(), static_cast<std::int32_t>(names.size()), out, status);
        if (U_FAILURE(status)) {
            return miss_key(key);
        }
        std::string utf8;
        out.toUTF8String(utf8);
        return utf8;
    }
};

catalogue::catalogue()
    : catalogue({{std::string(fallback_locale), std::string(detail::english_texts())}}) {}

catalogue::catalogue(const std::vector<catalogue_source>& sources)
    : state_(std::make_unique<state>()) {
    for (const catalogue_source& source : sources) {
        texts& into = state_->locales[source.locale];
        for (detail::source_text& text : detail::read_source(source.document)) {
            check(text);
            into[text.key] = {std::move(text.arguments), std::move(text.pattern), nullptr};
        }
    }
}

catalogue::catalogue(catalogue&&) noexcept = default;
catalogue& catalogue::operator=(catalogue&&) noexcept = default;
catalogue::~catalogue() = default;

std::string catalogue::format(const text_ref& what, const surroundings& with) {
    return state_->format(with.settings.guild.locale, what.key, detail::argument_list(what, with));
}

message catalogue::compose(const text_ref& what, const surroundings& with) {
    const std::string& locale = with.settings.guild.locale;
    const detail::argument_list arguments(what, with);
    message out;
    out.colour = with.settings.guild.colour.rgb;
    const detail::card* card = detail::find_card(what.key);
    if (card == nullptr) {
        out.content = cut(state_->format(locale, what.key, arguments), message_limits::content);
        return out;
    }
    switch (card->tone) {
    case detail::tone::normal:
        break;
    case detail::tone::good:
        out.colour = with.settings.guild.colour_ok.rgb;
        break;
    case detail::tone::warning:
        out.colour = with.settings.guild.colour_warn.rgb;
        break;
    }
    out.title = cut(state_->format(locale, what.key + ".title", arguments), message_limits::title);
    out.description =
        cut(state_->format(locale, what.key + ".description", arguments), message_limits::description);
    for (const detail::card_field& field : card->fields) {
        const auto condition = arguments.find(field.depends_on);
        const auto* word = condition ? std::get_if<std::string>(&*condition) : nullptr;
        if (!field.depends_on.empty() && (word == nullptr || *word == field.hidden_when)) {
            continue;
        }
        const std::string key = fmt::format("{}.{}.", what.key, field.name);
        out.fields.push_back(
            {cut(state_->format(locale, key + "name", arguments), message_limits::field_name),
             cut(state_->format(locale, key + "value", arguments), message_limits::field_value),
             field.width});
    }
    if (card->footer == detail::presence::present) {
        surroundings unformatted = with; // The chat server shows a footer as it is.
        unformatted.markup = markup::plain;
        out.footer =
            cut(state_->format(locale, what.key + ".footer", detail::argument_list(what, unformatted)),
                message_limits::footer);
    }
    fit(out);
    return out;
}

const catalogue_misses& catalogue::misses() const noexcept {
    return state_->misses;
}

std::vector<std::string> catalogue::keys(std::string_view locale) const {
    std::vector<std::string> out;
    if (const auto found = state_->locales.find(locale); found != state_->locales.end()) {
        for (const auto& [key, text] : found->second) {
            out.push_back(key);
        }
    }
    return out;
}

std::vector<std::string> catalogue::arguments(std::string_view locale, std::string_view key) const {
    const state::found_text found = state_->find(std::string(locale), key);
    return found.text == nullptr ? std::vector<std::string>{} : found.text->arguments;
}

std::string as_lines(const message& what) {
    std::string out = what.content;
    const auto add = [&out](const std::string& text) {
        if (!text.empty()) {
            out += (out.empty() ? "" : "\n") + text;
        }
    };
    add(what.title);
    add(what.description);
    for (const message_field& field : what.fields) {
        add(field.name + ": " + field.value);
    }
    add(what.footer);
    return out;
}

} // namespace patt::text
