// The command that writes training data.
#include "core/commands/command.h"
#include "core/commands/workspace.h"
#include "core/corpus/talkcorpus.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace trilobit;

namespace {

class Cancelled : public RunControl {
public:
    bool isCancelled() const noexcept override { return true; }
};

} // namespace

class TestCorpusVerb : public QObject {
    Q_OBJECT

    Result<Json> run(const std::vector<std::string>& argv, RunControl& control) {
        Workspace workspace;
        TRILOBIT_TRY(const Command command, parseCommandLine(argv));
        return runCommand(workspace, command, control);
    }

private slots:
    void writes() {
        const QTemporaryDir folder;
        const std::string path = folder.filePath("t.jsonl").toStdString();
        RunControl control;
        for (const bool heldOut : {false, true}) {
            std::vector<std::string> argv = {"corpus", "--seed", "3", "--talks", "40", "--stories", "13", "--exercises", "9", "--out", path};
            if (heldOut)
                argv.push_back("--held-out");
            const auto result = run(argv, control);
            QVERIFY2(result, result ? "" : result.error().text().c_str());
            QCOMPARE((*result)["bytes"].toInt(), QFileInfo(QString::fromStdString(path)).size());
            const auto documents = readDocuments(path, control);
            QVERIFY2(documents, documents ? "" : documents.error().text().c_str());
            const TalkCorpus corpus{3, 40, 13, 9, heldOut ? Split::HeldOut : Split::Train};
            QVERIFY(*documents == *makeTalkCorpus(corpus, control));
            QCOMPARE(std::count_if(documents->begin(), documents->end(), [](const Document& d) { return d.isChat(); }), 40);
            QVERIFY(std::any_of(documents->begin(), documents->end(), [&](const Document& d) { return d.text == makeExercises(3, 8, corpus.split); }));
            QVERIFY(std::any_of(documents->begin(), documents->end(), [&](const Document& d) { return d.text == makeStory(3, 12, corpus.split); }));
            QVERIFY((*documents)[0] == talkDocument(makeTalk(3, 0, corpus.split)));
        }
    }
    void refuses() {
        const QTemporaryDir folder;
        const std::string path = folder.filePath("t.jsonl").toStdString();
        RunControl control;
        QCOMPARE(run({"corpus", "--out", path}, control).error().code, ErrorCode::Usage);
        QCOMPARE(run({"corpus", "--talks", "-1", "--out", path}, control).error().code, ErrorCode::Usage);
        QCOMPARE(run({"corpus", "--talks", "3"}, control).error().code, ErrorCode::Usage);
        QCOMPARE(run({"corpus", "--talks", "3", "--out", "/proc/no/file"}, control).error().code, ErrorCode::Io);
        Cancelled cancelled;
        QCOMPARE(run({"corpus", "--talks", "3", "--out", path}, cancelled).error().code, ErrorCode::Cancelled);
        QVERIFY(QDir(folder.path()).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCorpusVerb)
#include "tst_corpusverb.moc"
