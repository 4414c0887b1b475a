#include "engine/refuse.hpp"

#include "engine/writer.hpp"

namespace patt::engine {

change_set refused(errc code, std::string detail, std::string_view text_key) {
    change_set out;
    out.reply.verdict = verdict::refused;
    out.reply.why = error{code, std::move(detail)};
    out.reply.text = text_ref{std::string(text_key), {}};
    return out;
}

change_set refuse_no_snapshot() {
    change_set out;
    out.reply.verdict = verdict::refused;
    out.reply.why = error{errc::invalid_input, "there is no list to bring in"};
    return out;
}

std::optional<change_set> forbidden(const input_scope& in, policy::action what, std::string_view setting) {
    policy::target at;
    at.guild = in.guild.id;
    at.setting = setting;
    // Whoever sends a command to the engine has confirmed it: asking again is the surface's business.
    const policy::policy_facts facts{in.settings, policy::confirmation::given};
    const policy::decision decided = policy::decide(in.actor, what, at, facts);
    if (decided.allowed()) {
        return std::nullopt;
    }
    const error why = policy::as_error(decided);
    change_set out = refused(why.code, why.detail, "officer.denied");
    out.log.push_back({"policy.denied",
                       "guild",
                       {{"action", std::string(policy::to_string(what))},
                        {"why", std::string(policy::to_string(decided.why))}}});
    return out;
}

} // namespace patt::engine
