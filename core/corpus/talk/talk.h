// Talks: short made-up conversations and stories in a young reader's English, each turn with a check of its answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

enum class TurnKind { Greeting, Goodbye, Thanks, AboutBot, TellName, RecallName, TellLike, RecallLike, TellPet, RecallPet,
                      TellNumber, RecallNumber, SmallTalk, Opinion, AnimalFact, FollowUpFact, GeneralFact, Calendar,
                      Arithmetic, FollowUpNumber, Story, StoryQuestion, Feeling, Unknown };
constexpr int kTurnKinds = static_cast<int>(TurnKind::Unknown) + 1;
/// Stable lower-case word: "greeting", "recall-name", ...
std::string_view turnKindName(TurnKind kind);

/// What an answer must be like, besides being made of whole sentences.
struct AnswerCheck {
    /// Of every group at least one phrase must stand in the answer (whole words, any case).
    std::vector<std::vector<std::string>> needed;
    std::vector<std::string> forbidden;  ///< none of these phrases
    std::string name;                    ///< the only person that may be named, and must be; empty: not looked at
    std::vector<int> allowedNumbers;     ///< no other number (digits or words) may occur; empty: not looked at
    enum class Place { None, First, Last } numberPlace = Place::None;
    int number = 0;                      ///< the number at that place
    int minSentences = 1;
    int maxWords = 40;
};

struct Turn {
    TurnKind kind = TurnKind::Greeting;
    std::string user, answer;
    AnswerCheck check;
    /// Hash of the question (before contractions and small slips of the pen) and of everything earlier in the talk that its
    /// answer depends on. It decides the split.
    std::uint64_t key = 0;
};

struct Talk {
    std::vector<Turn> turns; ///< 2 to 6
};

/// Which half of the possible turns may be used. A turn belongs to the held-out ones when its key is divisible by
/// kHeldOutEvery: no training talk has a held-out question together with what its answer depends on, and a held-out
/// talk has nothing else. So the two never share a question with its context; that a fact or a sum was seen in another
/// phrasing is the point of the exercise. Stories are split by their hero, name, place and lost thing alike.
enum class Split { Train, HeldOut };
constexpr std::uint64_t kHeldOutEvery = 8;
bool isHeldOut(std::uint64_t key);

/// The talk number `index` of the endless row that `seed` names: always the same. Any thread.
Talk makeTalk(std::uint64_t seed, std::uint64_t index, Split split);

/// A story alone, 5 to 9 sentences, at most 110 words.
std::string makeStory(std::uint64_t seed, std::uint64_t index, Split split);

/// A page of exercises as plain text: 8 to 14 of them, sums mostly, some with their question and some only as the sentence
/// that answers it. It has no question that `split` does not allow.
std::string makeExercises(std::uint64_t seed, std::uint64_t index, Split split);

/// Whether a free answer to this turn is right: whole sentences, what is needed is there, nothing that is wrong.
bool answersRight(const Turn& turn, std::string_view answer);
/// The same with the reason; empty when right. For reports.
std::string whatIsWrong(const Turn& turn, std::string_view answer);

} // namespace trilobit
