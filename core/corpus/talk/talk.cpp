#include "core/corpus/talk/talk.h"

#include "core/corpus/talk/acts.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace trilobit {

namespace {

using namespace talk;

/// Chosen so that what everybody says first ("Hello!", "What is your name?"; tst_talk has the list) is for training.
constexpr std::uint64_t kSalt = 11;

/// FNV-1a, stirred once: the low bits decide.
std::uint64_t hashOf(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325ull ^ kSalt;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001B3ull;
    }
    return Rng(hash).next();
}

/// One generator for each talk, far from those of its neighbours.
Rng rngFor(std::uint64_t seed, std::uint64_t index, Split split, std::uint64_t purpose) {
    Rng mix(seed);
    std::uint64_t state = mix.next() ^ Rng(index * 4 + (split == Split::HeldOut ? 2 : 0) + purpose).next();
    return Rng(Rng(state).next());
}

/// Letters and digits only, lower case: two ways to write a question count as one.
std::string plain(std::string_view text) {
    std::string out;
    for (const std::string& word : wordsOf(text))
        out += word + ' ';
    return out;
}

/// How this person writes: everybody may contract words, leave out the last mark or the first capital.
class Handwriting {
public:
    explicit Handwriting(Rng& rng)
        : m_contracts(chance(rng, 0.35)), m_dropsMark(chance(rng, 0.2)), m_dropsCapital(chance(rng, 0.2)) {}

    std::string write(std::string text) const {
        if (m_contracts)
            for (const auto& [from, to] : kShort)
                for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
                    text.replace(at, from.size(), to);
        if (m_dropsMark && text.size() > 1 && (text.back() == '.' || text.back() == '?')) {
            text.pop_back();
            if (text.back() == ' ') // "3 + 4 = ?"
                text.pop_back();
        }
        if (m_dropsCapital && text.size() > 1 && text[0] != 'I' && std::islower(static_cast<unsigned char>(text[1]))) {
            const std::vector<std::string> words = wordsOf(text);
            // Names keep their capital.
            if (!words.empty() && std::any_of(kSmallStarts.begin(), kSmallStarts.end(), [&](std::string_view w) { return w == words[0]; }))
                text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
        }
        return text;
    }

private:
    struct Contraction {
        std::string_view from, to;
    };
    static constexpr std::array<Contraction, 14> kShort = {{
        {"What is ", "What's "}, {"what is ", "what's "}, {"Where is ", "Where's "}, {"Who is ", "Who's "}, {"How is ", "How's "},
        {"I am ", "I'm "}, {"It is ", "It's "}, {"it is ", "it's "}, {"do not ", "don't "}, {"does not ", "doesn't "},
        {"I would ", "I'd "}, {"I will ", "I'll "}, {"you are ", "you're "}, {"Let us ", "Let's "}}};
    static constexpr std::array<std::string_view, 34> kSmallStarts = {
        "what", "what's", "where", "who", "how", "can", "do", "tell", "please", "hello", "hi", "hey", "good", "thank", "thanks", "my",
        "and", "is", "are", "which", "bye", "goodbye", "see", "it", "we", "the", "that", "because", "now", "then", "people",
        "call", "you", "there"};

    bool m_contracts, m_dropsMark, m_dropsCapital;
};

class Planner {
public:
    Planner(Rng& rng, Split split) : m_rng(rng), m_split(split), m_hand(rng) {}

    Talk plan() {
        const std::size_t length = 2 + static_cast<std::size_t>(m_rng.below(5));
        if (chance(m_rng, 0.45))
            take(greet);
        else if (chance(m_rng, 0.25))
            take(tellName);
        const bool closes = chance(m_rng, 0.25);
        const std::size_t body = length - (closes ? 1 : 0);
        // The loop ends: every round adds a turn, or the general acts fit sooner or later.
        for (int rounds = 0; m_talk.turns.size() < body && rounds < 400; ++rounds)
            step();
        if (closes)
            take(sayGoodbye);
        for (int rounds = 0; m_talk.turns.size() < 2 && rounds < 400; ++rounds)
            take(askGeneral);
        return std::move(m_talk);
    }

private:
    struct Choice {
        Act act;
        double weight;
    };

    /// What the program asked is mostly answered; what was begun is mostly gone on with; else something new.
    void step() {
        if (m_memory.asked != Memory::Asked::Nothing && chance(m_rng, 0.85)) {
            const Act reply = m_memory.asked == Memory::Asked::HowAreYou   ? replyHowAreYou
                              : m_memory.asked == Memory::Asked::Name       ? tellName
                              : m_memory.asked == Memory::Asked::WhyFeeling ? tellReason
                                                                            : tellLike;
            if (take(reply))
                return;
        }
        // Rows of sums get dull.
        if (m_last && chance(m_rng, m_last == askSumMore ? 0.4 : 0.6) && take(m_last))
            return;
        const std::array<Choice, 6> recalls = {{{recallName, m_memory.userName.empty() ? 0.15 : 5.0},
                                                {recallLike, m_memory.likes.empty() ? 0.1 : 5.0},
                                                {recallPet, m_memory.petName.empty() ? 0.0 : 6.0},
                                                {recallNumber, m_memory.favouriteNumber ? 8.0 : 0.0},
                                                {askStoryMore, m_memory.story ? 2.0 : 0.0},
                                                {askAnimalMore, m_memory.animal ? 0.3 : 0.0}}};
        constexpr std::array<Choice, 15> kNew = {{{tellName, 0.5}, {tellLike, 0.8}, {tellPet, 0.5}, {tellNumber, 0.5},
                                                  {askAboutBot, 0.7}, {askOpinion, 0.6}, {chat, 1.0}, {tellFeeling, 0.7},
                                                  {askUnknown, 0.4}, {askAnimal, 2.0}, {askGeneral, 1.6}, {askCalendar, 0.7},
                                                  {askSum, 2.2}, {askStory, 1.6}, {sayThanks, 0.25}}};
        std::vector<Choice> choices(recalls.begin(), recalls.end());
        choices.insert(choices.end(), kNew.begin(), kNew.end());
        double total = 0;
        for (const Choice& choice : choices)
            total += choice.weight;
        double at = m_rng.uniform() * total;
        for (const Choice& choice : choices)
            if ((at -= choice.weight) < 0) {
                take(choice.act);
                return;
            }
    }

    /// Draws until a turn belongs to this split; false when this act does not fit now.
    bool take(Act act) {
        if (m_talk.turns.empty() && act == sayThanks)
            return false;
        for (int tries = 0; tries < 60; ++tries) {
            Draft made = act(m_memory, m_rng);
            if (!made.possible)
                continue;
            Turn& turn = made.turn;
            turn.key = hashOf(plain(turn.user) + '\n' + made.context);
            if (isHeldOut(turn.key) != (m_split == Split::HeldOut))
                continue;
            const std::string question = turn.user;
            if (std::find(m_questions.begin(), m_questions.end(), question) != m_questions.end())
                continue;
            m_questions.push_back(question);
            turn.user = m_hand.write(turn.user);
            m_talk.turns.push_back(std::move(turn));
            m_memory = std::move(made.after);
            m_last = act == askAnimal || act == askAnimalMore ? askAnimalMore
                     : act == askSum || act == askSumMore     ? askSumMore
                     : act == askStory || act == askStoryMore ? askStoryMore
                     : act == tellFeeling                     ? tellReason
                                                              : nullptr;
            return true;
        }
        return false;
    }

    Rng& m_rng;
    Split m_split;
    Handwriting m_hand;
    Memory m_memory;
    Talk m_talk;
    std::vector<std::string> m_questions;
    Act m_last = nullptr; ///< what would go on with the last turn
};

} // namespace

bool isHeldOut(std::uint64_t key) { return key % kHeldOutEvery == 0; }

Talk makeTalk(std::uint64_t seed, std::uint64_t index, Split split) {
    Rng rng = rngFor(seed, index, split, 0);
    return Planner(rng, split).plan();
}

std::string makeStory(std::uint64_t seed, std::uint64_t index, Split split) {
    Rng rng = rngFor(seed, index, split, 1);
    for (;;) {
        Story story = tellStory({}, rng);
        if (isHeldOut(hashOf(story.setting)) == (split == Split::HeldOut))
            return std::move(story.text);
    }
}

std::string makeExercises(std::uint64_t seed, std::uint64_t index, Split split) {
    constexpr std::array<Act, 10> kActs = {askSum, askSum, askSum, askSum, askSum, askSum, askSum, askCalendar, askGeneral, askAnimal};
    Rng rng = rngFor(seed, index, split, 2);
    const std::uint64_t count = 8 + rng.below(7);
    std::string page;
    for (std::uint64_t made = 0; made < count;) {
        const Draft draft = kActs[rng.below(kActs.size())]({}, rng);
        if (!draft.possible || isHeldOut(hashOf(plain(draft.turn.user) + '\n' + draft.context)) != (split == Split::HeldOut))
            continue;
        // "You have three apples." says nothing without what was asked.
        const bool alone = chance(rng, 0.5) && draft.after.lastResult;
        if (made++ > 0)
            page += ' ';
        page += alone ? draft.turn.answer : draft.turn.user + ' ' + draft.turn.answer;
    }
    return page;
}

std::string_view turnKindName(TurnKind kind) {
    static constexpr std::array<std::string_view, kTurnKinds> kNames = {
        "greeting", "goodbye", "thanks", "about-bot", "tell-name", "recall-name", "tell-like", "recall-like", "tell-pet",
        "recall-pet", "tell-number", "recall-number", "small-talk", "opinion", "animal-fact", "follow-up-fact", "general-fact",
        "calendar", "arithmetic", "follow-up-number", "story", "story-question", "feeling", "unknown"};
    return kNames[static_cast<std::size_t>(kind)];
}

} // namespace trilobit
