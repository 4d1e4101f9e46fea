// A quantization that is killed goes on where it was, to the same bytes; what was kept is used only when it is sound and fits.
#include "core/base/rng.h"
#include "core/model/model.h"
#include "tests/support/cli.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <utime.h>

using namespace trilobit;
using namespace trilobit::test;

namespace {

constexpr int kWaitMs = 120'000;
constexpr int kTensors = 43; // of the demo: seven matrices in each of six blocks, and the embedding

QString sample() { return QStringLiteral(TRILOBIT_SOURCE "/resources/samples/trilobit-demo-f16.gguf"); }

std::uint64_t reusedIn(const Json& result) {
    std::uint64_t count = 0;
    for (const Json& tensor : result["tensors"].items())
        count += tensor["reused"].toBool();
    return count;
}

} // namespace

class TestResume : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QByteArray m_whole; ///< what an uninterrupted run writes
    qint64 m_wholeMs = 0;
    Rng m_random{20};

    QString path(const QString& name) const { return m_folder.filePath(name); }
    QString output() const { return path("out.gguf"); }
    QString work() const { return path("out.gguf.part"); }
    QStringList kept() const { return QDir(work()).entryList({"*.tensor"}, QDir::Files, QDir::Name); }
    int below(int limit) { return static_cast<int>(m_random.below(static_cast<std::uint64_t>(limit))); }

    QStringList arguments(const QStringList& more = {}, const QString& model = sample()) const {
        QStringList words{"quantize", model, "-o", output(), "--keep-after", "0"};
        words << (more.isEmpty() ? QStringList{"--method", "hqq", "--encoding", "affine-g64-b3"} : more);
        return words;
    }
    /// Starts the command and kills it when `now` says so; false when it ended before.
    template <class When>
    bool killed(const QStringList& words, When now) {
        QProcess process;
        process.start(executable("trilobit-cli"), QStringList(words) << "--store" << "none" << "--json");
        if (!process.waitForStarted())
            return false;
        while (process.state() == QProcess::Running && !now())
            process.waitForFinished(2);
        if (process.state() != QProcess::Running)
            return false;
        ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
        process.waitForFinished();
        return true;
    }
    bool killedAfter(int tensors, const QStringList& words) {
        return killed(words, [&] { return kept().size() >= tensors; });
    }
    void nothingIsLeft() {
        QVERIFY2(!QFileInfo::exists(work()), "the work folder is still there");
        const QStringList left = QDir(m_folder.path()).entryList({"*.trilobit"}, QDir::Files);
        QVERIFY2(left.isEmpty(), qPrintable(left.join(' ')));
    }

private slots:
    void initTestCase() {
        QElapsedTimer clock;
        clock.start();
        TRILOBIT_CLI(run, ({"quantize", sample(), "-o", path("whole.gguf"), "--method", "hqq", "--encoding", "affine-g64-b3"}));
        m_wholeMs = clock.elapsed();
        m_whole = readBytes(path("whole.gguf"));
        QCOMPARE(run.json["reused"].toUInt(), 0u);
        // Short work leaves no folder, not even for a moment at its end.
        QVERIFY(!QFileInfo::exists(path("whole.gguf.part")));
    }

    void init() {
        QFile::remove(output());
        QDir(work()).removeRecursively();
    }

    /// Twice in each round, after some number of tensors; the third run finishes.
    void killedBetweenTensors() {
        for (int round = 0; round < 4; ++round) {
            init();
            const int first = 1 + below(kTensors - 12), second = first + 1 + below(8);
            QVERIFY(killedAfter(first, arguments()));
            QVERIFY(!QFileInfo::exists(output()));
            QVERIFY(killedAfter(second, arguments()));
            QVERIFY(!QFileInfo::exists(output()));
            const QStringList before = kept();
            QVERIFY(before.size() >= second && before.size() < kTensors);
            TRILOBIT_CLI(run, (arguments()));
            QCOMPARE(run.json["reused"].toUInt(), static_cast<std::uint64_t>(before.size()));
            QCOMPARE(reusedIn(run.json), static_cast<std::uint64_t>(before.size()));
            QVERIFY(readBytes(output()) == m_whole);
            nothingIsLeft();
        }
    }

    /// At any moment: while the program starts, computes, writes the file or cleans up.
    void killedAtAnyMoment() {
        int cutShort = 0;
        for (int round = 0; round < 8; ++round) {
            init();
            const qint64 wait = below(static_cast<int>(m_wholeMs * 2));
            QElapsedTimer clock;
            clock.start();
            cutShort += killed(arguments(), [&] { return clock.elapsed() >= wait; });
            if (QFileInfo::exists(output()))
                QVERIFY(readBytes(output()) == m_whole);
            const std::uint64_t before = static_cast<std::uint64_t>(kept().size());
            TRILOBIT_CLI(run, (arguments()));
            QCOMPARE(run.json["reused"].toUInt(), before);
            QVERIFY(readBytes(output()) == m_whole);
            nothingIsLeft();
        }
        qInfo("%d of 8 runs were cut short", cutShort);
        QVERIFY(cutShort > 0);
    }

    /// Everything that the report says of a tensor, too.
    void theReportIsTheSame() {
        TRILOBIT_CLI(whole, (arguments()));
        init();
        QVERIFY(killedAfter(20, arguments()));
        TRILOBIT_CLI(run, (arguments()));
        QVERIFY(run.json["reused"].toUInt() >= 20);
        QCOMPARE(run.json["relative_squared_error"].dump(), whole.json["relative_squared_error"].dump());
        const auto &a = whole.json["tensors"].items(), &b = run.json["tensors"].items();
        QCOMPARE(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            Json left = a[i], right = b[i];
            for (Json* row : {&left, &right}) {
                row->remove("seconds");
                row->remove("reused");
            }
            QCOMPARE(right.dump(), left.dump());
        }
    }

    void damagedEntriesAreNotUsed() {
        QVERIFY(killedAfter(12, arguments()));
        const QStringList names = kept();
        const auto file = [&](int i) { return QDir(work()).filePath(names[i]); };
        const QByteArray sound = readBytes(file(0));
        const auto write = [](const QString& name, const QByteArray& bytes) {
            QFile out(name);
            QVERIFY(out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size());
        };
        QByteArray flipped = sound;
        flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 4);
        write(file(0), flipped); // one bit of a weight
        const QByteArray second = readBytes(file(1));
        write(file(1), second.left(second.size() - 1));
        write(file(2), {}); // empty
        QByteArray head = readBytes(file(3));
        head.replace("\"seconds\"", "\"minutes\"");
        write(file(3), head);
        // A sound file of another tensor of the same size under this name.
        int twin = -1;
        for (int i = 5; i < names.size() && twin < 0; ++i)
            if (QFileInfo(file(i)).size() == QFileInfo(file(4)).size())
                twin = i;
        QVERIFY(twin > 0);
        write(file(4), readBytes(file(twin)));
        write(QDir(work()).filePath(QString(64, 'f') + ".tensor"), sound); // nobody asks for this one
        TRILOBIT_CLI(run, (arguments()));
        QCOMPARE(run.json["reused"].toUInt(), static_cast<std::uint64_t>(names.size() - 5));
        QVERIFY(readBytes(output()) == m_whole);
        QCOMPARE(run.errText().count("is computed again"), 5);
        for (const char* reason : {"its checksum does not fit", "bytes long, expected", "belongs to other work", "not used"})
            QVERIFY2(run.errText().contains(QLatin1String(reason)), run.err.constData());
        nothingIsLeft();
    }

    void anotherRecipeDoesNotUseThem_data() {
        QTest::addColumn<QStringList>("recipe");
        QTest::newRow("method") << QStringList{"--method", "rtn", "--encoding", "affine-g64-b3"};
        QTest::newRow("encoding") << QStringList{"--method", "hqq", "--encoding", "affine-g64-b4"};
        QTest::newRow("parameters") << QStringList{"--method", "hqq", "--encoding", "affine-g64-b3", "--params",
                                                   "{\"iterations\":3}"};
        QTest::newRow("seed") << QStringList{"--method", "hqq", "--encoding", "affine-g64-b3", "--seed", "7"};
    }
    void anotherRecipeDoesNotUseThem() {
        QFETCH(QStringList, recipe);
        // Only matrices of blocks: the embedding gets the same in all four.
        QStringList blocks{"--tensors", "blk.*"};
        QVERIFY(killedAfter(10, arguments(QStringList{"--method", "hqq", "--encoding", "affine-g64-b3"} + blocks)));
        TRILOBIT_CLI(fresh, (QStringList{"quantize", sample(), "-o", path("fresh.gguf")} + recipe + blocks));
        TRILOBIT_CLI(run, (arguments(recipe + blocks)));
        QCOMPARE(run.json["reused"].toUInt(), 0u);
        QVERIFY(readBytes(output()) == readBytes(path("fresh.gguf")));
        QVERIFY(run.errText().contains("of other work"));
        nothingIsLeft();
    }

    /// The same name, size and time of change; another weight.
    void anotherModelDoesNotUseThem() {
        const QString model = path("model.gguf");
        QVERIFY(QFile::copy(sample(), model));
        QVERIFY(killedAfter(10, arguments({}, model)));
        const std::size_t had = static_cast<std::size_t>(kept().size());
        const QFileInfo info(model);
        const struct utimbuf times{info.lastRead().toSecsSinceEpoch(), info.lastModified().toSecsSinceEpoch()};
        const auto loaded = loadModel(model.toStdString(), EncodingRegistry::builtin());
        QVERIFY_RESULT(loaded);
        QFile file(model);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(static_cast<qint64>((*loaded)->find("token_embd.weight")->fileOffset) + 1));
        QVERIFY(file.putChar('\x11'));
        file.close();
        QCOMPARE(::utime(model.toLocal8Bit().constData(), &times), 0);
        TRILOBIT_CLI(fresh, ({"quantize", model, "-o", path("fresh.gguf"), "--method", "hqq", "--encoding", "affine-g64-b3"}));
        TRILOBIT_CLI(run, (arguments({}, model)));
        QVERIFY(readBytes(output()) == readBytes(path("fresh.gguf")));
        QVERIFY(readBytes(output()) != m_whole);
        // Everything but the changed tensor, which is the first one, is still what it was.
        for (const Json& tensor : run.json["tensors"].items())
            if (tensor["name"].toString() == "token_embd.weight")
                QVERIFY(!tensor["reused"].toBool());
        QCOMPARE(run.json["reused"].toUInt(), static_cast<std::uint64_t>(had - 1));
        nothingIsLeft();
    }

    void whatIsUnfinishedIsListed() {
        TRILOBIT_CLI(nothing, ({"unfinished", m_folder.path()}));
        QVERIFY(nothing.json["unfinished"].items().empty());
        QVERIFY(killedAfter(5, arguments()));
        TRILOBIT_CLI(list, ({"unfinished", m_folder.path()}));
        QCOMPARE(list.json["unfinished"].items().size(), 1u);
        const Json& found = list.json["unfinished"].items().front();
        QCOMPARE(found["folder"].toString(), work().toStdString());
        QCOMPARE(found["model"].toString(), sample().toStdString());
        QCOMPARE(found["tensors"].toUInt(), static_cast<std::uint64_t>(kept().size()));
        QCOMPARE(found["tensors_total"].toInt(), kTensors);
        QVERIFY(!found["running"].toBool());
        // The command that it names finishes it.
        QProcess shell;
        QString line = QString::fromStdString(found["command_line"].toString());
        line.replace(0, QStringLiteral("trilobit-cli").size(), executable("trilobit-cli"));
        shell.start("sh", {"-c", line + " --store none --json"});
        QVERIFY(shell.waitForFinished(kWaitMs));
        const auto result = Json::parse(shell.readAllStandardOutput().toStdString());
        QVERIFY_RESULT(result);
        QVERIFY((*result)["reused"].toUInt() >= 5);
        QVERIFY(readBytes(output()) == m_whole);
        nothingIsLeft();
    }

    void discard() {
        QVERIFY(killedAfter(5, arguments()));
        TRILOBIT_CLI(gone, ({"unfinished", work(), "--discard"}));
        nothingIsLeft();
        QVERIFY(cli({"unfinished", work(), "--discard"}).exitCode == 2);
        // A folder of somebody else is left alone.
        QDir().mkpath(work());
        QFile mine(QDir(work()).filePath("mine.txt"));
        QVERIFY(mine.open(QIODevice::WriteOnly));
        mine.close();
        QVERIFY(cli({"unfinished", work(), "--discard"}).exitCode == 2);
        TRILOBIT_CLI(run, (arguments()));
        QVERIFY(run.errText().contains("not kept"));
        QVERIFY(readBytes(output()) == m_whole);
        QCOMPARE(QDir(work()).entryList(QDir::Files), QStringList{"mine.txt"});
    }

    /// Two at once: the second one does without, and nobody can throw away what the first one has.
    void oneAtATime() {
        QProcess first;
        first.start(executable("trilobit-cli"), arguments() << "--store" << "none" << "--json");
        QVERIFY(first.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(kept().size() >= 3, kWaitMs);
        ::kill(static_cast<pid_t>(first.processId()), SIGSTOP);
        TRILOBIT_CLI(list, ({"unfinished", work()}));
        QVERIFY(list.json["unfinished"].items().front()["running"].toBool());
        QVERIFY(cli({"unfinished", work(), "--discard"}).errText().contains("a process is at work there"));
        TRILOBIT_CLI(second, (arguments()));
        QVERIFY2(second.errText().contains("another process is at work there"), second.err.constData());
        QCOMPARE(second.json["reused"].toUInt(), 0u);
        QVERIFY(readBytes(output()) == m_whole);
        ::kill(static_cast<pid_t>(first.processId()), SIGCONT);
        QVERIFY(first.waitForFinished(kWaitMs));
        QCOMPARE(first.exitCode(), 0);
        QVERIFY(readBytes(output()) == m_whole);
        nothingIsLeft();
    }

    void notWhenItIsSwitchedOff() {
        QStringList words = arguments();
        words[words.indexOf("0")] = "-1";
        bool seen = false;
        (void)killed(words, [&] {
            seen = seen || QFileInfo::exists(work());
            return false;
        });
        QVERIFY(!seen);
        QVERIFY(readBytes(output()) == m_whole);
    }

};

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
