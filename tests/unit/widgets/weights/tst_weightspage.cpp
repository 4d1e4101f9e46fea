// The weights page: numbers of a tensor against a second way to compute them, live preview, stale answers.
#include "tests/support/testdata.h"
#include "tests/unit/widgets/benchfixture.h"
#include "widgets/common/factstrip.h"
#include "widgets/pages/weights/weightspage.h"
#include "widgets/plots/histogramplot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>

#include <cmath>
#include <numeric>

using namespace trilobit;
using test::BenchFixture;

namespace {

QString largest(const Model& model) {
    const Tensor* best = nullptr;
    for (const Tensor& tensor : model.tensors())
        if (tensor.isQuantizable() && tensor.layer >= 0 && (!best || tensor.count() > best->count()))
            best = &tensor;
    return best ? QString::fromStdString(best->name) : QString();
}

struct Page {
    explicit Page(BenchFixture& f) : page(*f.bench), done(&page, &WeightsPage::pictureShown) {
        page.resize(900, 560);
        page.show();
    }
    bool waitExact() {
        return QTest::qWaitFor([this] { return page.picture() && page.picture()->exactStats && shownExact(); }, 20000);
    }
    bool shownExact() const { return !done.isEmpty() && done.last().at(0).toBool(); }
    HistogramPlot& plot() { return *page.findChild<HistogramPlot*>("weightsHistogram"); }
    FactStrip& facts() { return *page.findChild<FactStrip*>("weightsFacts"); }
    WeightsPage page;
    QSignalSpy done;
};

} // namespace

class TestWeightsPage : public QObject {
    Q_OBJECT
private slots:
    void saysWhatIsMissing() {
        BenchFixture f;
        Page p(f);
        QVERIFY(p.plot().histogram().original.counts.empty());
        QVERIFY(f.openDemo());
        f.bench->setSelection({}, {});
        QTest::qWait(100);
        QVERIFY(p.plot().histogram().original.counts.empty());
        QVERIFY(p.facts().text().isEmpty());
    }

    void numbersOfATensor() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        const QString name = largest(*f.bench->model());
        f.bench->setSelection({name}, name);
        QVERIFY(p.waitExact());
        RunControl control;
        const auto values = decodeTensor(*f.bench->model()->find(name.toStdString()), control);
        QVERIFY_RESULT(values);
        const double sum = std::accumulate(values->begin(), values->end(), 0.0);
        const double mean = sum / static_cast<double>(values->size());
        double squares = 0;
        for (const float v : *values)
            squares += (v - mean) * (v - mean);
        const WeightStats& stats = p.page.picture()->stats;
        QCOMPARE(stats.count, static_cast<std::uint64_t>(values->size()));
        QVERIFY(std::abs(stats.mean - mean) < 1e-9);
        QVERIFY(std::abs(stats.std - std::sqrt(squares / static_cast<double>(values->size()))) < 1e-9);
        const auto& counts = p.plot().histogram().original.counts;
        QCOMPARE(counts.size(), std::size_t{256});
        QCOMPARE(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}), stats.count);
        QVERIFY(!p.plot().histogram().quantized); // nothing is chosen
        QVERIFY(p.facts().value("sqnr").isEmpty());
        QVERIFY(!p.facts().value("kurtosis").isEmpty());

        p.page.findChild<QComboBox*>("weightsBins")->setCurrentText("64");
        QTRY_COMPARE(p.plot().histogram().original.counts.size(), std::size_t{64});
        p.page.findChild<QCheckBox*>("weightsLogScale")->click();
        QVERIFY(p.plot().logScale());
    }

    void previewFollowsTheChoice() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        const QString name = largest(*f.bench->model());
        f.bench->setSelection({name}, name);
        QVERIFY(p.waitExact());
        p.done.clear();
        f.bench->setChoice({name}, BenchFixture::ternary());
        QTRY_VERIFY_WITH_TIMEOUT(p.plot().histogram().quantized.has_value() && p.shownExact(), 20000);
        const WeightsPicture& picture = *p.page.picture();
        QCOMPARE(picture.quantized->counts.size(), picture.original.counts.size());
        QVERIFY(picture.error.sqnrDb > 0 && picture.error.sqnrDb < 12); // three levels
        // Per block a handful of levels: most bins of the quantized histogram are empty, which the original's are not.
        const auto filled = [](const std::vector<std::uint64_t>& counts) {
            return std::count_if(counts.begin(), counts.end(), [](std::uint64_t n) { return n > 0; });
        };
        QVERIFY(filled(picture.quantized->counts) < filled(picture.original.counts));
        QVERIFY(!p.facts().value("sqnr").isEmpty());
        p.page.findChild<QCheckBox*>("weightsOverlay")->click();
        QVERIFY(!p.plot().histogram().quantized);

        p.done.clear();
        f.bench->setChoice({name}, {});
        QTRY_VERIFY_WITH_TIMEOUT(p.shownExact(), 20000);
        QVERIFY(!p.page.picture()->quantized);
    }

    void answersToOldQuestionsAreDropped() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        const QString name = largest(*f.bench->model());
        test::Watchdog dog;
        for (int i = 0; i < 12; ++i) {
            f.bench->setSelection({name}, name);
            f.bench->setChoice({name}, i % 2 ? BenchFixture::ternary() : BenchFixture::eightBit());
            QTest::qWait(45);
        }
        f.bench->setChoice({name}, BenchFixture::eightBit());
        // Three levels stay below 12 dB, so this is the picture of the last choice; nothing older may replace it.
        QTest::qWait(300); // the page gathers changes for a moment before it asks
        QTRY_VERIFY_WITH_TIMEOUT(f.jobs->isIdle() && p.page.picture() && p.page.picture()->error.sqnrDb > 30, 20000);
        QTest::qWait(300);
        QTRY_VERIFY_WITH_TIMEOUT(f.jobs->isIdle(), 20000);
        QVERIFY(p.page.picture()->error.sqnrDb > 30);
        qInfo("longest pause of the interface thread: %lld ms", dog.longest());
    }

    void impossibleChoicesAreExplained() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        const QString name = largest(*f.bench->model());
        const Tensor& tensor = *f.bench->model()->find(name.toStdString());
        RunControl control;
        const auto picture =
            pictureWeights(tensor, {"absmean", "Q8_0", {}}, 0, 64, 0, f.workspace.quantServices(), control);
        QVERIFY_RESULT(picture);
        if (!picture->quantized)
            QVERIFY(!picture->note.empty());
        const auto unknown =
            pictureWeights(tensor, {"nosuch", "Q8_0", {}}, 0, 64, 0, f.workspace.quantServices(), control);
        QVERIFY_RESULT(unknown);
        QVERIFY(!unknown->quantized);
        QVERIFY(!unknown->note.empty());
        QVERIFY(unknown->originalTotal == static_cast<std::uint64_t>(tensor.count()));
    }

    void samplesSaySo() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        const Tensor& tensor = *f.bench->model()->find(largest(*f.bench->model()).toStdString());
        QVERIFY(tensor.rows > 16);
        RunControl control;
        const auto picture =
            pictureWeights(tensor, BenchFixture::ternary(), 0, 64, 16, f.workspace.quantServices(), control);
        QVERIFY_RESULT(picture);
        QCOMPARE(picture->rows, std::int64_t{16});
        QCOMPARE(picture->totalRows, tensor.rows);
        QVERIFY(!picture->exactStats);
        QCOMPARE(picture->originalTotal, static_cast<std::uint64_t>(16 * tensor.cols));
    }

    void factsWrap() {
        FactStrip strip;
        strip.addFact("a", "alpha", "first");
        strip.addFact("b", "beta", "second");
        strip.setValue("a", "1");
        strip.setValue("b", "2");
        QCOMPARE(strip.text(), QStringLiteral("alpha 1, beta 2"));
        QVERIFY(strip.heightForWidth(40) > strip.heightForWidth(1000));
        strip.setValue("a", {});
        QCOMPARE(strip.text(), QStringLiteral("beta 2"));
        strip.setValue("unknown", "3");
        const QString wide = QString("many words ").repeated(20);
        strip.setValue("b", wide);
        strip.resize(200, 40);
        strip.show();
        const auto* label = strip.findChild<FactView*>("fact_b");
        QTRY_VERIFY(label->width() <= 200);
        const QString shown = label->shownValue();
        QVERIFY2(shown.contains(QChar(0x2026)), qPrintable(shown)); // elided, not cut
        QVERIFY(label->toolTip().contains(wide));
        QCOMPARE(strip.value("b"), wide);
    }
};

QTEST_MAIN(TestWeightsPage)
#include "tst_weightspage.moc"
