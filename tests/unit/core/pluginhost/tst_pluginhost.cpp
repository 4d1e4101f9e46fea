// PluginHost: real plugins load, everything else becomes a row that says why not.
#include "core/pluginhost/pluginhost.h"
#include "tests/support/testdata.h"

#include <QTemporaryDir>

using namespace trilobit;

namespace {

QString fixture(const char* name) { return QStringLiteral(FIXTURES "/") + QLatin1String(name); }

/// A folder with copies of libraries, some with bytes of their metadata exchanged for others of the same length.
class Folder {
public:
    void add(const QString& name, const QString& source) { QVERIFY(QFile::copy(source, m_dir.filePath(name))); }
    void addPatched(const QString& name, const QString& source, const QByteArray& from, const QByteArray& to) {
        QByteArray bytes = test::readBytes(source);
        QCOMPARE(from.size(), to.size());
        QVERIFY2(bytes.contains(from), "the library does not contain what the test wants to change");
        bytes.replace(from, to);
        addBytes(name, bytes);
    }
    void addBytes(const QString& name, const QByteArray& bytes) {
        QFile file(m_dir.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    QString path() const { return m_dir.path(); }

private:
    QTemporaryDir m_dir;
};

} // namespace

class TestPluginHost : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { qunsetenv("FIXTURE_MODE"); }
    void loadsOwnPlugins();
    void loadsFixture();
    void brokenMetadata_data();
    void brokenMetadata();
    void brokenBehaviour_data();
    void brokenBehaviour();
    void notALibrary();
    void truncatedLibrary();
    void duplicates();
    void foldersThatAreNotThere();
    void defaultFolders();
};

void TestPluginHost::loadsOwnPlugins() {
    PluginHost host;
    host.scan({QStringLiteral(PLUGINS)});
    QStringList ids;
    for (const PluginRow& row : host.rows()) {
        QVERIFY2(row.error.isEmpty(), qPrintable(row.file + ": " + row.error));
        QVERIFY(!row.name.isEmpty() && !row.version.isEmpty());
        ids += row.methods;
    }
    for (const char* id : {"absmean", "hqq", "rtn"}) {
        QVERIFY(ids.contains(QLatin1String(id)));
        const auto method = host.methods().find(id);
        QVERIFY_RESULT(method);
        const MethodInfo& info = (*method)->info();
        QVERIFY(!info.title.empty() && !info.summary.empty() && !info.reference.empty());
        for (const ParamSpec& spec : info.params)
            QVERIFY(!spec.label.empty() && !spec.help.empty());
    }
}

void TestPluginHost::loadsFixture() {
    Folder folder;
    folder.add("a.so", fixture("fixture_factory.so"));
    folder.addBytes("readme.txt", "ignored");
    PluginHost host;
    host.scan({folder.path()});
    QCOMPARE(host.rows().size(), std::size_t{1});
    const PluginRow& row = host.rows()[0];
    QCOMPARE(row.error, QString());
    QCOMPARE(row.id, QStringLiteral("fixture"));
    QCOMPARE(row.version, QStringLiteral("1.2.3"));
    QCOMPARE(row.methods, (QStringList{"t-first", "t-other"}));
    QCOMPARE(host.methods().all().size(), std::size_t{2});
}

void TestPluginHost::brokenMetadata_data() {
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QByteArray& from, const QByteArray& to, const char* says) {
        QTest::newRow(name) << from << to << QString(says);
    };
    row("another interface", "org.trilobit.MethodFactory/1", "org.elsewhere.MethodMaker/v1", "not a method plugin");
    row("later interface", "org.trilobit.MethodFactory/1", "org.trilobit.MethodFactory/2", "another version");
    row("no id", QByteArray("\x62id", 3), QByteArray("\x62ix", 3), "id must be");
    row("bad id", "fixture", "Fix/ure", "id must be");
    row("no name", QByteArray("\x64name", 5), QByteArray("\x64nome", 5), "name is missing");
    row("no version", QByteArray("\x67version", 8), QByteArray("\x67persion", 8), "version is missing");
    // CBOR: a text of three characters is 0x63 and the text, the number 1 is 0x01, true is 0xF5.
    row("api missing", QByteArray("\x63" "api", 4), QByteArray("\x63" "apx", 4), "api must be 1");
    row("api 2", QByteArray("\x63" "api\x01", 5), QByteArray("\x63" "api\x02", 5), "api must be 1");
    row("api true", QByteArray("\x63" "api\x01", 5), QByteArray("\x63" "api\xF5", 5), "api must be 1");
    row("no methods", QByteArray("\x67methods", 8), QByteArray("\x67mothods", 8), "methods must be a list");
    row("bad method id", QByteArray("\x67t-other", 8), QByteArray("\x67T-other", 8), "methods must hold ids");
    row("method twice", QByteArray("\x67t-other", 8), QByteArray("\x67t-first", 8), "listed twice");
}

void TestPluginHost::brokenMetadata() {
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    QFETCH(const QString, says);
    // Loading the library would make this mode throw; the message shows whether the host got that far.
    qputenv("FIXTURE_MODE", "throw");
    Folder folder;
    folder.addPatched("broken.so", fixture("fixture_factory.so"), from, to);
    PluginHost host;
    host.scan({folder.path()});
    QCOMPARE(host.rows().size(), std::size_t{1});
    QVERIFY2(host.rows()[0].error.contains(says), qPrintable(host.rows()[0].error));
    QVERIFY(host.methods().all().empty());
}

void TestPluginHost::brokenBehaviour_data() {
    QTest::addColumn<QByteArray>("mode");
    QTest::addColumn<QString>("says");
    QTest::newRow("throws") << QByteArray("throw") << "out of patience";
    QTest::newRow("throws a number") << QByteArray("throw number") << "failed while loading";
    QTest::newRow("brings nothing") << QByteArray("none") << "brings none";
    QTest::newRow("brings null") << QByteArray("null") << "empty method";
    QTest::newRow("brings fewer") << QByteArray("fewer") << "announces the methods t-first, t-other";
    QTest::newRow("brings another") << QByteArray("other name") << "t-third";
    QTest::newRow("default out of range") << QByteArray("default") << "wrong default";
}

void TestPluginHost::brokenBehaviour() {
    QFETCH(const QByteArray, mode);
    QFETCH(const QString, says);
    qputenv("FIXTURE_MODE", mode);
    Folder folder;
    folder.add("misbehaving.so", fixture("fixture_factory.so"));
    PluginHost host;
    host.scan({folder.path()});
    QCOMPARE(host.rows().size(), std::size_t{1});
    QVERIFY2(host.rows()[0].error.contains(says), qPrintable(host.rows()[0].error));
    QCOMPARE(host.rows()[0].id, QStringLiteral("fixture"));
    QVERIFY(host.methods().all().empty());
}

void TestPluginHost::notALibrary() {
    Folder folder;
    folder.addBytes("1-empty.so", {});
    folder.addBytes("2-text.so", QByteArray(5000, 'x'));
    folder.add("3-plain.so", fixture("fixture_plain.so"));
    folder.add("4-notafactory.so", fixture("fixture_notafactory.so"));
    folder.add("5-good.so", fixture("fixture_factory.so"));
    PluginHost host;
    host.scan({folder.path()});
    QCOMPARE(host.rows().size(), std::size_t{5});
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY2(!host.rows()[i].error.isEmpty(), qPrintable(host.rows()[i].file));
    QVERIFY(host.rows()[3].error.contains("not a method factory"));
    QCOMPARE(host.rows()[4].error, QString());
    QCOMPARE(host.methods().all().size(), std::size_t{2});
}

void TestPluginHost::truncatedLibrary() {
    const QByteArray whole = test::readBytes(fixture("fixture_factory.so"));
    Folder folder;
    constexpr int kCuts = 40;
    for (int i = 1; i <= kCuts; ++i)
        folder.addBytes(QStringLiteral("cut%1.so").arg(i, 2, 10, QLatin1Char('0')), whole.left(whole.size() * i / (kCuts + 1)));
    PluginHost host;
    host.scan({folder.path()});
    QCOMPARE(host.rows().size(), std::size_t{kCuts});
    for (const PluginRow& row : host.rows())
        QVERIFY2(!row.error.isEmpty(), qPrintable(row.file));
}

void TestPluginHost::duplicates() {
    Folder first, second;
    first.add("a.so", fixture("fixture_factory.so"));
    first.add("b.so", fixture("fixture_factory.so"));
    second.addPatched("c.so", fixture("fixture_factory.so"), "fixture", "another");
    PluginHost host;
    host.scan({first.path(), second.path()});
    QCOMPARE(host.rows().size(), std::size_t{3});
    QCOMPARE(host.rows()[0].error, QString());
    QVERIFY(host.rows()[1].error.contains("already loaded"));
    QCOMPARE(host.rows()[2].id, QStringLiteral("another"));
    QVERIFY(host.rows()[2].error.contains("the method t-first is already there"));
    QCOMPARE(host.methods().all().size(), std::size_t{2});
    host.scan({first.path()}); // a second look finds the same files and adds nothing
    QCOMPARE(host.methods().all().size(), std::size_t{2});
}

void TestPluginHost::foldersThatAreNotThere() {
    PluginHost host;
    host.scan({QStringLiteral("/no/such/folder"), QString()});
    QVERIFY(host.rows().empty());
}

void TestPluginHost::defaultFolders() {
    const QByteArray before = qgetenv("TRILOBIT_PLUGINS");
    qputenv("TRILOBIT_PLUGINS", "/somewhere");
    QCOMPARE(PluginHost::defaultFolders(), QStringList{"/somewhere"});
    qunsetenv("TRILOBIT_PLUGINS");
    const QStringList folders = PluginHost::defaultFolders();
    QCOMPARE(folders.size(), 2);
    QVERIFY(folders[0].endsWith("/plugins"));
    QVERIFY(folders[1].endsWith("/lib/trilobit/plugins"));
    qputenv("TRILOBIT_PLUGINS", before);
}

QTEST_GUILESS_MAIN(TestPluginHost)
#include "tst_pluginhost.moc"
