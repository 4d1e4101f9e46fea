// Workbench: actions become commands, undo, log and replay; failures are said, jobs can be cancelled.
#include "core/commands/command.h"
#include "core/quant/workfolder.h"
#include "tests/unit/widgets/testbench.h"
#include "widgets/common/choices.h"
#include "widgets/common/sessionlog.h"
#include "widgets/dialogs/unfinishedpanel.h"

#include <QDirIterator>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>

using namespace trilobit;
using trilobit::test::TestBench;

class TestWorkbench : public QObject {
    Q_OBJECT
    std::unique_ptr<TestBench> m_test;
    Workbench& bench() { return m_test->bench(); }

    /// Finished tensors are kept at once; returns where.
    QString keepWork() {
        const QString work = m_test->folder.filePath(QStringLiteral("work"));
        QDir().mkpath(work);
        m_test->workspace().workFolder = work.toStdString();
        m_test->workspace().keepAfterSeconds = 0;
        return work;
    }
    static QStringList everythingIn(const QString& folder) {
        QStringList all;
        for (QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories); files.hasNext();) {
            const QFileInfo file(files.next());
            all << QStringLiteral("%1 %2 %3").arg(file.filePath()).arg(file.size()).arg(file.lastModified().toMSecsSinceEpoch());
        }
        all.sort();
        return all;
    }
    static QStringList keptIn(const QString& folder) {
        QStringList all;
        for (const QString& file : everythingIn(folder))
            if (file.contains(QStringLiteral(".tensor ")))
                all << file;
        return all;
    }
    static bool sameTensors(const Model& a, const Model& b) {
        return std::equal(a.tensors().begin(), a.tensors().end(), b.tensors().begin(), b.tensors().end(),
                          [](const Tensor& x, const Tensor& y) {
                              return x.name == y.name && std::equal(x.bytes.begin(), x.bytes.end(), y.bytes.begin(), y.bytes.end());
                          });
    }

private slots:
    void init() { m_test = std::make_unique<TestBench>(); }

    void openingSaysWhatHappened() {
        QSignalSpy models(&bench(), &Workbench::modelChanged);
        QVERIFY(m_test->openDemo());
        QCOMPARE(models.count(), 1);
        QVERIFY(!bench().modelHash().isEmpty());
        QCOMPARE(bench().plan().tensors.size(), m_test->model().tensors().size());
        QVERIFY(bench().lastCommandLine().startsWith(QStringLiteral("trilobit-cli ")));
    }

    void aFileThatIsNoModelIsAClearSentence() {
        QVERIFY(m_test->openDemo());
        const auto before = bench().model();
        QFile file(m_test->folder.filePath(QStringLiteral("broken.gguf")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("GGUF nonsense") > 0);
        file.close();
        QSignalSpy failures(&bench(), &Workbench::failed);
        bench().openModel(file.fileName());
        QVERIFY(m_test->waitIdle());
        QCOMPARE(failures.count(), 1);
        QVERIFY(failures[0][0].toString().contains(QStringLiteral("broken.gguf")));
        QVERIFY(!failures[0][1].toString().contains(QLatin1Char('\n')));
        QCOMPARE(bench().model(), before);
    }

    void recipeChangesCanBeUndone() {
        QVERIFY(m_test->openDemo());
        const Recipe empty = bench().recipe();
        bench().setChoice({QStringLiteral("blk.0.attn_q.weight"), QStringLiteral("blk.1.attn_q.weight")},
                          {"rtn", "Q8_0", {}});
        const Recipe first = bench().recipe();
        QVERIFY(first != empty);
        bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q4_0", {}});
        const Recipe second = bench().recipe();
        bench().clearRules();
        QVERIFY(bench().recipe().rules.empty());
        bench().undoStack().undo();
        QCOMPARE(bench().recipe(), second);
        bench().undoStack().undo();
        QCOMPARE(bench().recipe(), first);
        bench().undoStack().undo();
        QCOMPARE(bench().recipe(), empty);
        QCOMPARE(bench().plan().bytesAfter, bench().plan().bytesBefore);
        bench().undoStack().redo();
        bench().undoStack().redo();
        QCOMPARE(bench().recipe(), second);
    }

    void severalChoicesAreOneStep() {
        QVERIFY(m_test->openDemo());
        bench().setChoices({{{QStringLiteral("blk.0.attn_q.weight")}, {"rtn", "Q8_0", {}}},
                            {{QStringLiteral("blk.0.attn_k.weight")}, {"rtn", "Q4_0", {}}}},
                           QStringLiteral("two"));
        QCOMPARE(bench().undoStack().count(), 1);
        QCOMPARE(bench().tensorPlan(QStringLiteral("blk.0.attn_k.weight"))->requested, std::string("Q4_0"));
        bench().undoStack().undo();
        QVERIFY(bench().recipe().rules.empty());
    }

    void quickAdjustmentsMerge() {
        QVERIFY(m_test->openDemo());
        const QStringList names = {QStringLiteral("blk.0.attn_q.weight")};
        for (const char* encoding : {"affine-g32-b4", "affine-g48-b4", "affine-g64-b4"})
            bench().adjustChoice(names, {"rtn", encoding, {}}, QStringLiteral("group size"));
        QCOMPARE(bench().undoStack().count(), 1);
        QCOMPARE(bench().recipe().choiceFor("blk.0.attn_q.weight").encoding, std::string("affine-g64-b4"));
        bench().undoStack().undo();
        QVERIFY(bench().recipe().rules.empty());
    }

    void unknownEncodingsDoNotEnterTheRecipe() {
        QVERIFY(m_test->openDemo());
        QSignalSpy failures(&bench(), &Workbench::failed);
        bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q99_Z", {}});
        QVERIFY(failures.count() >= 1);
        QVERIFY(bench().recipe().rules.empty());
        QCOMPARE(bench().undoStack().count(), 0);
    }

    void quantizingFillsTheReport() {
        QVERIFY(m_test->openDemo());
        bench().setRule(QStringLiteral("blk.0.*"), {"rtn", "Q8_0", {}});
        QSignalSpy stored(&bench(), &Workbench::runStored);
        bench().quantize();
        QVERIFY(bench().isBusy());
        QVERIFY(m_test->waitIdle());
        QVERIFY(bench().quantized());
        QVERIFY(bench().quantizedIsCurrent());
        QCOMPARE(bench().quantized()->bytesAfter, bench().plan().bytesAfter);
        QCOMPARE(stored.count(), 1);
        const auto runs = m_test->workspace().store->list({});
        QVERIFY_RESULT(runs);
        QCOMPARE(runs->size(), std::size_t{1});
        QCOMPARE(runs->front().recipeHash, bench().recipe().hash());
        bench().setRule(QStringLiteral("blk.1.*"), {"rtn", "Q8_0", {}});
        QVERIFY(!bench().quantizedIsCurrent());
        QVERIFY(bench().currentReport(QStringLiteral("blk.0.attn_q.weight")));
        QVERIFY(!bench().currentReport(QStringLiteral("blk.1.attn_q.weight")));
    }

    void nothingToQuantizeIsSaid() {
        QVERIFY(m_test->openDemo());
        QSignalSpy failures(&bench(), &Workbench::failed);
        bench().quantize();
        QCOMPARE(failures.count(), 1);
        QVERIFY(!bench().isBusy());
    }

    void refusedChoicesStopBeforeAnythingRuns() {
        QVERIFY(m_test->openDemo());
        bench().setRule(QStringLiteral("blk.0.attn_q.weight"), {"hqq", "Q4_0", {}});
        QSignalSpy failures(&bench(), &Workbench::failed);
        bench().quantize();
        QVERIFY(!bench().isBusy());
        QCOMPARE(failures.count(), 1);
        QVERIFY(failures[0][1].toString().contains(QStringLiteral("blk.0.attn_q.weight")));
    }

    void cancelAnswersQuickly() {
        QVERIFY(m_test->openDemo());
        bench().setRule(QStringLiteral("*"), {"hqq", "affine-g32-b4", {}});
        bench().quantize();
        QVERIFY(QTest::qWaitFor([this] {
            const auto jobs = m_test->jobs().jobs();
            return !jobs.empty() && jobs.front().running;
        }));
        QTest::qWait(20);
        QElapsedTimer clock;
        clock.start();
        bench().cancelQuantize();
        QVERIFY(QTest::qWaitFor([this] { return !bench().isBusy(); }, 5000));
        QVERIFY2(clock.elapsed() <= 200, qPrintable(QStringLiteral("%1 ms").arg(clock.elapsed())));
        QVERIFY(!bench().quantized());
    }

    void whatWasCutShortGoesOn() {
        const QString work = keepWork();
        QVERIFY(m_test->openDemo());
        bench().setRule(QStringLiteral("*"), {"hqq", "affine-g32-b4", {}});
        bench().quantize();
        QVERIFY(m_test->waitIdle());
        const auto whole = bench().quantized();
        QVERIFY(whole && keptIn(work).isEmpty());

        bench().quantize();
        QVERIFY(QTest::qWaitFor([&] { return keptIn(work).size() >= 3; }, 30'000));
        bench().cancelQuantize();
        QVERIFY(m_test->waitIdle());
        QCOMPARE(bench().unfinished().size(), std::size_t{1});
        const auto kept = static_cast<std::size_t>(keptIn(work).size());
        QCOMPARE(bench().unfinished().front().tensors, std::uint64_t{kept});
        // Another model is open and the recipe is another one: both come back.
        const QString other = m_test->folder.filePath(QStringLiteral("other.gguf"));
        RunControl control;
        QVERIFY_RESULT(writeDemoModel(other.toStdString(), 2, control));
        bench().openModel(other);
        QVERIFY(m_test->waitIdle());
        QCOMPARE(bench().unfinished().size(), std::size_t{1});
        bench().resumeUnfinished(QString::fromStdString(bench().unfinished().front().folder));
        QVERIFY(m_test->waitIdle());
        QVERIFY(bench().quantized() && bench().quantizedIsCurrent());
        std::size_t reused = 0;
        for (const TensorReport& report : bench().quantized()->tensors)
            reused += report.reused;
        QCOMPARE(reused, kept);
        QCOMPARE(bench().recipe(), whole->recipe);
        QVERIFY(sameTensors(*bench().quantized()->model, *whole->model));
        QVERIFY(bench().unfinished().empty());
        QVERIFY(keptIn(work).isEmpty());
    }

    void pausedWorkWritesNothing() {
        const QString work = keepWork();
        QVERIFY(m_test->openDemo());
        bench().setRule(QStringLiteral("*"), {"hqq", "affine-g32-b4", {}});
        bench().quantize();
        QVERIFY(QTest::qWaitFor([&] { return keptIn(work).size() >= 2; }, 30'000));
        const quint64 job = m_test->jobs().jobs().front().id;
        m_test->jobs().setPaused(job, true);
        QTest::qWait(150); // the piece of work that was under way
        const QStringList before = everythingIn(work);
        QTest::qWait(600);
        QCOMPARE(everythingIn(work), before);
        QVERIFY(bench().isQuantizing());
        m_test->jobs().setPaused(job, false);
        QVERIFY(m_test->waitIdle());
        const auto paused = bench().quantized();
        QVERIFY(paused);
        bench().quantize();
        QVERIFY(m_test->waitIdle());
        QVERIFY(sameTensors(*paused->model, *bench().quantized()->model));
    }

    void unfinishedWorkCanBeDiscarded() {
        const QString work = keepWork();
        QVERIFY(m_test->openDemo());
        bench().setRule(QStringLiteral("*"), {"hqq", "affine-g32-b4", {}});
        bench().quantize();
        QVERIFY(QTest::qWaitFor([&] { return keptIn(work).size() >= 2; }, 30'000));
        bench().cancelQuantize();
        QVERIFY(m_test->waitIdle());
        QCOMPARE(bench().unfinished().size(), std::size_t{1});
        UnfinishedPanel panel(bench());
        QVERIFY(!panel.isHidden());
        QCOMPARE(panel.findChild<QListWidget*>()->count(), 1);
        panel.findChild<QPushButton*>(QStringLiteral("unfinishedDiscard"))->click();
        auto* question = panel.findChild<QMessageBox*>();
        QVERIFY(question);
        question->button(QMessageBox::Discard)->click();
        QVERIFY(m_test->waitIdle());
        QTRY_VERIFY(bench().unfinished().empty());
        QVERIFY(panel.isHidden());
        QVERIFY(keptIn(work).isEmpty());
    }

    /// A folder that came with somebody's model must not write where it likes.
    void foreignFoldersAreRefused() {
        QVERIFY(m_test->openDemo());
        const QString victim = m_test->folder.filePath(QStringLiteral("precious.gguf"));
        Command command;
        command.verb = "quantize";
        command.args.set("model", bench().model()->path()).set("output", victim.toStdString());
        command.args.set("recipe_json", Recipe{}.toJson());
        {
            const auto made = WorkFolder::open(m_test->folder.filePath(QStringLiteral("x.part")).toStdString(),
                                               Json::object({{"command", command.toJson()}}));
            QVERIFY_RESULT(made);
        }
        bench().lookForUnfinished();
        QTRY_COMPARE(bench().unfinished().size(), std::size_t{1});
        QSignalSpy failures(&bench(), &Workbench::failed);
        bench().resumeUnfinished(QString::fromStdString(bench().unfinished().front().folder));
        QCOMPARE(failures.count(), 1);
        QVERIFY(failures[0][1].toString().contains(QStringLiteral("not beside it")));
        QVERIFY(!bench().isBusy());
    }

    void exportWritesAModelThatOpens() {
        QVERIFY(m_test->openDemo());
        bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q8_0", {}});
        bench().quantize();
        QVERIFY(m_test->waitIdle());
        const QString path = m_test->folder.filePath(QStringLiteral("out.gguf"));
        QSignalSpy exported(&bench(), &Workbench::exported);
        bench().exportModel(path);
        QVERIFY(m_test->waitIdle());
        QCOMPARE(exported.count(), 1);
        const auto again = loadModel(path.toStdString(), m_test->workspace().encodings);
        QVERIFY_RESULT(again);
        QCOMPARE((*again)->find("blk.0.attn_q.weight")->encoding->info().id, std::string("Q8_0"));
    }

    void theLogRepeatsTheRecipe() {
        SessionLog log(m_test->folder.filePath(QStringLiteral("log")));
        m_test->workspace().onCommand = [&log](const Command& c, const Result<Json>& r) { log.append(c, r); };
        QVERIFY(m_test->openDemo());
        bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q8_0", {}});
        bench().setChoice({QStringLiteral("blk.0.attn_q.weight"), QStringLiteral("token_embd.weight")}, {"rtn", "Q4_0", {}});
        bench().undoStack().undo();
        bench().setChoice({QStringLiteral("blk.1.ffn_up.weight")}, {});
        log.waitUntilWritten();
        const QByteArray lines = test::readBytes(log.path());
        Workspace other;
        other.methods = m_test->workspace().methods;
        RunControl control;
        int count = 0;
        for (const QByteArray& line : lines.split('\n')) {
            if (line.isEmpty())
                continue;
            const auto json = Json::parse(line.toStdString());
            QVERIFY_RESULT(json);
            const auto command = Command::fromJson(*json);
            QVERIFY_RESULT(command);
            QVERIFY_RESULT(runCommand(other, *command, control));
            ++count;
        }
        QVERIFY(count >= 5);
        QCOMPARE(other.snapshot().recipe, bench().recipe());
    }

    void theRecipeIsSavedPerModel() {
        SessionLog log(m_test->folder.filePath(QStringLiteral("log")));
        Recipe recipe;
        recipe.rules.push_back({"blk.*", {"hqq", "Q4_1", {{"iterations", std::int64_t{12}}}}});
        log.saveRecipe(QStringLiteral("/models/a.gguf"), recipe);
        log.waitUntilWritten();
        QCOMPARE(log.savedRecipe(QStringLiteral("/models/a.gguf")), std::optional(recipe));
        QVERIFY(!log.savedRecipe(QStringLiteral("/models/b.gguf")));
    }

    void choosingForTheFirstTimePicksTheUsualPartner() {
        QVERIFY(m_test->openDemo());
        const Tensor& tensor = *m_test->model().find("blk.0.attn_q.weight");
        const QuantServices services = m_test->workspace().quantServices();
        QCOMPARE(withEncoding({}, "I2_S", tensor, services).method, std::string("absmean"));
        QCOMPARE(withEncoding({}, "Q4_0", tensor, services).method, std::string("rtn"));
        // A method that was chosen stays, even if it then refuses.
        const Choice refused = withEncoding({"hqq", "Q4_1", {}}, "Q4_0", tensor, services);
        QCOMPARE(refused.method, std::string("hqq"));
        QVERIFY(!refusal(refused, tensor, services).isEmpty());
        QVERIFY(refusal(withMethod({}, "hqq", tensor, services), tensor, services).isEmpty());
        QVERIFY(withEncoding(refused, "", tensor, services).keeps());
    }
};

QTEST_MAIN(TestWorkbench)
#include "tst_workbench.moc"
