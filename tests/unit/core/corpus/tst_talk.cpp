// The talk generator: same for the same numbers, right by its own checks, checks that can fail, two halves that share nothing.
#include "core/corpus/talk/phrase.h"
#include "core/corpus/talk/talk.h"

#include <QtTest>

#include <array>
#include <map>
#include <regex>
#include <set>
#include <unordered_set>

using namespace trilobit;

namespace {

constexpr std::uint64_t kTalks = 4000;

std::string textOf(const Talk& talk) {
    std::string text;
    for (const Turn& turn : talk.turns)
        text += turn.user + "\n" + turn.answer + "\n";
    return text;
}

QByteArray said(const Turn& turn, std::string_view answer) {
    return QByteArray::fromStdString(std::string(turnKindName(turn.kind)) + ": \"" + turn.user + "\" -> \"" + std::string(answer)
                                     + "\": " + whatIsWrong(turn, answer));
}

/// The first turn of that kind whose question contains `part`.
Turn findTurn(TurnKind kind, std::string_view part = {}) {
    for (std::uint64_t i = 0; i < 20'000; ++i)
        for (const Turn& turn : makeTalk(5, i, Split::Train).turns)
            if (turn.kind == kind && turn.user.find(part) != std::string::npos)
                return turn;
    return {};
}

} // namespace

class TestTalk : public QObject {
    Q_OBJECT

private slots:
    void phrases() {
        Rng rng(1);
        QCOMPARE(talk::phrase("@a and @b. $c!", rng, {{"a", "owl"}, {"b", "cat"}, {"c", "go"}}), std::string("An owl and a cat. Go!"));
        std::set<std::string> seen;
        for (int i = 0; i < 200; ++i)
            seen.insert(talk::phrase("{a|b{c|d}}{|!}", rng));
        QCOMPARE(seen, (std::set<std::string>{"A", "Bc", "Bd", "A!", "Bc!", "Bd!"}));
        QCOMPARE(talk::withArticle("uniform"), std::string("a uniform"));
        QCOMPARE(talk::withArticle("umbrella"), std::string("an umbrella"));
        QCOMPARE(talk::wordsOf("It's a hee-haw, \"Really\" 3!"),
                 (std::vector<std::string>{"it's", "a", "hee-haw", "really", "3"}));
        QCOMPARE(talk::sentencesOf("One. \"Two!\" said he. Three?"), 4);
    }

    void sameNumbersSameTalk() {
        for (std::uint64_t i = 0; i < 200; ++i) {
            QCOMPARE(textOf(makeTalk(7, i, Split::Train)), textOf(makeTalk(7, i, Split::Train)));
            QCOMPARE(makeStory(7, i, Split::Train), makeStory(7, i, Split::Train));
        }
        QVERIFY(textOf(makeTalk(7, 0, Split::Train)) != textOf(makeTalk(8, 0, Split::Train)));
        QVERIFY(textOf(makeTalk(7, 0, Split::Train)) != textOf(makeTalk(7, 1, Split::Train)));
    }

    void ownAnswersAreRight() {
        std::map<TurnKind, int> kinds;
        for (const Split split : {Split::Train, Split::HeldOut})
            for (std::uint64_t i = 0; i < kTalks; ++i) {
                const Talk talk = makeTalk(1, i, split);
                QVERIFY2(talk.turns.size() >= 2 && talk.turns.size() <= 6, textOf(talk).c_str());
                for (const Turn& turn : talk.turns) {
                    QVERIFY2(answersRight(turn, turn.answer), said(turn, turn.answer).constData());
                    ++kinds[turn.kind];
                }
            }
        for (int kind = 0; kind < kTurnKinds; ++kind)
            QVERIFY2(kinds[static_cast<TurnKind>(kind)] > 20, turnKindName(static_cast<TurnKind>(kind)).data());
    }

    /// Answers to other questions of another kind, and of the same kind, are mostly wrong.
    void otherAnswersAreWrong() {
        std::vector<Turn> turns;
        for (std::uint64_t i = 0; i < kTalks; ++i)
            for (Turn& turn : makeTalk(2, i, Split::Train).turns)
                turns.push_back(std::move(turn));
        Rng rng(3);
        std::map<TurnKind, std::pair<int, int>> passed; // by kind: wrongly passed, tried
        int same = 0, sameTried = 0;
        for (int i = 0; i < 60'000; ++i) {
            const Turn& asked = turns[rng.below(turns.size())];
            const Turn& other = turns[rng.below(turns.size())];
            const bool passes = answersRight(asked, other.answer);
            if (asked.kind != other.kind) {
                passed[asked.kind].first += passes ? 1 : 0;
                ++passed[asked.kind].second;
            } else if (asked.kind == TurnKind::Arithmetic || asked.kind == TurnKind::AnimalFact
                       || asked.kind == TurnKind::RecallName || asked.kind == TurnKind::GeneralFact) {
                same += passes ? 1 : 0;
                ++sameTried;
            }
        }
        for (const auto& [kind, counts] : passed) {
            const double share = static_cast<double>(counts.first) / counts.second;
            QVERIFY2(share < 0.12, qPrintable(QString::fromUtf8(turnKindName(kind).data()) + QString::number(share)));
        }
        QVERIFY2(same < sameTried / 10, qPrintable(QString::number(same) + "/" + QString::number(sameTried)));
    }

    void checksCanFail_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("part");
        QTest::addColumn<QStringList>("wrong");
        const auto row = [](TurnKind kind, const char* part, QStringList wrong) {
            QTest::addRow("%s %s", turnKindName(kind).data(), part) << static_cast<int>(kind) << QString::fromUtf8(part) << wrong;
        };
        const QStringList nonsense = {"", "   ", "...", "the the the", "Yes", "Purple elephants are not here."};
        row(TurnKind::Greeting, "", nonsense + QStringList{"Goodbye!", "hello", "A cow eats grass."});
        row(TurnKind::Goodbye, "", nonsense + QStringList{"Hello!", "I am fine, thank you."});
        row(TurnKind::Thanks, "", nonsense + QStringList{"Thank you.", "Goodbye!"});
        row(TurnKind::AboutBot, "", nonsense + QStringList{"I do not know."});
        row(TurnKind::TellName, "", nonsense + QStringList{"Nice to meet you!", "Nice to meet you, Xavier!"});
        row(TurnKind::RecallName, "", nonsense + QStringList{"Your name is Xavier.", "Your name is."});
        row(TurnKind::RecallLike, "", nonsense + QStringList{"You like rocks.", "You said that you like it."});
        row(TurnKind::RecallPet, "", nonsense + QStringList{"Your pet is called Xavier."});
        row(TurnKind::RecallNumber, "", nonsense + QStringList{"Your number is 99.", "Your number is."});
        row(TurnKind::AnimalFact, "eat", nonsense + QStringList{"A car eats stones.", "It eats."});
        row(TurnKind::AnimalFact, "legs", nonsense + QStringList{"It has 17 legs.", "It has many legs."});
        row(TurnKind::FollowUpFact, "", nonsense + QStringList{"I am sorry.", "It has 17 legs."});
        row(TurnKind::GeneralFact, "opposite", nonsense + QStringList{"The opposite is the opposite."});
        row(TurnKind::Calendar, "after", nonsense + QStringList{"Someday comes after that."});
        row(TurnKind::Arithmetic, "plus", nonsense + QStringList{"It is 99.", "The answer is a number."});
        row(TurnKind::FollowUpNumber, "", nonsense + QStringList{"That is 99."});
        row(TurnKind::Story, "about a", nonsense + QStringList{"Once there was a stone. It lay there.",
                                                               "A. B. C. D. E. F.", "I do not know a story."});
        row(TurnKind::StoryQuestion, "", nonsense + QStringList{"It was nobody.", "I do not know."});
        row(TurnKind::Feeling, "", nonsense + QStringList{"A cow eats grass."});
        row(TurnKind::Unknown, "", nonsense + QStringList{"Yes, I know that.", "It is in the kitchen."});
        row(TurnKind::SmallTalk, "", nonsense + QStringList{"My name is Trilo."});
        row(TurnKind::Opinion, "", nonsense + QStringList{"Yes, I like rocks."});
        row(TurnKind::TellLike, "", nonsense + QStringList{"I like rocks."});
        row(TurnKind::TellPet, "", nonsense + QStringList{"Xavier is a nice name."});
        row(TurnKind::TellNumber, "", nonsense + QStringList{"I will remember 99."});
    }
    void checksCanFail() {
        QFETCH(const int, kind);
        QFETCH(const QString, part);
        QFETCH(const QStringList, wrong);
        const Turn turn = findTurn(static_cast<TurnKind>(kind), part.toStdString());
        QVERIFY(!turn.user.empty());
        QVERIFY2(answersRight(turn, turn.answer), said(turn, turn.answer).constData());
        for (const QString& answer : wrong)
            QVERIFY2(!answersRight(turn, answer.toStdString()), said(turn, answer.toStdString()).constData());
    }
    void checksByHand() {
        Turn sum;
        sum.kind = TurnKind::Arithmetic;
        sum.check.number = 7;
        sum.check.numberPlace = AnswerCheck::Place::Last;
        sum.check.allowedNumbers = {3, 4, 7};
        for (const char* right : {"3 plus 4 is 7.", "Seven.", "That is seven!", "Three plus four makes 7.", "7."})
            QVERIFY2(answersRight(sum, right), said(sum, right).constData());
        for (const char* wrong : {"3 plus 4 is 8.", "7 plus 4 is 3.", "It is 7 or 8.", "I do not know.", "3 plus 4 is 7 times 2."})
            QVERIFY2(!answersRight(sum, wrong), wrong);
        Turn name;
        name.kind = TurnKind::RecallName;
        name.check.name = "Anna";
        for (const char* right : {"Your name is Anna.", "You are Anna!", "Anna."})
            QVERIFY2(answersRight(name, right), said(name, right).constData());
        for (const char* wrong : {"Your name is Tom.", "Your name is Anna or Tom.", "Your name is Annabel.", "your name is Anna."})
            QVERIFY2(!answersRight(name, wrong), wrong);
    }

    void halvesShareNothing() {
        constexpr std::uint64_t kTrain = 40'000, kHeldOut = 4'000;
        // A question with everything said before it, and the answer.
        const auto histories = [](const Talk& talk, auto&& take) {
            std::string history;
            for (const Turn& turn : talk.turns) {
                history += turn.user + "\n";
                take(history + turn.answer);
                history += turn.answer + "\n";
            }
        };
        std::unordered_set<std::string> seen;
        std::unordered_set<std::uint64_t> keys;
        for (std::uint64_t i = 0; i < kTrain; ++i) {
            const Talk talk = makeTalk(1, i, Split::Train);
            histories(talk, [&](std::string text) { seen.insert(std::move(text)); });
            for (const Turn& turn : talk.turns) {
                QVERIFY(!isHeldOut(turn.key));
                keys.insert(turn.key);
            }
        }
        for (std::uint64_t i = 0; i < kHeldOut; ++i) {
            const Talk talk = makeTalk(1, i, Split::HeldOut);
            for (const Turn& turn : talk.turns) {
                QVERIFY(isHeldOut(turn.key));
                QVERIFY(!keys.contains(turn.key));
            }
            histories(talk, [&](const std::string& text) { QVERIFY2(!seen.contains(text), text.c_str()); });
        }
        std::unordered_set<std::string> stories;
        for (std::uint64_t i = 0; i < kTrain; ++i)
            stories.insert(makeStory(1, i, Split::Train));
        for (std::uint64_t i = 0; i < kHeldOut; ++i)
            QVERIFY(!stories.contains(makeStory(1, i, Split::HeldOut)));
    }

    /// What a person tries first must be in the training half.
    void everydayQuestionsAreLearned() {
        std::set<std::vector<std::string>> missing;
        for (const char* text : {"Hello", "Hi", "Hey", "Hello, Trilo", "Good morning", "Good evening", "Hello, how are you", "Hi, how are you",
                                 "How are you", "What is your name", "Who are you", "What can you do", "Tell me a story",
                                 "Can you tell me a story", "Goodbye", "Bye", "See you", "Good night", "Thank you", "Thanks",
                                 "Thank you very much", "I am fine", "I am fine, thank you", "I am sad", "I am happy", "I feel sad",
                                 "How old are you", "Are you a robot", "Where do you live", "Tell me a story about a cat",
                                 "Tell me a story about a dog", "What does a cow eat", "What does a cat say",
                                 "What is the opposite of big", "How many days are there in a week", "Are you my friend",
                                 "What day comes after Monday"})
            missing.insert(talk::wordsOf(text));
        for (std::uint64_t i = 0; i < 100'000 && !missing.empty(); ++i)
            for (const Turn& turn : makeTalk(1, i, Split::Train).turns)
                missing.erase(talk::wordsOf(turn.user));
        std::string left;
        for (const auto& words : missing)
            for (const std::string& word : words)
                left += word + (&word == &words.back() ? "; " : " ");
        QVERIFY2(missing.empty(), left.c_str());
    }

    void cleanEnglish() {
        const std::regex odd("  |\\{|\\}|\\||\\$|@| [.,!?]|[.!?][.!?]|\\b(a|A) [aeioAEIO]\\w|\\b(an|An) [^aeiouAEIOU\"]|\\b(\\w+) \\3\\b");
        for (std::uint64_t i = 0; i < kTalks; ++i)
            for (const Turn& turn : makeTalk(9, i, Split::Train).turns) {
                QVERIFY2(!std::regex_search(turn.answer, odd), turn.answer.c_str());
                QVERIFY2(turn.user.find("  ") == std::string::npos && turn.user.find_first_of("{}|$@") == std::string::npos
                             && turn.user.back() != ' ' && turn.answer.back() != ' ',
                         turn.user.c_str());
            }
    }

    void stories() {
        std::unordered_set<std::string> different;
        for (std::uint64_t i = 0; i < kTalks; ++i) {
            const std::string story = makeStory(4, i, Split::Train);
            const auto words = talk::wordsOf(story).size();
            QVERIFY2(words <= 110 && words >= 30, story.c_str());
            QVERIFY2(talk::sentencesOf(story) >= 5 && talk::sentencesOf(story) <= 14, story.c_str());
            different.insert(story);
        }
        QVERIFY(different.size() > kTalks * 99 / 100);
    }

    void exercises() {
        const std::regex sum("(\\d+) (plus|minus) (\\d+) is (\\d+)\\.");
        std::set<std::string> questions[2];
        std::unordered_set<std::string> different;
        int sums = 0;
        for (const Split split : {Split::Train, Split::HeldOut})
            for (std::uint64_t i = 0; i < kTalks / 4; ++i) {
                const std::string page = makeExercises(4, i, split);
                QCOMPARE(page, makeExercises(4, i, split));
                different.insert(page);
                for (std::sregex_iterator at(page.begin(), page.end(), sum), end; at != end; ++at, ++sums) {
                    const int a = std::stoi((*at)[1]), b = std::stoi((*at)[3]);
                    QCOMPARE(std::stoi((*at)[4]), (*at)[2] == "plus" ? a + b : a - b);
                }
                std::size_t start = 0;
                for (std::size_t k = 0; k < page.size(); ++k)
                    if (page[k] == '?' || page[k] == '.' || page[k] == '!') {
                        if (page[k] == '?')
                            questions[split == Split::HeldOut].insert(page.substr(start, k - start));
                        start = k + 2;
                    }
            }
        QVERIFY(different.size() > kTalks / 2 * 99 / 100);
        QVERIFY2(sums > 2000, std::to_string(sums).c_str());
        QVERIFY(questions[0].size() > 500 && questions[1].size() > 100);
        for (const std::string& question : questions[1]) // of a sum in words this is only the last sentence
            QVERIFY2(!questions[0].contains(question) || question.starts_with("How many "), question.c_str());
    }
};

QTEST_GUILESS_MAIN(TestTalk)
#include "tst_talk.moc"
