// Invites made by officers, and invites used.

#include <patt/provisioning/commands.hpp>
#include <patt/provisioning/invite_code.hpp>

#include <fmt/core.h>

namespace patt::provisioning {

namespace {

change_set refusal(errc code, std::string detail, std::string_view text_key) {
    change_set out;
    out.reply.verdict = verdict::refused;
    out.reply.why = error{code, std::move(detail)};
    out.reply.text = text_ref{std::string(text_key), {}};
    return out;
}

} // namespace

decision decide(const create_invite_facts& facts, const create_invite& command, context& ctx) {
    invite made;
    made.id = ctx.ids.next<invite_id>();
    made.code_hash = invite_code_hash(facts.instance_key, ctx.guild,
                                      derive_invite_code(facts.instance_key, ctx.guild, made.id));
    made.person = command.person;
    made.generated_by = "manual";
    made.made_by = policy::to_string(ctx.actor);
    made.created_at = ctx.now;
    made.expires_at = ctx.now + ctx.settings.invite.lifetime;
    change_set out;
    out.reply.text = text_ref{"officer.invite", {}};
    out.reply.text.with("invite", std::to_string(made.id.value()), arg_kind::invite_code);
    out.reply.data.emplace_back("invite", std::to_string(made.id.value()));
    out.log.push_back(
        {"invite.created", fmt::format("invite:{}", made.id.value()), {{"generated_by", "manual"}}});
    out.rows.emplace_back(std::move(made));
    return out;
}

decision decide(const redeem_facts& facts, const redeem_invite& command, context& ctx) {
    // Unknown, used and expired look the same to whoever guesses; the log tells the officers which it was.
    if (!facts.found || facts.found->revoked_at) {
        return refusal(errc::not_found, "this code is not valid", "invite.not_valid");
    }
    invite used = *facts.found;
    if (used.used_at) {
        change_set out = refusal(errc::used_up, "this code is not valid", "invite.not_valid");
        out.log.push_back({"invite.refused", fmt::format("invite:{}", used.id.value()), {{"why", "used"}}});
        return out;
    }
    if (used.expires_at <= ctx.now) {
        change_set out = refusal(errc::expired, "this code is not valid", "invite.not_valid");
        out.log.push_back(
            {"invite.refused", fmt::format("invite:{}", used.id.value()), {{"why", "expired"}}});
        return out;
    }
    used.used_at = ctx.now;
    used.used_by = command.by;
    change_set out;
    out.reply.text = text_ref{"invite.used", {}};
    out.reply.data.emplace_back("person", std::to_string(used.person.value()));
    out.log.push_back({"invite.used", fmt::format("invite:{}", used.id.value()), {{"by", command.by}}});
    out.rows.emplace_back(std::move(used));
    return out;
}

} // namespace patt::provisioning
