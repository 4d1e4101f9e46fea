// ExperimentStore across processes: writers beside each other, and writers that are killed in the middle of a write.
// The children are this same program, started with "--writer STORE COUNT".
#include "core/store/experimentstore.h"
#include "core/store/processmark.h"
#include "tests/support/testdata.h"

#include <QCoreApplication>
#include <QProcess>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QtTest>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>

using namespace trilobit;

namespace {

/// Big enough that a write takes several pages, so that a kill can hit the middle of one.
RunRecord bigRun(int number) {
    RunRecord run;
    run.kind = "writer";
    run.status = "running";
    run.seed = static_cast<std::uint64_t>(number);
    Json values = Json::array();
    for (int i = 0; i < 2000; ++i)
        values.push(number);
    run.metrics = Json::object({{"values", values}});
    return run;
}

/// Prints the id of each run after it was stored.
int writeRuns(const QString& path, int count) {
    const auto store = ExperimentStore::open(path);
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().text().c_str());
        return 1;
    }
    for (int i = 0; i < count; ++i) {
        const auto id = (*store)->add(bigRun(i));
        if (!id) {
            std::fprintf(stderr, "%s\n", id.error().text().c_str());
            return 1;
        }
        std::printf("%lld\n", static_cast<long long>(*id));
        std::fflush(stdout);
    }
    return 0;
}

/// Dies in the middle of creating tables with a rollback journal, as a process that is killed in its first moments.
[[noreturn]] void dieWithJournal(const QString& path) {
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"));
    database.setDatabaseName(path);
    database.open();
    QSqlQuery query(database);
    for (const char* sql : {"PRAGMA cache_size = 2", "BEGIN", "CREATE TABLE half (content BLOB)",
                            "INSERT INTO half VALUES (zeroblob(1000000))"})
        query.exec(QLatin1String(sql));
    ::kill(::getpid(), SIGKILL);
    std::abort();
}

std::unique_ptr<QProcess> startWriter(const QString& path, int count) {
    auto process = std::make_unique<QProcess>();
    process->setProcessChannelMode(QProcess::SeparateChannels);
    process->start(QCoreApplication::applicationFilePath(),
                   {QStringLiteral("--writer"), path, QString::number(count)});
    return process;
}

QString integrity(const QString& path) {
    QString answer;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("integrity"));
        database.setDatabaseName(path);
        QSqlQuery query;
        if (database.open() && (query = QSqlQuery(database)).exec(QStringLiteral("PRAGMA integrity_check"))
            && query.next())
            answer = query.value(0).toString();
        query = QSqlQuery();
    }
    QSqlDatabase::removeDatabase(QStringLiteral("integrity"));
    return answer;
}

} // namespace

class TestStoreProcesses : public QObject {
    Q_OBJECT

private slots:
    void processesWriteBesideEachOther() {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("store.sqlite")); // they also race to create it
        constexpr int kWriters = 3;
        constexpr int kRuns = 20;
        std::vector<std::unique_ptr<QProcess>> writers;
        for (int i = 0; i < kWriters; ++i)
            writers.push_back(startWriter(path, kRuns));
        for (const auto& writer : writers) {
            QVERIFY(writer->waitForFinished(60'000));
            QVERIFY2(writer->exitStatus() == QProcess::NormalExit && writer->exitCode() == 0,
                     writer->readAllStandardError().constData());
        }
        const auto store = ExperimentStore::open(path);
        QVERIFY_RESULT(store);
        QCOMPARE((*store)->list({})->size(), std::size_t(kWriters * kRuns));
        QCOMPARE(integrity(path), QStringLiteral("ok"));
    }

    void killedWriterLeavesAGoodStore() {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("store.sqlite"));
        const auto store = ExperimentStore::open(path);
        QVERIFY_RESULT(store);
        std::set<std::int64_t> confirmed;
        for (int round = 0; round < 8; ++round) {
            const auto writer = startWriter(path, 1'000'000);
            // It is in the middle of a later write when the first lines have arrived.
            QByteArray lines;
            while (lines.count('\n') < 2 + round) {
                QVERIFY2(writer->waitForReadyRead(30'000), writer->readAllStandardError().constData());
                lines += writer->readAllStandardOutput();
            }
            writer->kill(); // SIGKILL
            QVERIFY(writer->waitForFinished(30'000));
            QCOMPARE(writer->exitStatus(), QProcess::CrashExit);
            lines += writer->readAllStandardOutput();
            for (const QByteArray& line : lines.left(lines.lastIndexOf('\n')).split('\n'))
                confirmed.insert(line.toLongLong());
            QCOMPARE(integrity(path), QStringLiteral("ok"));
        }
        const auto runs = (*store)->list({});
        QVERIFY_RESULT(runs);
        std::set<std::int64_t> present;
        for (const RunRecord& run : *runs) {
            present.insert(run.id);
            QCOMPARE(run.status, std::string("lost"));
            QVERIFY(run.metrics == bigRun(static_cast<int>(run.seed)).metrics); // whole or not at all
        }
        QVERIFY(confirmed.size() >= 8);
        for (const std::int64_t id : confirmed)
            QVERIFY2(present.contains(id), qPrintable(QString::number(id)));
        QVERIFY_RESULT((*store)->add(bigRun(1))); // and it goes on
    }

    void storeOfAProcessThatDiedCreatingIt() {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("store.sqlite"));
        QProcess process;
        process.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--die"), path});
        QVERIFY(process.waitForFinished(30'000));
        QVERIFY(QFileInfo(path + QStringLiteral("-journal")).size() > 0); // else this tests nothing
        QVERIFY(QFileInfo(path).size() > 0);
        const auto store = ExperimentStore::open(path);
        QVERIFY_RESULT(store);
        QVERIFY_RESULT((*store)->add(bigRun(1)));
        QCOMPARE(integrity(path), QStringLiteral("ok"));
    }

    void runningWhileItsProcessLives() {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("store.sqlite"));
        const auto writer = startWriter(path, 1'000'000);
        QVERIFY2(writer->waitForReadyRead(30'000), writer->readAllStandardError().constData());
        const std::int64_t id = writer->readLine().trimmed().toLongLong();
        const auto store = ExperimentStore::open(path);
        QVERIFY_RESULT(store);
        QCOMPARE((*store)->get(id)->status, std::string("running"));
        writer->kill();
        QVERIFY(writer->waitForFinished(30'000));
        RunRecord run = *(*store)->get(id);
        QCOMPARE(run.status, std::string("lost"));
        run.status = "done";
        QVERIFY_RESULT((*store)->update(run));
        QCOMPARE((*store)->get(id)->status, std::string("done"));
    }

    void marks() {
        const std::string mine = thisProcessMark();
        QVERIFY(!mine.empty());
        QVERIFY(isProcessAlive(mine));
        QVERIFY(isProcessAlive(""));                // nothing known
        QVERIFY(!isProcessAlive(mine + "0"));       // same number, started at another time
        QVERIFY(!isProcessAlive("0" + mine));       // another start of the computer
        const std::string space = mine.substr(0, mine.rfind('/', mine.rfind('/') - 1) + 1);
        QVERIFY(!isProcessAlive(space + "999999999/1"));
        QVERIFY(!isProcessAlive(space + "../self/1"));
        QVERIFY(!isProcessAlive(space));
    }
};

int main(int argc, char* argv[]) {
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.size() == 4 && arguments[1] == QStringLiteral("--writer"))
        return writeRuns(arguments[2], arguments[3].toInt());
    if (arguments.size() == 3 && arguments[1] == QStringLiteral("--die"))
        dieWithJournal(arguments[2]);
    TestStoreProcesses test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_storeprocesses.moc"
