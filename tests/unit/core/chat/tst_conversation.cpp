// Conversations on disk: what was appended is there again, whatever happened to the last line.
#include "core/chat/conversation.h"
#include "core/chat/divergence.h"
#include "tests/support/testdata.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace trilobit;

namespace {

const std::vector<TokenId> kNone;

QByteArray bytesOf(const std::string& path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Json user(const char* text) {
    return Json::object(
        {{"event", "user"}, {"text", text}, {"panes", Json::array().push("original").push("quantized")}});
}

Json said(const char* event, const char* pane, const char* text) {
    return Json::object({{"event", event}, {"pane", pane}, {"text", text}});
}

} // namespace

class TestConversation : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath("deep/er").toStdString();
    }

    void comesBack() {
        auto log = ConversationLog::create(m_path, "talk", Json::object({{"model", "tiny"}}));
        QVERIFY_RESULT(log);
        for (const Json& event : {said("system", "", "be short"), user("one"), said("text", "original", "a "),
                                  said("text", "quantized", "x"), said("text", "original", "b"),
                                  said("answer", "original", "a b"), said("answer", "quantized", "x y"), user("two"),
                                  said("answer", "original", "c"), said("failed", "quantized", "no memory")})
            QVERIFY_RESULT((*log)->append(event));
        const auto saved = loadConversation((*log)->path());
        QVERIFY_RESULT(saved);
        QCOMPARE(saved->head["model"].toString(), std::string("tiny"));
        QCOMPARE(saved->system, std::string("be short"));
        QCOMPARE(saved->firstPrompt, std::string("one"));
        const std::vector<ChatMessage> original{
            {"user", "one"}, {"assistant", "a b"}, {"user", "two"}, {"assistant", "c"}};
        const std::vector<ChatMessage> quantized{{"user", "one"}, {"assistant", "x y"}};
        QVERIFY(saved->panes.at("original") == original);
        QVERIFY(saved->panes.at("quantized") == quantized);
    }

    void turnsAreTakenBack() {
        auto log = ConversationLog::create(m_path, "talk", Json::object({{"model", "tiny"}}));
        QVERIFY_RESULT(log);
        const Json back = Json::object({{"event", "back"}, {"panes", Json::array().push("original").push("elsewhere")}});
        for (const Json& event : {user("one"), said("answer", "original", "a"), said("answer", "quantized", "x"), user("two"),
                                  said("answer", "original", "b"), said("answer", "quantized", "y"), back, user("three"),
                                  said("answer", "original", "c")})
            QVERIFY_RESULT((*log)->append(event));
        const auto saved = loadConversation((*log)->path());
        QVERIFY_RESULT(saved);
        const std::vector<ChatMessage> original{{"user", "one"}, {"assistant", "a"}, {"user", "three"}, {"assistant", "c"}};
        QVERIFY(saved->panes.at("original") == original);
        QCOMPARE(saved->panes.at("quantized").size(), std::size_t{5}); // it was not named
        const std::string text = conversationToMarkdown(*saved);
        QVERIFY2(text.starts_with("# tiny\n"), text.c_str());
        QVERIFY2(text.find("## original\n\n**You:** one\n\n**Answer:** a\n\n**You:** three\n\n**Answer:** c\n") != std::string::npos,
                 text.c_str());
    }

    // The file may end anywhere: every prefix still opens, and never shows more than was said.
    void survivesEveryCut() {
        auto log = ConversationLog::create(m_path, "talk", Json::object());
        QVERIFY_RESULT(log);
        QVERIFY_RESULT((*log)->append(user("hello")));
        QVERIFY_RESULT((*log)->append(said("text", "original", "first ")));
        QVERIFY_RESULT((*log)->append(said("text", "original", "second")));
        const QByteArray whole = bytesOf((*log)->path());
        const qsizetype head = whole.indexOf('\n');
        const QByteArray firstPiece("\"first \"}\n");
        const qsizetype afterFirst =
            whole.indexOf(firstPiece) + firstPiece.size() - 1; // the newline itself is not needed
        QVERIFY(afterFirst > head);
        for (qsizetype length = 0; length <= whole.size(); ++length) {
            const QString path = m_folder->filePath("cut.jsonl");
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            file.write(whole.left(length));
            file.close();
            const auto saved = loadConversation(path.toStdString());
            QCOMPARE(saved.has_value(), length >= head);
            if (!saved) {
                QCOMPARE(saved.error().code, ErrorCode::Format);
                continue;
            }
            const auto pane = saved->panes.find("original");
            if (length >= whole.size() - 1)
                QCOMPARE(pane->second.back().text, std::string("first second"));
            else if (length >= afterFirst)
                QCOMPARE(pane->second.back().text, std::string("first "));
        }
    }

    void goesOnAfterACut() {
        std::string path;
        {
            auto log = ConversationLog::create(m_path, "talk", Json::object());
            QVERIFY_RESULT(log);
            path = (*log)->path();
            QVERIFY_RESULT((*log)->append(user("hello")));
            QVERIFY_RESULT((*log)->append(said("answer", "original", "whole")));
        }
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.resize(file.size() - 5)); // the answer is cut
        file.close();
        auto log = ConversationLog::resume(path);
        QVERIFY_RESULT(log);
        QVERIFY_RESULT((*log)->append(said("answer", "original", "again")));
        const auto saved = loadConversation(path);
        QVERIFY_RESULT(saved);
        QCOMPARE(saved->panes.at("original").back().text, std::string("again"));
    }

    void namesDoNotCollide() {
        auto first = ConversationLog::create(m_path, "talk", Json::object());
        auto second = ConversationLog::create(m_path, "talk", Json::object());
        QVERIFY_RESULT(first);
        QVERIFY_RESULT(second);
        QVERIFY((*first)->path() != (*second)->path());
    }

    void refusesWhatIsNotAConversation_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("hello\n");
        QTest::newRow("newer") << QByteArray("{\"trilobit_conversation\": 2}\n");
        QTest::newRow("array") << QByteArray("[1]\n");
        QTest::newRow("zeros") << QByteArray(100, '\0');
    }
    void refusesWhatIsNotAConversation() {
        QFETCH(const QByteArray, content);
        const QString path = m_folder->filePath("other.jsonl");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto saved = loadConversation(path.toStdString());
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::Format);
        QCOMPARE(saved.error().file, path.toStdString());
    }

    void sayingWhyItCannotBeSaved() {
        QFile blocker(m_folder->filePath("blocker"));
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        const auto log = ConversationLog::create(blocker.fileName().toStdString() + "/sub", "talk", Json::object());
        QVERIFY(!log);
        QCOMPARE(log.error().code, ErrorCode::Io);
    }

    void firstDifferences() {
        const std::vector<TokenId> a{1, 2, 3}, b{1, 2, 4}, shorter{1, 2};
        QVERIFY(firstDifference(a, false, b, false) == std::size_t{2});
        QVERIFY(!firstDifference(a, true, a, true));
        QVERIFY(!firstDifference(a, true, shorter, false)); // may still say 3
        QVERIFY(firstDifference(a, false, shorter, true) == std::size_t{2});
        QVERIFY(firstDifference(shorter, true, a, false) == std::size_t{2});
        QVERIFY(!firstDifference(shorter, false, a, true));
        QVERIFY(!firstDifference(kNone, false, a, false));
        QVERIFY(firstDifference(kNone, true, a, false) == std::size_t{0});
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_path;
};

QTEST_GUILESS_MAIN(TestConversation)
#include "tst_conversation.moc"
