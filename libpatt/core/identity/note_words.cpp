#include "core/identity/note_words.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iterator>

namespace patt::identity {

namespace {

constexpr std::string_view handle_tags[] = {"dc", "disc", "discord", "discordname", "disco", "dcname"};
constexpr std::string_view battle_tags[] = {"battlenet", "battletag", "bnet", "btag", "bt"};
constexpr std::string_view alt_words[] = {
    "alt",        "alts",       "altchar", "alternate", "alternative", "banker",    "bankalt",
    "bank",       "bankchar",   "2nd",     "second",    "secondary",   "offchar",   "reroll",
    "twink",      "twinks",     "toon",    "mule",      "char",        "character", "clone",
    "storage",    "boosted",    "profs",   "zweitchar", "nebenchar",   "perso",     "personaje",
    "secundario", "secondaire", "bankje",  "banco",     "altti"};
constexpr std::string_view cyrillic_alt_words[] = {"альт", "твинк"};
constexpr std::string_view main_words[] = {"main",    "mains", "hauptchar", "mainchar",     "principal",
                                           "primary", "haupt", "hoofdchar", "huvudkaraktar"};
constexpr std::string_view cyrillic_main_words[] = {"мейн", "основа"};
constexpr std::string_view link_words[] = {"of", "for", "by", "to",   "from", "von", "w",
                                           "de", "du",  "is", "with", "vom",  "av"};
constexpr std::string_view relation_words[] = {
    "ami",          "amigo",       "aunt",        "baby",        "bf",          "bff",
    "boyfriend",    "bro",         "broer",       "bros",        "brother",     "brothers",
    "bruder",       "buddy",       "child",       "copain",      "cousin",      "coworker",
    "colleague",    "dad",         "dads",        "daddy",       "daughter",    "father",
    "fiance",       "fiancee",     "frau",        "frere",       "freund",      "freundin",
    "friend",       "friends",     "frnd",        "gf",          "girlfriend",  "guest",
    "hermano",      "hubby",       "husband",     "inlaw",       "irl",         "kid",
    "kids",         "mama",        "mann",        "mate",        "mom",         "moms",
    "mother",       "mum",         "nephew",      "niece",       "novia",       "novio",
    "pal",          "papa",        "partner",     "roommate",    "roomie",      "schwester",
    "sibling",      "sis",         "sister",      "sisters",     "sohn",        "son",
    "sons",         "soeur",       "spouse",      "stepson",     "tochter",     "uncle",
    "wife",         "wifey",       "mutter",      "vater",       "neighbor",    "neighbour",
    "guildie",      "exgf",        "exwife",      "grandson",    "grandpa",     "grandma",
    "grandad",      "stepdad",     "mrs",         "workmate",    "classmate",   "flatmate",
    "mates",        "frend",       "frends",      "frien",       "bestie",      "besties",
    "twin",         "twins",       "ex",          "exbf",        "exhusband",   "mentor",
    "mentee",       "student",     "teacher",     "trainer",     "apprentice",  "boss",
    "fan",          "pet",         "crew",        "team",        "group",       "squad",
    "sidekick",     "significant", "grandmother", "grandfather", "stepbrother", "stepsister",
    "brotherinlaw", "sisterinlaw", "halfbrother", "fiances",     "lover",       "companion",
    "acquaintance", "missus",      "missis",      "inlaws",      "married",     "engaged",
    "dating",       "landlord",    "nanny",       "godson",      "goddaughter", "stepmom",
    "stepdaughter", "parent",      "parents",     "family",      "freind",      "firend",
    "verheiratet",  "kumpel",      "kollege",     "kollegin",    "nachbar",     "nachbarin",
    "schwager",     "onkel",       "tante",       "neffe",       "nichte",      "cousine",
    "verlobter",    "verlobte",    "ehemann",     "ehefrau",     "copine",      "fils",
    "oncle",        "amiga",       "hermana",     "esposa",      "esposo",      "marido",
    "mujer",        "hijo",        "hija",        "pareja",      "vriend",      "vriendin",
    "zoon",         "dochter",     "vader",       "moeder",      "venninne",    "kompis",
    "bror",         "syster",      "soster",      "kaereste",    "kjaereste",   "fratello",
    "sorella",      "moglie",      "marito",      "siostra",     "kolega",      "arkadas"};
constexpr std::string_view cyrillic_relation_words[] = {"друг", "подруга", "брат", "сестра", "жена", "муж"};
constexpr std::string_view denial_words[] = {"not",      "isnt",     "aint",  "wasnt",     "never",
                                             "replaces", "replaced", "share", "replacing", "shared",
                                             "shares",   "sharing",  "nicht"};
constexpr std::string_view referral_words[] = {"ask",    "asks",    "see",  "contact", "pm",  "whisper",
                                               "whisp",  "msg",     "dm",   "call",    "poc", "talk",
                                               "report", "message", "mail", "thanks",  "thx"};
constexpr std::string_view doubt_words[] = {
    "maybe",     "perhaps",    "probably",  "prolly",     "possibly",  "might",      "could",      "think",
    "guess",     "suspect",    "suspected", "apparently", "allegedly", "supposedly", "vielleicht", "evtl",
    "eventuell", "vermutlich", "peutetre",  "quizas",     "misschien", "kanske",     "kanskje"};
constexpr std::string_view by_others_words[] = {
    "inv",       "invite",    "invited",   "invites",    "manage",  "managed",  "manager",  "manages",
    "recruit",   "recruited", "recruiter", "ref",        "refer",   "referral", "referred", "sponsor",
    "sponsored", "vouch",     "vouched",   "vouches",    "brought", "knows",    "via",      "thru",
    "through",   "trial",     "known",     "eingeladen", "owes",    "owned",    "carry",    "carried",
    "boosts",    "loaned",    "added",     "joined",     "rec",     "recced",   "recs",     "met",
    "knew",      "followed",  "follows"};
constexpr std::string_view game_words[] = {
    // classes and their short forms
    "dk", "deathknight", "dh", "demonhunter", "druid", "dudu", "dru", "evoker", "evo", "hunter", "hunt",
    "huntard", "mage", "monk", "paladin", "pala", "pally", "pal", "palli", "priest", "rogue", "shaman",
    "sham", "shammy", "shaman", "schami", "warlock", "lock", "wl", "warrior", "warr", "war", "krieger",
    "magier", "priester", "schurke", "jager",
    // specs and roles
    "affliction", "affli", "arcane", "arms", "assassination", "augmentation", "aug", "balance", "blood",
    "boomkin", "boomie", "boomy", "chicken", "brewmaster", "brew", "caster", "demonology", "demo", "destro",
    "destruction", "devastation", "devourer", "dev", "discipline", "dps", "elemental", "ele", "enhancement",
    "enh", "enhance", "feral", "fire", "frost", "fury", "guardian", "havoc", "heal", "healer", "heals",
    "healing", "heiler", "holy", "melee", "marksman", "marksmanship", "mm", "mistweaver", "mw", "outlaw",
    "prot", "protection", "prey", "preservation", "pres", "range", "ranged", "rdps", "mdps", "resto",
    "restoration", "ret", "retribution", "shadow", "subtlety", "sub", "survival", "surv", "bm",
    "beastmastery", "tank", "tanks", "unholy", "uh", "vengeance", "vdh", "windwalker", "ww", "spec",
    "offspec", "os", "ms", "pvp", "pve", "rp", "arena", "bg", "raid", "raider", "raiding", "mythic", "keys",
    "hc", "heroic", "nm", "io", "ilvl", "ilevel", "lvl", "level", "gs", "gearscore",
    // professions
    "alch", "alchemist", "alchemy", "alchi", "bs", "blacksmith", "blacksmithing", "cook", "cooking", "chef",
    "crafter", "crafting", "craft", "enchant", "enchanter", "enchanting", "ench", "verzauberer", "eng",
    "engi", "engineer", "engineering", "engy", "ingenieur", "fishing", "fisher", "fish", "firstaid", "flasks",
    "gatherer", "gathering", "herb", "herbalism", "herbalist", "herbs", "herbing", "inscription",
    "inscriptionist", "insc", "scribe", "jc", "jewel", "jewelcrafter", "jewelcrafting", "jeweler", "juwe",
    "leatherworker", "leatherworking", "leather", "leatherwork", "lw", "mine", "miner", "mining", "prof",
    "profession", "professions", "skin", "skinner", "skinning", "smith", "smithing", "tailor", "tailoring",
    "tailer", "transmute", "xmute", "elixir", "elixirs", "potions", "pots", "mooncloth", "spellcloth",
    "shadoweave", "shadowcloth", "armorsmith", "weaponsmith", "swordsmith", "axesmith", "hammersmith",
    "gnomish", "goblin", "dragonscale", "tribal", "max", "maxed", "specialist", "crusader", "recipes", "cd",
    "cooldown", "zg", "aq", "mc", "bwl", "naxx", "kara", "ssc", "tk"};
constexpr std::string_view noise_words[] = {
    // ranks and states
    "admin", "gm", "guild", "guildmaster", "gl", "leader", "lead", "rl", "raidleader", "officer", "offi",
    "off", "coofficer", "co", "veteran", "vet", "member", "mem", "initiate", "init", "rank", "social",
    "casual", "casuals", "core", "inactive", "active", "afk", "away", "break", "retired", "returning",
    "returner", "back", "quit", "left", "gone", "banned", "ban", "kick", "kicked", "new", "newbie", "noob",
    "nub", "old", "oldie", "og", "founder", "owner", "probation", "applicant", "app", "pending", "temp",
    "temporary", "perm", "bench", "backup", "standby", "class", "race", "horde", "alliance", "human", "elf",
    "nelf", "belf", "orc", "troll", "undead", "tauren", "dwarf", "gnome", "draenei", "worgen", "pandaren",
    "vulpera", "realm", "server", "transfer", "transferred", "xfer", "name", "named", "namechange", "note",
    "notes", "info", "check", "hello", "hi", "hey", "lol", "lmao", "rofl", "haha", "xd", "wtf", "omg", "gg",
    "wp", "ez", "nice", "cool", "best", "good", "great", "bad", "worst", "awesome", "god", "king", "queen",
    "legend", "legendary", "lazy", "drunk", "crazy", "mad", "happy", "sad", "funny", "joke", "meme", "evil",
    "little", "big", "small", "tiny", "fat", "cute", "sexy", "pretty", "dead", "rip", "soon", "later", "now",
    "today", "tomorrow", "yesterday", "always", "never", "ever", "forever", "sometimes", "yes", "yep", "ok",
    "okay", "sure", "pls", "please", "sorry", "help", "need", "needs", "wants", "want", "looking", "lf",
    "lfg", "lfm", "wts", "wtb", "free", "paid", "gold", "money", "rich", "poor", "buy", "sell", "sells",
    "trade", "auction", "ah", "gbank", "vault", "tab", "items", "item", "mats", "loot", "lootcouncil", "lc",
    "dkp", "epgp", "ep", "gp", "mount", "pets", "quest", "quests", "dungeon", "dungeons", "leveling",
    "levelling", "lvling", "farm", "farmer", "farming", "grind", "tbc", "wotlk", "cata", "mop", "wod",
    "legion", "bfa", "sl", "df", "tww", "classic", "retail", "sod", "hardcore", "era", "vanilla", "former",
    "formerly", "previously", "prev", "fka", "belongs", "tag",
    // time
    "am", "est", "cst", "mst", "pst", "gmt", "utc", "cet", "cest", "eu", "us", "uk", "usa", "oce", "aus",
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "weekend", "weekends", "weekday", "weekdays", "night", "nights", "day", "days",
    "week", "weeks", "month", "months", "year", "years", "jan", "feb", "mar", "apr", "may", "jun", "jul",
    "aug", "sep", "oct", "nov", "dec", "morning", "evening", "evenings", "mornings", "timezone", "late",
    "early", "time", "times", "bday", "birthday", "until", "till", "since", "before",
    // small words
    "a", "an", "the", "and", "or", "but", "if", "so", "as", "at", "in", "on", "up", "out", "over", "under",
    "about", "after", "again", "also", "all", "any", "both", "each", "few", "more", "most", "much", "many",
    "some", "such", "only", "own", "same", "other", "others", "another", "than", "then", "too", "very",
    "just", "can", "cant", "will", "wont", "would", "should", "must", "do", "does", "did", "dont", "doing",
    "done", "have", "has", "had", "having", "be", "been", "being", "was", "were", "are", "arent", "it", "its",
    "this", "that", "these", "those", "there", "here", "where", "when", "how", "why", "what", "which", "i",
    "im", "ive", "me", "my", "we", "our", "ours", "you", "your", "yours", "he", "him", "his", "she", "her",
    "hers", "they", "them", "their", "s", "t", "x", "vs", "aka", "eg", "ie", "etc", "plus", "und", "oder",
    "der", "die", "das", "ein", "eine", "ist", "mit", "le", "la", "les", "un", "une", "et", "el", "los",
    "las", "y", "mi", "su", "es", "con", "real", "true", "fake", "test", "tester", "trialist", "player",
    "players", "people", "person", "gamer", "account", "acc", "wow", "live", "lives", "plays", "play",
    "playing", "played", "speaks", "english", "german", "french", "spanish", "one", "two", "three", "four",
    "five", "first", "1st", "last", "next", "1", "2", "3", "exp", "experienced", "chill", "semi", "hard",
    "soft", "part", "full", "fulltime", "parttime", "work", "works", "job", "school", "uni", "holiday",
    "holidays", "vacation", "vac", "moving", "moved", "sick", "ill", "busy"};
constexpr std::string_view nobody_words[] = {
    "unknown",  "unk", "someone", "somebody", "who", "whos", "whose", "anyone", "nobody", "noone", "idk",
    "question", "ukn", "unsure",  "dunno",    "no",  "none", "nope",  "na",     "tbd",    "tba"};

struct entry {
    std::string_view word;
    word_role role;
};

constexpr std::size_t word_count =
    std::size(handle_tags) + std::size(battle_tags) + std::size(alt_words) + std::size(cyrillic_alt_words) +
    std::size(main_words) + std::size(cyrillic_main_words) + std::size(link_words) +
    std::size(relation_words) + std::size(cyrillic_relation_words) + std::size(by_others_words) +
    std::size(denial_words) + std::size(referral_words) + std::size(doubt_words) + std::size(game_words) +
    std::size(noise_words) + std::size(nobody_words);

constexpr std::size_t places = 4096;
static_assert(word_count < places / 2);

constexpr std::size_t place_of(std::string_view word) noexcept {
    std::uint32_t h = 2166136261U; // FNV-1a
    for (const char c : word)
        h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
    return (h ^ h >> 16U) % places;
}

// All words, found by their hash, made at compile time; a word that is listed twice keeps its first role.
struct lexicon {
    std::array<entry, word_count> words{};
    std::array<std::uint16_t, places> at{}; // one more than the number of a word

    [[nodiscard]] constexpr std::size_t place(std::string_view word) const noexcept {
        std::size_t i = place_of(word);
        while (at[i] != 0 && words[at[i] - 1U].word != word)
            i = (i + 1) % places;
        return i;
    }
};

constexpr lexicon make_lexicon() {
    lexicon t;
    std::size_t n = 0;
    const auto add = [&](const auto& words, word_role role) {
        for (const std::string_view w : words) {
            const std::size_t i = t.place(w);
            if (t.at[i] != 0)
                continue;
            t.words[n++] = {w, role};
            t.at[i] = static_cast<std::uint16_t>(n);
        }
    };
    add(handle_tags, word_role::handle_tag);
    add(battle_tags, word_role::battle_tag);
    add(alt_words, word_role::alt);
    add(cyrillic_alt_words, word_role::alt);
    add(main_words, word_role::main);
    add(cyrillic_main_words, word_role::main);
    add(link_words, word_role::link);
    add(relation_words, word_role::relation);
    add(cyrillic_relation_words, word_role::relation);
    add(by_others_words, word_role::by_others);
    add(denial_words, word_role::denial);
    add(referral_words, word_role::referral);
    add(doubt_words, word_role::doubt);
    add(game_words, word_role::game);
    add(noise_words, word_role::noise);
    add(nobody_words, word_role::nobody);
    return t;
}
constexpr lexicon known = make_lexicon();

bool ends_with(std::string_view s, std::string_view tail) noexcept {
    return s.size() >= tail.size() && s.substr(s.size() - tail.size()) == tail;
}

} // namespace

word_role role_of(std::string_view word) noexcept {
    const std::uint16_t found = known.at[known.place(word)];
    return found == 0 ? word_role::name : known.words[found - 1U].role;
}

std::size_t glued_relation(std::string_view word) noexcept {
    for (const std::string_view tail :
         {std::string_view("girlfriend"), std::string_view("boyfriend"), std::string_view("brother"),
          std::string_view("sister"), std::string_view("husband"), std::string_view("friend"),
          std::string_view("friends"), std::string_view("wife"), std::string_view("mother"),
          std::string_view("father"), std::string_view("daughter"), std::string_view("cousin")}) {
        if (ends_with(word, tail) && word.size() >= tail.size() + 3)
            return word.size() - tail.size();
    }
    return 0;
}

std::size_t glued_alt(std::string_view word) noexcept {
    for (const std::string_view tail :
         {std::string_view("banker"), std::string_view("bankalt"), std::string_view("bank"),
          std::string_view("twink"), std::string_view("alts"), std::string_view("alt")}) {
        if (ends_with(word, tail) && word.size() >= tail.size() + 4)
            return word.size() - tail.size();
    }
    return 0;
}

} // namespace patt::identity
