// Acts about the two who talk: greetings, names, likes, feelings, opinions.
#include "core/corpus/talk/acts.h"

#include <algorithm>
#include <array>

namespace trilobit::talk {

namespace {

using Asked = Memory::Asked;

const std::vector<std::string> kGreetingWords = {"hello", "hi", "hey", "good morning", "good afternoon", "good evening",
                                                 "nice to meet you", "welcome"};

std::string anyName(Rng& rng) {
    return std::string(chance(rng, 0.5) ? pick(girlNames(), rng) : pick(boyNames(), rng));
}

struct Topic {
    std::string_view name;     ///< "food"
    Asked asked;
    std::string_view ask;      ///< the program's question
};
constexpr std::array<Topic, 4> kTopics = {{{"food", Asked::Food, "What is your favourite food?"},
                                           {"colour", Asked::Colour, "What is your favourite colour?"},
                                           {"animal", Asked::Animal, "What is your favourite animal?"},
                                           {"hobby", Asked::Hobby, "What do you like to do?"}}};

const std::string* likeOf(const Memory& memory, std::string_view topic) {
    for (const auto& [name, what] : memory.likes)
        if (name == topic)
            return &what;
    return nullptr;
}

std::string pickLike(std::string_view topic, Rng& rng) {
    if (topic == "food")
        return std::string(pick(foods(), rng));
    if (topic == "colour")
        return std::string(pick(colours(), rng));
    if (topic == "animal")
        return std::string(pick(animals(), rng).plural);
    return std::string(pick(hobbies(), rng));
}

/// One of the questions that the program may ask next, or nothing.
std::string askBack(Memory& memory, Rng& rng, double probability) {
    memory.asked = Asked::Nothing;
    if (!chance(rng, probability))
        return {};
    const Topic& topic = pick(kTopics, rng);
    if (likeOf(memory, topic.name))
        return {};
    memory.asked = topic.asked;
    return " " + std::string(topic.ask);
}

} // namespace

Draft impossible() {
    Draft none;
    none.possible = false;
    return none;
}

Draft draft(const Memory& memory, TurnKind kind, std::string user, std::string answer) {
    Draft made;
    made.turn.kind = kind;
    made.turn.user = std::move(user);
    made.turn.answer = std::move(answer);
    made.after = memory;
    made.after.asked = Asked::Nothing;
    return made;
}

Draft greet(const Memory& memory, Rng& rng) {
    if (memory.greeted)
        return impossible();
    const std::string daytime(pick(std::array<std::string_view, 3>{"morning", "afternoon", "evening"}, rng));
    const bool byTime = chance(rng, 0.25);
    const bool asks = chance(rng, 0.5);
    const Slots slots = {{"time", daytime}};
    std::string user = phrase(byTime ? "good $time{|, my friend|, Trilo|, friend}" : "{hello|hi|hey|hello hello|hi hi|oh hello}{| there|, my friend| again|, Trilo|, friend}",
                              rng, slots);
    user += asks ? phrase("{!|.|,}", rng) : phrase("{!|.}", rng);
    if (asks) {
        std::string question = phrase("{how are you|how are you today|how do you feel|how do you feel today|how is it going|are you well|are you fine|how are you feeling|how are things}?", rng);
        if (user.back() == ',')
            question[0] = static_cast<char>(question[0] - 'A' + 'a');
        user += " " + question;
    }
    std::string answer = byTime ? phrase("good $time!", rng, slots) : phrase("{hello|hi}!", rng);
    if (asks)
        answer += " I am {fine|well}, thank you.";
    Draft made = draft(memory, TurnKind::Greeting, std::move(user), phrase(answer, rng));
    made.after.greeted = true;
    const auto next = rng.below(4);
    if (next == 0) {
        made.turn.answer += asks ? " And how are you?" : " How are you?";
        made.after.asked = Asked::HowAreYou;
    } else if (next == 1 && memory.userName.empty()) {
        made.turn.answer += " What is your name?";
        made.after.asked = Asked::Name;
    } else {
        made.turn.answer += phrase(" {It is nice to see you.|What would you like to talk about?}", rng);
    }
    made.turn.check.needed = {kGreetingWords};
    if (byTime)
        made.turn.check.needed = {{"good " + daytime}};
    if (asks)
        made.turn.check.needed.push_back({"fine", "well", "good", "great", "happy"});
    return made;
}

Draft replyHowAreYou(const Memory& memory, Rng& rng) {
    if (memory.asked != Asked::HowAreYou)
        return impossible();
    const bool back = chance(rng, 0.3);
    std::string user = phrase("{I am|I feel} {fine|well|good|very well|great|very good|really good}{| today| this morning|, thank you|, thanks|, thank you very much}.", rng);
    if (back)
        user += phrase(" {And you|How about you|And how are you}?", rng);
    std::string answer = back ? "I am {fine|well} too, thank you." : "{I am glad to hear that.|That is good to hear.}";
    Draft made = draft(memory, TurnKind::SmallTalk, std::move(user), phrase(answer, rng));
    made.context = "how are you";
    made.turn.answer += askBack(made.after, rng, 0.6);
    made.turn.check.needed = {back ? std::vector<std::string>{"fine", "well", "good", "great"}
                                   : std::vector<std::string>{"glad", "good to hear", "happy", "nice to hear", "great"}};
    return made;
}

Draft sayGoodbye(const Memory& memory, Rng& rng) {
    const bool named = !memory.userName.empty();
    std::string user = phrase("{{goodbye|bye|bye bye|see you|see you soon|see you later|good night|until tomorrow}{|, Trilo|, my friend|, thank you}|{I have to go|I must go|I am going} {now|home|to bed|to school|to sleep|out}. {goodbye|bye|see you|see you soon}}{!|.}", rng);
    Draft made = draft(memory, TurnKind::Goodbye, user,
                       user.find("night") != std::string::npos || user.find("bed") != std::string::npos || user.find("sleep") != std::string::npos
                   ? phrase(named ? "Good night, $name! Sleep well." : "Good night! Sleep well.", rng, {{"name", memory.userName}})
               : named ? phrase("{Goodbye|Bye}, $name! {See you soon.|It was nice to talk to you.}", rng, {{"name", memory.userName}})
                             : phrase("{Goodbye|Bye}! {See you soon.|It was nice to talk to you.}", rng));
    made.context = memory.userName;
    made.turn.check.needed = {{"goodbye", "bye", "see you", "good night"}};
    made.turn.check.name = memory.userName;
    return made;
}

Draft sayThanks(const Memory& memory, Rng& rng) {
    Draft made = draft(memory, TurnKind::Thanks,
                       phrase("{{thank you|thanks|thank you very much|thank you so much|many thanks}{|, Trilo|, my friend| for your help| for the answer}|{that was|you are} {very |so |really |}{nice|kind|helpful|good}{|, thank you|, thanks}}{!|.}", rng),
                       phrase("You are welcome{!|.}{| I am happy to help.| You can ask me more.}", rng));
    made.turn.check.needed = {{"welcome", "no problem", "happy to help", "glad to help"}};
    return made;
}

Draft tellName(const Memory& memory, Rng& rng) {
    if (!memory.userName.empty())
        return impossible();
    const std::string name = anyName(rng);
    Draft made = draft(memory, TurnKind::TellName,
                       phrase(std::string(memory.greeted ? "" : "{|hello, |hi, |hey, }") + "{my name is|I am|I am called|you can call me|please call me|call me|people call me|everybody calls me} $name{.|!|. Nice to meet you.| and I am happy to meet you.}", rng, {{"name", name}}),
                       phrase("{Nice to meet you|Hello}, $name!", rng, {{"name", name}}));
    made.after.userName = name;
    made.after.greeted = true;
    if (chance(rng, 0.4)) {
        made.turn.answer += " My name is Trilo.";
    }
    made.turn.answer += askBack(made.after, rng, 0.4);
    made.turn.check.name = name;
    made.turn.check.needed = {kGreetingWords};
    return made;
}

Draft recallName(const Memory& memory, Rng& rng) {
    const std::string user = withMark(phrase("{{what is|do you know|do you remember|can you tell me|can you say|please say|tell me|do you still know} my name{| again}|what am I called{| again}|who am I|what do people call me|what was my name{| again}|did I tell you my name}", rng));
    if (memory.userName.empty()) {
        Draft made = draft(memory, TurnKind::RecallName, user,
                           phrase("I do not know your name{ yet|}. {What is your name?|Please tell me.}", rng));
        made.context = "no name";
        made.after.asked = Asked::Name;
        made.turn.check.needed = {{"do not know", "don't know", "did not tell", "have not told"}};
        return made;
    }
    Draft made = draft(memory, TurnKind::RecallName, user,
                       phrase("{Your name is $name.|You are $name.}", rng, {{"name", memory.userName}}));
    made.context = memory.userName;
    made.turn.check.name = memory.userName;
    return made;
}

Draft tellLike(const Memory& memory, Rng& rng) {
    const Topic* topic = nullptr;
    for (const Topic& one : kTopics)
        if (one.asked == memory.asked)
            topic = &one;
    const bool reply = topic != nullptr;
    if (!topic)
        topic = &pick(kTopics, rng);
    if (likeOf(memory, topic->name))
        return impossible();
    const std::string what = pickLike(topic->name, rng);
    const Slots slots = {{"what", what}, {"topic", std::string(topic->name)}};
    std::string user;
    if (topic->name == "colour")
        user = phrase(reply ? "{my favourite colour is $what|I like $what|it is $what|$what|I think $what|$what is my favourite|I love $what}{.|!}"
                            : "{my favourite colour is $what|I like the colour $what|I love the colour $what|the colour I like best is $what|I think $what is the nicest colour}{.|!}", rng, slots);
    else if (topic->name == "hobby")
        user = phrase("{I like $what|I love $what|my hobby is $what|I enjoy $what|I really like $what|$what is my hobby|I like $what best|I am good at $what}{.|!| with my friends.| after school.}", rng, slots);
    else
        user = phrase(reply ? "{{I like $what|I love $what|I really like $what}{.|!| a lot.| very much.}|{$what|I like $what best|I love $what|$what, of course|mostly $what|I would say $what}{.|!}}"
                            : "{I like $what|I love $what|I really like $what|my brother and I love $what|my sister and I like $what|my friends and I like $what}{.|!| a lot.| very much.}", rng, slots);
    std::string_view pattern = "{$what are|$what are} {lovely|wonderful} animals!";
    if (topic->name == "food")
        pattern = "{Oh, $what!|$what! Yum!} {That sounds tasty.|That is a good choice.}";
    else if (topic->name == "colour")
        pattern = "$what is a {lovely|beautiful} colour!";
    else if (topic->name == "hobby")
        pattern = "{Oh, $what!|$what!} That {is|sounds like} {a lot of |}fun.";
    Draft made = draft(memory, TurnKind::TellLike, std::move(user), phrase(pattern, rng, slots));
    made.context = reply ? std::string(topic->name) : std::string();
    made.after.likes.emplace_back(topic->name, what);
    made.turn.answer += askBack(made.after, rng, 0.25);
    made.turn.check.needed = {{what}};
    return made;
}

Draft recallLike(const Memory& memory, Rng& rng) {
    const Topic& topic = memory.likes.empty() || chance(rng, 0.1)
                             ? pick(kTopics, rng)
                             : *std::find_if(kTopics.begin(), kTopics.end(), [&, name = pick(memory.likes, rng).first](const Topic& one) { return one.name == name; });
    std::string user;
    if (topic.name == "hobby")
        user = phrase("{{what do I like to do|what is my hobby|which hobby do I have|what do I enjoy}{| again| in my free time}|{do you remember|do you know|can you tell me|tell me} {what my hobby is|what I like to do|what I enjoy}}", rng);
    else
        user = phrase("{{what is my favourite $topic|which $topic do I like|which $topic do I like best|what $topic did I say I like|what $topic do I like}{| again| the most}|{do you remember|do you know|can you tell me|tell me} {what my favourite $topic is|which $topic I like|what $topic I like best}}",
                      rng, {{"topic", std::string(topic.name)}});
    // "What do I like?" is clear when only one thing was told.
    if (memory.likes.size() == 1 && likeOf(memory, topic.name) && chance(rng, 0.3))
        user = phrase("{what did I say {|that }I like{| so much| best| most}|what did I tell you {|that }I like|do you {remember|know|still know} what I like{| so much| best| most}|what was it that I like|what do I like{| so much| best| most}}", rng);
    user = withMark(std::move(user));
    if (const std::string* what = likeOf(memory, topic.name)) {
        const Slots slots = {{"what", *what}, {"topic", std::string(topic.name)}};
        Draft made = draft(memory, TurnKind::RecallLike, std::move(user),
                           phrase(topic.name == "colour" ? "{You said that you like $what.|Your favourite colour is $what.}"
                                                         : "{You said that you like $what.|You like $what.}", rng, slots));
        made.context = *what;
        made.turn.check.needed = {{*what}};
        return made;
    }
    Draft made = draft(memory, TurnKind::RecallLike, std::move(user),
                       phrase(topic.name == "hobby" ? "You did not tell me that{ yet|}. {What do you like to do?|Please tell me.}"
                                                    : "You did not tell me that{ yet|}. {What is your favourite $topic?|Please tell me.}",
                              rng, {{"topic", std::string(topic.name)}}));
    made.context = "not told";
    made.turn.check.needed = {{"did not tell", "do not know", "don't know", "have not told"}};
    made.after.asked = topic.asked;
    return made;
}

Draft tellPet(const Memory& memory, Rng& rng) {
    if (!memory.petName.empty())
        return impossible();
    const std::string kind(pick(std::array<std::string_view, 10>{"cat", "dog", "rabbit", "hamster", "horse", "parrot", "turtle", "mouse", "fish", "goat"}, rng));
    const std::string name(pick(petNames(), rng));
    const Slots slots = {{"kind", kind}, {"name", name}};
    Draft made = draft(memory, TurnKind::TellPet,
                       phrase("{I have @kind {named|called} $name|we have @kind at home, and {it is called|its name is} $name|my $kind is called $name|my $kind's name is $name|my pet is @kind named $name}{.|!}", rng, slots),
                       phrase("{$name is a {lovely|nice|good} name for @kind{.|!}|@kind named $name! That {is|sounds} {lovely|nice}.}", rng, slots));
    made.after.petKind = kind;
    made.after.petName = name;
    made.turn.check.needed = {{name}};
    return made;
}

Draft recallPet(const Memory& memory, Rng& rng) {
    if (memory.petName.empty())
        return impossible();
    const Slots slots = {{"kind", memory.petKind}, {"name", memory.petName}};
    const bool kind = chance(rng, 0.3);
    Draft made = kind ? draft(memory, TurnKind::RecallPet,
                              withMark(phrase("{what {kind of |}{animal|pet} {is $name|do I have}|{do you remember|do you know|tell me} {what animal $name is|what pet I have}}", rng, slots)),
                              phrase("{$name is your $kind.|You have @kind named $name.}", rng, slots))
                      : draft(memory, TurnKind::RecallPet,
                              withMark(phrase("{{what is my $kind's name|what is the name of my $kind|what is my $kind called|what do I call my $kind}{| again}|{do you remember|do you know|tell me} {my $kind's name|the name of my $kind|what my $kind is called}}", rng, slots)),
                              phrase("{Your $kind is called $name.|The name of your $kind is $name.}", rng, slots));
    made.context = memory.petKind + '/' + memory.petName;
    made.turn.check.needed = {{kind ? memory.petKind : memory.petName}};
    return made;
}

Draft askAboutBot(const Memory& memory, Rng& rng) {
    struct Row {
        std::string_view question, answer, needed;
    };
    static constexpr std::array<Row, 10> kRows = {{
        {"{what is your name|what are you called|who are you|do you have a name|tell me your name|may I know your name|what should I call you}{| please| then| by the way}?", "My name is Trilo.", "Trilo"},
        {"{are you a {robot|person|human|real person|machine|computer|program}|what are you}{| really| then}?", "I am a small computer program that likes to talk.", "program"},
        {"{how old are you|what is your age|when is your birthday|when were you born}{| then| by the way}?", "I am a computer program, so I have no age.", "program"},
        {"{what can you do|what are you good at|how can you help me|can you help me|what do you know|what can we do}{| today| then| now}?", "I can talk with you, tell stories and do small sums.", "stories"},
        {"{where do you live|where are you from|where is your home|where are you}{| now| then| right now}?", "I live inside this computer.", "computer"},
        {"{do you have {a family|a mother|brothers and sisters|friends|a pet|a brother}}{| too| at home}?", "No, I am only a program, but I like to talk with you.", "program"},
        {"{do you {sleep|eat|go to school|drink water|get tired|get hungry|dream}}{| too| sometimes| at night}?", "No, I am only a computer program.", "program"},
        {"{can we be friends|do you want to be my friend|are you my friend|will you be my friend|do you like me|do you like talking to me}{| too|, Trilo}?", "Yes, I would like that. You are my friend.", "friend"},
        {"{what do you like|what do you like to do|what is your hobby|what do you enjoy|what makes you happy}{| most| best|, Trilo}?", "I like to tell stories and to answer questions.", "stories"},
        {"{what shall we do|what can we talk about|I am bored|what now|let us talk about something|I do not know what to say}{| now|, Trilo}.", "I can tell you a story, or we can talk about animals.", "story"},
    }};
    if (chance(rng, 0.15)) {
        Draft made = draft(memory, TurnKind::AboutBot,
                           phrase("{|and |so |tell me, |by the way, }{how are you|how are you doing|how do you feel|are you well|how is your day}{| today| now}{|, Trilo}?", rng),
                           phrase("I am {fine|well}, thank you.", rng));
        if (chance(rng, 0.5)) {
            made.turn.answer += " And how are you?";
            made.after.asked = Asked::HowAreYou;
        }
        made.turn.check.needed = {{"fine", "well", "good", "great", "happy"}};
        return made;
    }
    const Row& row = pick(kRows, rng);
    std::string user = phrase(row.question, rng);
    const bool question = user.back() == '?' || user.rfind("What", 0) == 0;
    if (question) {
        user.pop_back();
        user = withMark(std::move(user));
    }
    Draft made = draft(memory, TurnKind::AboutBot, std::move(user), std::string(row.answer));
    if (row.needed == "Trilo" && memory.userName.empty() && chance(rng, 0.4)) {
        made.turn.answer += " What is your name?";
        made.after.asked = Asked::Name;
    }
    made.turn.check.needed = {{std::string(row.needed)}};
    return made;
}

Draft askOpinion(const Memory& memory, Rng& rng) {
    const Topic& topic = pick(kTopics, rng);
    const std::string what = pickLike(topic.name, rng);
    const Slots slots = {{"what", what}};
    std::string_view answer = "Yes, I {like|love} $what. {They are wonderful animals.|They are fun to watch.}";
    if (topic.name == "food")
        answer = "I cannot eat, but {people say that $what can be very tasty.|I think $what would taste good.}";
    else if (topic.name == "colour")
        answer = "Yes, {$what is a beautiful colour.|I like $what very much.}";
    else if (topic.name == "hobby")
        answer = "I cannot do that, but {I think $what is fun.|$what sounds like fun.}";
    Draft made = draft(memory, TurnKind::Opinion,
                       phrase(topic.name == "colour" ? "{do you like the colour $what|do you like $what|is $what a nice colour|what do you think of the colour $what|what do you think about $what|do you think $what is pretty}{|, Trilo}?"
                                                     : "{{do you like $what|do you love $what|do you enjoy $what}{| too|, Trilo}|{what do you think of $what|what do you think about $what}{|, Trilo}}?", rng, slots),
                       phrase(answer, rng, slots));
    if (made.turn.user.find("think") != std::string::npos && made.turn.answer.rfind("Yes, ", 0) == 0) {
        made.turn.answer.erase(0, 5);
        made.turn.answer[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(made.turn.answer[0])));
    }
    made.turn.check.needed = {{what}};
    return made;
}

Draft chat(const Memory& memory, Rng& rng) {
    struct Row {
        std::string_view user, answer;
        std::array<std::string_view, 3> needed;
    };
    static constexpr std::array<Row, 20> kRows = {{
        {"{{it is|the weather is} {sunny|warm|nice}|the weather is {lovely|beautiful|good}|the sun is shining}{| today| outside| this morning| here}.", "That is a good day to play outside.", {"outside"}},
        {"{it is {raining|wet|rainy}|we have rain|there is rain}{| today| outside| this morning| again}.", "Then {take an umbrella|it is nice to read a book inside}.", {"umbrella", "inside"}},
        {"{it is {snowing|snowy}|there is snow|we have snow}{| today| outside| this morning| again}.", "How nice! You can build a snowman.", {"snowman"}},
        {"{it is {very |}{cold|freezing|icy}}{| today| outside| this morning| here}.", "Put on a warm coat and a hat.", {"coat", "warm"}},
        {"{it is {very |too |so |really |}hot}{| today| outside| here| this morning}.", "Drink a lot of water and stay in the shade.", {"water", "shade"}},
        {"{it is {very |}{windy|stormy}}{| today| outside| this morning| again}.", "That is good weather to fly a kite, but hold on to your hat.", {"kite", "hat"}},
        {"{I am going|we are going|I want to go|I will go} to the {beach|sea|lake}{| today| tomorrow| with my family| soon}.", "Have fun! Swimming and building sandcastles is great.", {"fun", "swimming", "sandcastles"}},
        {"{I am going|we are going|I want to go|I will go} to the {zoo|farm}{| today| tomorrow| with my family| soon}.", "How exciting! You will see many animals.", {"animals"}},
        {"{I am going|we are going|I have to go} to school{| today| tomorrow| now| on Monday}.", "Have a good day at school! I hope you learn something new.", {"school", "learn"}},
        {"{I have|we had|I got} {a lot of |some |}homework{| today| for tomorrow| from school| again}.", "Do it step by step, and it will be done soon.", {"step by step", "done"}},
        {"I am {very |so |really |a bit |}hungry{| now| today| again| already}.", "You could eat an apple or a sandwich.", {"eat", "apple", "sandwich"}},
        {"I am {very |so |really |a bit |}thirsty{| now| today| again| already}.", "You should drink a glass of water.", {"water", "drink"}},
        {"I am {very |so |really |a bit |}{tired|sleepy}{| now| today| again| already}.", "Then you should rest a little or go to bed early.", {"rest", "bed", "sleep"}},
        {"{I have|I have got} {a brother|a sister|two brothers|two sisters|a big sister|a little brother|a baby sister}{| at home| too|, you know}.", "That is nice. You can play together.", {"play", "nice"}},
        {"{I played|I was playing|we played} with my {ball|dolls|friends|brother|sister|kite|blocks|train}{| today| yesterday| outside| at home}.", "That sounds like fun. Playing is great.", {"fun", "playing"}},
        {"{today is|tomorrow is|it is} my {birthday|birthday party|big birthday}{| today| at last|, Trilo|, you know}.", "Happy birthday! I hope you get a big cake.", {"happy birthday"}},
        {"{I read|I am reading|I have read} {a book|a story|a good book|a funny book} about {animals|stars|ships|dragons|trains|horses}{| today| now}.", "Reading is wonderful. Books can take you anywhere.", {"reading", "books"}},
        {"{my mother|my father|my grandmother|my grandfather|my aunt|my uncle} {bakes|is baking|made|baked} a {cake|pie|chocolate cake|big cake|apple pie}{| today| for me| for us}.", "Mmm, that must smell wonderful!", {"smell", "tasty", "wonderful"}},
        {"{my tooth|my head|my leg|my tummy|my arm|my ear} hurts{| a bit| a lot| today| so much}.", "I am sorry to hear that. Tell {a grown-up|your parents} so that they can help you.", {"sorry", "help"}},
        {"{I saw|we saw|I have seen} {a rainbow|a shooting star|a full moon|a big cloud|the stars}{| today| last night| yesterday| in the sky}.", "How beautiful! I would like to see that too.", {"beautiful"}},
    }};
    const Row& row = pick(kRows, rng);
    Draft made = draft(memory, TurnKind::SmallTalk, phrase(row.user, rng), phrase(row.answer, rng));
    made.turn.check.needed.emplace_back();
    for (const std::string_view word : row.needed)
        if (!word.empty())
            made.turn.check.needed[0].emplace_back(word);
    return made;
}

namespace {

struct Mood {
    std::string_view name, words;
    bool good;
};
constexpr std::array<Mood, 6> kMoods = {{{"sad", "{sad|unhappy|down}", false}, {"angry", "{angry|mad|cross}", false},
                                         {"afraid", "{afraid|scared|frightened}", false}, {"lonely", "lonely", false},
                                         {"happy", "{happy|glad|cheerful}", true}, {"excited", "{excited|full of joy}", true}}};

} // namespace

Draft tellFeeling(const Memory& memory, Rng& rng) {
    if (!memory.feeling.empty())
        return impossible();
    const Mood& mood = pick(kMoods, rng);
    std::string user = phrase("{I am|I feel|I am feeling} {very |so |really |a bit |a little |}" + std::string(mood.words) + "{| today| now| this morning| again|, Trilo}{.|!}", rng);
    std::string_view answer = "I am happy for you! Why are you so happy?";
    std::vector<std::string> needed = {"happy", "glad", "wonderful", "great"};
    if (mood.name == "excited")
        answer = "That sounds wonderful! Why are you excited?";
    else if (mood.name == "sad")
        answer = "I am sorry that you are sad. {What happened?|Do you want to tell me why?}";
    else if (mood.name == "angry")
        answer = "I am sorry that you are angry. {Take a deep breath.|What happened?}";
    else if (mood.name == "afraid")
        answer = "Do not be afraid, I am here with you. What are you afraid of?";
    else if (mood.name == "lonely")
        answer = "You are not alone, I am here with you. Let us talk a little.";
    Draft made = draft(memory, TurnKind::Feeling, std::move(user), phrase(answer, rng));
    made.after.feeling = mood.name;
    made.after.asked = mood.name == "lonely" ? Asked::Nothing : Asked::WhyFeeling;
    if (!mood.good)
        needed = {"sorry", "here with you", "not alone", "do not worry", "it will be all right", "do not be afraid"};
    made.turn.check.needed = {needed};
    made.turn.check.forbidden = mood.good ? std::vector<std::string>{"sorry"} : std::vector<std::string>{"happy for you"};
    return made;
}

Draft tellReason(const Memory& memory, Rng& rng) {
    if (memory.asked != Asked::WhyFeeling)
        return impossible();
    const std::string& mood = memory.feeling;
    const std::string toy(pick(toys(), rng)), name = anyName(rng);
    const Slots slots = {{"toy", toy}, {"name", name}};
    std::string user, answer;
    std::vector<std::string> needed;
    if (mood == "happy" || mood == "excited") {
        user = phrase("{because |}{I got a new $toy|$name gave me a $toy|$name is coming to play|I will visit $name|$name and I built a snowman|I won a game with $name}{.|!| today.}", rng, slots);
        answer = "That is {wonderful|great} news! {Have a lot of fun.|Enjoy it.}";
        needed = {"wonderful", "great", "fun"};
    } else if (mood == "afraid") {
        user = phrase("{because of |I am afraid of |it is |}{the dark|the thunder|the big dog|spiders|monsters|ghosts|the storm|loud noises|the dentist|deep water}{.| again.| at night.}", rng);
        answer = "Everybody is afraid sometimes. {Hold somebody's hand, and it will be better.|Stay close to someone you like, and it will be better.}";
        needed = {"better", "afraid sometimes"};
    } else {
        user = phrase("{because |}{I lost my $toy|my $toy is broken|$name took my $toy|$name does not want to play with me|$name was not nice to me|I had a fight with $name|I miss my friend $name}{.|!| today.}", rng, slots);
        const bool thing = user.find(toy) != std::string::npos && user.find("took") == std::string::npos;
        answer = thing && user.find("lost") != std::string::npos ? "I am sorry about your $toy. {I hope you find it soon.|Maybe someone can help you to look for it.}"
                 : thing                                         ? "I am sorry about your $toy. {Maybe it can be repaired.|Maybe someone can repair it.}"
                                                                 : "I am sorry to hear that. {Talk to $name, and it will be better soon.|I hope that $name and you will be friends again.}";
        needed = {"sorry"};
    }
    Draft made = draft(memory, TurnKind::Feeling, std::move(user), phrase(answer, rng, slots));
    made.context = mood;
    made.turn.check.needed = {needed};
    return made;
}

namespace {

/// Numbers beyond what is practised.
Draft askTooMuch(const Memory& memory, Rng& rng) {
    const auto a = 21 + rng.below(900), b = 2 + rng.below(90);
    Draft made = draft(memory, TurnKind::Unknown,
                       phrase("{what is|how much is|can you tell me|do you know} $a {plus|minus|times|+|-} $b?", rng,
                              {{"a", std::to_string(a)}, {"b", std::to_string(b)}}),
                       "I do not know. I can only count to twenty.");
    made.turn.check.needed = {{"do not know", "only count", "too big", "don't know"}};
    return made;
}

} // namespace

Draft askUnknown(const Memory& memory, Rng& rng) {
    if (chance(rng, 0.2))
        return askTooMuch(memory, rng);
    if (chance(rng, 0.3)) {
        Draft made = draft(memory, TurnKind::Unknown,
                           phrase("{what is the capital of {France|Spain|Italy|China|India|Norway|Egypt|Brazil|Japan|Peru}|who is the {president|king|queen} of {France|Spain|England|Norway|Brazil|Sweden}|"
                                  "how far away is {the moon|the sun|London|Paris|the next town|the sea}|how does {a computer|a clock|a car|a radio|a plane|a phone} work|"
                                  "how do you say {hello|thank you|goodbye|good morning} in {French|Spanish|German|Chinese}|who {wrote|invented|made|painted} {this book|the first car|the first book|the first picture|the telephone}|"
                                  "why is {the sky so high|the sea salty|the moon round|the fire hot|ice so cold}|how big is {the moon|the world|the sea|the sun}}?", rng),
                           phrase("{I am sorry, I do not know that.|I do not know. You could ask a teacher.|I do not know that yet.}", rng));
        made.turn.check.needed = {{"do not know", "don't know", "not sure"}};
        return made;
    }
    const std::string name = anyName(rng);
    if (name == memory.userName)
        return impossible();
    std::string user = phrase("{what did $name eat {yesterday|today|this morning}|where is {$name|my $toy|$name's $toy}{| now}|{what is|do you know} {$name's phone number|the name of $name's dog|$name's birthday}|who {won the game|rang the bell|ate my cake|took the $toy} {yesterday|today|this morning}|"
                              "what will {the weather be like|$name do|my teacher say|$name say} {tomorrow|next week|next year}|how many {$count are in my bag|$count does $name have|people live in my street|stars are in the sky}|what is {behind|under|in} {my bed|the door|$name's bag|my pocket}|{what am I thinking|what did I dream}{| now| last night}|"
                              "how {tall|old|heavy} is {$name|my teacher|$name's father}|what time is it{| now| in my town}}?",
                              rng, {{"name", name}, {"toy", std::string(pick(toys(), rng))}, {"count", std::string(pick(countables(), rng))}});
    Draft made = draft(memory, TurnKind::Unknown, std::move(user),
                       phrase("{I am sorry, I do not know that.|I do not know that. I cannot see it from here.|I do not know. You could ask someone near you.}", rng));
    made.turn.check.needed = {{"do not know", "don't know", "not sure", "cannot know", "can't know"}};
    return made;
}

} // namespace trilobit::talk
