// Acts: the single turns that talks are put together from.
#pragma once

#include "core/base/rng.h"
#include "core/corpus/talk/lexicon.h"
#include "core/corpus/talk/phrase.h"
#include "core/corpus/talk/story.h"
#include "core/corpus/talk/talk.h"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace trilobit::talk {

/// What a talk has established so far.
struct Memory {
    std::string userName;
    std::vector<std::pair<std::string, std::string>> likes; ///< {"food", "pizza"}
    std::string petKind, petName;
    std::optional<int> favouriteNumber;
    std::optional<int> lastResult;
    const Animal* animal = nullptr;   ///< what "it" means
    std::string animalFact;           ///< what was asked about it last
    std::optional<Story> story;
    std::vector<std::string> storyAsked;
    std::string feeling;              ///< the last one told
    enum class Asked { Nothing, HowAreYou, Name, Food, Colour, Animal, Hobby, WhyFeeling } asked = Asked::Nothing;
    bool greeted = false;
};

/// A turn that could be taken next.
struct Draft {
    Turn turn;
    std::string context;  ///< everything from Memory that the answer depends on
    Memory after;
    bool possible = true; ///< false: this act does not fit here
};

using Act = Draft (*)(const Memory& memory, Rng& rng);

Draft impossible();
/// Fills in kind and texts; `check` and `context` are left to the caller.
Draft draft(const Memory& memory, TurnKind kind, std::string user, std::string answer);

// Opening and closing
Draft greet(const Memory& memory, Rng& rng);
Draft replyHowAreYou(const Memory& memory, Rng& rng);
Draft sayGoodbye(const Memory& memory, Rng& rng);
Draft sayThanks(const Memory& memory, Rng& rng);
// About people
Draft tellName(const Memory& memory, Rng& rng);
Draft recallName(const Memory& memory, Rng& rng);
Draft tellLike(const Memory& memory, Rng& rng);
Draft recallLike(const Memory& memory, Rng& rng);
Draft tellPet(const Memory& memory, Rng& rng);
Draft recallPet(const Memory& memory, Rng& rng);
Draft tellNumber(const Memory& memory, Rng& rng);
Draft recallNumber(const Memory& memory, Rng& rng);
Draft askAboutBot(const Memory& memory, Rng& rng);
Draft askOpinion(const Memory& memory, Rng& rng);
Draft chat(const Memory& memory, Rng& rng);
Draft tellFeeling(const Memory& memory, Rng& rng);
Draft tellReason(const Memory& memory, Rng& rng);
Draft askUnknown(const Memory& memory, Rng& rng);
// About the world
Draft askAnimal(const Memory& memory, Rng& rng);
Draft askAnimalMore(const Memory& memory, Rng& rng);
Draft askGeneral(const Memory& memory, Rng& rng);
Draft askCalendar(const Memory& memory, Rng& rng);
Draft askSum(const Memory& memory, Rng& rng);
Draft askSumMore(const Memory& memory, Rng& rng);
// Stories
Draft askStory(const Memory& memory, Rng& rng);
Draft askStoryMore(const Memory& memory, Rng& rng);

} // namespace trilobit::talk
