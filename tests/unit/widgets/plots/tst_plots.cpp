// Plots: what they draw, what they say on hover, how they zoom and what they save.
#include "tests/support/testdata.h"
#include "widgets/plots/barsplot.h"
#include "widgets/plots/histogramplot.h"

#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace trilobit;

namespace {

HistogramData fourBins() {
    HistogramData data;
    data.low = -2;
    data.high = 2;
    data.original = {"original", {1, 0, 5, 4}, 10};
    data.quantized = HistogramSeries{"quantized", {0, 2, 8, 0}, 10};
    data.mean = 0.4;
    data.std = 1;
    data.outliers = 0;
    return data;
}

BarsData threeBars() {
    BarsData data;
    data.valueLabel = "SQNR (dB)";
    data.groupLabel = "layer";
    data.csvHeader = "sqnr_db";
    data.groups = {{"0", {{"blk.0.a", 4, false, "<b>a</b>"}, {"blk.0.b", 8, false, "<b>b</b>"}}},
                   {"1", {{"blk.1.a", 0, true, "<b>exact</b>"}}}};
    return data;
}

/// hover text is protected: subclasses let the test ask.
class OpenHistogram : public HistogramPlot {
public:
    using HistogramPlot::valueText;
};
class OpenBars : public BarsPlot {
public:
    using BarsPlot::valueText;
};

void showSized(QWidget& widget) {
    widget.resize(640, 400);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
}

} // namespace

class TestPlots : public QObject {
    Q_OBJECT
private slots:
    void valuesOfTheBinUnderTheMouse() {
        OpenHistogram plot;
        plot.setData(fourBins());
        const QString text = plot.valueText(0.5, 1);
        QVERIFY2(text.contains("0 to 1"), qPrintable(text));
        QVERIFY2(text.contains("original: 5 weights (50 %)"), qPrintable(text));
        QVERIFY2(text.contains("quantized: 8 weights (80 %)"), qPrintable(text));
        QVERIFY(plot.valueText(2, 1).contains("original: 4 weights")); // the upper edge belongs to the last bin
        QVERIFY(plot.valueText(2.1, 1).isEmpty());
        QVERIFY(plot.valueText(-2.1, 1).isEmpty());
    }

    void stepsAreTheShares() {
        HistogramPlot plot;
        plot.setData(fourBins());
        const auto* graph = plot.graph(0);
        double area = 0; // steps hold until the next key
        for (int i = 0; i + 1 < graph->dataCount(); ++i)
            area += graph->data()->at(i)->value * (graph->data()->at(i + 1)->key - graph->data()->at(i)->key);
        QVERIFY(std::abs(area - 100) < 1e-9); // percent times a bin width of one
    }

    void emptyBinsAreBelowALogarithmicAxis() {
        HistogramPlot plot;
        showSized(plot);
        plot.setData(fourBins());
        plot.setLogScale(true);
        QCOMPARE(plot.yAxis->scaleType(), QCPAxis::stLogarithmic);
        QVERIFY(plot.yAxis->range().lower > 0);
        QVERIFY(plot.yAxis->range().lower < 10); // one weight of ten is 10 %
        for (const QCPGraphData& point : *plot.graph(0)->data()) {
            QVERIFY(std::isfinite(std::log(point.value)));
            if (point.key == -1) // the empty bin
                QVERIFY(point.value < plot.yAxis->range().lower);
        }
        plot.setLogScale(false);
        QCOMPARE(plot.yAxis->range().lower, 0.0);
    }

    void oneValueIsOneBin() {
        HistogramPlot plot;
        HistogramData data;
        data.low = data.high = 0.25;
        data.original = {"original", {7, 0, 0}, 7};
        plot.setData(data);
        QCOMPARE(plot.histogram().original.counts, std::vector<std::uint64_t>{7});
        QVERIFY(plot.xAxis->range().contains(0.25));
        plot.clear("nothing here");
        QCOMPARE(plot.graph(0)->dataCount(), 0);
    }

    void fewLevelsDoNotFlattenTheOriginal() {
        HistogramPlot plot;
        HistogramData data = fourBins();
        data.original.counts.assign(100, 100);
        data.original.total = 10000;
        data.quantized->counts.assign(100, 0);
        data.quantized->counts[10] = 10000;
        data.quantized->total = 10000;
        plot.setData(data);
        QVERIFY(plot.yAxis->range().upper < 5); // the original's bins hold one percent each
        plot.setLogScale(true);
        QVERIFY(plot.yAxis->range().upper > 100);
    }

    void zoomKeysAndReset() {
        HistogramPlot plot;
        showSized(plot);
        plot.setData(fourBins());
        const QCPRange all = plot.xAxis->range();
        QTest::keyClick(&plot, Qt::Key_Plus);
        const double zoomed = plot.xAxis->range().size();
        QVERIFY(zoomed < all.size());
        const double centre = plot.xAxis->range().center();
        QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY(plot.xAxis->range().center() > centre);
        for (int i = 0; i < 50; ++i)
            QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY(plot.xAxis->range().upper <= all.upper + 1e-9); // never leaves the data
        QVERIFY(std::abs(plot.xAxis->range().size() - zoomed) < 1e-9);
        QTest::keyClick(&plot, Qt::Key_Home);
        QVERIFY(std::abs(plot.xAxis->range().size() - all.size()) < 1e-9);
        QTest::keyClick(&plot, Qt::Key_Minus);
        QVERIFY(plot.xAxis->range().size() <= all.size() + 1e-9);
        QTest::keyClick(&plot, Qt::Key_Plus);
        QTest::mouseDClick(&plot, Qt::LeftButton, {}, plot.axisRect()->center());
        QVERIFY(std::abs(plot.xAxis->range().size() - all.size()) < 1e-9);
        // New numbers for the same range of values keep the view.
        QTest::keyClick(&plot, Qt::Key_Plus);
        plot.setData(fourBins());
        QVERIFY(plot.xAxis->range().size() < all.size());
    }

    void followsThePalette() {
        HistogramPlot plot;
        plot.setData(fourBins());
        QPalette dark;
        dark.setColor(QPalette::Window, Qt::black);
        dark.setColor(QPalette::Base, Qt::black);
        dark.setColor(QPalette::Text, Qt::white);
        plot.setPalette(dark);
        QVERIFY(plot.theme().dark);
        const QColor first = plot.graph(0)->pen().color();
        QPalette light;
        light.setColor(QPalette::Window, Qt::white);
        plot.setPalette(light);
        QVERIFY(!plot.theme().dark);
        QVERIFY(plot.graph(0)->pen().color() != first);
        // Apart without colour: one is filled, the other hatched.
        QVERIFY(plot.graph(0)->brush().style() != plot.graph(1)->brush().style());
    }

    void savesImagesAndNumbers() {
        QTemporaryDir folder;
        HistogramPlot plot;
        showSized(plot);
        plot.setData(fourBins());
        QCOMPARE(plot.csv(), QStringLiteral("bin_low,bin_high,original_count,quantized_count\n-2,-1,1,0\n-1,0,0,2\n"
                                            "0,1,5,8\n1,2,4,0\n"));
        QSignalSpy saved(&plot, &Plot::saved), failed(&plot, &Plot::saveFailed);
        for (const char* name : {"plot.png", "plot.pdf", "plot.svg", "plot.csv"})
            QCOMPARE(plot.saveAs(folder.filePath(name)), QString());
        QCOMPARE(saved.size(), 4);
        QVERIFY(!QImage(folder.filePath("plot.png")).isNull());
        QVERIFY(test::readBytes(folder.filePath("plot.pdf")).startsWith("%PDF"));
        QVERIFY(test::readBytes(folder.filePath("plot.svg")).contains("<svg"));
        QCOMPARE(QString::fromUtf8(test::readBytes(folder.filePath("plot.csv"))), plot.csv());
        QVERIFY(!plot.saveAs(folder.filePath("plot.bmp")).isEmpty());
        QVERIFY(!plot.saveAs(folder.filePath("missing/plot.csv")).isEmpty());
        QCOMPARE(failed.size(), 2);
        QVERIFY(!QFileInfo::exists(folder.filePath("missing")));
        plot.copyImage();
        QVERIFY(!QGuiApplication::clipboard()->pixmap().isNull());
    }

    void barsSayWhatTheyAre() {
        OpenBars plot;
        plot.setData(threeBars());
        QCOMPARE(plot.valueText(0, 1), QStringLiteral("<b>a</b>"));
        QCOMPARE(plot.valueText(1.2, 1), QStringLiteral("<b>b</b>"));
        QVERIFY(plot.valueText(2, 1).isEmpty()); // between the groups
        QCOMPARE(plot.valueText(3, 1), QStringLiteral("<b>exact</b>"));
        QCOMPARE(plot.csv(), QStringLiteral("group,tensor,sqnr_db\n0,blk.0.a,4\n0,blk.0.b,8\n1,blk.1.a,inf\n"));
    }

    void barsAreChosenByMouseAndKeys() {
        BarsPlot plot;
        showSized(plot);
        plot.setData(threeBars());
        plot.replot();
        QSignalSpy chosen(&plot, &BarsPlot::barChosen);
        const auto at = [&plot](double key) {
            return QPoint(static_cast<int>(plot.xAxis->coordToPixel(key)), plot.axisRect()->bottom() - 5);
        };
        QTest::mouseClick(&plot, Qt::LeftButton, {}, at(1));
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.takeFirst().at(0).toString(), QStringLiteral("blk.0.b"));
        QTest::mouseClick(&plot, Qt::LeftButton, {}, at(2)); // the gap
        QCOMPARE(chosen.size(), 0);
        QTest::mousePress(&plot, Qt::LeftButton, {}, at(0)); // a drag chooses nothing
        QTest::mouseMove(&plot, at(0) + QPoint(60, 0));
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, at(0) + QPoint(60, 0));
        QCOMPARE(chosen.size(), 0);
        QTest::keyClick(&plot, Qt::Key_N);
        QCOMPARE(plot.selected(), QStringLiteral("blk.1.a"));
        QTest::keyClick(&plot, Qt::Key_N);
        QCOMPARE(plot.selected(), QStringLiteral("blk.1.a"));
        QTest::keyClick(&plot, Qt::Key_P);
        QTest::keyClick(&plot, Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.first().at(0).toString(), QStringLiteral("blk.0.b"));
    }

    void barsOnALogarithmicScale() {
        BarsPlot plot;
        showSized(plot);
        BarsData data = threeBars();
        data.groups[0].bars[0].value = 1e-5;
        data.groups[0].bars[1].value = 0;
        plot.setData(data);
        plot.setLogScale(true);
        QVERIFY(plot.yAxis->range().lower > 0);
        QVERIFY(plot.yAxis->range().contains(1e-5));
        plot.setSelected("blk.0.b"); // not drawn: nothing to highlight, and nothing breaks
        plot.replot();
        plot.setData({});
        plot.replot();
    }
};

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
