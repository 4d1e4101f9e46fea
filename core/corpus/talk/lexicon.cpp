#include "core/corpus/talk/lexicon.h"

#include "core/corpus/talk/phrase.h"

#include <unordered_set>

namespace trilobit::talk {

namespace {

constexpr Animal kAnimals[] = {
    {"cat", "cats", "fish", "meow", "in a house", 4, "kitten", "climb", "fly"},
    {"dog", "dogs", "meat", "woof", "in a house", 4, "puppy", "run", "fly"},
    {"cow", "cows", "grass", "moo", "on a farm", 4, "calf", "walk", "fly"},
    {"horse", "horses", "hay", "neigh", "in a stable", 4, "foal", "run", "fly"},
    {"donkey", "donkeys", "hay", "hee-haw", "on a farm", 4, "foal", "walk", "fly"},
    {"sheep", "sheep", "grass", "baa", "on a farm", 4, "lamb", "walk", "fly"},
    {"goat", "goats", "leaves", "", "on a farm", 4, "kid", "climb", "fly"},
    {"pig", "pigs", "corn", "oink", "on a farm", 4, "piglet", "dig", "fly"},
    {"hen", "hens", "grain", "cluck", "on a farm", 2, "chick", "walk", "swim"},
    {"rooster", "roosters", "grain", "cock-a-doodle-doo", "on a farm", 2, "", "walk", "swim"},
    {"duck", "ducks", "water plants", "quack", "by a pond", 2, "duckling", "swim", "bark"},
    {"goose", "geese", "grass", "honk", "by a lake", 2, "gosling", "swim", "climb"},
    {"mouse", "mice", "seeds", "squeak", "in a small hole", 4, "", "run", "fly"},
    {"frog", "frogs", "insects", "croak", "by a pond", 4, "tadpole", "jump", "fly"},
    {"lion", "lions", "meat", "roar", "on the grassy plains", 4, "cub", "run", "fly"},
    {"tiger", "tigers", "meat", "roar", "in the jungle", 4, "cub", "swim", "fly"},
    {"bear", "bears", "honey and berries", "growl", "in the forest", 4, "cub", "climb", "fly"},
    {"wolf", "wolves", "meat", "howl", "in the forest", 4, "pup", "run", "fly"},
    {"fox", "foxes", "mice", "", "in a den", 4, "cub", "run", "fly"},
    {"rabbit", "rabbits", "carrots", "", "in a burrow", 4, "", "jump", "fly"},
    {"squirrel", "squirrels", "nuts", "", "in a tree", 4, "", "climb", "fly"},
    {"hedgehog", "hedgehogs", "insects", "", "in the garden", 4, "", "walk", "fly"},
    {"hamster", "hamsters", "seeds", "", "in a cage", 4, "", "run", "fly"},
    {"owl", "owls", "mice", "hoot", "in a tree", 2, "", "fly", "swim"},
    {"eagle", "eagles", "fish", "", "in the mountains", 2, "", "fly", "talk"},
    {"sparrow", "sparrows", "seeds", "chirp", "in a nest", 2, "chick", "fly", "swim"},
    {"parrot", "parrots", "fruit", "squawk", "in the jungle", 2, "chick", "fly", "swim"},
    {"penguin", "penguins", "fish", "", "on the ice", 2, "chick", "swim", "fly"},
    {"bee", "bees", "nectar", "buzz", "in a hive", 6, "", "fly", "swim"},
    {"butterfly", "butterflies", "nectar", "", "in the meadow", 6, "caterpillar", "fly", "swim"},
    {"ant", "ants", "crumbs", "", "in an anthill", 6, "", "walk", "sing"},
    {"spider", "spiders", "flies", "", "in a web", 8, "", "climb", "fly"},
    {"snail", "snails", "leaves", "", "in the garden", 0, "", "climb", "run"},
    {"snake", "snakes", "mice", "hiss", "in the grass", 0, "", "climb", "walk"},
    {"fish", "fish", "water plants", "", "in the water", 0, "", "swim", "walk"},
    {"whale", "whales", "tiny sea animals", "", "in the sea", 0, "calf", "swim", "walk"},
    {"dolphin", "dolphins", "fish", "", "in the sea", 0, "calf", "swim", "walk"},
    {"shark", "sharks", "fish", "", "in the sea", 0, "pup", "swim", "walk"},
    {"crab", "crabs", "seaweed", "", "on the beach", 10, "", "walk", "fly"},
    {"turtle", "turtles", "plants", "", "by the sea", 4, "", "swim", "fly"},
    {"crocodile", "crocodiles", "fish", "", "in the river", 4, "", "swim", "fly"},
    {"elephant", "elephants", "leaves", "", "on the grassy plains", 4, "calf", "walk", "jump"},
    {"giraffe", "giraffes", "leaves", "", "on the grassy plains", 4, "calf", "run", "fly"},
    {"zebra", "zebras", "grass", "", "on the grassy plains", 4, "foal", "run", "fly"},
    {"monkey", "monkeys", "bananas", "", "in the jungle", -1, "", "climb", "fly"},
    {"kangaroo", "kangaroos", "grass", "", "in Australia", -1, "joey", "jump", "fly"},
    {"camel", "camels", "dry grass", "", "in the desert", 4, "calf", "walk", "fly"},
    {"panda", "pandas", "bamboo", "", "in the bamboo forest", 4, "cub", "climb", "fly"},
    {"deer", "deer", "leaves", "", "in the forest", 4, "fawn", "run", "fly"},
    {"bat", "bats", "insects", "", "in a cave", -1, "pup", "fly", "talk"},
};

constexpr std::string_view kGirls[] = {
    "Anna", "Emma", "Mia", "Lily", "Sara", "Ella", "Lucy", "Nora", "Ruby", "Zoe", "Alice", "Clara", "Eva", "Rosa", "Molly",
    "Amy", "Julia", "Maya", "Nina", "Olivia", "Sophie", "Hannah", "Ivy", "Jane", "Kate", "Laura", "Mary", "Paula",
    "Tina", "Vera", "Wendy", "Daisy", "Emily", "Fiona", "Gina", "Helen", "Irene", "Jenny", "Karen", "Lena", "Maria", "Nelly",
    "Polly", "Rita", "Sally", "Tara", "Una", "Violet", "Yara", "Bella", "Carla", "Diana", "Edith", "Freya", "Greta", "Holly",
    "Ida", "Kira", "Leah", "Martha", "Naomi", "Olga", "Penny", "Rachel", "Stella", "Teresa", "Ursula", "Wilma"};
constexpr std::string_view kBoys[] = {
    "Tom", "Ben", "Max", "Sam", "Leo", "Tim", "Jack", "Paul", "Adam", "Noah", "Oscar", "Peter", "Luke", "David", "Finn",
    "Henry", "Jacob", "Liam", "Nick", "Oliver", "Simon", "Theo", "Victor", "Alex", "Bob", "Carl",
    "Daniel", "Eric", "Frank", "George", "Hugo", "Ivan", "John", "Kevin", "Lars", "Martin", "Nathan", "Otto", "Philip",
    "Ralph", "Steve", "Tony", "Walter", "Andy", "Bruno", "Charlie", "Dennis", "Edward", "Felix", "Gary", "Harry", "Isaac",
    "James", "Kurt", "Louis", "Michael", "Neil", "Owen", "Patrick", "Ryan", "Stefan", "Thomas", "Vincent", "William", "Zach"};
constexpr std::string_view kPets[] = {
    "Fluffy", "Spot", "Biscuit", "Coco", "Pepper", "Sunny", "Shadow", "Lucky", "Honey", "Muffin", "Ginger", "Rusty", "Snowy",
    "Patch", "Cookie", "Bubbles", "Whiskers", "Pip", "Nibbles", "Buddy", "Rocky", "Luna", "Milo", "Poppy", "Teddy",
    "Waffle", "Socks", "Peanut", "Jelly"};

constexpr Pair kColoured[] = {
    {"the sky", "blue"}, {"the sea", "blue"}, {"grass", "green"}, {"the sun", "yellow"}, {"snow", "white"}, {"milk", "white"},
    {"a banana", "yellow"}, {"a lemon", "yellow"}, {"a tomato", "red"}, {"a strawberry", "red"}, {"a cherry", "red"},
    {"a carrot", "orange"}, {"an orange", "orange"}, {"a pumpkin", "orange"}, {"a leaf", "green"}, {"a frog", "green"},
    {"a cucumber", "green"}, {"a pea", "green"}, {"chocolate", "brown"}, {"a bear", "brown"}, {"wood", "brown"},
    {"coal", "black"}, {"the night", "black"}, {"a raven", "black"}, {"a pig", "pink"}, {"a flamingo", "pink"},
    {"an elephant", "grey"}, {"a mouse", "grey"}, {"a plum", "purple"}, {"a polar bear", "white"}, {"a swan", "white"},
    {"a chick", "yellow"}, {"a fire truck", "red"}, {"blood", "red"}, {"a lime", "green"}, {"a sunflower", "yellow"}};

constexpr Pair kOpposites[] = {
    {"big", "small"}, {"hot", "cold"}, {"fast", "slow"}, {"happy", "sad"}, {"day", "night"}, {"up", "down"}, {"old", "young"},
    {"long", "short"}, {"light", "dark"}, {"open", "closed"}, {"good", "bad"}, {"full", "empty"}, {"wet", "dry"},
    {"hard", "soft"}, {"clean", "dirty"}, {"loud", "quiet"}, {"heavy", "light"}, {"high", "low"}, {"in", "out"},
    {"left", "right"}, {"rich", "poor"}, {"thick", "thin"}, {"strong", "weak"}, {"early", "late"}, {"first", "last"},
    {"black", "white"}, {"sweet", "sour"}, {"near", "far"}, {"easy", "difficult"}, {"yes", "no"},
    {"push", "pull"}, {"awake", "asleep"}, {"warm", "cool"}, {"winter", "summer"}, {"front", "back"}, {"start", "end"}};

constexpr Pair kTools[] = {
    {"cut paper", "scissors"}, {"write a letter", "a pen"}, {"draw a picture", "a pencil"}, {"eat soup", "a spoon"},
    {"brush teeth", "a toothbrush"}, {"open a locked door", "a key"}, {"see in the dark", "a lamp"},
    {"stay dry in the rain", "an umbrella"}, {"sweep the floor", "a broom"}, {"hit a nail", "a hammer"},
    {"know the time", "a clock"}, {"comb long hair", "a comb"}, {"wash dirty hands", "soap"}, {"cut bread", "a knife"},
    {"sew a button", "a needle"}, {"dig a hole", "a shovel"}, {"catch a fish", "a net"}, {"climb to the roof", "a ladder"},
    {"carry books", "a bag"}, {"drink tea", "a cup"}};

constexpr Pair kBody[] = {{"see", "eyes"}, {"hear", "ears"}, {"smell", "nose"}, {"taste", "tongue"}, {"walk", "feet"},
                          {"bite", "teeth"}, {"think", "head"}, {"wave", "hand"}, {"hold a pen", "fingers"}, {"talk", "mouth"}};

constexpr Pair kPlaces[] = {
    {"buy bread", "at the bakery"}, {"borrow a book", "at the library"}, {"learn to read", "at school"},
    {"swim in a big pool", "at the swimming pool"}, {"see lions and monkeys", "at the zoo"}, {"watch a film", "at the cinema"},
    {"take a train", "at the station"}, {"take a plane", "at the airport"}, {"see a doctor", "at the hospital"},
    {"send a letter", "at the post office"}, {"build a sandcastle", "on the beach"}, {"play on the swings", "in the park"},
    {"sleep at night", "in a bed"}, {"cook dinner", "in the kitchen"}, {"take a bath", "in the bathroom"},
    {"grow flowers", "in the garden"}, {"pick mushrooms", "in the forest"}, {"keep milk cold", "in the fridge"}};

constexpr Pair kHelpers[] = {
    {"puts out fires", "firefighter"}, {"helps sick people", "doctor"}, {"bakes bread", "baker"}, {"teaches children", "teacher"},
    {"grows corn and keeps cows", "farmer"}, {"flies a plane", "pilot"}, {"cooks food in a restaurant", "cook"},
    {"looks after teeth", "dentist"}, {"helps sick animals", "vet"}, {"brings letters", "mail carrier"},
    {"drives a bus", "bus driver"}, {"paints pictures", "painter"}, {"cuts hair", "hairdresser"}, {"catches fish", "fisherman"},
    {"builds houses", "builder"}, {"sings songs on a stage", "singer"}, {"writes books", "writer"}};

constexpr Pair kKinds[] = {
    {"rose", "flower"}, {"tulip", "flower"}, {"daisy", "flower"}, {"oak", "tree"}, {"pine", "tree"}, {"apple", "fruit"},
    {"pear", "fruit"}, {"banana", "fruit"}, {"carrot", "vegetable"}, {"potato", "vegetable"}, {"onion", "vegetable"},
    {"eagle", "bird"}, {"sparrow", "bird"}, {"owl", "bird"}, {"shark", "fish"}, {"ant", "insect"}, {"bee", "insect"},
    {"violin", "musical instrument"}, {"piano", "musical instrument"}, {"drum", "musical instrument"}, {"doll", "toy"},
    {"kite", "toy"}, {"shirt", "piece of clothing"}, {"coat", "piece of clothing"}, {"hat", "piece of clothing"},
    {"chair", "piece of furniture"}, {"table", "piece of furniture"}, {"hammer", "tool"}, {"saw", "tool"}};

constexpr std::string_view kDays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::string_view kMonths[] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                        "September", "October", "November", "December"};
constexpr std::string_view kSeasons[] = {"spring", "summer", "autumn", "winter"};
constexpr Pair kSeasonFacts[] = {{"winter", "cold and often snowy"}, {"summer", "warm and sunny"},
                                 {"spring", "mild, and flowers begin to grow"},
                                 {"autumn", "windy, and the leaves fall from the trees"}};
constexpr std::string_view kFoods[] = {
    "pizza", "pasta", "soup", "rice", "bread", "cheese", "chocolate", "ice cream", "cake", "apples", "bananas", "cherries",
    "strawberries", "pancakes", "cookies", "salad", "potatoes", "carrots", "grapes", "honey", "noodles", "sandwiches", "pears",
    "oranges", "tomatoes", "peas", "popcorn", "yogurt", "beans", "mushrooms", "plums", "waffles", "muffins", "nuts", "melons"};
constexpr std::string_view kColours[] = {"red", "blue", "green", "yellow", "orange", "purple", "pink", "brown", "black", "white",
                                         "grey"};
constexpr std::string_view kHobbies[] = {
    "drawing", "reading", "singing", "dancing", "swimming", "running", "painting", "cooking", "baking", "fishing", "skating",
    "climbing", "gardening", "camping", "hiking", "writing", "sewing", "sailing", "football", "tennis", "chess", "music",
    "playing the piano", "playing the guitar", "riding a bike", "building with blocks", "flying kites", "doing puzzles"};
constexpr std::string_view kCountables[] = {
    "apples", "pears", "balls", "books", "pencils", "cookies", "stones", "flowers", "toys", "cars", "stickers", "shells",
    "buttons", "cards", "nuts", "eggs", "cups", "hats", "kites", "leaves", "coins", "stars", "beads", "candles", "oranges"};
constexpr std::string_view kToys[] = {"ball", "doll", "kite", "toy car", "teddy bear", "drum", "puzzle", "toy train", "toy boat",
                                      "bike", "scooter", "skipping rope", "hula hoop", "yo-yo"};

} // namespace

std::span<const Animal> animals() { return kAnimals; }
std::span<const std::string_view> girlNames() { return kGirls; }
std::span<const std::string_view> boyNames() { return kBoys; }
std::span<const std::string_view> petNames() { return kPets; }
std::span<const Pair> colouredThings() { return kColoured; }
std::span<const Pair> opposites() { return kOpposites; }
std::span<const Pair> toolUses() { return kTools; }
std::span<const Pair> bodyUses() { return kBody; }
std::span<const Pair> places() { return kPlaces; }
std::span<const Pair> helpers() { return kHelpers; }
std::span<const Pair> kinds() { return kKinds; }
std::span<const std::string_view> days() { return kDays; }
std::span<const std::string_view> months() { return kMonths; }
std::span<const std::string_view> seasons() { return kSeasons; }
std::span<const Pair> seasonFacts() { return kSeasonFacts; }
std::span<const std::string_view> foods() { return kFoods; }
std::span<const std::string_view> colours() { return kColours; }
std::span<const std::string_view> hobbies() { return kHobbies; }
std::span<const std::string_view> countables() { return kCountables; }
std::span<const std::string_view> toys() { return kToys; }

bool isPersonName(std::string_view lowerCaseWord) {
    // Names that are words too prove nothing when they stand in an answer.
    static const std::unordered_set<std::string> kNames = [] {
        std::unordered_set<std::string> names;
        for (const auto row : {girlNames(), boyNames()})
            for (const std::string_view name : row)
                names.insert(wordsOf(name).front());
        for (const char* word : {"daisy", "holly", "ivy", "violet", "ruby", "rosa"})
            names.erase(word);
        return names;
    }();
    return kNames.contains(std::string(lowerCaseWord));
}

} // namespace trilobit::talk
