#include "core/corpus/talk/story.h"

#include "core/corpus/talk/lexicon.h"
#include "core/corpus/talk/phrase.h"

#include <array>

namespace trilobit::talk {

namespace {

constexpr std::array<std::string_view, 30> kHeroes = {
    "cat", "dog", "mouse", "rabbit", "fox", "bear", "duck", "frog", "pig", "horse", "owl", "squirrel", "hedgehog", "lion",
    "elephant", "monkey", "penguin", "turtle", "sheep", "goat", "wolf", "deer", "hen", "donkey", "girl", "boy", "girl", "boy",
    "dragon", "robot"};
constexpr std::array<std::string_view, 14> kFriends = {"owl", "squirrel", "hedgehog", "rabbit", "duck", "horse", "goat",
                                                       "turtle", "mouse", "deer", "dog", "cat", "frog", "bird"};
constexpr std::array<std::string_view, 12> kQualities = {"little", "brave", "kind", "small", "clever", "shy",
                                                         "funny", "young", "curious", "happy", "gentle", "quiet"};
constexpr Pair kHomes[] = {{"in a small house by the sea", "sea"}, {"in a green forest", "forest"},
                           {"on a quiet farm", "farm"}, {"near a blue lake", "lake"}, {"in a little village", "village"},
                           {"at the foot of a hill", "hill"}, {"in an old mill", "mill"}, {"in a big town", "town"},
                           {"by a wide river", "river"}, {"on a small island", "island"}, {"in a sunny valley", "valley"},
                           {"next to a big garden", "garden"}};
constexpr std::array<std::string_view, 10> kLost = {"ball", "kite", "hat", "drum", "scarf", "toy boat", "bell", "book",
                                                    "bag", "blanket"};
constexpr std::array<std::string_view, 6> kLostColours = {"red", "blue", "green", "yellow", "white", "purple"};
constexpr Pair kFound[] = {{"under a bush", "bush"}, {"behind a big stone", "stone"}, {"in a tall tree", "tree"},
                           {"under an old bridge", "bridge"}, {"in the long grass", "grass"}, {"behind the gate", "gate"},
                           {"next to the well", "well"}, {"on the roof", "roof"}, {"in a basket", "basket"},
                           {"under the bench", "bench"}};
constexpr Pair kFears[] = {{"the dark", "dark"}, {"the thunder", "thunder"}, {"the wind", "wind"}, {"the storm", "storm"},
                           {"loud noises", "noises"}};
constexpr std::array<std::string_view, 8> kTreats = {"apples", "berries", "nuts", "bread", "cake", "cherries", "carrots",
                                                     "pears"};
constexpr std::array<std::string_view, 7> kGifts = {"shell", "feather", "flower", "ring", "whistle", "lamp", "bell"};
constexpr Pair kTraps[] = {{"in a deep hole", "hole"}, {"in the mud", "mud"}, {"in a thorny bush", "bush"},
                           {"on a high rock", "rock"}, {"under a fallen branch", "branch"}};
constexpr std::array<std::string_view, 4> kRescue = {"rope", "long stick", "ladder", "strong net"};
constexpr std::array<std::string_view, 7> kSkills = {"swim", "dance", "sing", "whistle", "skate", "juggle", "draw"};
constexpr std::array<std::string_view, 6> kSuppers = {"soup", "pancakes", "porridge", "noodles", "pie", "toast"};
constexpr std::array<std::string_view, 6> kGathered = {"flowers", "berries", "mushrooms", "shells", "nuts", "leaves"};

/// Puts sentences and facts together.
class Teller {
public:
    Teller(const StoryWish& wish, Rng& rng) : m_rng(rng) {
        m_story.hero = wish.hero.empty() ? randomHero(rng) : wish.hero;
        m_story.quality = wish.quality.empty() ? randomQuality(rng) : wish.quality;
        const bool girl = m_story.hero == "girl", boy = m_story.hero == "boy";
        const bool she = girl || (!boy && chance(rng, 0.5));
        m_story.name = !wish.name.empty() ? wish.name
                                          : std::string(girl  ? pick(girlNames(), rng)
                                                        : boy ? pick(boyNames(), rng)
                                                              : pick(petNames(), rng));
        do
            m_friend = pick(kFriends, rng);
        while (m_friend == m_story.hero);
        const Pair home = pick(std::span<const Pair>(kHomes), rng);
        m_slots = {{"hero", m_story.hero}, {"name", m_story.name}, {"quality", m_story.quality}, {"friend", m_friend},
                   {"they", she ? "she" : "he"}, {"them", she ? "her" : "him"}, {"their", she ? "her" : "his"},
                   {"home", std::string(home.first)}};
        m_story.setting = m_story.hero + '/' + m_story.name + '/' + std::string(home.first);
        say("{Once upon a time, there was|There once was|Long ago, there was} @quality $hero {named|called} $name.");
        say("{$name lived|$they lived} $home.");
        fact("name", "{what was the name of the $hero|what was the $hero's name|what was the $hero called|who was the story about}",
             "{the story was about $name, the $hero|the $hero was called $name}.", {{m_story.name}});
        fact("where", "where did $name live", "$name lived $home.", {{std::string(home.second)}});
        fact("hero", "what kind of {hero|character} was $name", "$name was @quality $hero.", {{m_story.hero}});
    }

    void slot(std::string_view key, std::string_view value) {
        m_slots.emplace_back(key, std::string(value));
        m_story.setting += '/' + std::string(value);
    }
    void say(std::string_view pattern) {
        const std::string sentence = phrase(pattern, m_rng, m_slots);
        if (!sentence.empty())
            m_story.text += (m_story.text.empty() ? "" : " ") + sentence;
    }
    void fact(std::string_view topic, std::string_view question, std::string_view answer,
              std::vector<std::vector<std::string>> needed) {
        m_story.facts.push_back({std::string(topic), filled(question), filled(answer), std::move(needed)});
    }
    void helperFact(std::string_view verb) {
        slot("verb", verb);
        fact("friend", "who $verb $name", "{a kind $friend|the $friend} $verb $name.", {{m_friend}});
    }
    void end() {
        fact("feeling", "how did $name feel {at the end|in the end}", "{in the end|at the end}, $name {was|felt} {very |}happy.",
             {{"happy"}});
        m_story.setting += '/' + m_friend;
    }
    Rng& rng() { return m_rng; }
    Story take() { return std::move(m_story); }

private:
    /// Slots filled in, alternatives left for the one who asks.
    std::string filled(std::string_view pattern) const {
        std::string out;
        for (std::size_t i = 0; i < pattern.size();) {
            if (pattern[i] != '$' && pattern[i] != '@') {
                out += pattern[i++];
                continue;
            }
            std::size_t end = i + 1;
            while (end < pattern.size() && pattern[end] >= 'a' && pattern[end] <= 'z')
                ++end;
            const std::string_view key = pattern.substr(i + 1, end - i - 1);
            for (const auto& [name, value] : m_slots)
                if (name == key)
                    out += pattern[i] == '@' ? withArticle(value) : value;
            i = end;
        }
        return out;
    }

    Rng& m_rng;
    Story m_story;
    std::string m_friend;
    Slots m_slots;
};

void lostThing(Teller& t) {
    const std::string thing(pick(kLost, t.rng())), colour(pick(kLostColours, t.rng()));
    const Pair found = pick(std::span<const Pair>(kFound), t.rng());
    t.slot("thing", thing);
    t.slot("colour", colour);
    t.slot("found", found.first);
    t.say("$they had @colour $thing and loved it {very much|more than anything}.");
    t.say("One {sunny|windy|warm|cold} {morning|day|afternoon}, {$name could not find the $thing|the $thing was gone}.");
    t.say("$name looked {everywhere|high and low|here and there}, but {it was not there|$they did not find it}.");
    t.say("$they {was very sad|began to cry|felt very sad}.");
    t.say("Then a kind $friend came by and {asked, \"Can I help you?\"|said, \"I will help you.\"}");
    t.say("Together they {looked again|searched} and found the $thing $found.");
    t.say("$name was {very happy|happy again} and {thanked|hugged} the $friend.");
    t.say("{From that day on, they were best friends.|They played together until the evening.|}");
    t.fact("lost", "what {did $name lose|was lost}", "$name lost {a|the} $colour $thing.", {{thing}});
    t.fact("colour", "what colour was the $thing", "the $thing was $colour.", {{colour}});
    t.fact("found", "where {was the $thing|did they find the $thing}", "{the $thing was|they found the $thing} $found.",
           {{std::string(found.second)}});
    t.helperFact("helped");
}

void fear(Teller& t) {
    const Pair what = pick(std::span<const Pair>(kFears), t.rng());
    t.slot("fear", what.first);
    t.say("$name was afraid of $fear.");
    t.say("One {evening|night|day}, $they {hid under a blanket|wanted to run away|sat in a corner} and {cried|trembled}.");
    t.say("A {kind|wise} $friend {heard $them|saw $them} and {sat down next to $them|came closer}.");
    t.say("\"You are not alone,\" said the $friend. \"Hold my hand and {breathe slowly|count to ten}.\"");
    t.say("$name {tried it|did so}, and {slowly |}the fear {went away|became smaller}.");
    t.say("{Soon|After a while} $they could {smile|laugh} again.");
    t.say("Now $name was happy and not afraid of $fear {any more|anymore}.");
    t.fact("fear", "what was $name afraid of", "$name was afraid of $fear.", {{std::string(what.second)}});
    t.helperFact("helped");
}

void share(Teller& t) {
    const std::string treat(pick(kTreats, t.rng())), gift(pick(kGifts, t.rng()));
    t.slot("treat", treat);
    t.slot("gift", gift);
    t.say("One {morning|day}, $name {took|packed} some $treat and went for a walk.");
    t.say("On the way, $they met a hungry $friend.");
    t.say("\"I have not eaten {all day|since yesterday},\" said the $friend {sadly|in a low voice}.");
    t.say("$name {thought for a moment|smiled} and {shared the $treat|gave the $friend half of the $treat}.");
    t.say("The $friend {ate everything|was very glad} and gave $name a {shiny|beautiful|little} $gift.");
    t.say("{They sat in the sun and talked for a long time.|They laughed and told each other stories.}");
    t.say("$name went home happy{, because $they had a new friend| and had a new friend}.");
    t.fact("shared", "what did $name share", "$name shared some $treat.", {{treat}});
    t.fact("met", "{who|whom} did $name meet", "$name met a hungry $friend.", {});
    t.fact("gift", "what did {the $friend give $name|$name get from the $friend}", "the $friend gave $name @gift.", {{gift}});
}

void rescue(Teller& t) {
    const Pair trap = pick(std::span<const Pair>(kTraps), t.rng());
    const std::string tool(pick(kRescue, t.rng()));
    t.slot("trap", trap.first);
    t.slot("tool", tool);
    t.say("One {day|morning|afternoon}, $name heard {a small voice|somebody call}: \"Help! Help!\"");
    t.say("A little $friend was stuck $trap.");
    t.say("\"{Do not worry|Do not be afraid},\" {said $name|$name called}. \"I will {help you|get you out}.\"");
    t.say("$they ran home and {came back with|fetched} @tool.");
    t.say("{It was hard work|It was not easy}, but $name {did not give up|tried again and again}.");
    t.say("At last the $friend was free.");
    t.say("\"Thank you, $name!\" said the $friend, and {both were very happy|they were both happy}.");
    t.say("{They became good friends.|After that they met every day.|}");
    t.fact("stuck", "who was stuck", "a little $friend was stuck.", {});
    t.fact("trap", "where was the $friend stuck", "the $friend was stuck $trap.", {{std::string(trap.second)}});
    t.fact("tool", "what did $name {fetch|get from home|use}", "$name {fetched|used} @tool.", {{tool}});
}

void learn(Teller& t) {
    const std::string skill(pick(kSkills, t.rng()));
    t.slot("skill", skill);
    t.say("$name wanted to learn to $skill.");
    t.say("$they tried it {on Monday|one morning|again and again}, but it {did not work|was too hard}.");
    t.say("\"I will never learn it,\" $they said and {was sad|began to cry}.");
    t.say("A {wise|kind} $friend {saw this|came by} and said, \"{Try a little every day|Do not give up}. I will {help|show} you.\"");
    t.say("So they practised together {every day|every morning|for a whole week}.");
    t.say("{At last|One day} $name could $skill {very well|better than anyone}.");
    t.say("$they was very happy and {thanked the $friend|showed it to everybody}.");
    t.fact("skill", "what did $name {want to learn|learn}", "$name {wanted to learn|learned} to $skill.", {{skill}});
    t.helperFact("helped");
}

void lostWay(Teller& t) {
    const std::string gathered(pick(kGathered, t.rng())), supper(pick(kSuppers, t.rng()));
    t.slot("gathered", gathered);
    t.slot("supper", supper);
    t.say("One {day|afternoon}, $name went {out|far away} to look for $gathered.");
    t.say("$they {walked and walked|went farther and farther}, and soon $they did not know the way home.");
    t.say("It {was getting|grew} dark, and $name {was afraid|felt alone}.");
    t.say("Then $they met a {kind|friendly} $friend.");
    t.say("\"{Come with me|Follow me},\" said the $friend. \"I know the way.\"");
    t.say("They {walked along the river|followed the stars|went over the hill}, and soon $name was home{| again}.");
    t.say("$their mother {hugged $them|was very glad} and made {hot|warm} $supper for {both of them|everybody}.");
    t.say("$name was happy {to be home|and slept well that night}.");
    t.fact("gathered", "what did $name look for", "$name looked for $gathered.", {{gathered}});
    t.fact("supper", "what did {the|$name's} mother make", "the mother made $supper.", {{supper}});
    t.helperFact("showed the way to");
}

using Plot = void (*)(Teller&);
constexpr std::array<Plot, 6> kPlots = {lostThing, fear, share, rescue, learn, lostWay};

} // namespace

Story tellStory(const StoryWish& wish, Rng& rng) {
    Teller teller(wish, rng);
    pick(kPlots, rng)(teller);
    teller.end();
    Story story = teller.take();
    for (StoryFact& fact : story.facts)
        if (fact.needed.empty()) // the friend
            fact.needed = {{story.setting.substr(story.setting.rfind('/') + 1)}};
    return story;
}

std::string randomHero(Rng& rng) { return std::string(pick(kHeroes, rng)); }
std::string randomQuality(Rng& rng) { return std::string(pick(kQualities, rng)); }

} // namespace trilobit::talk
