// Chat sessions: the prompt of a conversation, and answers that do not depend on what is still in the KV cache.
#include "core/chat/chatsession.h"
#include "core/model/demomodel.h"
#include "tests/support/testdata.h"

#include <QTemporaryDir>
#include <QtTest>

#include <thread>

using namespace trilobit;

namespace {

const std::string kNow = "2024-05-06T07:08:09";

/// Bytes as tokens, and a few special ones.
class ByteTokenizer : public Tokenizer {
public:
    explicit ByteTokenizer(std::string chatTemplate) {
        m_data.chatTemplate = std::move(chatTemplate);
        m_data.tokens.assign(256, "");
        m_data.tokens.push_back("<s>");
        m_data.tokens.push_back("</s>");
        m_data.bos = 256;
        m_data.eos = 257;
        m_data.addBos = true;
    }
    const TokenizerData& data() const override { return m_data; }
    std::vector<TokenId> encode(std::string_view text, const EncodeOptions& options) const override {
        std::vector<TokenId> ids;
        if (options.addSpecial)
            ids.push_back(m_data.bos);
        while (!text.empty()) {
            if (options.parseSpecial && text.starts_with("<s>")) {
                ids.push_back(m_data.bos);
                text.remove_prefix(3);
                continue;
            }
            ids.push_back(static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
        }
        return ids;
    }
    std::string pieceBytes(TokenId id, bool) const override {
        return id < 256 ? std::string(1, static_cast<char>(id)) : std::string();
    }
    std::string decode(std::span<const TokenId> ids, bool special) const override {
        std::string text;
        for (const TokenId id : ids)
            text += pieceBytes(id, special);
        return text;
    }

private:
    TokenizerData m_data;
};

class Cancelled : public RunControl {
public:
    bool isCancelled() const noexcept override { return true; }
};

const std::vector<ChatMessage> kTalk{{"system", "S"}, {"user", "one"}, {"assistant", "A"}, {"user", "two"}};

} // namespace

class TestChatSession : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const std::string path = m_folder.filePath("demo.gguf").toStdString();
        RunControl control;
        QVERIFY_RESULT(writeDemoModel(path, 1, control));
        auto model = loadModel(path, EncodingRegistry::builtin());
        QVERIFY_RESULT(model);
        EngineOptions options;
        options.threads = 1;
        auto engine = Engine::create(*model, options, control);
        QVERIFY_RESULT(engine);
        m_engine = *engine;
        const std::string otherPath = m_folder.filePath("other.gguf").toStdString();
        QVERIFY_RESULT(writeDemoModel(otherPath, 2, control));
        auto other = loadModel(otherPath, EncodingRegistry::builtin());
        QVERIFY_RESULT(other);
        auto otherEngine = Engine::create(*other, options, control);
        QVERIFY_RESULT(otherEngine);
        m_other = *otherEngine;
    }

    // An answer that is made to begin as it did goes on as it did, and its tokens are chosen from the same logits.
    void forcedTokensChangeNothingElse() {
        GenerateOptions options;
        options.maxTokens = 70;
        options.stopAtEnd = false;
        RunControl control;
        const std::vector<ChatMessage> messages{{"user", "hello"}};
        struct Choice {
            TokenId id;
            std::vector<float> logits;
            bool operator==(const Choice&) const = default;
        };
        const auto answer = [&](std::vector<TokenId> forced, std::int64_t count, std::vector<Choice>& choices) {
            auto session = m_engine->newSession(256);
            GenerateOptions these = options;
            these.forced = std::move(forced);
            these.maxTokens = count;
            const auto prompt = renderChatPrompt(*m_engine->model().tokenizer(), messages, kNow);
            auto result = generate(**session, prompt.ids, these, control, {}, [&](TokenId id, std::span<const float> logits) {
                choices.push_back({id, {logits.begin(), logits.end()}});
            });
            return result ? result->ids : std::vector<TokenId>();
        };
        std::vector<Choice> freely;
        const std::vector<TokenId> ids = answer({}, 70, freely);
        QCOMPARE(ids.size(), std::size_t{70});
        QCOMPARE(freely.size(), ids.size());
        for (const std::size_t cut : {std::size_t{1}, std::size_t{31}, std::size_t{32}, std::size_t{33}, std::size_t{65}}) {
            std::vector<Choice> forced;
            const std::vector<TokenId> again =
                answer({ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(cut)}, 70 - static_cast<std::int64_t>(cut), forced);
            QVERIFY2(again == ids, qPrintable(QString::number(cut)));
            QVERIFY2(forced == freely, qPrintable(QString::number(cut)));
        }
        // Another beginning: that one stands, and something follows.
        auto session = ChatSession::create(m_engine, 256);
        QVERIFY_RESULT(session);
        options.forced = {ids[0] == 40 ? 41 : 40};
        options.maxTokens = 3;
        const auto reply = (*session)->reply(messages, kNow, options, control);
        QVERIFY_RESULT(reply);
        QCOMPARE(reply->generated.ids.front(), options.forced.front());
        QCOMPARE(reply->generated.ids.size(), std::size_t{4});
        options.forced.assign(300, 40);
        QCOMPARE((*session)->reply(messages, kNow, options, control).error().code, ErrorCode::Usage); // no room
    }

    // What a reader says of the words is what two models say of the finished text.
    void readingAlongIsReadingTheText_data() {
        QTest::addColumn<int>("bytes");
        QTest::newRow("ample") << (32 << 20);
        QTest::newRow("the writer waits") << 1;
    }
    void readingAlongIsReadingTheText() {
        QFETCH(const int, bytes);
        auto writer = ChatSession::create(m_engine, 512), reader = ChatSession::create(m_other, 512);
        QVERIFY_RESULT(writer);
        QVERIFY_RESULT(reader);
        GenerateOptions options;
        options.maxTokens = 40;
        options.sampler.temperature = 1;
        options.sampler.seed = 3;
        std::vector<ChatMessage> messages{{"user", "Tell me a story."}};
        for (int turn = 0; turn < 2; ++turn) {
            const auto feed = std::make_shared<WordFeed>(static_cast<std::size_t>(bytes));
            Result<ChatReply> reply = fail(ErrorCode::Internal, "not run");
            std::thread thread([&] {
                RunControl control;
                const std::vector readers{feed};
                reply = (*writer)->reply(messages, kNow, options, control, {}, readers);
                feed->finish();
            });
            RunControl control;
            std::vector<TextDiffToken> words;
            const auto read = (*reader)->readAlong(*feed, control, [&](const TextDiffToken& word) { words.push_back(word); });
            thread.join();
            QVERIFY_RESULT(reply);
            QVERIFY_RESULT(read);
            if (turn > 0)
                QVERIFY(read->reusedTokens > 0);
            std::vector<TokenId> ids = reply->prompt.ids;
            ids.insert(ids.end(), reply->generated.ids.begin(), reply->generated.ids.end());
            const auto diff = diffText(*m_engine, *m_other, ids, control);
            QVERIFY_RESULT(diff);
            const bool ended = reply->generated.stopReason == "end";
            QCOMPARE(words.size(), reply->generated.ids.size() + (ended ? 1 : 0));
            QCOMPARE(read->words, static_cast<std::int64_t>(words.size()));
            double sum = 0;
            std::string text;
            for (std::size_t i = 0; i < words.size(); ++i) {
                sum += words[i].kl;
                text += words[i].text;
                if (i >= reply->generated.ids.size())
                    continue; // the end is no part of the text
                const TextDiffToken& expected = diff->tokens[reply->prompt.ids.size() + i];
                QCOMPARE(words[i].id, expected.id);
                QCOMPARE(words[i].kl, expected.kl);
                QCOMPARE(words[i].probabilityB, expected.probabilityB);
                QCOMPARE(words[i].topA.front().id, expected.topA.front().id);
                QCOMPARE(words[i].topB.front().id, expected.topB.front().id);
            }
            QCOMPARE(read->meanKl, sum / static_cast<double>(words.size()));
            QVERIFY(read->meanKl > 0);
            QVERIFY(QString::fromStdString(reply->generated.text).startsWith(QString::fromStdString(text)));
            messages.push_back({"assistant", reply->generated.text});
            messages.push_back({"user", "And then?"});
        }
    }

    void aReaderThatLeavesHoldsNobodyUp() {
        auto writer = ChatSession::create(m_engine, 512);
        QVERIFY_RESULT(writer);
        GenerateOptions options;
        options.maxTokens = 30;
        options.stopAtEnd = false;
        RunControl control;
        const auto feed = std::make_shared<WordFeed>(std::size_t{1});
        std::thread leaver([&] {
            (void)feed->prompt(control);
            (void)feed->take(1, control);
            feed->close();
        });
        const std::vector readers{feed};
        const std::vector<ChatMessage> messages{{"user", "hello"}};
        const auto reply = (*writer)->reply(messages, kNow, options, control, {}, readers);
        leaver.join();
        QVERIFY_RESULT(reply);
        QCOMPARE(reply->generated.ids.size(), std::size_t{30});
        // The other way round: the writer gives up before it begins, or the reader is cancelled.
        auto reader = ChatSession::create(m_other, 512);
        QVERIFY_RESULT(reader);
        WordFeed silent;
        silent.finish();
        auto read = (*reader)->readAlong(silent, control);
        QVERIFY_RESULT(read);
        QCOMPARE(read->words, std::int64_t{0});
        WordFeed waiting;
        Cancelled cancelled;
        read = (*reader)->readAlong(waiting, cancelled);
        QVERIFY_RESULT(read);
        QCOMPARE(read->stopReason, std::string("cancelled"));
        // Words of another vocabulary.
        WordFeed foreign;
        foreign.begin({1, 2});
        foreign.push(0, false, std::vector<float>(7), control);
        foreign.finish();
        read = (*reader)->readAlong(foreign, control);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Usage);
        WordFeed outside;
        outside.begin({1 << 30});
        outside.finish();
        QVERIFY(!(*reader)->readAlong(outside, control));
    }

    void templateIsTheWholePrompt() {
        const ByteTokenizer tokenizer("{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
                                      "{% if add_generation_prompt %}[assistant]{% endif %}");
        const ChatPrompt prompt = renderChatPrompt(tokenizer, kTalk, kNow);
        QVERIFY(prompt.usedTemplate);
        QCOMPARE(prompt.note, std::string());
        QCOMPARE(prompt.text, std::string("<s>[system]S[user]one[assistant]A[user]two[assistant]"));
        QCOMPARE(prompt.ids.front(), 256);
        QCOMPARE(prompt.ids[1], TokenId{'['}); // one BOS, not two
    }

    void withoutTemplateTheTextGoesOn() {
        const ChatPrompt prompt = renderChatPrompt(ByteTokenizer({}), kTalk, kNow);
        QVERIFY(!prompt.usedTemplate);
        QVERIFY(!prompt.note.empty());
        QCOMPARE(prompt.text, std::string("S\noneA\ntwo"));
        QCOMPARE(prompt.ids.front(), 256);
        const std::vector<ChatMessage> special{{"user", "<s>"}};
        QCOMPARE(renderChatPrompt(ByteTokenizer({}), special, kNow).ids.size(), std::size_t{4}); // BOS and three bytes
    }

    void brokenTemplatesSayWhy_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("expected");
        QTest::newRow("syntax") << "{% for %}"
                                << "";
        QTest::newRow("refusal") << "{{ raise_exception('no system role please') }}"
                                 << "no system role please";
    }
    void brokenTemplatesSayWhy() {
        QFETCH(const QString, source);
        QFETCH(const QString, expected);
        const ChatPrompt prompt = renderChatPrompt(ByteTokenizer(source.toStdString()), kTalk, kNow);
        QVERIFY(!prompt.usedTemplate);
        QVERIFY2(QString::fromStdString(prompt.note).contains(expected), prompt.note.c_str());
        QVERIFY(prompt.note.size() > 30);
        QCOMPARE(prompt.text, std::string("S\noneA\ntwo"));
    }

    // The answer of a session that has read part of the conversation equals that of a fresh one, token for token.
    void reuseChangesNothing_data() {
        QTest::addColumn<double>("temperature");
        QTest::addColumn<double>("penalty");
        QTest::newRow("greedy") << 0.0 << 1.0;
        QTest::newRow("sampled") << 1.5 << 1.0;
        QTest::newRow("repetition penalty") << 0.0 << 1.3;
    }
    void reuseChangesNothing() {
        QFETCH(const double, temperature);
        QFETCH(const double, penalty);
        GenerateOptions options;
        options.maxTokens = 12;
        options.stopAtEnd = false;
        options.sampler.temperature = temperature;
        options.sampler.repetitionPenalty = penalty;
        options.sampler.repetitionWindow = 8;
        options.sampler.seed = 5;
        RunControl control;
        auto kept = ChatSession::create(m_engine, 512);
        QVERIFY_RESULT(kept);
        std::vector<ChatMessage> messages{{"user", "Tell me a story about a small animal."}};
        for (int turn = 0; turn < 3; ++turn) {
            auto fresh = ChatSession::create(m_engine, 512);
            QVERIFY_RESULT(fresh);
            const auto a = (*kept)->reply(messages, kNow, options, control);
            const auto b = (*fresh)->reply(messages, kNow, options, control);
            QVERIFY_RESULT(a);
            QVERIFY_RESULT(b);
            QCOMPARE(b->reusedTokens, 0);
            if (turn > 0)
                QVERIFY2(a->reusedTokens > 0, "nothing was reused, so nothing was tested");
            QVERIFY(a->prompt.ids == b->prompt.ids);
            QVERIFY(a->generated.ids == b->generated.ids);
            QCOMPARE(a->generated.promptTokens, static_cast<std::int64_t>(a->prompt.ids.size()));
            messages.push_back({"assistant", a->generated.text});
            messages.push_back({"user", "And then?"});
        }
        // A different conversation in the same session.
        const std::vector<ChatMessage> other{{"user", "Tell me nothing."}};
        auto fresh = ChatSession::create(m_engine, 512);
        QVERIFY_RESULT(fresh);
        const auto a = (*kept)->reply(other, kNow, options, control);
        const auto b = (*fresh)->reply(other, kNow, options, control);
        QVERIFY_RESULT(a);
        QVERIFY_RESULT(b);
        QVERIFY(a->generated.ids == b->generated.ids);
    }

    void cancelledAnswersAreAnswers() {
        auto session = ChatSession::create(m_engine, 512);
        QVERIFY_RESULT(session);
        const std::vector<ChatMessage> messages{{"user", "hello"}};
        Cancelled cancelled;
        const auto stopped = (*session)->reply(messages, kNow, {}, cancelled);
        QVERIFY_RESULT(stopped);
        QCOMPARE(stopped->generated.stopReason, std::string("cancelled"));
        RunControl control;
        GenerateOptions options;
        options.maxTokens = 4;
        options.stopAtEnd = false;
        auto fresh = ChatSession::create(m_engine, 512);
        QVERIFY_RESULT(fresh);
        const auto a = (*session)->reply(messages, kNow, options, control);
        const auto b = (*fresh)->reply(messages, kNow, options, control);
        QVERIFY_RESULT(a);
        QVERIFY_RESULT(b);
        QVERIFY(a->generated.ids == b->generated.ids);
    }

    void conversationsLongerThanTheContextAreRefused() {
        auto session = ChatSession::create(m_engine, 32);
        QVERIFY_RESULT(session);
        RunControl control;
        const std::vector<ChatMessage> messages{{"user", std::string(2000, 'x')}};
        const auto reply = (*session)->reply(messages, kNow, {}, control);
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, ErrorCode::Usage);
        QVERIFY(QString::fromStdString(reply.error().message).contains("32"));
        GenerateOptions bad;
        bad.sampler.temperature = -1;
        const std::vector<ChatMessage> hello{{"user", "hi"}};
        QVERIFY(!(*session)->reply(hello, kNow, bad, control));
    }

    void modelsWithoutTokenizerSaySo() {
        class Bare : public Engine {
        public:
            explicit Bare(const Model& model) : m_model(model) {}
            const Model& model() const override { return m_model; }
            std::shared_ptr<const Model> sharedModel() const override { return nullptr; }
            int threads() const override { return 1; }
            const std::vector<KernelChoice>& kernels() const override { return m_kernels; }
            std::string pathDescription() const override { return {}; }
            const WeightBytes& weightBytes() const override { return m_bytes; }
            Result<std::unique_ptr<Session>> newSession(std::int64_t) const override {
                return fail(ErrorCode::Internal, "not asked for");
            }

        private:
            const Model& m_model;
            WeightBytes m_bytes;
            std::vector<KernelChoice> m_kernels;
        };
        Model::Parts parts;
        parts.tokenizerNote = "tokenizer.json is missing";
        const Model model(std::move(parts));
        const auto session = ChatSession::create(std::make_shared<Bare>(model), 0);
        QVERIFY(!session);
        QVERIFY(QString::fromStdString(session.error().message).contains("tokenizer.json is missing"));
    }

private:
    QTemporaryDir m_folder;
    std::shared_ptr<const Engine> m_engine, m_other; ///< of one vocabulary
};

QTEST_GUILESS_MAIN(TestChatSession)
#include "tst_chatsession.moc"
