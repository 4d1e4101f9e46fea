// The BPE trainer against an implementation that counts everything anew in every step, and the chat format.
#include "core/corpus/bpetrainer.h"
#include "core/corpus/chatformat.h"
#include "core/base/rng.h"
#include "core/template/chattemplate.h"
#include "core/tokenizer/bytelevel.h"
#include "core/tokenizer/tokenizerfiles.h"

#include <QtTest>

#include <algorithm>
#include <cctype>
#include <map>

using namespace trilobit;

namespace {

/// Words of plain ASCII letters, digits, single spaces and other signs, cut as GPT-2 does but by hand: a run of one kind with
/// at most one space before it.
std::vector<std::string> plainWords(const std::string& text) {
    const auto kind = [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return std::isalpha(u) ? 1 : std::isdigit(u) ? 2 : c == ' ' ? 0 : 3;
    };
    std::vector<std::string> words;
    for (std::size_t i = 0; i < text.size();) {
        std::string word;
        if (text[i] == ' ')
            word += text[i++];
        const int first = i < text.size() ? kind(text[i]) : 0;
        while (i < text.size() && kind(text[i]) == first && first != 0)
            word += text[i++];
        words.push_back(word);
    }
    return words;
}

struct Naive {
    std::vector<std::string> merges;
    std::vector<std::string> tokens;
};

/// Strings instead of ids, no table kept between steps.
Naive trainNaively(const std::vector<std::string>& texts, std::size_t vocabSize, std::size_t specials, int least) {
    std::vector<std::vector<std::string>> words;
    for (const std::string& text : texts)
        for (const std::string& word : plainWords(text)) {
            words.emplace_back();
            for (const char c : word)
                words.back().push_back(bytesToLetters(std::string(1, c)));
        }
    std::map<std::string, int> order; // token -> rank in the vocabulary
    Naive result;
    std::vector<std::string> letters(byteLetters().begin(), byteLetters().end());
    std::sort(letters.begin(), letters.end());
    for (const std::string& letter : letters) {
        order.emplace(letter, static_cast<int>(order.size()));
        result.tokens.push_back(letter);
    }
    while (result.tokens.size() + specials < vocabSize) {
        std::map<std::pair<int, int>, int> counts;
        for (const auto& word : words)
            for (std::size_t i = 1; i < word.size(); ++i)
                ++counts[{order.at(word[i - 1]), order.at(word[i])}];
        std::pair<int, int> best{};
        int bestCount = 0;
        for (const auto& [pair, count] : counts)
            if (count > bestCount) {
                bestCount = count;
                best = pair;
            }
        if (bestCount < least)
            break;
        const std::string left = result.tokens[static_cast<std::size_t>(best.first)];
        const std::string right = result.tokens[static_cast<std::size_t>(best.second)];
        result.merges.push_back(left + " " + right);
        if (order.emplace(left + right, static_cast<int>(order.size())).second)
            result.tokens.push_back(left + right);
        for (auto& word : words) {
            std::vector<std::string> next;
            for (std::size_t i = 0; i < word.size(); ++i)
                if (i + 1 < word.size() && word[i] == left && word[i + 1] == right) {
                    next.push_back(left + right);
                    ++i;
                } else {
                    next.push_back(word[i]);
                }
            word = next;
        }
    }
    return result;
}

std::vector<std::string> randomTexts(std::uint64_t seed, int count, const std::string& letters) {
    Rng rng(seed);
    std::vector<std::string> texts;
    for (int t = 0; t < count; ++t) {
        std::string text;
        for (std::uint64_t words = rng.below(12); words > 0; --words) {
            text += text.empty() ? "" : " ";
            for (std::uint64_t n = 1 + rng.below(9); n > 0; --n)
                text += letters[rng.below(letters.size())];
        }
        texts.push_back(text);
    }
    return texts;
}

std::vector<std::string_view> views(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

class CancelAfter : public RunControl {
public:
    explicit CancelAfter(int calls) : m_left(calls) {}
    bool isCancelled() const noexcept override { return m_left-- <= 0; }

private:
    mutable int m_left;
};

} // namespace

class TestBpeTrainer : public QObject {
    Q_OBJECT

private slots:
    void sameAsNaive_data() {
        QTest::addColumn<int>("seed");
        QTest::addColumn<QString>("letters");
        QTest::addColumn<int>("least");
        QTest::newRow("one letter: pairs that overlap") << 1 << "a" << 1;
        QTest::newRow("two letters") << 2 << "ab" << 2;
        QTest::newRow("two letters, all pairs") << 3 << "ab" << 1;
        QTest::newRow("four letters") << 4 << "abcd" << 2;
        QTest::newRow("letters, digits, signs") << 5 << "abcdefgh12!?" << 2;
        QTest::newRow("rare pairs stay") << 6 << "abcdefgh" << 20;
    }
    void sameAsNaive() {
        QFETCH(const int, seed);
        QFETCH(const QString, letters);
        QFETCH(const int, least);
        const std::vector<std::string> texts = randomTexts(static_cast<std::uint64_t>(seed), 60, letters.toStdString());
        BpeTraining training;
        training.vocabSize = 360;
        training.specialTokens = chatSpecialTokens();
        training.minPairCount = static_cast<std::uint64_t>(least);
        RunControl control;
        const auto data = trainBpe(views(texts), training, control);
        QVERIFY2(data, data ? "" : data.error().text().c_str());
        const Naive naive = trainNaively(texts, training.vocabSize, 4, least);
        QVERIFY(!naive.merges.empty());
        QCOMPARE(data->merges, naive.merges);
        QCOMPARE(std::vector<std::string>(data->tokens.begin() + 4, data->tokens.end()), naive.tokens);
        QCOMPARE(std::vector<std::string>(data->tokens.begin(), data->tokens.begin() + 4), chatSpecialTokens());
        // The tokenizer takes it, and gives every text back.
        const auto tokenizer = makeTokenizer(*data);
        QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().text().c_str());
        for (const std::string& text : texts)
            QCOMPARE((*tokenizer)->decode((*tokenizer)->encode(text, {false, false}), false), text);
    }
    void orderOfTextsDoesNotMatter() {
        std::vector<std::string> texts = randomTexts(9, 80, "abcde");
        BpeTraining training;
        training.vocabSize = 400;
        RunControl control;
        const auto forward = trainBpe(views(texts), training, control);
        std::reverse(texts.begin(), texts.end());
        const auto backward = trainBpe(views(texts), training, control);
        QVERIFY(forward && backward);
        QCOMPARE(forward->merges, backward->merges);
    }
    void specialNamesAreNotLearned() {
        const std::vector<std::string> texts(50, "<|user|>\nhello<|end|>\n");
        BpeTraining training;
        training.vocabSize = 300;
        training.specialTokens = chatSpecialTokens();
        RunControl control;
        const auto data = trainBpe(views(texts), training, control);
        QVERIFY(data);
        QCOMPARE(data->merges.size(), std::size_t{4}); // hello
        QCOMPARE(data->tokens.size(), std::size_t{264});
        QCOMPARE(data->tokens.back().size(), std::size_t{5});
        for (const std::string& merge : data->merges)
            QVERIFY(merge.find('|') == std::string::npos);
    }
    void bytesThatAreNoText() {
        const std::vector<std::string> texts(3, std::string("\xff\x80 caf\xc3\xa9 \0x", 11));
        BpeTraining training;
        training.vocabSize = 270;
        RunControl control;
        const auto data = trainBpe(views(texts), training, control);
        QVERIFY(data);
        const auto tokenizer = makeTokenizer(*data);
        QVERIFY(tokenizer);
        QCOMPARE((*tokenizer)->decode((*tokenizer)->encode(texts[0], {false, false}), false), texts[0]);
    }
    void nothingToLearn() {
        BpeTraining training;
        RunControl control;
        const auto data = trainBpe({}, training, control);
        QVERIFY(data);
        QCOMPARE(data->tokens.size(), std::size_t{256});
        QVERIFY(data->merges.empty());
        QVERIFY(makeTokenizer(*data));
    }
    void refused_data() {
        QTest::addColumn<QString>("field");
        QTest::addColumn<int>("size");
        QTest::addColumn<QStringList>("specials");
        QTest::addColumn<QString>("pre");
        QTest::newRow("too small") << "vocabSize" << 257 << QStringList{"<a>", "<b>"} << "gpt-2";
        QTest::newRow("too large") << "vocabSize" << (1 << 21) << QStringList{} << "gpt-2";
        QTest::newRow("short name") << "specialTokens" << 300 << QStringList{"a"} << "gpt-2";
        QTest::newRow("long name") << "specialTokens" << 300 << QStringList{QString(300, 'x')} << "gpt-2";
        QTest::newRow("twice") << "specialTokens" << 300 << QStringList{"<a>", "<a>"} << "gpt-2";
        QTest::newRow("pre-tokenizer") << "preTokenizer" << 300 << QStringList{} << "gpt-9";
    }
    void refused() {
        QFETCH(const QString, field);
        QFETCH(const int, size);
        QFETCH(const QStringList, specials);
        QFETCH(const QString, pre);
        BpeTraining training;
        training.vocabSize = static_cast<std::size_t>(size);
        for (const QString& name : specials)
            training.specialTokens.push_back(name.toStdString());
        training.preTokenizer = pre.toStdString();
        RunControl control;
        const auto data = trainBpe({}, training, control);
        QVERIFY(!data);
        QCOMPARE(QString::fromStdString(data.error().field), field);
    }
    void cancelled() {
        const std::vector<std::string> texts = randomTexts(1, 50, "abcdef");
        BpeTraining training;
        for (const int calls : {0, 20, 52, 60}) {
            CancelAfter control(calls);
            const auto data = trainBpe(views(texts), training, control);
            QVERIFY(!data);
            QCOMPARE(data.error().code, ErrorCode::Cancelled);
        }
    }

    void chatFormat() {
        const std::vector<std::string> texts(20, "Hello there, how are you? I am fine.");
        BpeTraining training;
        training.vocabSize = 300;
        training.specialTokens = chatSpecialTokens();
        RunControl control;
        auto data = trainBpe(views(texts), training, control);
        QVERIFY(data);
        QVERIFY(applyChatFormat(*data));
        const auto tokenizer = makeTokenizer(*data);
        QVERIFY(tokenizer);
        const auto chatTemplate = ChatTemplate::parse(kChatTemplate);
        QVERIFY2(chatTemplate, chatTemplate ? "" : chatTemplate.error().text().c_str());
        const auto render = [&](std::vector<std::pair<std::string, std::string>> list, bool prompt) {
            Json messages = Json::array();
            for (auto& [role, text] : list)
                messages.push(Json::object({{"role", role}, {"content", text}}));
            auto text = chatTemplate->render(Json::object(
                {{"messages", messages}, {"add_generation_prompt", prompt}, {"bos_token", std::string(kBeginToken)}}));
            return text ? *text : text.error().text();
        };
        const std::string two =
            render({{"user", "Hello"}, {"assistant", "Hi."}, {"user", "How are you?"}}, true);
        QCOMPARE(two, std::string("<|begin|><|user|>\nHello<|end|>\n<|assistant|>\nHi.<|end|>\n<|user|>\nHow are you?<|end|>\n"
                                  "<|assistant|>\n"));
        const std::string three = render({{"user", "Hello"}, {"assistant", "Hi."}, {"user", "How are you?"},
                                          {"assistant", "I am fine."}, {"user", "Good"}, {"assistant", "Yes."}}, false);
        QVERIFY(three.compare(0, two.size(), two) == 0);
        // The ids of the prompt are a prefix of the ids of the whole, with exactly one BOS.
        const auto shortIds = (*tokenizer)->encode(two, {false, true});
        const auto longIds = (*tokenizer)->encode(three, {false, true});
        QVERIFY(std::equal(shortIds.begin(), shortIds.end(), longIds.begin()));
        QCOMPARE(std::count(longIds.begin(), longIds.end(), data->bos), 1);
        QCOMPARE(longIds.front(), data->bos);
        QCOMPARE((*tokenizer)->encode("Hello", {true, true}).front(), data->bos);
        QVERIFY((*tokenizer)->isEndOfGeneration(data->eos));
        QCOMPARE(render({{"system", "Be kind."}, {"user", "Hello"}}, true),
                 std::string("<|begin|><|user|>\nBe kind.\nHello<|end|>\n<|assistant|>\n"));
        // Through the keys of a GGUF file and back.
        Metadata metadata;
        tokenizerDataToGguf(*data, metadata);
        const auto back = tokenizerDataFromGguf(metadata);
        QVERIFY(back);
        QCOMPARE(back->tokens, data->tokens);
        QCOMPARE(back->merges, data->merges);
        QCOMPARE(back->chatTemplate, data->chatTemplate);
        QVERIFY(back->addBos);
        QCOMPARE(back->bos, data->bos);
        QCOMPARE(back->eos, data->eos);
        TokenizerData without;
        QVERIFY(!applyChatFormat(without));
    }
};

QTEST_GUILESS_MAIN(TestBpeTrainer)
#include "tst_bpetrainer.moc"
