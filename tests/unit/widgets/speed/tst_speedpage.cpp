// The speed page: measures what is open, shows what the command gave, and stops when asked.
#include "tests/unit/widgets/benchfixture.h"
#include "widgets/common/factstrip.h"
#include "widgets/pages/speed/speedpage.h"
#include "widgets/plots/barsplot.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>

using namespace trilobit;
using test::BenchFixture;

namespace {

struct Page {
    explicit Page(BenchFixture& f) : page(*f.bench), done(&page, &SpeedPage::measured) {
        page.resize(1000, 700);
        page.show();
        page.findChild<QSpinBox*>("speedPrompt")->setValue(16);
        page.findChild<QSpinBox*>("speedTokens")->setValue(4);
    }
    QPushButton* button() { return page.findChild<QPushButton*>("speedMeasure"); }
    QString fact(const char* key) { return page.findChild<FactStrip*>("speedFacts")->value(QLatin1String(key)); }
    QString note() { return page.findChild<QLabel*>("speedNote")->text(); }
    int kernels() { return page.findChild<QTableView*>("speedKernels")->model()->rowCount(); }
    bool run() {
        const auto before = done.size();
        button()->click();
        return QTest::qWaitFor([&] { return done.size() > before; }, 60'000) && done.last().at(0).toBool();
    }
    SpeedPage page;
    QSignalSpy done;
};

} // namespace

class TestSpeedPage : public QObject {
    Q_OBJECT
private slots:
    void withoutAModel() {
        BenchFixture f;
        Page p(f);
        QVERIFY(!p.button()->isEnabled());
    }

    void showsWhatWasMeasured() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        QVERIFY(p.run());
        for (const char* key : {"decode", "prefill", "first", "bandwidth", "bytes", "memory", "energy", "threads"})
            QVERIFY2(!p.fact(key).isEmpty(), key);
        QVERIFY2(p.fact("decode").contains(" to "), qPrintable(p.fact("decode")));
        const auto& config = f.bench->model()->config();
        QVERIFY(p.kernels() >= 7 * static_cast<int>(config.layers));
        // A line for each block in two groups, the output, and the head.
        const QString csv = p.page.findChild<BarsPlot*>("speedBars")->csv();
        QCOMPARE(csv.count('\n'), 2 * static_cast<int>(config.layers) + 2);
        QVERIFY2(f.bench->lastCommandLine().contains("bench"), qPrintable(f.bench->lastCommandLine()));
    }

    void theQuantizedOneToo() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        p.page.findChild<QComboBox*>("speedModel")->setCurrentIndex(1);
        p.button()->click();
        QVERIFY2(p.note().contains("Quantize"), qPrintable(p.note()));
        QVERIFY(!p.page.isRunning());
        f.bench->setRule("blk.*", BenchFixture::ternary());
        QVERIFY(f.quantize());
        QVERIFY(p.run());
        auto* table = p.page.findChild<QTableView*>("speedKernels");
        bool ternary = false;
        for (int row = 0; row < p.kernels(); ++row)
            ternary = ternary || table->model()->index(row, 2).data().toString().startsWith("ternary");
        QVERIFY(ternary);
    }

    void stops() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        p.page.findChild<QSpinBox*>("speedTokens")->setValue(900);
        p.page.findChild<QSpinBox*>("speedDepth")->setValue(0);
        p.button()->click();
        QVERIFY(p.page.isRunning());
        p.button()->click();
        QVERIFY(QTest::qWaitFor([&] { return !p.page.isRunning(); }, 20'000));
        QVERIFY(p.button()->isEnabled());
        QCOMPARE(p.kernels(), 0);
    }
};

QTEST_MAIN(TestSpeedPage)
#include "tst_speedpage.moc"
