// The token stream: every token once an epoch, targets that fit, answers marked, batches that depend on their number only.
#include "core/corpus/bpetrainer.h"
#include "core/corpus/chatformat.h"
#include "core/corpus/talk/talk.h"
#include "core/corpus/tokenstream.h"

#include <QtTest>

#include <map>
#include <set>

using namespace trilobit;

namespace {

Document chatOf(const Talk& talk) {
    Document document;
    for (const Turn& turn : talk.turns) {
        document.messages.push_back({"user", turn.user});
        document.messages.push_back({"assistant", turn.answer});
    }
    return document;
}

/// Talks and stories, with a vocabulary trained on them.
struct Sample {
    std::vector<Document> documents;
    std::shared_ptr<const Tokenizer> tokenizer;

    Sample() {
        for (std::uint64_t i = 0; i < 150; ++i)
            documents.push_back(i % 5 == 0 ? Document{makeStory(1, i, Split::Train), {}} : chatOf(makeTalk(1, i, Split::Train)));
        std::string longText;
        for (std::uint64_t i = 0; i < 30; ++i)
            longText += makeStory(2, i, Split::Train) + " ";
        documents.push_back({longText, {}});
        std::vector<std::string_view> texts;
        for (const Document& document : documents) {
            texts.push_back(document.text);
            for (const CorpusMessage& message : document.messages)
                texts.push_back(message.text);
        }
        BpeTraining training;
        training.vocabSize = 600;
        training.specialTokens = chatSpecialTokens();
        RunControl control;
        TokenizerData data = *trainBpe(texts, training, control);
        (void)applyChatFormat(data);
        tokenizer = *makeTokenizer(std::move(data));
    }
};

struct Batch {
    std::vector<std::int32_t> ids, targets;
    bool operator==(const Batch&) const = default;
};

Batch batchOf(const TokenStream& stream, std::uint64_t step, std::size_t rows) {
    Batch batch{std::vector<std::int32_t>(rows * stream.time()), std::vector<std::int32_t>(rows * stream.time())};
    stream.batch(step, rows, batch.ids, batch.targets);
    return batch;
}

class Cancelled : public RunControl {
public:
    bool isCancelled() const noexcept override { return true; }
};

} // namespace

class TestTokenStream : public QObject {
    Q_OBJECT
    std::unique_ptr<Sample> m_sample;

    TokenStream make(std::size_t time, bool answersOnly = false, std::uint64_t seed = 1) const {
        RunControl control;
        return *TokenStream::create(*m_sample->tokenizer, m_sample->documents, {time, seed, answersOnly}, control);
    }

private slots:
    void initTestCase() { m_sample = std::make_unique<Sample>(); }

    void chatIsWhatTheTemplateWrites() {
        const Document document = {{}, {{"user", "Hi"}, {"assistant", "Hello there."}, {"user", "Bye"}, {"assistant", "Bye!"}}};
        const auto encoded = TokenStream::encode(*m_sample->tokenizer, document, 1);
        QVERIFY2(encoded, encoded ? "" : encoded.error().text().c_str());
        const std::string text = "<|begin|><|user|>\nHi<|end|>\n<|assistant|>\nHello there.<|end|>\n<|user|>\nBye<|end|>\n"
                                 "<|assistant|>\nBye!<|end|>\n";
        QCOMPARE(m_sample->tokenizer->decode(encoded->ids, true), text);
        QCOMPARE(encoded->ids, m_sample->tokenizer->encode(text, {false, true}));
        std::vector<TokenId> answers;
        for (std::size_t i = 0; i < encoded->ids.size(); ++i)
            if (encoded->answer[i])
                answers.push_back(encoded->ids[i]);
        QCOMPARE(m_sample->tokenizer->decode(answers, true), std::string("Hello there.<|end|>Bye!<|end|>"));
    }
    void plainText() {
        const auto encoded = TokenStream::encode(*m_sample->tokenizer, {"A <|end|> b", {}}, 1);
        QVERIFY(encoded);
        QCOMPARE(encoded->ids.front(), m_sample->tokenizer->data().bos);
        QCOMPARE(encoded->ids.back(), m_sample->tokenizer->data().eos);
        QCOMPARE(m_sample->tokenizer->decode(encoded->ids, true), std::string("<|begin|>A <|end|> b<|end|>"));
        // The name in the text is text, not the token.
        QCOMPARE(std::count(encoded->ids.begin(), encoded->ids.end(), m_sample->tokenizer->data().eos), 1);
    }

    void everyTokenOnce_data() {
        QTest::addColumn<int>("time");
        QTest::addColumn<int>("rows");
        for (const int time : {2, 7, 64, 256, 5000})
            for (const int rows : {1, 3})
                QTest::addRow("%d x %d", rows, time) << time << rows;
    }
    void everyTokenOnce() {
        QFETCH(const int, time);
        QFETCH(const int, rows);
        const TokenStream stream = make(static_cast<std::size_t>(time));
        // Pairs of input and target over one epoch are those of the documents.
        std::map<std::pair<int, int>, int> expected, found;
        for (std::size_t d = 0; d < stream.starts().size(); ++d) {
            const std::size_t end = d + 1 < stream.starts().size() ? stream.starts()[d + 1] : stream.ids().size();
            for (std::size_t i = stream.starts()[d]; i + 1 < end; ++i)
                ++expected[{stream.ids()[i], stream.ids()[i + 1]}];
        }
        const auto epochRows = static_cast<std::size_t>(stream.windows());
        const Batch epoch = batchOf(stream, 0, epochRows);
        for (std::size_t i = 0; i < epoch.ids.size(); ++i)
            if (epoch.targets[i] != TokenStream::kIgnored)
                ++found[{epoch.ids[i], epoch.targets[i]}];
        QVERIFY(found == expected);
        // The same in smaller steps, and in the order of packing.
        std::map<std::pair<int, int>, int> sequential;
        Batch batch{std::vector<std::int32_t>(static_cast<std::size_t>(rows * time)), std::vector<std::int32_t>(static_cast<std::size_t>(rows * time))};
        std::uint64_t index = 0, counted = 0;
        for (; stream.sequential(index, static_cast<std::size_t>(rows), batch.ids, batch.targets); ++index)
            for (std::size_t i = 0; i < batch.ids.size(); ++i)
                if (batch.targets[i] != TokenStream::kIgnored) {
                    ++sequential[{batch.ids[i], batch.targets[i]}];
                    ++counted;
                }
        QCOMPARE(index, stream.stepsPerEpoch(static_cast<std::size_t>(rows)));
        QVERIFY(sequential == expected);
        QCOMPARE(counted, stream.countedTargets());
    }
    void documentsAreWhole() {
        constexpr std::size_t kTime = 400;
        const TokenStream stream = make(kTime);
        const Batch epoch = batchOf(stream, 0, static_cast<std::size_t>(stream.windows()));
        const TokenId bos = m_sample->tokenizer->data().bos;
        std::size_t aligned = 0, ignored = 0;
        for (std::size_t row = 0; row < stream.windows(); ++row)
            aligned += epoch.ids[row * kTime] == bos ? 1 : 0;
        for (const std::int32_t target : epoch.targets)
            ignored += target == TokenStream::kIgnored ? 1 : 0;
        // Only the parts of the one long text start without BOS, and little room is lost.
        const std::size_t longTokens = stream.ids().size() - stream.starts().back();
        QVERIFY(aligned + longTokens / kTime + 1 >= stream.windows());
        QVERIFY2(ignored < epoch.targets.size() / 20, qPrintable(QString::number(ignored)));
    }
    void batchesDependOnTheirNumberOnly() {
        const TokenStream stream = make(64), again = make(64), other = make(64, false, 2);
        for (const std::uint64_t step : {0u, 1u, 17u, 1000u, 123456u})
            QVERIFY(batchOf(stream, step, 4) == batchOf(again, step, 4));
        QVERIFY(!(batchOf(stream, 0, 4) == batchOf(other, 0, 4)));
        // Epochs have different orders; two rows at once are the two rows one by one.
        const auto count = static_cast<std::size_t>(stream.windows());
        QVERIFY(!(batchOf(stream, 0, count) == batchOf(stream, 1, count)));
        const Batch two = batchOf(stream, 5, 2), one = batchOf(stream, 11, 1);
        QVERIFY(std::equal(one.ids.begin(), one.ids.end(), two.ids.begin() + 64));
    }
    void answersOnly() {
        const TokenStream all = make(128), answers = make(128, true);
        QVERIFY(answers.countedTargets() < all.countedTargets());
        const auto count = static_cast<std::size_t>(all.windows());
        const Batch a = batchOf(all, 0, count), b = batchOf(answers, 0, count);
        QCOMPARE(a.ids, b.ids);
        const TokenId user = m_sample->tokenizer->encode("<|user|>", {false, true}).front();
        for (std::size_t i = 0; i < b.targets.size(); ++i) {
            QVERIFY(b.targets[i] == TokenStream::kIgnored || b.targets[i] == a.targets[i]);
            QVERIFY(b.targets[i] != user);
        }
    }
    void refused() {
        RunControl control;
        const auto none = TokenStream::create(*m_sample->tokenizer, {}, {}, control);
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::Format);
        QVERIFY(!TokenStream::create(*m_sample->tokenizer, m_sample->documents, {1, 1, false}, control));
        TokenizerData data = m_sample->tokenizer->data();
        data.chatTemplate.clear();
        const auto bare = *makeTokenizer(data);
        const std::vector<Document> chats = {m_sample->documents[1]};
        const auto noTemplate = TokenStream::create(*bare, chats, {}, control);
        QVERIFY(!noTemplate);
        QCOMPARE(noTemplate.error().code, ErrorCode::Format);
        data.chatTemplate = "{{ raise_exception('no') }}";
        const auto raising = *makeTokenizer(data);
        const auto raised = TokenStream::create(*raising, chats, {}, control);
        QVERIFY(!raised);
        QCOMPARE(raised.error().field, std::string("document 1"));
        Cancelled cancelled;
        const auto stopped = TokenStream::create(*m_sample->tokenizer, m_sample->documents, {}, cancelled);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestTokenStream)
#include "tst_tokenstream.moc"
