#include <patt/digest.hpp>
#include <patt/integrity/issue.hpp>

#include <gtest/gtest.h>

#include <set>

namespace {

using namespace patt;
using namespace patt::integrity;

TEST(Issue, NamesReadBackAndAreUnlike) {
    std::set<std::string_view> names;
    for (const issue_type type : all_issue_types()) {
        names.insert(to_string(type));
        EXPECT_EQ(parse_issue_type(to_string(type)), type);
    }
    EXPECT_EQ(names.size(), all_issue_types().size());
    EXPECT_FALSE(parse_issue_type(""));
    EXPECT_FALSE(parse_issue_type("Effect_failed"));
    for (const severity level : {severity::critical, severity::warning, severity::info}) {
        EXPECT_EQ(parse_severity(to_string(level)), level);
    }
    EXPECT_FALSE(parse_severity("error"));
}

TEST(Issue, HashIsTheSeedsForAnUnverifiedMember) {
    issue_subject about;
    about.member = member_id{123456789012345678};
    EXPECT_EQ(issue_hash(issue_type::unverified_new_member, about),
              to_hex(sha256("unverified_new_member:123456789012345678")));
}

TEST(Issue, HashDependsOnTypeAndOnWhatTheTypeIsAbout) {
    issue_subject a;
    a.member = member_id{1};
    a.character = character_id{2};
    issue_subject b = a;
    b.character = character_id{3};
    EXPECT_NE(issue_hash(issue_type::privileged_claim, a), issue_hash(issue_type::ownership_conflict, a));
    EXPECT_NE(issue_hash(issue_type::privileged_claim, a), issue_hash(issue_type::privileged_claim, b));
    EXPECT_EQ(issue_hash(issue_type::dm_unreachable, a), issue_hash(issue_type::dm_unreachable, b));
    b = a;
    b.session = session_id{9};
    EXPECT_EQ(issue_hash(issue_type::unverified_new_member, a),
              issue_hash(issue_type::unverified_new_member, b));
    b = a;
    b.detail = "roles";
    EXPECT_NE(issue_hash(issue_type::effect_failed, a), issue_hash(issue_type::effect_failed, b));
    EXPECT_EQ(issue_hash(issue_type::roster_incomplete, a), issue_hash(issue_type::roster_incomplete, {}));
}

TEST(Issue, OpensWithEverythingThatFollowsFromItsType) {
    issue_subject about;
    about.member = member_id{4};
    const issue i = open_issue(issue_id{9}, issue_type::roster_incomplete, about, instant{77});
    EXPECT_EQ(i.id, issue_id{9});
    EXPECT_EQ(i.severity, severity::critical);
    EXPECT_EQ(i.summary.key, "issue.roster_incomplete");
    EXPECT_EQ(i.hash, issue_hash(i.type, about));
    EXPECT_EQ(i.first_seen, instant{77});
    EXPECT_EQ(i.last_seen, instant{77});
    EXPECT_FALSE(i.resolved_at);
    EXPECT_FALSE(i.notified_at);
}

} // namespace
