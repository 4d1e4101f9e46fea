// The training page: its model of curves, and really run tiny trainings from the form to the files.
#include "core/model/model.h"
#include "core/train/trainer/trainestimate.h"
#include "tests/support/testdata.h"
#include "tests/unit/widgets/benchfixture.h"
#include "widgets/common/factstrip.h"
#include "widgets/pages/chat/banner.h"
#include "widgets/pages/train/latentplot.h"
#include "widgets/pages/train/sharesplot.h"
#include "widgets/pages/train/trainlog.h"
#include "widgets/pages/train/trainpage.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>

#include <cmath>
#include <numeric>

using namespace trilobit;
using test::BenchFixture;

namespace {

constexpr int kLongMs = 60'000;

Json stepEvent(std::int64_t step, std::int64_t steps, double loss) {
    return Json::object({{"event", "step"}, {"step", step}, {"steps", steps}, {"loss", loss}, {"smoothed_loss", loss / 2},
                         {"lr", 1e-3}, {"grad_norm", 0.5}, {"tokens_per_second", 100.0}, {"seconds_left", 3.0}});
}

struct Page {
    explicit Page(BenchFixture& fixture, QSize size = {1400, 980}) : f(fixture), page(*f.bench), finished(&page, &TrainPage::finished) {
        page.resize(size);
        page.show();
        set("trainHidden", 32), set("trainLayers", 1), set("trainHeads", 2), set("trainKvHeads", 1), set("trainFfn", 64);
        set("trainVocabulary", 320), set("trainTalks", 60), set("trainStories", 10), set("trainBatch", 2), set("trainTime", 32);
        set("trainLookEvery", 5), set("trainSampleEvery", 10);
        child<QComboBox>("trainBudgetUnit")->setCurrentIndex(1);
        steps(20);
        child<QLineEdit>("trainFolder")->setText(f.folder.filePath("run"));
    }
    template <class T>
    T* child(const char* name) {
        T* found = page.findChild<T*>(QLatin1String(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }
    void set(const char* name, int value) { child<QSpinBox>(name)->setValue(value); }
    void steps(int count) { child<QDoubleSpinBox>("trainBudget")->setValue(count); }
    void click(const char* name) { child<QPushButton>(name)->click(); }
    bool wait() { return QTest::qWaitFor([this] { return !page.isRunning(); }, kLongMs); }
    bool reach(std::int64_t step) { return QTest::qWaitFor([this, step] { return page.log().step >= step; }, kLongMs); }
    QString file(const char* name) { return f.folder.filePath(QStringLiteral("run/") + QLatin1String(name)); }
    QString error() { return child<Banner>("trainError")->text(); }
    QString fact(const char* key) { return child<FactStrip>("trainFacts")->value(QLatin1String(key)); }

    BenchFixture& f;
    TrainPage page;
    QSignalSpy finished;
};

} // namespace

class TestTrainPage : public QObject {
    Q_OBJECT
private slots:
    void theLogKeepsEveryStepAtFirst() {
        TrainLog log;
        for (int step = 1; step <= 100; ++step)
            log.add(stepEvent(step, 100, 7.0 - 0.01 * step));
        QCOMPARE(log.loss.x.size(), std::size_t{100});
        QCOMPARE(log.loss.x.front(), 1.0);
        QCOMPARE(log.loss.y.back(), 6.0);
        QCOMPARE(log.smoothed.y.back(), 3.0);
        QCOMPARE(log.step, std::int64_t{100});
    }

    void aLongLogIsThinnedButKeepsItsEnds() {
        TrainLog log;
        const std::int64_t steps = 50'001;
        for (std::int64_t step = 1; step <= steps; ++step)
            log.add(stepEvent(step, steps, static_cast<double>(step)));
        QVERIFY(log.loss.x.size() < 2 * TrainLog::kPoints);
        QVERIFY(log.loss.x.size() > TrainLog::kPoints / 2);
        QCOMPARE(log.loss.x.front(), 1.0);
        QCOMPARE(log.loss.x.back(), static_cast<double>(steps));
        QVERIFY(std::is_sorted(log.loss.x.begin(), log.loss.x.end()));
        for (std::size_t i = 0; i < log.loss.x.size(); ++i)
            QCOMPARE(log.loss.y[i], log.loss.x[i]); // values stay with their steps
    }

    void looksBecomeSharesAndFlips() {
        TrainLog log;
        const auto tensor = [](const char* name, double flipped) {
            return Json::object({{"tensor", name}, {"minus", 0.25}, {"zero", 0.5}, {"plus", 0.25}, {"flipped", flipped}});
        };
        Json list = Json::array();
        list.push(tensor("blk.0.attn_q.weight", 0.01));
        list.push(tensor("blk.1.ffn_up.weight", 0.03));
        log.add(Json::object({{"event", "shares"}, {"step", 50}, {"tensors", list}}));
        QCOMPARE(log.shares.size(), std::size_t{2});
        QCOMPARE(log.flips.x, std::vector<double>{50});
        QVERIFY(std::abs(log.flips.y.front() - 2.0) < 1e-12); // mean of 1 % and 3 %
        SharesPlot plot;
        plot.setShares(log.shares);
        QVERIFY(plot.csv().contains("blk.1.ffn_up.weight,0.25,0.5,0.25"));
        QVERIFY(plot.accessibleDescription().contains("50.0 % are 0"));
    }

    void weightsKeepTheFirstLook() {
        TrainLog log;
        const auto look = [](int step, int minus, int zero, int plus) {
            const auto counts = [](int n) {
                Json list = Json::array();
                list.push(n);
                list.push(0);
                return list;
            };
            return Json::object({{"event", "weights"}, {"step", step}, {"tensor", "blk.0.ffn_up.weight"}, {"unit", 0.1}, {"low", -4.0},
                                 {"high", 4.0}, {"ternary", true}, {"minus", counts(minus)}, {"zero", counts(zero)}, {"plus", counts(plus)}});
        };
        log.add(look(0, 1, 2, 1));
        log.add(look(9, 2, 0, 2));
        const TrainLog::Latents& latents = log.latents.at("blk.0.ffn_up.weight");
        QCOMPARE(latents.first.step, std::int64_t{0});
        QCOMPARE(latents.latest.step, std::int64_t{9});
        QCOMPARE(latents.first.zero.front(), 0.5);
        QCOMPARE(latents.latest.minus.front(), 0.5);
        LatentPlot plot;
        plot.setLooks(latents.first, latents.latest);
        QVERIFY(plot.csv().startsWith("bin_low,bin_high,minus,zero,plus,first_look\n-4,0,0.5,0,0.5,1\n"));
    }

    void theEstimateIsWhatTheRunMakes() {
        BenchFixture f;
        Page p(f);
        p.steps(1);
        const QString told = p.child<FactStrip>("trainEstimate")->value("result");
        p.click("trainStart");
        QVERIFY(p.wait());
        QCOMPARE(p.error(), QString());
        const auto model = loadModel(p.file("model.gguf").toStdString(), f.workspace.encodings);
        QVERIFY_RESULT(model);
        std::uint64_t bytes = 0, weights = 0;
        for (const Tensor& tensor : (*model)->tensors()) {
            bytes += tensor.bytes.size();
            weights += static_cast<std::uint64_t>(tensor.count());
        }
        TrainPlan plan = *trainPlanFromJson(Json::object({{"scheme", "bitnet"}}));
        const auto estimate = estimateTraining(plan, (*model)->config(), f.workspace.encodings);
        QVERIFY_RESULT(estimate);
        QCOMPARE(estimate->parameters, weights);
        QCOMPARE(estimate->resultBytes, bytes);
        QVERIFY2(told.contains(QString::fromStdString(estimate->resultEncoding)), qPrintable(told));
    }

    void aTinyRunFillsEverything() {
        BenchFixture f;
        Page p(f);
        QVERIFY(p.child<QPushButton>("trainStart")->isEnabled());
        test::Watchdog watchdog;
        p.click("trainStart");
        QVERIFY(p.page.isRunning());
        QVERIFY(!p.child<QPushButton>("trainStart")->isEnabled());
        QVERIFY(p.wait());
        QCOMPARE(p.error(), QString());
        QCOMPARE(p.finished.takeFirst().at(0).toBool(), true);
        QCOMPARE(p.page.log().step, std::int64_t{20});
        QCOMPARE(p.page.log().loss.x.size(), std::size_t{20});
        // A model that knows nothing is as undecided as its vocabulary is large; seeds move that by a few percent.
        const double uniform = std::log(static_cast<double>(p.page.log().vocabulary));
        QVERIFY(std::abs(p.page.log().loss.y.front() / uniform - 1) < 0.1);
        QVERIFY(p.page.log().loss.y.back() < p.page.log().loss.y.front());
        QCOMPARE(p.fact("step"), QString("20 / 20"));
        for (const char* key : {"loss", "ppl", "speed", "lr", "norm", "data"})
            QVERIFY2(!p.fact(key).isEmpty(), key);
        QCOMPARE(p.page.log().heldOut.x, (std::vector<double>{5, 10, 15, 20}));
        QCOMPARE(p.child<CurvePlot>("trainLossPlot")->curves()[0].x.size(), std::size_t{20});
        QCOMPARE(p.child<CurvePlot>("trainRatesPlot")->curves()[1].x.size(), std::size_t{20});
        QCOMPARE(p.child<SharesPlot>("trainSharesPlot")->shares().size(), std::size_t{7});
        for (const ShareBar& bar : p.page.log().shares)
            QVERIFY(std::abs(bar.minus + bar.zero + bar.plus - 1) < 1e-9);
        QCOMPARE(p.child<QComboBox>("trainMatrix")->count(), 7);
        const LatentLook& latest = p.child<LatentPlot>("trainLatentPlot")->latest();
        QVERIFY(latest.ternary);
        double sum = 0;
        for (const auto* shares : {&latest.minus, &latest.zero, &latest.plus})
            sum = std::accumulate(shares->begin(), shares->end(), sum);
        QVERIFY(std::abs(sum - 1) < 1e-9);
        QCOMPARE(p.child<QListWidget>("trainSamples")->count(), 2);
        QVERIFY(p.child<QListWidget>("trainSamples")->item(0)->text().startsWith("step 20: "));
        for (const char* name : {"model.gguf", "checkpoint.safetensors", "run.json", "command.json", "talks.jsonl", "heldout.jsonl"})
            QVERIFY2(QFile::exists(p.file(name)), name);
        QVERIFY(f.bench->lastCommandLine().startsWith("trilobit-cli train --recipe small-b1.58"));
        QVERIFY(p.child<QPushButton>("trainOpenModel")->isVisible());
        p.click("trainOpenModel");
        QVERIFY(QTest::qWaitFor([&] { return f.bench->model() != nullptr; }, kLongMs));
        QVERIFY2(watchdog.longest() < 500, qPrintable(QString::number(watchdog.longest()))); // a shared machine may pause it
    }

    void pauseWaitsAndStopKeeps() {
        BenchFixture f;
        Page p(f);
        p.steps(7999); // as many as a checkpoint keeps every step of
        p.set("trainSampleEvery", 0);
        p.click("trainStart");
        QVERIFY(p.reach(3));
        p.click("trainPause");
        QVERIFY(QTest::qWaitFor([&] { return QFile::exists(p.file("checkpoint.safetensors")); }, kLongMs));
        QTest::qWait(300); // what was on its way arrives
        const std::int64_t held = p.page.log().step;
        QTest::qWait(400);
        QCOMPARE(p.page.log().step, held);
        QVERIFY(p.child<QLabel>("trainState")->text().contains("aused"));
        // A matrix can be looked at while it waits.
        const auto look = [&] { return p.child<LatentPlot>("trainLatentPlot")->latest().step; };
        p.child<QComboBox>("trainMatrix")->setCurrentIndex(3);
        QVERIFY(QTest::qWaitFor([&] { return look() == held; }, kLongMs));
        p.click("trainPause");
        QVERIFY(p.reach(held + 1));
        p.click("trainStop");
        QVERIFY(p.wait());
        QCOMPARE(p.error(), QString());
        QVERIFY(p.child<Banner>("trainDone")->text().contains("Stopped after"));
        QVERIFY(QFile::exists(p.file("model.gguf")));

        // The folder now offers to go on, and only that.
        QVERIFY(!p.child<QPushButton>("trainStart")->isEnabled());
        QVERIFY(p.child<QPushButton>("trainResume")->isVisible());
        const std::int64_t stopped = p.page.log().step;
        p.click("trainResume");
        QVERIFY(p.reach(stopped + 1));
        QCOMPARE(p.page.log().loss.x.front(), 1.0); // with the curve of the first sitting
        p.click("trainStop");
        QVERIFY(p.wait());
        QCOMPARE(p.error(), QString());
        QVERIFY(p.page.log().step > stopped);
    }

    void wrongDataIsOneSentenceWithItsLine() {
        BenchFixture f;
        Page p(f, {560, 560});
        QFile file(f.folder.filePath("bad.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"text\": \"fine\"}\n{\"messages\": [{\"role\": \"king\", \"content\": \"no\"}]}\n");
        file.close();
        p.child<QComboBox>("trainSource")->setCurrentIndex(1);
        QVERIFY(!p.child<QPushButton>("trainStart")->isEnabled()); // no file yet
        QVERIFY(!p.child<QWidget>("trainProblem")->isHidden());
        p.child<QLineEdit>("trainData")->setText(file.fileName());
        QVERIFY(p.child<QPushButton>("trainStart")->isEnabled());
        p.click("trainStart");
        QVERIFY(p.wait());
        QVERIFY2(p.error().contains("bad.jsonl") && p.error().contains("line 2"), qPrintable(p.error()));
        QVERIFY(p.child<Banner>("trainError")->isVisible());
        QCOMPARE(p.child<QTabBar>("trainParts")->currentIndex(), 0);
        QVERIFY(!QFile::exists(p.file("model.gguf")));
        QVERIFY(p.child<QPushButton>("trainStart")->isEnabled()); // once the file is put right
    }

    void shapesThatCannotBeSayWhy() {
        BenchFixture f;
        Page p(f);
        p.set("trainHeads", 4);
        p.set("trainKvHeads", 3);
        QVERIFY(!p.child<QPushButton>("trainStart")->isEnabled());
        auto* problem = p.page.findChild<QLabel*>("trainProblem");
        QVERIFY2(problem->text().contains("kv_heads"), qPrintable(problem->text()));
        p.set("trainKvHeads", 2);
        QVERIFY(p.child<QPushButton>("trainStart")->isEnabled());
        p.child<QLineEdit>("trainPeak")->setText("fast");
        QVERIFY2(problem->text().contains("learning rate"), qPrintable(problem->text()));
        p.child<QLineEdit>("trainPeak")->setText("0.002");
        p.child<QComboBox>("trainPreset")->setCurrentIndex(p.child<QComboBox>("trainPreset")->findData("finetune-lora"));
        QVERIFY2(problem->text().contains("open one first"), qPrintable(problem->text()));
        QVERIFY(f.openDemo());
        QVERIFY(problem->text().isEmpty());
        QVERIFY(p.child<FactStrip>("trainEstimate")->value("parameters").length() > 0);
    }

    void everyWidgetThatTakesFocusHasAName() {
        BenchFixture f;
        Page p(f);
        for (QWidget* widget : p.page.findChildren<QWidget*>()) {
            const QString name = widget->objectName();
            const bool inner = name.startsWith("qt_") || qobject_cast<QComboBox*>(widget->parentWidget())
                               || (widget->parentWidget() && widget->parentWidget()->inherits("QAbstractSpinBox"))
                               || widget->inherits("QComboBoxPrivateContainer") || widget->inherits("QComboBoxListView")
                               || qobject_cast<QLabel*>(widget) || widget->inherits("QScrollBar");
            if (inner || widget->focusPolicy() == Qt::NoFocus || widget->focusProxy()
                || (name.isEmpty() && widget->parentWidget() && widget->parentWidget()->inherits("QTabWidget")))
                continue;
            QVERIFY2(!name.isEmpty(), widget->metaObject()->className());
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(name));
        }
    }

    void aLargeWindowShowsAllAndCanBecomeSmall() {
        BenchFixture f;
        Page p(f, {1400, 980});
        p.steps(1);
        p.click("trainStart");
        QVERIFY(p.wait());
        for (const char* name : {"trainLossPlot", "trainSharesPlot", "trainLatentPlot", "trainSamples"})
            QVERIFY2(p.child<QWidget>(name)->isVisible(), name);
        p.page.resize(560, 560);
        QTRY_COMPARE(p.page.size(), QSize(560, 560));
        QTRY_VERIFY(p.child<QTabWidget>("trainTabs")->isVisible());
        QCOMPARE(p.child<QTabWidget>("trainTabs")->count(), 4);
        QVERIFY(!p.child<QWidget>("trainSharesPlot")->isVisible());
    }

    void nothingIsCutOffInASmallWindow() {
        // What the page gets of 1280 x 720 between both docks.
        BenchFixture f;
        Page p(f, {560, 560});
        const auto check = [&] {
            QTest::qWait(50);
            for (QWidget* widget : p.page.findChildren<QWidget*>()) {
                const auto* button = qobject_cast<QPushButton*>(widget);
                const auto* label = qobject_cast<QLabel*>(widget);
                if (!widget->isVisible() || (!button && (!label || label->wordWrap() || label->text().isEmpty())))
                    continue;
                QVERIFY2(widget->width() >= widget->minimumSizeHint().width() || label,
                         qPrintable(widget->objectName()));
                if (label && label->objectName() != QLatin1String("trainState"))
                    QVERIFY2(label->width() >= label->sizeHint().width(),
                             qPrintable(label->objectName() + QLatin1Char(' ') + label->text()));
                const QPoint end = widget->mapTo(&p.page, QPoint(widget->width(), 0));
                QVERIFY2(end.x() <= p.page.width(), qPrintable(widget->objectName()));
            }
        };
        check();
        p.click("trainStart");
        QVERIFY(p.reach(1));
        check();
        QVERIFY(p.wait());
        auto* tabs = p.child<QTabWidget>("trainTabs");
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            check();
        }
        QVERIFY(p.page.minimumSizeHint().width() <= 560);
        QVERIFY(p.page.minimumSizeHint().height() <= 560);
    }
};

QTEST_MAIN(TestTrainPage)
#include "tst_trainpage.moc"
