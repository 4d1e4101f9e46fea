// Training data files: what is read, what is refused and how it is said.
#include "core/corpus/documents.h"
#include "core/base/safefile.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace trilobit;

namespace {

Document chat(std::vector<CorpusMessage> messages) { return {{}, std::move(messages)}; }

class Cancelled : public RunControl {
public:
    bool isCancelled() const noexcept override { return true; }
};

} // namespace

class TestDocuments : public QObject {
    Q_OBJECT

private slots:
    void jsonl() {
        RunControl control;
        const auto read = parseJsonlDocuments("\xEF\xBB\xBF{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"u\"},"
                                              "{\"role\":\"assistant\",\"content\":\"a\\n\"}],\"id\":3}\r\n\n  \n{\"text\":\"caf\xC3\xA9\"}\n{\"text\":\"\"}",
                                              "x", control);
        QVERIFY2(read, read ? "" : read.error().text().c_str());
        QCOMPARE(read->size(), std::size_t{2});
        QVERIFY((*read)[0] == chat({{"system", "s"}, {"user", "u"}, {"assistant", "a\n"}}));
        QVERIFY((*read)[1] == (Document{"caf\xC3\xA9", {}}));
    }
    void plain() {
        RunControl control;
        const auto read = parseTextDocuments("\n\none\ntwo\r\n \t\nthree\n\n\n", "x", control);
        QVERIFY(read);
        QCOMPARE(read->size(), std::size_t{2});
        QCOMPARE((*read)[0].text, std::string("one\ntwo"));
        QCOMPARE((*read)[1].text, std::string("three"));
        const auto marked = parseTextDocuments("a\n\nb\n---\nc\n--- \n", "x", control, "---");
        QVERIFY(marked);
        QCOMPARE(marked->size(), std::size_t{2});
        QCOMPARE((*marked)[0].text, std::string("a\n\nb"));
        QCOMPARE((*marked)[1].text, std::string("c\n---"));
    }
    void refused_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("message");
        const QByteArray ok = "{\"text\":\"a\"}\n";
        const auto message = [](const char* list) { return QByteArray("{\"messages\":") + list + "}\n"; };
        QTest::newRow("empty") << QByteArray() << "" << "no document";
        QTest::newRow("blank") << QByteArray("\n  \n") << "" << "no document";
        QTest::newRow("not JSON") << ok + "{\"text\":" << "line 2" << "not JSON";
        QTest::newRow("no object") << ok + "[1]" << "line 2" << "expected a JSON object";
        QTest::newRow("neither") << QByteArray("{\"txt\":\"a\"}") << "line 1" << "\"messages\" or \"text\"";
        QTest::newRow("both") << QByteArray("{\"text\":\"a\",\"messages\":[]}") << "line 1" << "exclude";
        QTest::newRow("text is a number") << QByteArray("{\"text\":3}") << "line 1: text" << "expected a text, got 3";
        QTest::newRow("bad UTF-8") << ok + ok + "{\"text\":\"\xff\"}" << "line 3" << "byte 10 of the line is not UTF-8";
        QTest::newRow("messages empty") << message("[]") << "line 1: messages" << "expected a list";
        QTest::newRow("messages no list") << message("{}") << "line 1: messages" << "expected a list";
        QTest::newRow("message no object") << message("[3]") << "line 1: messages[0]" << "got 3";
        QTest::newRow("unknown role") << message("[{\"role\":\"robot\",\"content\":\"a\"}]") << "line 1: messages[0].role" << "got \"robot\"";
        QTest::newRow("no role") << message("[{\"content\":\"a\"}]") << "line 1: messages[0].role" << "got null";
        QTest::newRow("no content") << message("[{\"role\":\"user\"}]") << "line 1: messages[0].content" << "expected a text";
        QTest::newRow("assistant first") << message("[{\"role\":\"assistant\",\"content\":\"a\"}]") << "line 1: messages[0].role" << "expected \"user\"";
        QTest::newRow("two users") << message("[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"a\"}]")
                                   << "line 1: messages[1].role" << "expected \"assistant\"";
        QTest::newRow("late system") << message("[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"system\",\"content\":\"a\"}]")
                                     << "line 1: messages[1].role" << "must be the first";
        QTest::newRow("only system") << message("[{\"role\":\"system\",\"content\":\"a\"}]") << "line 1: messages" << "user message";
        QTest::newRow("long line") << ok + "{\"text\":\"" + QByteArray(3000, 'x') + "\"}" << "line 2" << "at most 2000";
        QTest::newRow("many messages") << message("[1,2,3,4,5,6]") << "line 1: messages" << "at most 5";
    }
    void refused() {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, field);
        QFETCH(const QString, message);
        RunControl control;
        DocumentLimits limits;
        limits.maxLineBytes = 2000;
        limits.maxMessages = 5;
        const auto read = parseJsonlDocuments(text.toStdString(), "data.jsonl", control, limits);
        QVERIFY(!read);
        const Error& error = read.error();
        QCOMPARE(error.code, ErrorCode::Format);
        QCOMPARE(QString::fromStdString(error.file), QString("data.jsonl"));
        QCOMPARE(QString::fromStdString(error.field), field);
        QVERIFY2(error.message.find(message.toStdString()) != std::string::npos, error.message.c_str());
    }
    void refusedPlain() {
        RunControl control;
        DocumentLimits limits;
        limits.maxLineBytes = 10;
        auto read = parseTextDocuments("short\n\nmuch too\nlong\n", "t.txt", control, {}, limits);
        QVERIFY(!read);
        QCOMPARE(read.error().field, std::string("line 4"));
        read = parseTextDocuments("a\nb\xC3\n", "t.txt", control);
        QVERIFY(!read);
        QCOMPARE(read.error().field, std::string("line 2"));
        QVERIFY(!parseTextDocuments(" \n", "t.txt", control));
        Cancelled cancelled;
        read = parseTextDocuments("a\n", "t.txt", cancelled);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Cancelled);
    }
    void files() {
        const QTemporaryDir folder;
        const std::string base = folder.path().toStdString();
        RunControl control;
        const std::vector<Document> documents = {chat({{"user", "Hi \"you\"\n"}, {"assistant", "Hello."}}), {"A story.\n\nWith two parts.", {}}};
        QVERIFY(writeDocuments(base + "/a.jsonl", documents));
        const auto back = readDocuments(base + "/a.jsonl", control);
        QVERIFY2(back, back ? "" : back.error().text().c_str());
        QVERIFY(*back == documents);
        QVERIFY(writeFileSafely(base + "/a.txt", "one\n\ntwo\n"));
        const auto plain = readDocuments(base + "/a.txt", control);
        QVERIFY(plain);
        QCOMPARE(plain->size(), std::size_t{2});
        QVERIFY(!readDocuments(base + "/none.txt", control));
        DocumentLimits limits;
        limits.maxFileBytes = 3;
        QVERIFY(!readDocuments(base + "/a.txt", control, {}, limits));
        QVERIFY(!writeDocuments(base + "/no/such/folder.jsonl", documents));
    }
};

QTEST_GUILESS_MAIN(TestDocuments)
#include "tst_documents.moc"
