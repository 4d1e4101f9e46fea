// Story: a small tale about one hero, with everything in it that one can ask about afterwards.
#pragma once

#include "core/base/rng.h"

#include <string>
#include <vector>

namespace trilobit::talk {

/// Asked for: empty parts are chosen freely.
struct StoryWish {
    std::string hero;      ///< "cat", "girl"
    std::string name;
    std::string quality;   ///< "brave"
};

struct StoryFact {
    std::string topic;            ///< "name", "where", "lost", ...; asked once per story
    std::string question, answer; ///< patterns without slots; the question without its mark
    std::vector<std::vector<std::string>> needed; ///< as in AnswerCheck
};

struct Story {
    std::string hero, name, quality;
    std::string text;
    std::string setting;           ///< what tells two stories apart: hero, name, place, things, friend
    std::vector<StoryFact> facts;
};

/// 5 to 9 sentences, at most 110 words, with a small problem and a happy end.
Story tellStory(const StoryWish& wish, Rng& rng);
/// A hero that stories are told about: "cat", "girl".
std::string randomHero(Rng& rng);
std::string randomQuality(Rng& rng);

} // namespace trilobit::talk
