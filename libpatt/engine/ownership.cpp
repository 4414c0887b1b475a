#include "engine/ownership.hpp"

#include "engine/refuse.hpp"
#include "engine/writer.hpp"

#include <fmt/core.h>

namespace patt::engine {

change_set decide(const std::optional<identity::member>& found, const change_owner& what,
                  const input_scope& in) {
    if (auto no = forbidden(in, policy::action::change_owner)) {
        no->reply.text = text_ref{"officer.owner_only", {}};
        return *no;
    }
    if (!found) {
        return refused(errc::not_found,
                       fmt::format("there is no member {} in this guild; whoever is in its chat server is "
                                   "known after patt import members",
                                   what.owner.value()),
                       "officer.no_member");
    }
    if (found->here != identity::presence::present) {
        return refused(errc::wrong_state,
                       fmt::format("{} has left the guild's chat server", found->display_name),
                       "officer.no_member");
    }
    const std::string before = std::to_string(in.guild.owner.value());
    const std::string after = std::to_string(what.owner.value());
    change_set out;
    out.reply.data = {{"before", before}, {"after", after}};
    out.reply.text = text_ref{"officer.owner", {}}.with("member", found->display_name);
    if (what.owner != in.guild.owner) {
        out.operations.emplace_back(put_owner{what.owner});
        out.log.push_back({"owner.changed",
                           fmt::format("guild:{}", in.guild.id.value()),
                           {{"before", before}, {"after", after}}});
        if (!in.ctx.reason.empty()) {
            out.log.back().fields.emplace_back("reason", in.ctx.reason);
        }
    }
    return out;
}

} // namespace patt::engine
