#include "core/identity/popular_words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace patt::identity {

namespace {

// First names and favourite words of players, from general knowledge; sorted.
constexpr std::string_view popular[] = {
    "abby",        "adam",      "adrian",   "aiden",     "alan",      "albert",    "alex",      "alexa",
    "alexander",   "alexis",    "alfred",   "alice",     "alicia",    "alison",    "allen",     "alpha",
    "amanda",      "amber",     "amy",      "ana",       "andre",     "andrea",    "andreas",   "andrew",
    "andy",        "angel",     "angela",   "angelo",    "anna",      "anne",      "annie",     "anthony",
    "anton",       "antonio",   "apollo",   "april",     "aqua",      "arcane",    "archer",    "ares",
    "ariel",       "arrow",     "arthur",   "ash",       "asher",     "ashley",    "astro",     "athena",
    "atlas",       "atom",      "atomic",   "aurora",    "austin",    "autumn",    "avatar",    "axel",
    "baby",        "bacon",     "badboy",   "banana",    "bandit",    "baron",     "barry",     "bart",
    "basil",       "batman",    "bean",     "bear",      "beast",     "becky",     "bella",     "ben",
    "benjamin",    "benny",     "bernard",  "bert",      "beta",      "betty",     "bill",      "billy",
    "bird",        "biscuit",   "bishop",   "blackout",  "blade",     "blaze",     "blitz",     "blood",
    "bloody",      "blossom",   "blue",     "bob",       "bobby",     "bolt",      "bomb",      "bonnie",
    "boom",        "boris",     "boss",     "brad",      "bradley",   "brandon",   "brian",     "bruce",
    "bruno",       "bubba",     "bubbles",  "buddy",     "bug",       "bullet",    "bunny",     "burger",
    "butter",      "butterfly", "caesar",   "cake",      "calvin",    "cameron",   "camille",   "candy",
    "captain",     "carl",      "carla",    "carlos",    "carmen",    "carol",     "caroline",  "carter",
    "casey",       "casper",    "cat",      "catherine", "cecil",     "celine",    "chad",      "chance",
    "chaos",       "charles",   "charlie",  "charlotte", "chase",     "cheese",    "cherry",    "chester",
    "chicken",     "chico",     "chip",     "chloe",     "chris",     "christian", "christina", "christine",
    "christopher", "chuck",     "cinnamon", "claire",    "clara",     "clark",     "claude",    "claudia",
    "clay",        "cleo",      "cloud",    "clover",    "cobra",     "coco",      "coconut",   "cody",
    "colin",       "connor",    "cookie",   "cooper",    "coral",     "corey",     "cosmic",    "cosmo",
    "cow",         "craig",     "crazy",    "cream",     "crimson",   "cristian",  "crow",      "crystal",
    "cupcake",     "cyber",     "cyclone",  "cyclops",   "daemon",    "daisy",     "damon",     "dan",
    "dana",        "dani",      "daniel",   "danielle",  "danny",     "dante",     "daphne",    "dark",
    "darkness",    "darling",   "darth",    "dave",      "david",     "dawn",      "dean",      "death",
    "deathstar",   "debbie",    "delta",    "demon",     "dennis",    "derek",     "desert",    "destiny",
    "devil",       "dexter",    "diablo",   "diamond",   "diana",     "diego",     "dino",      "dog",
    "dolly",       "dominic",   "don",      "donald",    "donkey",    "donna",     "donut",     "doom",
    "dora",        "doris",     "dorothy",  "doug",      "dragon",    "drake",     "dream",     "dreamer",
    "duck",        "dude",      "duke",     "dusk",      "dust",      "dusty",     "dylan",     "eagle",
    "earl",        "earth",     "echo",     "eclipse",   "eddie",     "edgar",     "edward",    "egg",
    "elena",       "eli",       "elijah",   "elisa",     "elite",     "elizabeth", "ella",      "ellen",
    "ellie",       "elliot",    "elmo",     "elsa",      "elvis",     "ember",     "emerald",   "emil",
    "emilia",      "emily",     "emma",     "enigma",    "eric",      "erica",     "erik",      "erika",
    "ernie",       "eternal",   "ethan",    "eva",       "evan",      "eve",       "evil",      "falcon",
    "fallen",      "fang",      "fanta",    "fear",      "felix",     "fernando",  "fiona",     "fire",
    "firefly",     "fish",      "flame",    "flash",     "flower",    "flynn",     "force",     "fox",
    "foxy",        "francis",   "frank",    "frankie",   "fred",      "freddy",    "freedom",   "frost",
    "frosty",      "fury",      "gabe",     "gabriel",   "galaxy",    "gamer",     "gandalf",   "garry",
    "gary",        "gavin",     "gemini",   "general",   "genesis",   "george",    "gerald",    "ghost",
    "giant",       "gina",      "ginger",   "glen",      "glitch",    "gloom",     "gloria",    "goblin",
    "god",         "goku",      "gold",     "golden",    "goose",     "gordon",    "grace",     "gravity",
    "green",       "greg",      "griffin",  "grim",      "hades",     "hailey",    "hamster",   "hank",
    "hannah",      "happy",     "harley",   "harold",    "harper",    "harry",     "harvey",    "hawk",
    "haze",        "hazel",     "heart",    "heaven",    "hector",    "heidi",     "helen",     "hell",
    "henry",       "herbert",   "hercules", "hero",      "holly",     "homer",     "honey",     "hope",
    "horizon",     "howard",    "hugo",     "hulk",      "hunter",    "hurricane", "hydra",     "ian",
    "icarus",      "ice",       "icy",      "ignis",     "indigo",    "inferno",   "infinity",  "ink",
    "iris",        "iron",      "isaac",    "isabel",    "isabella",  "ivan",      "ivy",       "jack",
    "jackie",      "jackson",   "jacob",    "jade",      "jaguar",    "jake",      "james",     "jamie",
    "jan",         "jane",      "janet",    "jasmine",   "jason",     "jasper",    "jax",       "jay",
    "jazz",        "jean",      "jeff",     "jeffrey",   "jelly",     "jenna",     "jennifer",  "jenny",
    "jeremy",      "jerome",    "jerry",    "jesse",     "jessica",   "jesus",     "jet",       "jim",
    "jimmy",       "joan",      "joe",      "joel",      "joey",      "john",      "johnny",    "joker",
    "jon",         "jonas",     "jonathan", "jordan",    "jorge",     "jose",      "joseph",    "josh",
    "joshua",      "joy",       "juan",     "judge",     "judy",      "julia",     "julian",    "julie",
    "juliet",      "julio",     "jumbo",    "june",      "jupiter",   "justice",   "justin",    "kai",
    "karen",       "karl",      "karma",    "kate",      "katie",     "kay",       "keith",     "kelly",
    "ken",         "kenny",     "kevin",    "kid",       "kiki",      "killer",    "kim",       "king",
    "kira",        "kirby",     "kitty",    "kiwi",      "knight",    "koala",     "kong",      "kraken",
    "kyle",        "lady",      "lance",    "larry",     "laser",     "laura",     "lauren",    "lava",
    "lawrence",    "legend",    "lemon",    "leo",       "leon",      "leonard",   "leonardo",  "levi",
    "lex",         "liam",      "light",    "lightning", "lilith",    "lily",      "lime",      "linda",
    "link",        "lion",      "lisa",     "liz",       "lloyd",     "logan",     "loki",      "london",
    "lord",        "lorenzo",   "lotus",    "louis",     "love",      "lucas",     "lucia",     "lucifer",
    "lucky",       "lucy",      "luigi",    "luis",      "luke",      "luna",      "lunar",     "lynn",
    "lynx",        "mad",       "madness",  "maggie",    "magic",     "magma",     "mai",       "major",
    "mango",       "maniac",    "marc",     "marco",     "marcus",    "margaret",  "maria",     "mario",
    "mark",        "mars",      "marshall", "martha",    "martin",    "marvel",    "marvin",    "mary",
    "mason",       "master",    "matrix",   "matt",      "matthew",   "maverick",  "max",       "maya",
    "medusa",      "megan",     "melissa",  "melody",    "melon",     "memo",      "meow",      "mercury",
    "mercy",       "merlin",    "meteor",   "mia",       "michael",   "michelle",  "midnight",  "miguel",
    "mike",        "mikey",     "milo",     "mimi",      "mina",      "mint",      "mist",      "misty",
    "mocha",       "molly",     "momo",     "monica",    "monkey",    "monster",   "moon",      "moose",
    "morgan",      "mouse",     "mystery",  "mystic",    "nancy",     "naruto",    "natalie",   "natasha",
    "nate",        "nathan",    "ned",      "nemesis",   "nemo",      "neo",       "neon",      "neptune",
    "nero",        "nick",      "nicky",    "nicolas",   "nicole",    "nigel",     "night",     "nightmare",
    "nina",        "ninja",     "noah",     "noob",      "nora",      "norman",    "nova",      "ocean",
    "octo",        "odin",      "olive",    "oliver",    "olivia",    "omega",     "onyx",      "oracle",
    "orange",      "orion",     "oscar",    "otto",      "owen",      "owl",       "pablo",     "pacman",
    "paige",       "panda",     "pandora",  "panther",   "paradox",   "paris",     "parker",    "pascal",
    "patch",       "patrick",   "paul",     "paula",     "peach",     "peanut",    "pearl",     "pedro",
    "penguin",     "penny",     "pepper",   "percy",     "peter",     "phantom",   "phil",      "philip",
    "phoenix",     "pickle",    "pie",      "pig",       "pingu",     "pink",      "pirate",    "pixel",
    "pixie",       "pluto",     "poison",   "polly",     "pony",      "popcorn",   "poseidon",  "potato",
    "predator",    "prime",     "prince",   "princess",  "psycho",    "puma",      "pumpkin",   "punk",
    "puppet",      "puppy",     "purple",   "quake",     "queen",     "quinn",     "rabbit",    "rachel",
    "rage",        "raider",    "rain",     "rainbow",   "ralph",     "random",    "raphael",   "raptor",
    "raven",       "ray",       "raymond",  "reaper",    "rebecca",   "rebel",     "red",       "regina",
    "rex",         "rhino",     "ricardo",  "richard",   "rick",      "ricky",     "rio",       "river",
    "rob",         "robert",    "roberto",  "robin",     "robo",      "robot",     "rocket",    "rocky",
    "roger",       "roland",    "roman",    "romeo",     "ron",       "ronin",     "rose",      "roxy",
    "roy",         "ruby",      "rufus",    "russell",   "rusty",     "ruth",      "ryan",      "sabrina",
    "sad",         "sage",      "saint",    "sally",     "salsa",     "salt",      "sam",       "samantha",
    "sammy",       "samson",    "samuel",   "samurai",   "sandra",    "sandy",     "sans",      "santa",
    "sapphire",    "sara",      "sarah",    "sasha",     "satan",     "saturn",    "scar",      "scarlet",
    "scorpion",    "scott",     "scotty",   "scout",     "sean",      "sebastian", "sensei",    "seraph",
    "serena",      "sergio",    "seth",     "shade",     "shadow",    "shane",     "shark",     "sharon",
    "shawn",       "sheep",     "sheila",   "shelby",    "sheriff",   "shinobi",   "shy",       "sid",
    "siena",       "silver",    "simba",    "simon",     "siren",     "sirius",    "skull",     "sky",
    "skye",        "skyler",    "slayer",   "slime",     "smoke",     "smokey",    "snake",     "sniper",
    "snow",        "snowball",  "snowy",    "soap",      "socks",     "solar",     "soldier",   "solo",
    "sonic",       "sonny",     "sophia",   "sophie",    "soul",      "spark",     "sparky",    "spartan",
    "spectre",     "spencer",   "spice",    "spicy",     "spider",    "spike",     "spirit",    "splash",
    "spooky",      "spring",    "squid",    "squirrel",  "stacy",     "stan",      "star",      "stark",
    "starlight",   "steel",     "stella",   "stephanie", "stephen",   "steve",     "steven",    "stick",
    "stone",       "storm",     "stormy",   "strike",    "striker",   "stuart",    "sugar",     "summer",
    "sun",         "sunday",    "sunny",    "sunshine",  "super",     "susan",     "sushi",     "sven",
    "swift",       "sword",     "sylvia",   "tails",     "tango",     "tara",      "taylor",    "ted",
    "teddy",       "terra",     "terry",    "tess",      "texas",     "theo",      "thomas",    "thor",
    "thorn",       "thunder",   "tiffany",  "tiger",     "tim",       "timmy",     "tina",      "titan",
    "tito",        "toad",      "toby",     "toffee",    "tom",       "tommy",     "tony",      "toon",
    "tornado",     "toxic",     "tracy",    "trevor",    "tricky",    "trinity",   "troll",     "turbo",
    "turtle",      "twilight",  "twister",  "tyler",     "tyson",     "ultra",     "unicorn",   "ursa",
    "valentina",   "valerie",   "valkyrie", "vampire",   "vanessa",   "vanilla",   "vector",    "vega",
    "venom",       "venus",     "vera",     "veronica",  "vicky",     "victor",    "victoria",  "vincent",
    "viola",       "violet",    "viper",    "virus",     "vivian",    "void",      "volcano",   "vortex",
    "vulture",     "waffle",    "walter",   "wanda",     "warren",    "wasp",      "water",     "wave",
    "wendy",       "whisper",   "white",    "wild",      "will",      "william",   "willow",    "wilson",
    "winter",      "wizard",    "wolf",     "wolfy",     "wolverine", "wonder",    "wraith",    "xander",
    "xavier",      "yoda",      "yoshi",    "yuki",      "zach",      "zack",      "zane",      "zara",
    "zelda",       "zen",       "zero",     "zeus",      "zoe",       "zombie",    "zorro",
};

// Where the words of each letter begin; the last is the end.
constexpr std::array<std::uint16_t, 27> make_first() {
    std::array<std::uint16_t, 27> t{};
    std::size_t i = 0;
    for (std::size_t letter = 0; letter < 26; ++letter) {
        t[letter] = static_cast<std::uint16_t>(i);
        while (i < std::size(popular) && popular[i].front() == static_cast<char>('a' + letter))
            ++i;
    }
    t[26] = static_cast<std::uint16_t>(std::size(popular));
    return t;
}
constexpr std::array<std::uint16_t, 27> first = make_first();

constexpr std::size_t letter_pairs = std::size_t{26} * 26;
constexpr std::size_t pair_of(char first_letter, char last_letter) noexcept {
    return static_cast<std::size_t>(first_letter - 'a') * 26 + static_cast<std::size_t>(last_letter - 'a');
}

// By first and last letter, one bit for each length that such a word has: most names end here.
constexpr std::array<std::uint16_t, letter_pairs> make_lengths() {
    std::array<std::uint16_t, letter_pairs> t{};
    for (const std::string_view w : popular) {
        const std::size_t at = pair_of(w.front(), w.back());
        t[at] = static_cast<std::uint16_t>(t[at] | (1U << w.size()));
    }
    return t;
}
constexpr std::array<std::uint16_t, letter_pairs> lengths = make_lengths();

bool is_letter(char c) noexcept {
    return c >= 'a' && c <= 'z';
}

} // namespace

bool is_popular(std::string_view bare) noexcept {
    if (bare.size() < 3 || bare.size() > 11 || !is_letter(bare.front()) || !is_letter(bare.back()))
        return false;
    const auto letter = static_cast<std::size_t>(bare.front() - 'a');
    if ((unsigned{lengths[pair_of(bare.front(), bare.back())]} >> bare.size() & 1U) == 0)
        return false;
    return std::binary_search(popular + first[letter], popular + first[letter + 1], bare);
}

} // namespace patt::identity
