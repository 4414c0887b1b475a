// patt settings: everything that is set per guild.

#include "../exit_code.hpp"
#include "../host.hpp"
#include "../output.hpp"
#include "commands.hpp"

#include <patt/policy/setting_registry.hpp>

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

struct setting_options {
    std::string key;
    std::string value;
    std::string reason;
};

/// A setting's text; whoever mistypes a key hears which one and where all of them are.
std::string text_of(const policy::guild_settings& settings, const std::string& key) {
    const auto text = policy::print(settings, key);
    if (!text) {
        throw refusal({text.err().code,
                       fmt::format("{}: {} patt settings list shows them all", key, text.err().detail)});
    }
    return *text;
}

exit_code list(const common_options& common) {
    host h(common);
    const policy::guild_settings now = h.look().settings(h.guild());
    const policy::guild_settings defaults;
    table t{{"key", "value", "default", "what"}, {}, ""};
    for (const policy::setting_info& info : policy::all_settings()) {
        t.rows.push_back({std::string(info.key),
                          policy::shown(info, value_or_refuse(policy::print(now, info.key))),
                          policy::shown(info, value_or_refuse(policy::print(defaults, info.key))),
                          std::string(info.description)});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

exit_code get(const common_options& common, const std::string& key) {
    host h(common);
    const std::string value = text_of(h.look().settings(h.guild()), key);
    const policy::setting_info& info = *policy::find_setting(key);
    if (common.json) {
        print(record{{"key", key},
                     {"value", policy::shown(info, value)},
                     {"form", std::string(info.form)},
                     {"what", std::string(info.description)}},
              form::json);
    } else {
        fmt::print("{}\n", policy::shown(info, value));
    }
    return exit_code::done;
}

exit_code set(const common_options& common, const setting_options& how) {
    host h(common);
    const form as = common.json ? form::json : form::text;
    const std::string before = text_of(h.look().settings(h.guild()), how.key);
    const std::string after = value_or_refuse(policy::canonical(how.key, how.value));
    const policy::setting_info& info = *policy::find_setting(how.key);
    const record change{
        {"key", how.key}, {"before", policy::shown(info, before)}, {"after", policy::shown(info, after)}};
    if (!common.dry_run && info.danger == policy::danger::confirm && !common.yes && before != after) {
        throw refusal(
            {errc::confirm_first,
             fmt::format("{} takes effect on many people at once ({} becomes {}); say it "
                         "again with --yes",
                         how.key, before.empty() ? "nothing" : before, after.empty() ? "nothing" : after)});
    }
    const reply said = h.handle_or_refuse(engine::change_setting{how.key, how.value}, how.reason);
    print(change, as);
    if (common.dry_run) {
        tell(as, "Nothing was changed (--dry-run).");
    }
    for (const auto& [name, warning] : said.data) {
        if (name == "warning") {
            fmt::print(stderr, "patt: mind: {}\n", warning);
        }
    }
    return exit_code::done;
}

} // namespace

void add_settings(program& p) {
    CLI::App* app = subcommand(p.app, "settings", "Everything that is set per guild", "patt settings list");
    app->require_subcommand(1);
    CLI::App* all =
        subcommand(*app, "list", "Every setting with its value and default", "patt settings list");
    all->callback([&p] { p.chosen = [&p] { return list(p.common); }; });
    auto how = std::make_shared<setting_options>();
    CLI::App* one = subcommand(*app, "get", "One setting", "patt settings get onboarding.deadline");
    one->add_option("KEY", how->key, "Which setting")->required();
    one->callback([&p, how] { p.chosen = [&p, how] { return get(p.common, how->key); }; });
    CLI::App* change =
        subcommand(*app, "set", "Change a setting", "patt settings set onboarding.deadline 48h");
    change->add_option("KEY", how->key, "Which setting")->required();
    change->add_option("VALUE", how->value, "The new value")->required();
    change->add_option("--reason", how->reason, "Why; goes into the event log");
    change->callback([&p, how] { p.chosen = [&p, how] { return set(p.common, *how); }; });
    CLI::App* back =
        subcommand(*app, "reset", "Back to the default", "patt settings reset onboarding.deadline");
    back->add_option("KEY", how->key, "Which setting")->required();
    back->callback([&p, how] { p.chosen = [&p, how] { return set(p.common, *how); }; });
}

} // namespace patt::cli
