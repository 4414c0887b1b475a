#include "core/onboarding/escalate.hpp"

#include <fmt/core.h>

namespace patt::onboarding {

void escalate(draft& d) {
    session& s = d.current();
    s.escalated_at = d.ctx().now;
    const std::string name = member_name(d.facts(), s.subject);
    const std::string_view said = d.recall("in_guild");
    text_ref text = d.text("officer.escalation");
    text.with("in_guild", said.empty() ? "unknown" : said, arg_kind::trusted)
        .with("attempts", std::to_string(s.verification_attempts), arg_kind::number)
        .with("member_id", std::to_string(s.subject.value()), arg_kind::trusted)
        .with("has_main", d.recall("main").empty() ? "no" : "yes", arg_kind::trusted)
        .with("has_alts", d.recall("alts").empty() ? "no" : "yes", arg_kind::trusted);
    d.post(fmt::format("escalate:{}", s.id.value()), d.ctx().settings.channels.audit, std::move(text),
           gate::officers);
    integrity::issue_subject about;
    about.member = s.subject;
    d.open_issue(integrity::issue_type::unverified_new_member, about,
                 {{"member", name}, {"main", std::string(d.recall("main"))}});
    d.log("session.escalated", {{"attempts", std::to_string(s.verification_attempts)}});
}

} // namespace patt::onboarding
