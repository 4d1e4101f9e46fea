// ExperimentStore: rows come back as they went in, queries treat text as text, foreign and broken files stay untouched.
#include "core/store/experimentstore.h"
#include "tests/support/testdata.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QThread>
#include <QtTest>

#include <atomic>
#include <limits>
#include <thread>

using namespace trilobit;

namespace {

RunRecord sampleRun(const std::string& kind = "quantize") {
    RunRecord run;
    run.kind = kind;
    run.started = "2026-01-02T03:04:05.678Z";
    run.seconds = 12.5;
    run.status = "done";
    run.modelPath = "models/Ünïcode 100%_model.gguf";
    run.modelHash = "ab12";
    run.recipe = Json::object({{"name", "Ternary middle"}, {"rules", Json::array()}});
    run.recipeHash = "cd34";
    run.seed = std::numeric_limits<std::uint64_t>::max();
    run.command = Json::object({{"verb", kind}, {"args", Json::object({{"text", "a'b\"c; DROP TABLE runs; --"}})}});
    run.machine = Json::object({{"cpu", "test"}, {"threads", 2}});
    run.build = "test build";
    run.metrics = Json::object({{"ppl", 17.25}, {"tiny", 1e-300}, {"note", "line\nbreak"}});
    run.artefacts = Json(Json::Array{Json::object({{"path", "out.gguf"}, {"bytes", 9'000'000'000}, {"sha256", "ef"}})});
    return run;
}

void compareRuns(const RunRecord& got, const RunRecord& want) {
    QCOMPARE(got.kind, want.kind);
    QCOMPARE(got.started, want.started);
    QCOMPARE(got.seconds, want.seconds);
    QCOMPARE(got.status, want.status);
    QCOMPARE(got.modelPath, want.modelPath);
    QCOMPARE(got.modelHash, want.modelHash);
    QVERIFY(got.recipe == want.recipe);
    QCOMPARE(got.recipeHash, want.recipeHash);
    QCOMPARE(got.seed, want.seed);
    QVERIFY(got.command == want.command);
    QVERIFY(got.machine == want.machine);
    QCOMPARE(got.build, want.build);
    QVERIFY(got.metrics == want.metrics);
    QVERIFY(got.artefacts == want.artefacts);
    QCOMPARE(got.error, want.error);
}

/// Runs SQL on the file through a connection of its own.
QVariant rawSql(const QString& path, const QString& sql) {
    static int next = 0;
    const QString name = QStringLiteral("raw-%1").arg(next++);
    QVariant value;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        database.setDatabaseName(path);
        if (!database.open())
            qFatal("cannot open the raw connection");
        QSqlQuery query(database);
        if (!query.exec(sql))
            qFatal("%s", qPrintable(query.lastError().text()));
        if (query.next())
            value = query.value(0);
    }
    QSqlDatabase::removeDatabase(name);
    return value;
}

void writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write the test file");
}

} // namespace

class TestExperimentStore : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_count = 0;

    QString newPath() { return m_dir.filePath(QStringLiteral("store%1.sqlite").arg(m_count++)); }
    std::shared_ptr<ExperimentStore> newStore() {
        auto store = ExperimentStore::open(newPath());
        if (!store)
            qFatal("%s", store.error().text().c_str());
        return *store;
    }

private slots:
    void everyFieldComesBack() {
        const auto store = newStore();
        const RunRecord run = sampleRun();
        const auto id = store->add(run);
        QVERIFY_RESULT(id);
        QVERIFY(*id > 0);
        const auto got = store->get(*id);
        QVERIFY_RESULT(got);
        QCOMPARE(got->id, *id);
        compareRuns(*got, run);
    }

    void emptyFieldsComeBackEmpty() {
        const auto store = newStore();
        RunRecord run;
        run.kind = "generate";
        run.status = "running";
        run.seconds = std::numeric_limits<double>::quiet_NaN();
        const auto id = store->add(run);
        QVERIFY_RESULT(id);
        const auto got = store->get(*id);
        QVERIFY_RESULT(got);
        QVERIFY(got->recipe.isNull() && got->metrics.isNull() && got->artefacts.isNull());
        QCOMPARE(got->status, std::string("running")); // this process lives
        QCOMPARE(got->seconds, 0.0);
        const QDateTime started = QDateTime::fromString(QString::fromStdString(got->started), Qt::ISODateWithMs);
        QVERIFY2(started.isValid() && std::abs(started.secsTo(QDateTime::currentDateTimeUtc())) < 60,
                 got->started.c_str());
    }

    void updateReplacesOnlyItsRow() {
        const auto store = newStore();
        const auto first = store->add(sampleRun());
        const auto second = store->add(sampleRun("compare"));
        QVERIFY(first && second);
        RunRecord changed = sampleRun("perplexity");
        changed.id = *first;
        changed.status = "failed";
        changed.error = "the disk is full";
        changed.metrics = Json();
        changed.seed = 7;
        QVERIFY_RESULT(store->update(changed));
        compareRuns(*store->get(*first), changed);
        compareRuns(*store->get(*second), sampleRun("compare"));
    }

    void missingRowsAreErrors() {
        const auto store = newStore();
        RunRecord run = sampleRun();
        run.id = 99;
        for (const Error& error : {store->get(99).error(), store->update(run).error(), store->remove(99).error()}) {
            QCOMPARE(error.code, ErrorCode::Store);
            QVERIFY2(error.message.find("99") != std::string::npos, error.message.c_str());
            QCOMPARE(QString::fromStdString(error.file), store->path());
        }
        QCOMPARE(store->list({})->size(), std::size_t(0));
    }

    void wrongRecordsAreRefused() {
        const auto store = newStore();
        RunRecord run = sampleRun();
        run.status = "maybe";
        QVERIFY(!store->add(run));
        run = sampleRun("");
        QVERIFY(!store->add(run));
        QCOMPARE(store->list({})->size(), std::size_t(0));
    }

    void idsAreNeverUsedAgain() {
        const auto store = newStore();
        const auto first = store->add(sampleRun());
        QVERIFY_RESULT(store->remove(*first));
        const auto second = store->add(sampleRun());
        QVERIFY(*second > *first);
    }

    void listIsNewestFirstAndLimited() {
        const auto store = newStore();
        std::vector<std::int64_t> ids;
        for (int i = 0; i < 5; ++i)
            ids.push_back(*store->add(sampleRun(i % 2 ? "compare" : "quantize")));
        const auto all = store->list({});
        QCOMPARE(all->size(), std::size_t(5));
        for (std::size_t i = 0; i < 5; ++i)
            QCOMPARE((*all)[i].id, ids[4 - i]);
        const auto two = store->list({"", "", 2});
        QCOMPARE(two->size(), std::size_t(2));
        QCOMPARE((*two)[1].id, ids[3]);
        const auto compares = store->list({"compare", "", -3});
        QCOMPARE(compares->size(), std::size_t(2));
        QCOMPARE((*compares)[0].id, ids[3]);
    }

    void searchTextIsOnlyText_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("hits"); // of: "…100%_model.gguf" with a recipe, "plain.gguf" without
        QTest::newRow("path") << "plain" << 1;
        QTest::newRow("case") << "PLAIN.gguf" << 1;
        QTest::newRow("both") << ".gguf" << 2;
        QTest::newRow("recipe name") << "ternary mid" << 1;
        QTest::newRow("metrics") << "17.25" << 2;
        QTest::newRow("percent") << "%" << 1;
        QTest::newRow("percent is no wildcard") << "m%l" << 0;
        QTest::newRow("underscore is no wildcard") << "pl_in" << 0;
        QTest::newRow("underscore") << "%_m" << 1;
        QTest::newRow("non-ASCII") << "Ünïcode" << 1;
        QTest::newRow("quote") << "' OR 1=1 --" << 0;
        QTest::newRow("backslash") << "\\" << 1; // in "line\nbreak" as JSON writes it
        QTest::newRow("only the command holds it") << "DROP TABLE" << 0;
        QTest::newRow("very long") << QString(200'000, QLatin1Char('%')) << 0;
    }
    void searchTextIsOnlyText() {
        QFETCH(const QString, text);
        QFETCH(const int, hits);
        const auto store = newStore();
        QVERIFY_RESULT(store->add(sampleRun()));
        RunRecord plain = sampleRun();
        plain.modelPath = "plain.gguf";
        plain.recipe = Json();
        plain.metrics = Json::object({{"ppl", 17.25}});
        QVERIFY_RESULT(store->add(plain));
        const auto found = store->list({"", text.toStdString(), 0});
        QVERIFY_RESULT(found);
        QCOMPARE(static_cast<int>(found->size()), hits);
        QCOMPARE(store->list({"", "", 0})->size(), std::size_t(2)); // the table is still there
    }

    void pathThatIsNotUtf8IsKeptReadable() {
        const auto store = newStore();
        RunRecord run = sampleRun();
        run.modelPath = "bad\xFFname.gguf";
        const auto id = store->add(run);
        QVERIFY_RESULT(id);
        QCOMPARE(store->get(*id)->modelPath, std::string("bad\xEF\xBF\xBDname.gguf"));
    }

    void spoiltColumnHidesNothingElse() {
        const auto store = newStore();
        const auto id = store->add(sampleRun());
        QVERIFY_RESULT(store->add(sampleRun()));
        rawSql(store->path(), QStringLiteral("UPDATE runs SET metrics = '{\"ppl\": ' WHERE id = %1").arg(*id));
        const auto all = store->list({});
        QVERIFY_RESULT(all);
        QCOMPARE(all->size(), std::size_t(2));
        const auto got = store->get(*id);
        QVERIFY(got->metrics.isNull());
        QVERIFY(got->recipe == sampleRun().recipe);
        QVERIFY2(got->error.find("metrics") != std::string::npos, got->error.c_str());
    }

    void dataVersionSeesEveryWrite() {
        const auto one = newStore();
        const auto other = *ExperimentStore::open(one->path());
        std::int64_t last = one->dataVersion();
        QCOMPARE(one->dataVersion(), last);
        const auto id = one->add(sampleRun());
        QVERIFY(one->dataVersion() != last);
        last = one->dataVersion();
        RunRecord run = sampleRun();
        run.id = *id;
        QVERIFY_RESULT(other->update(run)); // another connection
        QVERIFY(one->dataVersion() != last);
        QCOMPARE(one->dataVersion(), other->dataVersion());
        last = one->dataVersion();
        (void)other->list({});
        (void)other->get(*id);
        QCOMPARE(one->dataVersion(), last); // reading is no write
        std::thread([&] { (void)one->remove(*id); }).join();
        QVERIFY(one->dataVersion() != last);
    }

    void schemaAndJournal() {
        const auto store = newStore();
        QVERIFY_RESULT(store->add(sampleRun()));
        QCOMPARE(rawSql(store->path(), QStringLiteral("PRAGMA journal_mode")).toString(), QStringLiteral("wal"));
        QCOMPARE(rawSql(store->path(), QStringLiteral("PRAGMA application_id")).toInt(), 0x54524954);
        QVERIFY(rawSql(store->path(), QStringLiteral("PRAGMA user_version")).toInt() >= 1);
        QCOMPARE(rawSql(store->path(), QStringLiteral("PRAGMA integrity_check")).toString(), QStringLiteral("ok"));
    }

    void openingAgainKeepsRows() {
        const QString path = newPath();
        std::int64_t id = 0;
        {
            const auto store = *ExperimentStore::open(path);
            id = *store->add(sampleRun());
        }
        const auto store = ExperimentStore::open(path);
        QVERIFY_RESULT(store);
        compareRuns(*(*store)->get(id), sampleRun());
    }

    void interruptedMigrationIsDoneAgain() {
        // The process died before the first migration was committed: an empty database in WAL mode.
        const QString path = newPath();
        rawSql(path, QStringLiteral("PRAGMA journal_mode = WAL"));
        const auto store = ExperimentStore::open(path);
        QVERIFY_RESULT(store);
        QVERIFY_RESULT((*store)->add(sampleRun()));
    }

    void refusedFilesStayAsTheyAre_data() {
        QTest::addColumn<QByteArray>("content"); // empty: made by `sql`
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("message");
        QTest::newRow("text") << QByteArray("just a letter\n") << "" << "not a database";
        QTest::newRow("zeros") << QByteArray(8192, '\0') << "" << "not a database";
        QTest::newRow("one byte") << QByteArray("S") << "" << "not a database";
        QTest::newRow("magic only") << QByteArray("SQLite format 3\0", 16) << "" << "not a database";
        QTest::newRow("magic and rubbish") << QByteArray("SQLite format 3\0", 16) + QByteArray(4080, '\x5A') << ""
                                           << "cannot be";
        QTest::newRow("other program") << QByteArray() << "CREATE TABLE bookmarks (url TEXT)" << "another program";
        QTest::newRow("other program's id") << QByteArray() << "PRAGMA application_id = 77" << "another program";
        QTest::newRow("newer schema") << QByteArray() << "PRAGMA application_id = 1414678868;PRAGMA user_version = 9999"
                                      << "newer version";
        QTest::newRow("negative schema") << QByteArray() << "PRAGMA application_id = 1414678868;PRAGMA user_version = -3"
                                         << "schema number -3";
        QTest::newRow("newer schema in the log") << QByteArray()
                                                 << "PRAGMA journal_mode = WAL;PRAGMA application_id = 1414678868;"
                                                    "PRAGMA user_version = 9999"
                                                 << "newer version";
    }
    void refusedFilesStayAsTheyAre() {
        QFETCH(const QByteArray, content);
        QFETCH(const QString, sql);
        QFETCH(const QString, message);
        const QString path = newPath();
        if (!content.isEmpty())
            writeFile(path, content);
        for (const QString& statement : sql.split(QLatin1Char(';'), Qt::SkipEmptyParts))
            rawSql(path, statement);
        const QByteArray before = trilobit::test::readBytes(path);
        const auto store = ExperimentStore::open(path);
        QVERIFY(!store);
        QCOMPARE(store.error().code, ErrorCode::Store);
        QCOMPARE(QString::fromStdString(store.error().file), path);
        QVERIFY2(QString::fromStdString(store.error().message).contains(message), store.error().text().c_str());
        QCOMPARE(trilobit::test::readBytes(path), before);
    }

    void truncatedStoreIsAnErrorNotACrash() {
        const QString path = newPath();
        {
            const auto store = *ExperimentStore::open(path);
            for (int i = 0; i < 50; ++i)
                QVERIFY_RESULT(store->add(sampleRun()));
        }
        const QByteArray whole = trilobit::test::readBytes(path);
        QVERIFY(whole.size() > 16384);
        for (qsizetype size = 1; size < whole.size(); size += size < 128 ? 7 : 2999) {
            const QString cut = newPath();
            writeFile(cut, whole.left(size));
            const auto store = ExperimentStore::open(cut);
            if (!store) {
                QCOMPARE(store.error().code, ErrorCode::Store);
                continue;
            }
            const auto runs = (*store)->list({}); // SQLite notices a missing page when it is read
            if (!runs)
                QCOMPARE(runs.error().code, ErrorCode::Store);
            else
                QVERIFY(runs->size() <= 50);
        }
    }

    void badPlacesAreErrors() {
        for (const QString& path : {QString(), m_dir.path(), m_dir.filePath(QStringLiteral("missing/store.sqlite")),
                                    QStringLiteral("/dev/null")}) {
            const auto store = ExperimentStore::open(path);
            QVERIFY2(!store, qPrintable(path));
            QCOMPARE(store.error().code, ErrorCode::Store);
        }
        QVERIFY(!QFileInfo::exists(m_dir.filePath(QStringLiteral("missing"))));
    }

    void manyThreadsWriteAndRead() {
        const auto store = newStore();
        constexpr int kThreads = 6;
        constexpr int kRuns = 15;
        std::atomic<int> failures = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < kThreads; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < kRuns; ++i) {
                    RunRecord run = sampleRun("thread" + std::to_string(t));
                    run.seed = static_cast<std::uint64_t>(i);
                    const auto id = store->add(run);
                    if (!id) {
                        ++failures;
                        continue;
                    }
                    run.id = *id;
                    run.seconds = i;
                    if (!store->update(run) || store->get(*id)->seconds != i || !store->list({run.kind, "", 3}))
                        ++failures;
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(failures.load(), 0);
        QCOMPARE(store->list({})->size(), std::size_t(kThreads * kRuns));
        // Threads that ended have closed their connections: this thread's is the only one left.
        QCOMPARE(QSqlDatabase::connectionNames().size(), 1);
    }

    void connectionsEndWithTheStore() {
        {
            const auto store = newStore();
            QVERIFY(!QSqlDatabase::connectionNames().isEmpty());
        }
        QCOMPARE(QSqlDatabase::connectionNames(), QStringList());
    }

    void defaultPathIsInTheUsersData() {
        QStandardPaths::setTestModeEnabled(true);
        const QString path = ExperimentStore::defaultPath();
        QVERIFY(path.endsWith(QStringLiteral("/trilobit/experiments.sqlite")));
        QVERIFY(QFileInfo(path).absoluteDir().exists());
    }

    void jsonHasTheKeysOfTheCommandLine() {
        const Json json = runToJson(sampleRun());
        for (const char* key : {"id", "kind", "started", "model", "recipe", "metrics", "seed", "status", "artefacts"})
            QVERIFY2(json.contains(key), key);
        QCOMPARE(json["seed"].toUInt(), std::numeric_limits<std::uint64_t>::max());
        QVERIFY(Json::parse(json.dump()).has_value());
    }
};

QTEST_GUILESS_MAIN(TestExperimentStore)
#include "tst_experimentstore.moc"
