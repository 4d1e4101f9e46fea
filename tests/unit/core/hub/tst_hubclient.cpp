// Downloads from a server on this computer: whole, cut off, damaged, hostile.
#include "hubserver.h"

#include "core/hub/hubclient.h"
#include "tests/support/testdata.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <chrono>

using namespace trilobit;
using namespace trilobit::test;

namespace {

const std::string kRepository = "org/model";

class CancelSoon : public RunControl {
public:
    bool isCancelled() const noexcept override { return std::chrono::steady_clock::now() > m_at; }

private:
    std::chrono::steady_clock::time_point m_at = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
};

QByteArray bytes(qsizetype size) {
    QByteArray out(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        out[i] = static_cast<char>(i * 31 % 251);
    return out;
}

} // namespace

class TestHubClient : public QObject {
    Q_OBJECT

    std::unique_ptr<HubServer> m_server;
    std::unique_ptr<QTemporaryDir> m_place;
    RunControl m_control;

    HubOptions options() const {
        HubOptions o;
        o.endpoint = m_server->endpoint();
        return o;
    }
    std::string folder() const { return m_place->filePath("model").toStdString(); }
    QByteArray stored(const char* name) const { return readBytes(m_place->filePath(QStringLiteral("model/") + name)); }
    bool isThere(const char* name) const { return QFile::exists(m_place->filePath(QStringLiteral("model/") + name)); }
    Result<HubFetched> fetch(const HubOptions& o, RunControl& control) const {
        TRILOBIT_TRY(const auto all, listHubFiles(kRepository, o, control));
        TRILOBIT_TRY(const auto chosen, chooseHubFiles(all, {}));
        return fetchHubFiles(kRepository, chosen, folder(), o, control);
    }

private slots:
    void init() {
        m_server = std::make_unique<HubServer>();
        QVERIFY(m_server->isListening());
        m_server->files = {{"config.json", "{\"a\": 1}"}, {"model.safetensors", bytes(300'000)}, {"README.md", "read"},
                           {"tokenizer.json", "{}"}, {"onnx/model.safetensors", "other"}};
        m_place = std::make_unique<QTemporaryDir>();
    }

    void wholeModel() {
        const auto done = fetch(options(), m_control);
        QVERIFY_RESULT(done);
        QCOMPARE(done->files, 3);
        QCOMPARE(stored("model.safetensors"), bytes(300'000));
        QCOMPARE(stored("config.json"), QByteArray("{\"a\": 1}"));
        QVERIFY(!isThere("README.md") && !isThere("onnx/model.safetensors") && !isThere("model.safetensors.part"));
        const auto again = fetch(options(), m_control); // nothing comes twice
        QVERIFY_RESULT(again);
        QCOMPARE(again->alreadyThere, 3);
        QCOMPARE(again->bytes, std::uint64_t{0});
    }

    void goesOnWhereItStopped() {
        m_server->files = {{"config.json", "{}"}, {"model.safetensors", bytes(300'000)}};
        m_server->cutAfter = 100'000; // the first file is the small one and stays whole
        const auto cut = fetch(options(), m_control);
        QVERIFY(!cut);
        QCOMPARE(cut.error().code, ErrorCode::Io);
        QVERIFY(!isThere("model.safetensors"));
        const qsizetype have = stored("model.safetensors.part").size();
        QVERIFY2(have > 0 && have <= 100'000, qPrintable(QString::number(have)));
        m_server->requests.clear();
        const auto done = fetch(options(), m_control);
        QVERIFY_RESULT(done);
        QCOMPARE(done->resumed, static_cast<std::uint64_t>(have));
        QCOMPARE(done->bytes, static_cast<std::uint64_t>(300'000 - have));
        QCOMPARE(stored("model.safetensors"), bytes(300'000));
        QVERIFY(m_server->requests.filter(QStringLiteral("/cdn/model.safetensors bytes=%1-").arg(have)).size() == 1);
    }

    void serversThatBeginAnew() {
        QVERIFY(QDir().mkpath(QString::fromStdString(folder())));
        QFile part(m_place->filePath("model/model.safetensors.part"));
        QVERIFY(part.open(QIODevice::WriteOnly));
        part.write(QByteArray(1000, '?'));
        part.close();
        m_server->ignoreRanges = true;
        QVERIFY_RESULT(fetch(options(), m_control));
        QCOMPARE(stored("model.safetensors"), bytes(300'000));
    }

    void damagedFilesAreThrownAway() {
        m_server->damage = true;
        const auto done = fetch(options(), m_control);
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Format);
        QVERIFY(done.error().text().find("checksum") != std::string::npos);
        QVERIFY(!isThere("config.json") && !isThere("config.json.part"));
    }

    void moreThanAnnounced() {
        m_server->endless = true;
        const auto done = fetch(options(), m_control);
        QVERIFY(!done && done.error().code == ErrorCode::Format);
        QVERIFY(stored("config.json.part").size() <= 8);
    }

    void tokenGoesToTheEndpointOnly() {
        m_server->wantedToken = "hf_secret";
        const auto refused = fetch(options(), m_control);
        QVERIFY(!refused && refused.error().code == ErrorCode::Io);
        QVERIFY(refused.error().text().find("token") != std::string::npos);
        HubOptions o = options();
        o.token = "hf_secret";
        m_server->requests.clear();
        QVERIFY_RESULT(fetch(o, m_control));
        for (const QString& request : m_server->requests)
            QCOMPARE(request.contains("hf_secret"), !request.startsWith("/cdn/"));
        o.token = "two\nlines";
        QCOMPARE(fetch(o, m_control).error().code, ErrorCode::Usage);
    }

    void otherFilesAreNotOverwritten() {
        QVERIFY(QDir().mkpath(QString::fromStdString(folder())));
        QFile mine(m_place->filePath("model/config.json"));
        QVERIFY(mine.open(QIODevice::WriteOnly));
        mine.write("mine");
        mine.close();
        const auto done = fetch(options(), m_control);
        QVERIFY(!done && done.error().code == ErrorCode::Usage);
        QCOMPARE(stored("config.json"), QByteArray("mine"));
    }

    void hostileLists_data() {
        QTest::addColumn<QByteArray>("list");
        const QByteArray sum(40, 'a');
        const auto file = [&](const QByteArray& path) {
            return "[{\"type\":\"file\",\"path\":\"" + path + "\",\"size\":1,\"oid\":\"" + sum + "\"}]";
        };
        QTest::newRow("up") << file("../x");
        QTest::newRow("up inside") << file("a/../../x");
        QTest::newRow("absolute") << file("/etc/passwd");
        QTest::newRow("backslash") << file("a\\\\..\\\\b");
        QTest::newRow("empty") << file("");
        QTest::newRow("our own ending") << file("x.part");
        QTest::newRow("no checksum") << QByteArray("[{\"type\":\"file\",\"path\":\"a\",\"size\":1,\"oid\":\"xyz\"}]");
        QTest::newRow("negative size") << QByteArray("[{\"type\":\"file\",\"path\":\"a\",\"size\":-1,\"oid\":\"" + sum + "\"}]");
        QTest::newRow("no array") << QByteArray("{}");
        QTest::newRow("no JSON") << QByteArray("<html>");
        QTest::newRow("too long") << QByteArray(17 << 20, ' ');
    }
    void hostileLists() {
        QFETCH(QByteArray, list);
        m_server->list = list;
        const auto files = listHubFiles(kRepository, options(), m_control);
        QVERIFY(!files);
        QCOMPARE(files.error().code, ErrorCode::Format);
    }

    void namesAndAddresses() {
        for (const char* name : {"", "a/b/c", "../x", "a/..", "a b", "-x", "a/"})
            QVERIFY2(!checkRepositoryName(name), name);
        for (const char* name : {"gpt2", "Org-1/model_2.5B"})
            QVERIFY2(checkRepositoryName(name), name);
        for (const char* url : {"", "ftp://x", "huggingface.co", "https://u:p@x", "file:///etc", "https://"})
            QVERIFY2(!checkEndpoint(url), url);
        QCOMPARE(listHubFiles("org/none", options(), m_control).error().code, ErrorCode::Io);
        HubOptions closed;
        closed.endpoint = "http://127.0.0.1:1";
        QCOMPARE(listHubFiles(kRepository, closed, m_control).error().code, ErrorCode::Io);
    }

    void redirectionsEnd() {
        m_server->loop = true;
        const auto files = listHubFiles(kRepository, options(), m_control);
        QVERIFY(!files && files.error().text().find("without end") != std::string::npos);
        QVERIFY(m_server->requests.size() < 10);
    }

    void cancels() {
        m_server->silent = true;
        CancelSoon soon;
        QElapsedTimer timer;
        timer.start();
        const auto files = listHubFiles(kRepository, options(), soon);
        QVERIFY(!files);
        QCOMPARE(files.error().code, ErrorCode::Cancelled);
        QVERIFY(timer.elapsed() < 3'000);
    }

    void choices() {
        std::vector<HubFile> all;
        for (const char* path : {"a-Q4_0.gguf", "a-Q8_0.gguf", "README.md"})
            all.push_back({path, 5, std::string(64, '0'), {}});
        const auto none = chooseHubFiles(all, {});
        QVERIFY(!none && none.error().code == ErrorCode::Usage);
        QVERIFY(none.error().text().find("a-Q8_0.gguf") != std::string::npos);
        QCOMPARE(chooseHubFiles(all, {"*Q8_0*"})->size(), std::size_t{1});
        QVERIFY(!chooseHubFiles(all, {"*Q2*"}));
        all.erase(all.begin());
        QCOMPARE(chooseHubFiles(all, {})->front().path, std::string("a-Q8_0.gguf"));
    }
};

QTEST_GUILESS_MAIN(TestHubClient)
#include "tst_hubclient.moc"
