// Acts about the world: animals, things, the calendar, numbers, stories.
#include "core/corpus/talk/acts.h"

#include <algorithm>
#include <array>

namespace trilobit::talk {

namespace {

struct AnimalQuestion {
    std::string_view fact;
    std::string_view ask;    ///< about $name
    std::string_view askIt;  ///< about "it"
    std::string_view answer; ///< slots name, value
};
constexpr std::array<AnimalQuestion, 7> kAnimalQuestions = {{
    {"eats", "{what does @name eat|what do $plural eat|what does @name like to eat|tell me what @name eats|what is the food of @name|do you know what @name eats|do you know what $plural eat}",
     "{|and }{what does it eat|what does it like to eat|what is its food|do you know what it eats|what do they eat}", "@name eats $value."},
    {"says", "{what does @name say|what sound does @name make|what sound do $plural make|how does @name sound|tell me what @name says|do you know what @name says|what noise does @name make}",
     "{|and }{what does it say|what sound does it make|what noise does it make|how does it sound|do you know what it says}", "@name says $value."},
    {"lives", "{where does @name live|where do $plural live|where is the home of @name|tell me where @name lives|do you know where @name lives|where can I find @name|where can I see @name}",
     "{|and }{where does it live|where do they live|where is its home|where can I find it|do you know where it lives}", "@name lives $value."},
    {"legs", "{how many legs does @name have|how many legs do $plural have|how many legs has @name|do you know how many legs @name has|can you count the legs of @name|tell me how many legs @name has}",
     "{|and }{how many legs does it have|how many legs do they have|how many legs has it|do you know how many legs it has}", "@name has $value legs."},
    {"baby", "{what is a baby $name called|what do we call a baby $name|what is the name for a baby $name|how do you call a young $name|what is a young $name called|do you know what a baby $name is called}",
     "{|and }{what is its baby called|what are its babies called|what do we call its baby|what is the baby called}", "a baby $name is called @value."},
    {"can", "{can @name $value|can $plural $value|is @name able to $value|do you think @name can $value|are $plural able to $value|tell me if @name can $value}",
     "{|and }{can it $value|is it able to $value|do you think it can $value|can they $value}", "yes, @name can $value."},
    {"cannot", "{can @name $value|can $plural $value|is @name able to $value|do you think @name can $value|are $plural able to $value|tell me if @name can $value}",
     "{|and }{can it $value|is it able to $value|do you think it can $value|can they $value}", "no, @name cannot $value."},
}};

std::string valueOf(const Animal& animal, std::string_view fact) {
    if (fact == "eats")
        return std::string(animal.eats);
    if (fact == "says")
        return std::string(animal.says);
    if (fact == "lives")
        return std::string(animal.lives);
    if (fact == "legs")
        return animal.legs < 0 ? "" : animal.legs == 0 ? "no" : numberWord(animal.legs);
    if (fact == "baby")
        return std::string(animal.baby);
    return std::string(fact == "can" ? animal.can : animal.cannot);
}

Draft animalQuestion(const Memory& memory, Rng& rng, const Animal& animal, bool refersBack) {
    const AnimalQuestion& question = pick(kAnimalQuestions, rng);
    const std::string value = valueOf(animal, question.fact);
    if (value.empty() || (refersBack && question.fact == memory.animalFact))
        return impossible();
    const Slots slots = {{"name", std::string(animal.name)}, {"plural", std::string(animal.plural)}, {"value", value}};
    std::string user = withMark(phrase(refersBack ? question.askIt : question.ask, rng, slots));
    // "What do sheep eat" and "What does a sheep eat" are both right; the answer is always about one.
    Draft made = draft(memory, refersBack ? TurnKind::FollowUpFact : TurnKind::AnimalFact, std::move(user),
                       phrase(question.answer, rng, slots));
    made.context = refersBack ? std::string(animal.name) : std::string();
    made.after.animal = &animal;
    made.after.animalFact = question.fact;
    AnswerCheck& check = made.turn.check;
    if (question.fact == "legs") {
        if (animal.legs == 0) {
            check.needed = {{"no legs", "zero legs", "0 legs"}};
        } else {
            check.needed = {{"legs"}};
            check.numberPlace = AnswerCheck::Place::First;
            check.number = animal.legs;
            check.allowedNumbers = {animal.legs};
        }
    } else if (question.fact == "can") {
        check.needed = {{value}};
        check.forbidden = {"no", "cannot", "can't"};
    } else if (question.fact == "cannot") {
        check.needed = {{value}, {"no", "cannot", "can't"}};
        check.forbidden = {"yes"};
    } else {
        check.needed = {{value}};
    }
    // The animal itself or "it"; another animal is wrong.
    if (question.fact != "eats" && question.fact != "baby")
        for (const Animal& other : animals())
            if (other.name != animal.name && value.find(other.name) == std::string::npos)
                check.forbidden.emplace_back(other.name);
    return made;
}

Draft simpleFact(const Memory& memory, Rng& rng, std::string_view question, std::string_view answer, const Slots& slots,
                 std::string needed) {
    Draft made = draft(memory, TurnKind::GeneralFact, withMark(phrase(question, rng, slots)), phrase(answer, rng, slots));
    made.turn.check.needed = {{std::move(needed)}};
    return made;
}

std::string withoutArticle(std::string_view text) {
    for (const std::string_view article : {"a ", "an ", "the "})
        if (text.substr(0, article.size()) == article)
            return std::string(text.substr(article.size()));
    return std::string(text);
}

/// How a number is written in this turn.
std::string written(int number, bool asWord) { return asWord ? numberWord(number) : std::to_string(number); }

void expectNumber(AnswerCheck& check, int number, std::vector<int> allowed, AnswerCheck::Place place) {
    check.number = number;
    check.numberPlace = place;
    check.allowedNumbers = std::move(allowed);
}

} // namespace

Draft askAnimal(const Memory& memory, Rng& rng) { return animalQuestion(memory, rng, pick(animals(), rng), false); }

Draft askAnimalMore(const Memory& memory, Rng& rng) {
    if (!memory.animal)
        return impossible();
    if (chance(rng, 0.25)) { // "And a dog?": the same question about another one
        const Animal& other = pick(animals(), rng);
        const std::string value = valueOf(other, memory.animalFact);
        const bool yesNo = memory.animalFact == "can" || memory.animalFact == "cannot";
        if (&other == memory.animal || value.empty() || yesNo)
            return impossible();
        const Slots slots = {{"name", std::string(other.name)}, {"value", value}};
        const auto* question = std::find_if(kAnimalQuestions.begin(), kAnimalQuestions.end(),
                                            [&](const AnimalQuestion& one) { return one.fact == memory.animalFact; });
        Draft made = draft(memory, TurnKind::FollowUpFact, phrase("{and|what about|how about|and what about|and how about} @name?", rng, slots),
                           phrase(question->answer, rng, slots));
        made.context = memory.animalFact;
        made.after.animal = &other;
        made.turn.check.needed = {{value}};
        if (memory.animalFact == "legs" && other.legs > 0) {
            made.turn.check.needed = {{"legs"}};
            expectNumber(made.turn.check, other.legs, {other.legs}, AnswerCheck::Place::First);
        }
        return made;
    }
    return animalQuestion(memory, rng, *memory.animal, true);
}

Draft askGeneral(const Memory& memory, Rng& rng) {
    Memory next = memory;
    next.animal = nullptr;
    switch (rng.below(6)) {
    case 0: {
        const Pair& row = pick(colouredThings(), rng);
        return simpleFact(next, rng, "{what colour is $thing|what is the colour of $thing|which colour does {$thing|$thing} have|tell me the colour of $thing|do you know the colour of $thing|what color is $thing|do you know what colour $thing is}",
                          "{$thing is $colour.}", {{"thing", std::string(row.first)}, {"colour", std::string(row.second)}}, std::string(row.second));
    }
    case 1: {
        const Pair& row = pick(opposites(), rng);
        std::string from(row.first), to(row.second);
        const auto times = std::count_if(opposites().begin(), opposites().end(), [&](const Pair& one) { return one.first == to || one.second == to; });
        if (times == 1 && chance(rng, 0.5))
            std::swap(from, to);
        return simpleFact(next, rng, "{what is the opposite of $from|tell me the opposite of $from|which word is the opposite of $from|do you know the opposite of $from|can you tell me the opposite of $from|give me the opposite of $from}",
                          "The opposite of $from is $to.", {{"from", from}, {"to", to}}, to);
    }
    case 2: {
        const Pair& row = pick(toolUses(), rng);
        return simpleFact(next, rng, "{what do I need to $use|what do you use to $use|what can I use to $use|what do people use to $use|which thing do I need to $use|how can I $use}",
                          "You need $tool to $use.", {{"use", std::string(row.first)}, {"tool", std::string(row.second)}},
                          withoutArticle(row.second));
    }
    case 3: {
        const Pair& row = pick(places(), rng);
        return simpleFact(next, rng, "{where can I $what|where do people $what|where do you $what|where can you $what|tell me where I can $what|do you know where I can $what}",
                          "You can $what $place.", {{"what", std::string(row.first)}, {"place", std::string(row.second)}},
                          std::string(row.second));
    }
    case 4: {
        const bool body = chance(rng, 0.3);
        const Pair& row = body ? pick(bodyUses(), rng) : pick(helpers(), rng);
        const Slots slots = {{"what", std::string(row.first)}, {"who", std::string(row.second)}};
        return body ? simpleFact(next, rng, "{what do you $what with|what do we $what with|what do people $what with|which part of the body do you use to $what|what do I need to $what}",
                                 "We use our $who to $what.", slots, std::string(row.second))
                    : simpleFact(next, rng, "{who $what|which person $what|tell me who $what|do you know who $what|what do we call a person who $what|what is the job of someone who $what}",
                                 "@who $what.", slots, std::string(row.second));
    }
    default: {
        const Pair& row = pick(kinds(), rng);
        return simpleFact(next, rng, "{what is @thing|do you know what @thing is|tell me what @thing is|what kind of thing is @thing|can you tell me what @thing is|what does the word $thing mean}",
                          "@thing is @kind.", {{"thing", std::string(row.first)}, {"kind", std::string(row.second)}}, std::string(row.second));
    }
    }
}

Draft askCalendar(const Memory& memory, Rng& rng) {
    Memory next = memory;
    next.animal = nullptr;
    const auto which = rng.below(5);
    const auto row = which == 0 ? days() : which == 1 ? months() : seasons();
    std::string user, answer, needed;
    const std::size_t n = row.size(), i = static_cast<std::size_t>(rng.below(n));
    if (which <= 2) {
        const bool after = chance(rng, 0.5);
        const std::string_view kind = which == 0 ? "day" : which == 1 ? "month" : "season";
        needed = row[after ? (i + 1) % n : (i + n - 1) % n];
        const Slots slots = {{"kind", std::string(kind)}, {"now", std::string(row[i])}, {"way", after ? "after" : "before"}, {"other", needed}};
        user = withMark(phrase("{{what|which} $kind {comes|is} {|right |just }$way $now|what comes {|right }$way $now|tell me {the|which} $kind $way $now|do you know {which|what} $kind comes $way $now|which is the $kind $way $now}", rng, slots));
        if (user.find("me which") != std::string::npos)
            user.replace(user.find("me which"), 8, "me the");
        answer = phrase("$other comes $way $now.", rng, slots);
    } else if (which == 3) {
        const Pair& fact = pick(seasonFacts(), rng);
        const Slots slots = {{"season", std::string(fact.first)}, {"what", std::string(fact.second)}};
        user = withMark(phrase("{what is {the weather|it} {|usually |often |mostly }like in $season|how is the weather in $season|tell me {something |}about $season|what do you know about $season|what is special about $season|what happens in $season}", rng, slots));
        answer = phrase("in $season, it is $what.", rng, slots);
        needed = fact.second.substr(0, fact.second.find_first_of(" ,"));
    } else {
        struct Count {
            std::string_view what;
            int number;
        };
        static constexpr std::array<Count, 9> kCounts = {{{"days are there in a week", 7}, {"months are there in a year", 12},
                                                          {"seasons are there in a year", 4}, {"fingers do you have on one hand", 5},
                                                          {"wheels does a car have", 4}, {"wheels does a bike have", 2},
                                                          {"eyes does a person have", 2}, {"sides does a triangle have", 3},
                                                          {"toes do people have", 10}}};
        const Count& count = pick(kCounts, rng);
        static constexpr std::array<std::string_view, 9> kAnswers = {
            "A week has $n days.", "A year has $n months.", "A year has $n seasons.", "One hand has $n fingers.", "A car has $n wheels.",
            "A bike has $n wheels.", "A person has $n eyes.", "A triangle has $n sides.", "People have $n toes."};
        const auto at = static_cast<std::size_t>(&count - kCounts.data());
        user = phrase("{|please tell me, |do you know, |now tell me, |a question: |can you tell me, |I want to know, |so, |and |well, }how many $what?", rng, {{"what", std::string(count.what)}});
        Draft made = draft(next, TurnKind::Calendar, std::move(user), phrase(kAnswers[at], rng, {{"n", numberWord(count.number)}}));
        std::vector<int> allowed{count.number};
        if (at == 3)
            allowed.push_back(1);
        expectNumber(made.turn.check, count.number, allowed, at == 3 ? AnswerCheck::Place::Last : AnswerCheck::Place::First);
        return made;
    }
    Draft made = draft(next, TurnKind::Calendar, std::move(user), std::move(answer));
    made.turn.check.needed = {{needed}};
    if (which <= 2)
        for (std::size_t k = 0; k < n; ++k)
            if (k != i && row[k] != needed)
                made.turn.check.forbidden.emplace_back(row[k]);
    return made;
}

Draft askSum(const Memory& memory, Rng& rng) {
    Memory next = memory;
    next.animal = nullptr;
    const bool plus = chance(rng, 0.5), asWord = chance(rng, 0.4);
    int a = static_cast<int>(rng.below(21)), b = 0;
    const auto style = rng.below(6);
    if (plus)
        b = static_cast<int>(rng.below(static_cast<std::uint64_t>(21 - a)));
    else
        b = static_cast<int>(rng.below(static_cast<std::uint64_t>(a + 1)));
    const int result = plus ? a + b : a - b;
    Slots slots = {{"a", written(a, asWord)}, {"b", written(b, asWord)}, {"r", written(result, asWord)}, {"op", plus ? "plus" : "minus"}};
    std::string user, answer;
    std::vector<int> allowed = {a, b, result};
    auto place = AnswerCheck::Place::Last;
    int expected = result;
    if (style <= 2) {
        user = phrase("{{what is|how much is|can you tell me|do you know|please tell me|and what is|now what is|what do you get for|and how much is} $a $op $b|what is the result of $a $op $b|what does $a $op $b make}", rng, slots);
        user = withMark(std::move(user));
        answer = phrase("$a $op $b is $r.", rng, slots);
    } else if (style == 3) {
        slots = {{"a", std::to_string(a)}, {"b", std::to_string(b)}, {"op", plus ? "+" : "-"}, {"r", std::to_string(result)}, {"w", plus ? "plus" : "minus"}};
        user = phrase("{{what is|how much is|and what is|tell me, what is|do you know} $a $op $b?|{|now |and |quick: |try |next: }$a $op $b{| =|?| = ?}}", rng, slots);
        answer = phrase("$a $w $b is $r.", rng, slots);
    } else if (style == 4) {
        if (a < 2 || b < 1 || result < 2)
            return impossible();
        slots.emplace_back("things", std::string(pick(countables(), rng)));
        slots.emplace_back("name", std::string(chance(rng, 0.5) ? pick(girlNames(), rng) : pick(boyNames(), rng)));
        user = phrase(plus ? "{I have $a $things and {get|find|buy} $b more. How many $things do I have{ now|}?|$name has $a $things and {gets|finds|buys} $b more. How many $things does $name have{ now|}?}"
                           : "{I have $a $things and {lose|give away|sell} $b. How many $things do I have {now|left}?|$name has $a $things and {loses|gives away|sells} $b. How many $things does $name have {now|left}?}", rng, slots);
        answer = phrase(user.rfind("I ", 0) == 0 ? "You have $r $things." : "$name has $r $things.", rng, slots);
        allowed = {result};
    } else {
        const int from = static_cast<int>(rng.below(20));
        const bool compare = chance(rng, 0.5);
        const int other = static_cast<int>(rng.below(21));
        if (compare) {
            if (other == from)
                return impossible();
            const bool big = chance(rng, 0.5);
            expected = big ? std::max(from, other) : std::min(from, other);
            slots = {{"a", written(from, asWord)}, {"b", written(other, asWord)}, {"r", written(expected, asWord)},
                     {"o", written(from + other - expected, asWord)}, {"how", big ? "bigger" : "smaller"}};
            user = phrase("{{which|what} is $how, $a or $b|which number is $how, $a or $b|is $a or $b $how|tell me which is $how, $a or $b}", rng, slots);
            user = withMark(user);
            answer = phrase("$r is $how than $o.", rng, slots);
            allowed = {from, other};
        } else {
            const bool up = from == 0 || chance(rng, 0.6);
            expected = up ? from + 1 : from - 1;
            slots = {{"a", written(from, asWord)}, {"r", written(expected, asWord)}, {"way", up ? "after" : "before"}};
            user = withMark(phrase("{what comes|which number comes|what number comes|which number is|tell me what comes|do you know what comes} {|right |just }$way $a", rng, slots));
            answer = phrase("$r comes $way $a.", rng, slots);
            allowed = {from, expected};
        }
        place = AnswerCheck::Place::First;
    }
    Draft made = draft(next, TurnKind::Arithmetic, std::move(user), std::move(answer));
    expectNumber(made.turn.check, expected, allowed, place);
    made.after.lastResult = style == 4 || style == 5 ? std::nullopt : std::optional<int>(result);
    return made;
}

Draft askSumMore(const Memory& memory, Rng& rng) {
    if (!memory.lastResult)
        return impossible();
    const int a = *memory.lastResult;
    const bool plus = a < 20 && (a == 0 || chance(rng, 0.5));
    const int b = 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(std::min(5, plus ? 20 - a : a))));
    const int result = plus ? a + b : a - b;
    const bool asWord = chance(rng, 0.4);
    const Slots slots = {{"a", written(a, asWord)}, {"b", written(b, asWord)}, {"r", written(result, asWord)}, {"op", plus ? "plus" : "minus"}};
    Draft made = draft(memory, TurnKind::FollowUpNumber,
                       phrase("{{|and |and now |now |and then |then }{$op $b|that $op $b}|what is {that|it} $op $b|and what is that $op $b|how much is that $op $b}?", rng, slots),
                       phrase("$a $op $b is $r.", rng, slots));
    made.context = std::to_string(a);
    expectNumber(made.turn.check, result, {a, b, result}, AnswerCheck::Place::Last);
    made.after.lastResult = result;
    return made;
}

Draft tellNumber(const Memory& memory, Rng& rng) {
    if (memory.favouriteNumber)
        return impossible();
    const int number = 1 + static_cast<int>(rng.below(19));
    const Slots slots = {{"n", written(number, chance(rng, 0.4))}};
    Draft made = draft(memory, TurnKind::TellNumber,
                       phrase("{my favourite number is $n|my number is $n|I like the number $n|my lucky number is $n|the number I like best is $n|remember the number $n|please remember my number: $n|my secret number is $n}{.|!}", rng, slots),
                       phrase("{I will remember your number $n.|$n is a {nice|good} number.}", rng, slots));
    made.after.favouriteNumber = number;
    expectNumber(made.turn.check, number, {number}, AnswerCheck::Place::First);
    return made;
}

Draft recallNumber(const Memory& memory, Rng& rng) {
    if (!memory.favouriteNumber)
        return impossible();
    const int a = *memory.favouriteNumber;
    const bool asWord = chance(rng, 0.4);
    if (chance(rng, 0.5)) {
        const Slots slots = {{"n", written(a, asWord)}};
        Draft made = draft(memory, TurnKind::RecallNumber,
                           withMark(phrase("{{what is|what was|do you remember|do you know|can you tell me|tell me|do you still know} my number{| again}|which number did I {say|tell you|give you}{| before| again}}", rng, slots)),
                           phrase("Your number is $n.", rng, slots));
        made.context = std::to_string(a);
        expectNumber(made.turn.check, a, {a}, AnswerCheck::Place::First);
        return made;
    }
    const bool plus = chance(rng, 0.6);
    const int b = 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(std::min(3, plus ? 20 - a : a))));
    const int result = plus ? a + b : a - b;
    const Slots slots = {{"a", written(a, asWord)}, {"b", written(b, asWord)}, {"r", written(result, asWord)}, {"op", plus ? "plus" : "minus"}};
    Draft made = draft(memory, TurnKind::RecallNumber,
                       withMark(phrase("{what is|what was|how much is|can you tell me|tell me|and what is|do you know|now what is} my number $op $b", rng, slots)),
                       phrase("Your number is $a, and $a $op $b is $r.", rng, slots));
    made.context = std::to_string(a);
    expectNumber(made.turn.check, result, {a, b, result}, AnswerCheck::Place::Last);
    made.after.lastResult = result;
    return made;
}

Draft askStory(const Memory& memory, Rng& rng) {
    if (memory.story)
        return impossible();
    StoryWish wish;
    const bool open = chance(rng, 0.1);
    if (!open) {
        wish.hero = randomHero(rng);
        if (chance(rng, 0.4))
            wish.quality = randomQuality(rng);
        if (chance(rng, 0.3))
            wish.name = wish.hero == "girl"  ? pick(girlNames(), rng)
                        : wish.hero == "boy" ? pick(boyNames(), rng)
                                             : pick(petNames(), rng);
    }
    const std::string about = (wish.quality.empty() ? "" : wish.quality + " ") + wish.hero;
    const Slots slots = {{"about", about}, {"name", wish.name}};
    std::string user = phrase(open ? "{{tell me|can you tell me|I want to hear|do you know|I would like|can I hear} {a story|a short story|a nice story}{|, please|, Trilo}|please tell me {a story|a short story|a nice story}}"
                              : wish.name.empty() ? "{tell me a story|can you tell me a story|please tell me a story|I want to hear a story|do you know a story|I would like a story|can I hear a story|tell me a short story|do you have a story} about @about"
                                                  : "{tell me a story|can you tell me a story|please tell me a story|I want to hear a story|do you know a story|I would like a story|can I hear a story|tell me a short story} about @about {named|called} $name", rng, slots);
    user += user.rfind("Can ", 0) == 0 || user.rfind("Do ", 0) == 0 ? "?" : ".";
    Story story = tellStory(wish, rng);
    Draft made = draft(memory, TurnKind::Story, std::move(user), story.text);
    made.turn.check.minSentences = 4;
    made.turn.check.maxWords = 130;
    if (!open)
        made.turn.check.needed = {{wish.hero}};
    if (!wish.name.empty())
        made.turn.check.needed.push_back({wish.name});
    made.after.story = std::move(story);
    made.after.animal = nullptr;
    made.after.lastResult.reset();
    return made;
}

Draft askStoryMore(const Memory& memory, Rng& rng) {
    if (!memory.story)
        return impossible();
    const StoryFact& fact = pick(memory.story->facts, rng);
    if (std::find(memory.storyAsked.begin(), memory.storyAsked.end(), fact.topic) != memory.storyAsked.end())
        return impossible();
    Draft made = draft(memory, TurnKind::StoryQuestion, phrase("{||and }" + fact.question + "{|| in the story}?", rng), phrase(fact.answer, rng));
    made.context = memory.story->text;
    made.after.storyAsked.push_back(fact.topic);
    made.turn.check.needed = fact.needed;
    return made;
}

} // namespace trilobit::talk
