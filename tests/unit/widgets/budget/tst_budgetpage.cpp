// The budget page, the plots page and the dialog of options: numbers as the command line gives them, keys, models.
#include "core/commands/command.h"
#include "tests/support/testdata.h"
#include "tests/unit/widgets/benchfixture.h"
#include "widgets/dialogs/optionsdialog.h"
#include "widgets/dialogs/optionsmodel.h"
#include "widgets/pages/budget/budgetpage.h"
#include "widgets/pages/plots/plotspage.h"
#include "widgets/plots/xyplot.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSet>
#include <QSignalSpy>
#include <QSlider>
#include <QTableView>
#include <QThread>

#include <atomic>
#include <cmath>

using namespace trilobit;
using namespace trilobit::test;

namespace {

class TestBudgetPage : public QObject {
    Q_OBJECT
    std::unique_ptr<BenchFixture> m_fixture;

    Workbench& bench() { return *m_fixture->bench; }
    Json run(const char* verb, Json args) {
        RunControl control;
        args.set("model", m_fixture->path.toStdString());
        auto result = runCommand(m_fixture->workspace, {verb, std::move(args)}, control);
        if (!result)
            qWarning("%s", result.error().text().c_str());
        return result ? *result : Json();
    }

private slots:
    void init() {
        m_fixture = std::make_unique<BenchFixture>();
        auto store = ExperimentStore::open(m_fixture->folder.filePath("runs.sqlite"));
        QVERIFY_RESULT(store);
        m_fixture->workspace.store = *store;
        QVERIFY(m_fixture->openDemo());
    }
    void cleanup() { m_fixture.reset(); }

    void solvesAppliesMeasuresAndReopens() {
        BudgetPage page(bench());
        page.resize(900, 600);
        page.show();
        QVERIFY(!page.answer());
        page.measure();
        QTRY_VERIFY_WITH_TIMEOUT(page.answer().has_value(), 60000);
        auto* bits = page.findChild<QDoubleSpinBox*>("budgetBits");
        bits->setValue(5);
        QVERIFY(page.answer()->bitsPerWeight <= 5.0005);
        const auto bytes = page.answer()->bytes;
        // The command line, given the same budget and the same choice of encodings, finds the same recipe.
        std::string stock;
        for (const auto& encoding : m_fixture->workspace.encodings.all())
            if (encoding->info().runsInStockLlamaCpp && encoding->info().bitsPerWeight < 32)
                stock += (stock.empty() ? "" : ",") + encoding->info().id;
        const Json cli =
            run("budget", Json::object({{"budget", QString::number(bits->value(), 'f', 3).toStdString() + "bpw"},
                                        {"encodings", stock}}));
        QVERIFY(cli.isObject());
        QCOMPARE(cli["bytes"].toUInt(), bytes);
        QCOMPARE(cli["sqnr_db"].toDouble(), page.answer()->sqnrDb);
        QCOMPARE(cli["recipe"]["rules"].items().size(), page.answer()->recipe.rules.size());

        page.applyAnswer();
        QCOMPARE(bench().plan().bytesAfter, bytes);
        for (const Rule& rule : page.answer()->recipe.rules)
            QCOMPARE(bench().recipe().choiceFor(rule.pattern), rule.choice);
        QVERIFY(m_fixture->quantize());
        double error = 0, weights = 0;
        for (const TensorReport& report : bench().quantized()->tensors)
            if (const Tensor* tensor = bench().model()->find(report.name); tensor->dimensions == 2) {
                weights += static_cast<double>(tensor->count());
                error += report.error.relativeSquared * static_cast<double>(tensor->count()); // none where it was kept
            }
        // A sample of 32 768 weights of each tensor against all of them: the demo's tensors are a few times as large.
        QVERIFY(std::fabs(10 * std::log10(weights / error) - page.answer()->sqnrDb) < 1);

        auto* plot = page.findChild<XyPlot*>("budgetPlot");
        // Whoever gives more bytes never gets a worse model.
        const XySeries& front = plot->shown().series.front();
        QCOMPARE(front.csvName, QStringLiteral("front"));
        QVERIFY(front.y.size() > 20);
        for (std::size_t i = 1; i < front.y.size(); ++i)
            QVERIFY2(front.y[i] >= front.y[i - 1] - 1e-9, qPrintable(QString::number(front.x[i])));
        const auto tried = [plot]() -> const XySeries* {
            for (const XySeries& series : plot->shown().series)
                if (!series.ids.empty())
                    return &series;
            return nullptr;
        };
        QTRY_VERIFY(tried() && tried()->ids.size() == 1);
        QVERIFY(std::fabs(tried()->y[0] - 10 * std::log10(weights / error)) < 1e-6);
        const Recipe before = bench().recipe();
        bench().clearRules();
        plot->setFocus();
        QTest::keyClick(plot, Qt::Key_N);
        QTest::keyClick(plot, Qt::Key_Return);
        QCOMPARE(bench().recipe().hash(), before.hash());
        bench().undoStack().undo();
        QVERIFY(bench().recipe().rules.empty());
    }

    void theSliderFindsLargerBudgetsBetterAndLocksHold() {
        bench().setRule(QStringLiteral("output.weight"), {"rtn", "Q6_K", {}});
        bench().setSelection({QStringLiteral("output.weight")}, QStringLiteral("output.weight"));
        BudgetPage page(bench());
        page.show();
        page.lockSelection();
        QCOMPARE(page.locks().size(), std::size_t{1});
        page.measure();
        QTRY_VERIFY_WITH_TIMEOUT(page.answer().has_value(), 60000);
        auto* slider = page.findChild<QSlider*>("budgetSlider");
        double last = -1;
        for (int step = 0; step <= slider->maximum(); step += slider->maximum() / 8) {
            slider->setValue(step);
            QVERIFY(page.answer()->cost <= last || last < 0);
            last = page.answer()->cost;
            QCOMPARE(page.answer()->recipe.choiceFor("output.weight").encoding, std::string("Q6_K"));
        }
        page.findChild<QListWidget*>("budgetLocks")->setCurrentRow(0);
        page.removeLock();
        QVERIFY(page.locks().empty());
    }

    void locksThatCameLateAreMeasuredAndKept() {
        const QString name = QStringLiteral("blk.0.attn_v.weight");
        BudgetPage page(bench());
        page.show();
        QSignalSpy solved(&page, &BudgetPage::planChanged);
        page.measure();
        QTRY_VERIFY_WITH_TIMEOUT(page.answer().has_value(), 60000);
        // Nothing that was tried so far: only plain rounding was.
        bench().setChoice({name}, {"absmean", "TQ2_0", {}});
        bench().setSelection({name}, name);
        page.lockSelection();
        QVERIFY(!page.answer()); // what does not keep the lock is not on offer
        QTRY_VERIFY_WITH_TIMEOUT(page.answer().has_value(), 60000);
        QCOMPARE(page.answer()->recipe.choiceFor(name.toStdString()), (Choice{"absmean", "TQ2_0", {}}));
        // Another one for the same tensor takes the place of the first, also while everything is measured again.
        page.measure();
        bench().setChoice({name}, {"rtn", "Q8_0", {}});
        page.lockSelection();
        QCOMPARE(page.locks().size(), std::size_t{1});
        QCOMPARE(page.findChild<QListWidget*>("budgetLocks")->count(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(page.answer().has_value(), 60000);
        QCOMPARE(page.answer()->recipe.choiceFor(name.toStdString()), (Choice{"rtn", "Q8_0", {}}));
        QTRY_VERIFY(m_fixture->jobs->isIdle());
        // Stopped halfway, what was known before still answers.
        auto* button = page.findChild<QPushButton*>("budgetMeasure");
        button->click();
        button->click();
        QTRY_VERIFY_WITH_TIMEOUT(m_fixture->jobs->isIdle(), 60000);
        QVERIFY(page.answer());
        bench().openModel(m_fixture->path); // another model, as far as the page can know
        QTRY_VERIFY(!page.plan());
        QVERIFY(page.locks().empty());
        QVERIFY(solved.count() >= 3);
    }

    void optionsAreWhatTheCommandLineMeasures() {
        const QString name = QStringLiteral("blk.0.ffn_up.weight");
        bench().setSelection({name}, name);
        OptionsDialog dialog(bench(), name, {name});
        dialog.show();
        const QAbstractItemModelTester tester(dialog.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy done(&dialog, &OptionsDialog::measured);
        dialog.findChild<QCheckBox*>("optionsAllRows")->setChecked(true);
        QTRY_VERIFY_WITH_TIMEOUT(done.count() >= 1, 60000);
        QTRY_VERIFY(m_fixture->jobs->isIdle());
        const Json cli = run("options", Json::object({{"tensor", name.toStdString()}}));
        QCOMPARE(dialog.model()->rowCount(), static_cast<int>(cli["options"].items().size()) + 1); // and "keep"
        int refused = 0;
        for (int row = 1; row < dialog.model()->rowCount(); ++row) {
            const MeasuredOption& shown = dialog.model()->at(row);
            const Json& line = cli["options"].items()[static_cast<std::size_t>(row - 1)];
            QCOMPARE(shown.choice.encoding, line["requested"].toString());
            QCOMPARE(shown.refused, line["refused"].toBool());
            refused += shown.refused;
            if (shown.refused)
                continue;
            QCOMPARE(shown.bytes, line["bytes"].toUInt());
            QCOMPARE(shown.error.rmse, line["rmse"].toDouble());
        }
        QVERIFY(refused >= 1); // I2_S only takes ternary weights
        // One of them by keyboard.
        auto* table = dialog.findChild<QTableView*>("optionsTable");
        for (int row = 0; row < table->model()->rowCount(); ++row)
            if (table->model()->index(row, OptionsModel::Encoding).data().toString() == QLatin1String("Q8_0"))
                table->setCurrentIndex(table->model()->index(row, 0));
        dialog.accept();
        QCOMPARE(bench().recipe().choiceFor(name.toStdString()).encoding, std::string("Q8_0"));
    }

    void plotsShowTheProfileOfTheCommandLine() {
        const QString name = QStringLiteral("blk.1.ffn_down.weight");
        bench().setRule(QStringLiteral("*"), {"rtn", "Q4_0", {}});
        PlotsPage page(bench());
        page.resize(800, 500);
        page.show();
        bench().setSelection({name}, name);
        QTRY_VERIFY_WITH_TIMEOUT(page.profile().has_value() && page.profile()->hasQuantized, 20000);
        const Json cli = run("profile", Json::object({{"tensor", name.toStdString()}, {"encoding", "Q4_0"}}));
        auto* kinds = page.findChild<QComboBox*>("plotKind");
        auto* plot = page.findChild<XyPlot*>("plotsPlot");
        const auto choose = [&](PlotKind kind) { kinds->setCurrentIndex(kinds->findData(static_cast<int>(kind))); };
        choose(PlotKind::AbsmaxByColumn);
        QCOMPARE(plot->shown().series.size(), std::size_t{3});
        for (const auto& [series, key] :
             {std::pair(0, "column_absmax"), std::pair(1, "column_rms"), std::pair(2, "column_error_rms")}) {
            const auto& values = plot->shown().series[static_cast<std::size_t>(series)].y;
            QCOMPARE(values.size(), cli[key].items().size());
            for (std::size_t i = 0; i < values.size(); ++i)
                QCOMPARE(values[i], cli[key].items()[i].toDouble());
        }
        choose(PlotKind::Spectrum);
        for (std::size_t i = 0; i < cli["error_singular_values"].items().size(); ++i)
            QCOMPARE(plot->shown().series[1].y[i], cli["error_singular_values"].items()[i].toDouble());
        for (int kind = 0; kind < kinds->count(); ++kind) {
            if (kinds->itemData(kind).toInt() == static_cast<int>(PlotKind::Activations))
                continue; // nothing to show before a calibration
            kinds->setCurrentIndex(kind);
            QTRY_VERIFY(!plot->shown().series.empty());
            QVERIFY(plot->csv().count(QLatin1Char('\n')) > 10);
            QVERIFY(!page.grab().isNull());
        }
        // Over all layers: the numbers of stats.
        choose(PlotKind::KurtosisByLayer);
        QTRY_VERIFY(!page.layerStats().empty());
        const Json stats = run("stats", Json::object({{"tensor", "blk.*"}}));
        for (const LayerStats& row : page.layerStats())
            for (const Json& line : stats["tensors"].items())
                if (line["name"].toString() == row.name)
                    QCOMPARE(row.kurtosis, line["kurtosis"].toDouble());
    }

    void activationsAreTheNumbersOfTheCommandLine() {
        const QString name = QStringLiteral("blk.1.ffn_down.weight"), file = m_fixture->folder.filePath("imatrix.gguf"),
                      text = m_fixture->folder.filePath("text.txt");
        QFile out(text);
        QVERIFY(out.open(QIODevice::WriteOnly));
        for (int i = 0; i < 80; ++i)
            out.write("A stone lay by the road, and rain number " + QByteArray::number(i * i) + " fell on it. ");
        out.close();
        bench().setRule(QStringLiteral("*"), {"rtn", "Q4_0", {}});
        bench().setSelection({name}, name);
        PlotsPage page(bench());
        page.resize(800, 500);
        page.show();
        auto* kinds = page.findChild<QComboBox*>("plotKind");
        auto* plot = page.findChild<XyPlot*>("plotsPlot");
        auto* drop = page.findChild<QPushButton*>("dropCalibrationButton");
        auto* start = page.findChild<QPushButton*>("calibrateButton");
        QVERIFY(!start->isVisible());
        kinds->setCurrentIndex(kinds->findData(static_cast<int>(PlotKind::Activations)));
        QVERIFY(start->isVisible() && start->isEnabled() && !drop->isEnabled());
        QVERIFY(plot->shown().series.empty());
        QSignalSpy asked(&page, &PlotsPage::calibrateRequested), changed(&bench(), &Workbench::calibrationChanged);
        start->click();
        QCOMPARE(asked.size(), 1);
        bench().calibrate(text, file, 512, 64);
        QVERIFY(bench().isCalibrating() && !start->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(!bench().isCalibrating(), 30000);
        QCOMPARE(changed.size(), 1);
        QVERIFY(bench().calibration());
        QVERIFY(bench().tensorPlan(name)->importance);
        RunControl control;
        const auto cli = runCommand(m_fixture->workspace,
                                    {"calibration", Json::object({{"file", file.toStdString()},
                                                                  {"tensor", name.toStdString()},
                                                                  {"channels", true}})},
                                    control);
        QVERIFY_RESULT(cli);
        const Json& row = (*cli)["statistics"].items().front();
        for (const auto& [series, key] : {std::pair(0, "max_abs"), std::pair(1, "rms"), std::pair(2, "mean_abs")}) {
            const auto& values = plot->shown().series[static_cast<std::size_t>(series)].y;
            QCOMPARE(values.size(), row["by_channel"][key].items().size());
            for (std::size_t i = 0; i < values.size(); ++i)
                QCOMPARE(values[i], row["by_channel"][key].items()[i].toDouble());
        }
        QCOMPARE(plot->shown().series.size(), row["outliers"].items().empty() ? std::size_t{3} : std::size_t{5});
        QVERIFY(page.findChild<QLabel*>("calibrationText")->text().contains("imatrix.gguf"));
        QVERIFY(plot->csv().startsWith("series,channel,magnitude"));
        QVERIFY(!page.grab().isNull());
        // What is made now is made with it; forgetting it makes that a thing of the past.
        bench().quantize();
        QTRY_VERIFY_WITH_TIMEOUT(!bench().isBusy(), 30000);
        QVERIFY(bench().quantizedIsCurrent() && bench().report(name)->calibrated);
        QVERIFY(bench().lastCommandLine().contains("--calibration " + file));
        drop->click();
        QVERIFY(!bench().calibration() && !bench().quantizedIsCurrent() && !bench().tensorPlan(name)->importance);
        QVERIFY(plot->shown().series.empty() && !drop->isEnabled());
        // Taken back from its file.
        bench().useCalibration(file);
        QTRY_VERIFY_WITH_TIMEOUT(bench().calibration() != nullptr, 20000);
        QTRY_VERIFY(!plot->shown().series.empty());
        QSignalSpy failed(&bench(), &Workbench::failed);
        bench().useCalibration(text);
        QTRY_VERIFY(!bench().isCalibrating());
        QCOMPARE(failed.size(), 1);
        QVERIFY(bench().calibration());
    }

    void channelsThatStandOut() {
        InputStatistics statistics;
        statistics.tokens = {4};
        statistics.sumSquares = {4, 4, 4 * 49, 4, 9};
        const XyData data = activationPlot(statistics);
        QCOMPARE(data.series.size(), std::size_t{3}); // squares alone: one curve, the limit and the outliers
        QCOMPARE(data.series[0].y, (std::vector<double>{1, 1, 7, 1, 1.5}));
        QCOMPARE(data.series[1].y, (std::vector<double>{6, 6}));
        QCOMPARE(data.series[2].x, std::vector<double>{2});
        QVERIFY(data.series[2].notes.front().contains("7.0"));
    }

    void plotsSayWhatTheyCannotShow() {
        bench().setRule(QStringLiteral("*"), {"rtn", "Q4_0", {}});
        // Long work in its lane: the original is there all the same.
        std::atomic<bool> go = false;
        m_fixture->jobs->start<int>({QStringLiteral("long"), JobLane::Compute, false}, this,
                                    [&go](RunControl& control) {
                                        while (!go && !control.isCancelled())
                                            QThread::msleep(2);
                                        return Result<int>(0);
                                    },
                                    [](Result<int>) {});
        PlotsPage page(bench());
        page.show();
        const QString name = QStringLiteral("blk.1.ffn_down.weight");
        bench().setSelection({name}, name);
        QTRY_VERIFY(page.profile().has_value());
        QVERIFY(!page.profile()->hasQuantized);
        auto* plot = page.findChild<XyPlot*>("plotsPlot");
        QVERIFY(!plot->shown().series.empty());
        go = true;
        QTRY_VERIFY_WITH_TIMEOUT(page.profile()->hasQuantized, 20000);
        QTRY_VERIFY(m_fixture->jobs->isIdle());
        // Refused: the original alone, and why.
        bench().setChoice({name}, {"rtn", "I2_S", {}});
        QTRY_VERIFY(page.profile() && !page.profile()->hasQuantized && m_fixture->jobs->isIdle());
        auto* kinds = page.findChild<QComboBox*>("plotKind");
        kinds->setCurrentIndex(kinds->findData(static_cast<int>(PlotKind::AbsmaxByRow)));
        QVERIFY(!page.findChild<QLabel*>("plotsState")->text().isEmpty());
        QCOMPARE(plot->shown().series.size(), std::size_t{2});
    }

    void everySeriesLooksDifferent() {
        XyData data;
        for (int i = 0; i < 14; ++i) {
            XySeries series;
            series.title = QString::number(i);
            series.look = XySeries::Look::Points;
            series.color = i;
            series.x = series.y = {1.0 * i};
            data.series.push_back(series);
        }
        XyPlot plot;
        plot.setData(data);
        QSet<QString> looks;
        for (int i = 0; i < plot.graphCount(); ++i)
            looks << plot.graph(i)->pen().color().name()
                         + QString::number(plot.graph(i)->scatterStyle().shape());
        QCOMPARE(looks.size(), 14);
    }

    void logarithmicAxesAreLabelledWithinADecade_data() {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::newRow("less than a decade") << 2.9 << 7.5;
        QTest::newRow("a decade") << 3.0 << 40.0;
        QTest::newRow("two decades") << 0.04 << 3.0;
        QTest::newRow("many") << 1e-6 << 5.0;
    }
    void logarithmicAxesAreLabelledWithinADecade() {
        QFETCH(double, low);
        QFETCH(double, high);
        XyPlot plot;
        plot.resize(500, 400);
        XyData data;
        XySeries series;
        series.x = {1, 2};
        series.y = {low, high};
        data.series = {series};
        plot.setData(data);
        plot.setLogScales(false, true);
        plot.replot();
        int inside = 0;
        const QVector<double> ticks = plot.yAxis->tickVector();
        for (const double tick : ticks)
            inside += tick >= plot.yAxis->range().lower && tick <= plot.yAxis->range().upper;
        QVERIFY2(inside >= 2, qPrintable(QString::number(inside)));
        QVERIFY(inside <= 14);
    }

    void legendsAreReadInFull() {
        XyPlot plot;
        XyData data;
        for (int i = 0; i < 4; ++i) {
            XySeries series;
            series.title = QStringLiteral("what this curve stands for, %1").arg(i);
            series.x = series.y = {1, 2};
            data.series.push_back(series);
        }
        plot.resize(320, 300);
        plot.setData(data);
        for (const int width : {320, 1600, 600}) {
            plot.resize(width, 300);
            plot.show();
            QTRY_COMPARE(plot.width(), width);
            plot.replot();
            QRect before;
            int entries = 0;
            for (int i = 0; i < plot.legend->itemCount(); ++i) {
                if (!plot.legend->item(i))
                    continue; // the last row need not be full
                ++entries;
                const QRect item = plot.legend->item(i)->outerRect();
                QVERIFY2(item.right() <= width, qPrintable(QString::number(width)));
                QVERIFY2(item.width() >= plot.legend->item(i)->minimumOuterSizeHint().width(),
                         qPrintable(QString::number(width)));
                QVERIFY(!item.intersects(before));
                before = item;
            }
            QCOMPARE(entries, 4);
            plot.setData(data); // also when rows were not full
        }
    }

    void plotsAreSavedInLightColours() {
        QTemporaryDir folder;
        XyPlot plot;
        plot.resize(400, 300);
        XyData data;
        data.xName = data.yName = QStringLiteral("v");
        XySeries series;
        series.title = QStringLiteral("a, \"quoted\"");
        series.csvName = series.title;
        series.x = {1, 2, 3};
        series.y = {2, -1, std::nan("")};
        data.series = {series};
        plot.setPalette(themePalette(themeColors(true)));
        plot.setData(data);
        QVERIFY(plot.theme().dark);
        for (const char* suffix : {"png", "svg", "pdf", "csv"}) {
            const QString path = folder.filePath(QStringLiteral("plot.") + QLatin1String(suffix));
            const QString problem = plot.saveAs(path);
            QCOMPARE(problem, QString());
            QVERIFY(QFileInfo(path).size() > 40);
        }
        QVERIFY(plot.theme().dark); // the window keeps its own
        const QImage image(folder.filePath("plot.png"));
        QVERIFY(image.pixelColor(2, 2).lightness() > 200);
        QVERIFY(!plot.saveAs(folder.filePath("plot.bmp")).isEmpty());
        QVERIFY(plot.csv().contains(QStringLiteral("\"a, \"\"quoted\"\"\"")));
    }
};

} // namespace

QTEST_MAIN(TestBudgetPage)
#include "tst_budgetpage.moc"
