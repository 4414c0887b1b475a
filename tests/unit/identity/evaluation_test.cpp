#include <patt/identity/evaluation.hpp>
#include <patt/identity/match_speed.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

namespace patt::identity {
namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

const std::filesystem::path source = PATT_SOURCE_DIR;

double share(std::uint64_t part, std::uint64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
}

TEST(Evaluation, TheMadeUpGuildIsGroupedByItsNotes) {
    const auto characters =
        parse_labelled_characters(read(source / "tests/unit/identity/data/made_up_guild.tsv"));
    ASSERT_TRUE(characters.has_value());
    ASSERT_GE(characters->size(), 300U);
    const group_report r = evaluate_groups(*characters);
    EXPECT_GE(share(r.pairs_right, r.pairs), 0.99) << to_json(r);
    EXPECT_GE(share(r.alts_grouped, r.alts), 0.85) << to_json(r);
    EXPECT_GE(r.traps, 30U);
    EXPECT_EQ(r.traps_linked, 0U);
}

// Names alone reach few characters; what notes say of alts reaches the others.
TEST(Evaluation, TheMadeUpGuildFindsItsAccountsOverItsAlts) {
    const auto pairs = parse_labelled_pairs(read(source / "tests/unit/identity/data/made_up_accounts.tsv"));
    auto characters = parse_labelled_characters(read(source / "tests/unit/identity/data/made_up_guild.tsv"));
    ASSERT_TRUE(pairs.has_value());
    ASSERT_TRUE(characters.has_value());
    evaluation_options options;
    const evaluation_report names = evaluate_pairs(*pairs, {}, options);
    EXPECT_LT(names.recall(), 0.5);
    for (labelled_character& c : *characters)
        c.person.clear(); // whom they belong to is what is asked
    options.evidence = *characters;
    const evaluation_report notes = evaluate_pairs(*pairs, {}, options);
    EXPECT_GE(notes.recall(), 0.85) << to_json(notes);
    EXPECT_EQ(notes.automatic.links, notes.automatic.right) << to_json(notes);
    EXPECT_EQ(notes.pairs, pairs->size());
    // With an add-on's groups nothing is left to chance but the owners whose names nobody gives.
    options.evidence =
        *parse_labelled_characters(read(source / "tests/unit/identity/data/made_up_guild.tsv"));
    const evaluation_report groups = evaluate_pairs(*pairs, {}, options);
    EXPECT_GE(groups.recall(), 0.95) << to_json(groups);
    EXPECT_EQ(groups.automatic.links, groups.automatic.right) << to_json(groups);
}

struct unseen_guild {
    const char* name;
    double pairs; ///< How many of the pairs made must be right, at least.
    double alts;  ///< How many of the alts must be grouped; a tenth has no note that anybody could read.
};

class Unseen : public ::testing::TestWithParam<unseen_guild> {
protected:
    static std::string file(const std::string& what) {
        return read(source / "tests/unit/identity/data" /
                    ("unseen_" + what + "_" + GetParam().name + ".tsv"));
    }
};

// Guilds whose notes were written by somebody who knew the facts and had not seen the reader.
TEST_P(Unseen, GuildsAreGroupedByTheirNotes) {
    const auto characters = parse_labelled_characters(file("guild"));
    ASSERT_TRUE(characters.has_value());
    const group_report r = evaluate_groups(*characters);
    EXPECT_GE(share(r.pairs_right, r.pairs), GetParam().pairs) << to_json(r);
    EXPECT_GE(share(r.alts_grouped, r.alts), GetParam().alts) << to_json(r);
    EXPECT_GE(r.traps, 40U);
    EXPECT_EQ(r.traps_linked, 0U);
}

TEST_P(Unseen, GuildsFindTheirAccounts) {
    const auto pairs = parse_labelled_pairs(file("accounts"));
    auto characters = parse_labelled_characters(file("guild"));
    ASSERT_TRUE(pairs.has_value() && characters.has_value());
    for (labelled_character& c : *characters)
        c.person.clear();
    evaluation_options options;
    options.evidence = *characters;
    const evaluation_report r = evaluate_pairs(*pairs, {}, options);
    EXPECT_GE(r.recall(), 0.6) << to_json(r);
    EXPECT_LE(r.automatic.links - r.automatic.right, 1U) << "an account that is made to look like another's";
}

// In the second, three notes say "Ali": two persons of whom no name says which.
INSTANTIATE_TEST_SUITE_P(All, Unseen,
                         ::testing::Values(unseen_guild{"us", 0.99, 0.77}, unseen_guild{"eu", 0.97, 0.75}),
                         [](const auto& which) { return std::string(which.param.name); });

// Two hundred notes of one Tolvik that speak of one Maren, with what a careful officer would take from them.
TEST(Evaluation, WhatUnseenNotesSayOfSomebody) {
    std::map<std::string, std::map<std::string, int>> found;
    std::istringstream lines(read(source / "tests/unit/identity/data/unseen_notes.tsv"));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        const std::size_t tab = line.find('\t');
        const std::string note = line.substr(0, tab);
        const std::string expected = line.substr(tab + 1);
        std::string guild = "character\tguild_note\tperson\nMaren\t\tp\nTolvik\t" + note + "\tp\n";
        for (const char* other : {"Kess", "Bruno", "Olthar", "Wymmik"})
            guild += std::string(other) + "\t\t" + other + "\n";
        const group_report r = evaluate_groups(*parse_labelled_characters(guild));
        ++found[expected][r.alts_grouped > 0 ? "tied" : "not"];
        if ((expected == "other" || expected == "nothing") && r.alts_grouped > 0)
            ADD_FAILURE() << note;
    }
    EXPECT_GE(found["same"]["tied"], 67);
    EXPECT_LE(found["perhaps"]["tied"], 7);
    EXPECT_GE(found["other"]["not"], 73);
}

TEST(Evaluation, WhatIsKnownOfThePairsIsEvidence) {
    const std::vector<labelled_pair> pairs{{"Kestrelby", "kestrelby"}, {"Wobblefoot", "kestrelby"}};
    evaluation_options options;
    EXPECT_EQ(evaluate_pairs(pairs, {}, options).automatic.links, 1U);
    labelled_character alt;
    alt.record.name = "Wobblefoot";
    alt.record.officer_note = "alt of Kestrelby";
    options.evidence = {alt};
    EXPECT_EQ(evaluate_pairs(pairs, {}, options).automatic.right, 2U);
    labelled_character main;
    main.record.name = "Kestrelby";
    main.person = alt.person = "p1";
    alt.record.officer_note.clear();
    options.evidence = {main, alt};
    EXPECT_EQ(evaluate_pairs(pairs, {}, options).automatic.right, 2U) << "one group of an add-on";
}

TEST(Evaluation, EachLevelHasItsRecall) {
    const std::vector<labelled_pair> pairs{{"Kestrelby", "kestrelby"}, {"Wobblefoot", "somebody else"}};
    const std::string figures = to_json(evaluate_pairs(pairs, {}, {}));
    EXPECT_NE(figures.find(R"("certain":{"links":1,"right":1,"wrong":0,"precision":1.00000,)"),
              std::string::npos)
        << figures;
    EXPECT_NE(figures.find(R"("recall":0.5000,"recall_derivable":1.0000},"high":{)"), std::string::npos)
        << figures;
}

TEST(Evaluation, WhatWasNotCountedHasNoFigure) {
    const auto one = parse_labelled_characters("character\tperson\nKestrelby\tk\n");
    ASSERT_TRUE(one.has_value());
    const std::string figures = to_json(evaluate_groups(*one));
    EXPECT_NE(figures.find(R"("pair_precision":null,)"), std::string::npos) << figures;
    speed_report speed;
    speed.keys = key_speed{80.0, 0.0};
    speed.joins.push_back({1000, 5, 2.0, 0.0, 1.0});
    EXPECT_EQ(to_json(speed).find("other_ns"), std::string::npos) << to_json(speed);
    EXPECT_EQ(to_json(speed).find("brute_force_ms"), std::string::npos) << to_json(speed);
    speed.keys->other_ns = 300.0;
    speed.joins.front().brute_force_ms = 20.0;
    EXPECT_NE(to_json(speed).find(R"("other_ns":300.0)"), std::string::npos) << to_json(speed);
    EXPECT_NE(to_json(speed).find(R"("ratio":10.0)"), std::string::npos) << to_json(speed);
}

TEST(Evaluation, RealPairsAmongStrangersGiveNoWrongLink) {
    const std::filesystem::path data = source / "../shared/data/matching";
    if (!std::filesystem::exists(data))
        GTEST_SKIP() << "the tuning data is not beside the sources";
    const auto pairs = parse_labelled_pairs(read(data / "strategy-game-name-to-account.tsv"));
    ASSERT_TRUE(pairs.has_value());
    const auto pool = parse_name_pool(read(data / "background-names.tsv"));
    evaluation_options options;
    options.pad_to = 1000;
    options.seeds = 2;
    // Only counts are printed: the names are real people's.
    const evaluation_report at_1k = evaluate_pairs(*pairs, pool, options);
    EXPECT_EQ(at_1k.automatic.links - at_1k.automatic.right, 0U);
    EXPECT_GE(at_1k.recall(), 0.88);
    EXPECT_LE(at_1k.calibration_error, 0.03);
    options.pad_to = 10000;
    const evaluation_report at_10k = evaluate_pairs(*pairs, pool, options);
    EXPECT_EQ(at_10k.automatic.links - at_10k.automatic.right, 0U);
    EXPECT_GE(at_10k.recall(), 0.78);
}

TEST(Evaluation, DecoratedNamesGiveNoWrongLinkEither) {
    const std::filesystem::path data = source / "../shared/data/matching";
    if (!std::filesystem::exists(data))
        GTEST_SKIP() << "the tuning data is not beside the sources";
    const auto pairs = parse_labelled_pairs(read(data / "shooter-name-to-account.tsv"));
    ASSERT_TRUE(pairs.has_value());
    evaluation_options options;
    options.pad_to = 1000;
    const evaluation_report r =
        evaluate_pairs(*pairs, parse_name_pool(read(data / "background-names.tsv")), options);
    EXPECT_EQ(r.automatic.links - r.automatic.right, 0U);
    EXPECT_GE(r.recall(), 0.259); // 0.26 with one that three letters alone would link.
    EXPECT_LE(r.calibration_error, 0.03);
}

TEST(Evaluation, EqualSeedsGiveEqualFigures) {
    const std::vector<labelled_pair> pairs = {
        {"Shodoom", "shodoom"}, {"Trogmoon", "xXTrogmoonXx"}, {"Bo", "somebody"}};
    const std::vector<std::string> pool = {"Quizzical", "Lunaris", "Oakenfist", "Vexia",
                                           "Thundrik",  "Bosco",   "Trogdor"};
    evaluation_options options;
    options.pad_to = 8;
    const evaluation_report a = evaluate_pairs(pairs, pool, options);
    EXPECT_EQ(to_json(a), to_json(evaluate_pairs(pairs, pool, options)));
    EXPECT_EQ(a.pairs, 15U);
    EXPECT_EQ(a.derivable, 10U);
    EXPECT_EQ(a.members, 8U);
}

TEST(Evaluation, AWrongLinkIsCountedAndNamed) {
    // The file says that the character is somebody else's: the matcher must be found wrong.
    const std::vector<labelled_pair> pairs = {{"Shodoomerang", "Otherwise"}, {"Zephyrine", "Shodoomerang"}};
    const evaluation_report r = evaluate_pairs(pairs, {}, {});
    EXPECT_EQ(r.automatic.links, 1U);
    EXPECT_EQ(r.automatic.right, 0U);
    ASSERT_EQ(r.wrong.size(), 1U);
    EXPECT_EQ(r.wrong[0].truth, "Otherwise");
    EXPECT_EQ(r.wrong[0].linked_to, "Shodoomerang");
}

TEST(Evaluation, PairsAreReadWithOrWithoutAHeader) {
    EXPECT_EQ(parse_labelled_pairs("game_name\taccount_name\r\nA\tB\n\nC\tD\textra")->size(), 2U);
    EXPECT_EQ(parse_labelled_pairs("A\tB")->size(), 1U);
    EXPECT_EQ(parse_labelled_pairs("")->size(), 0U);
    EXPECT_EQ(parse_labelled_pairs("only one column").err().code, errc::invalid_input);
    EXPECT_NE(parse_labelled_pairs("A\tB\n\tC").err().detail.find("line 2"), std::string::npos);
    EXPECT_EQ(parse_name_pool("region\trealm\tname\neu\tX\tAda\nBob\n").size(), 2U);
}

TEST(Evaluation, CharactersAreReadByTheNamesOfTheirColumns) {
    const auto r =
        parse_labelled_characters("person\tCharacter\tnote\nP1\tShodoom-Area 52\talt of X\nP1\tTrog\n");
    ASSERT_TRUE(r.has_value());
    ASSERT_EQ(r->size(), 2U);
    EXPECT_EQ((*r)[0].record.realm, "Area 52");
    EXPECT_EQ((*r)[0].record.guild_note, "alt of X");
    EXPECT_EQ((*r)[1].person, "P1");
    EXPECT_FALSE(parse_labelled_characters("a\tb\n").has_value());
    EXPECT_FALSE(parse_labelled_characters("").has_value());
    EXPECT_FALSE(parse_labelled_characters("character\nA\tB\n").has_value());
}

TEST(Evaluation, ColumnsThatATableDoesNotHaveAreKnown) {
    const auto some = labelled_columns_of("\xEF\xBB\xBF"
                                          "character\tGuild_Note\tguildnote\t\n");
    EXPECT_TRUE(some.guild_note);
    EXPECT_FALSE(some.officer_note);
    EXPECT_FALSE(some.person);
    EXPECT_EQ(some.unknown, std::vector<std::string>{"guildnote"});
    EXPECT_TRUE(labelled_columns_of("name\talts\n").person);
    EXPECT_TRUE(labelled_columns_of("").unknown.empty());
    const auto read = parse_labelled_characters("\xEF\xBB\xBF"
                                                "character\n\nTrog\n");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->front().line, 3U);
}

TEST(Evaluation, TheHeaderOfPairsIsNoPair) {
    for (const char* header : {"\xEF\xBB\xBF"
                               "character\taccount",
                               "Character\tAccount", "Name\tMember", "GAME_NAME\tAccount_Name"}) {
        const auto read = parse_labelled_pairs(std::string(header) + "\nTrog\tbob\n");
        ASSERT_TRUE(read.has_value()) << header;
        EXPECT_EQ(read->size(), 1U) << header;
    }
    EXPECT_EQ(parse_labelled_pairs("Name\tbob\n")->size(), 1U) << "somebody may be called so";
}

TEST(Evaluation, AltsOfAltsAreOnePerson) {
    const auto r = parse_labelled_characters(
        "character\tkind\talts\nA-R\tMain\tB-R\nB-R\tAlt\tA-R(main),C-R\nC-R\t\t\nD-R\t\t\n");
    ASSERT_TRUE(r.has_value());
    EXPECT_EQ((*r)[0].person, (*r)[2].person);
    EXPECT_NE((*r)[0].person, (*r)[3].person);
}

} // namespace
} // namespace patt::identity
