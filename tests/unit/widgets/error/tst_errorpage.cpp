// The error page: estimates before quantizing, exact numbers after, and only for the choice that holds now.
#include "tests/support/testdata.h"
#include "tests/unit/widgets/benchfixture.h"
#include "widgets/pages/error/errorpage.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>

#include <cmath>

using namespace trilobit;
using test::BenchFixture;

namespace {

QStringList blockMatrices(const Model& model) {
    QStringList names;
    for (const Tensor& tensor : model.tensors())
        if (tensor.isQuantizable() && tensor.layer >= 0)
            names << QString::fromStdString(tensor.name);
    return names;
}

} // namespace

class TestErrorPage : public QObject {
    Q_OBJECT
private slots:
    void measuresThenShowsTheExactNumbers() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        ErrorPage page(*f.bench);
        page.resize(900, 500);
        page.show();
        auto* button = page.findChild<QPushButton*>("errorMeasureNow");
        auto* plot = page.findChild<BarsPlot*>("errorBars");
        QVERIFY(!button->isVisible()); // nothing is chosen

        const QStringList names = blockMatrices(*f.bench->model());
        QVERIFY(names.size() > 4);
        f.bench->setChoice(names, BenchFixture::ternary());
        QTRY_VERIFY(button->isVisible());
        QVERIFY(page.rows().rows.empty());
        button->click();
        QTRY_COMPARE_WITH_TIMEOUT(page.rows().rows.size(), static_cast<std::size_t>(names.size()), 30000);
        QVERIFY(page.rows().missing.empty());
        QTRY_VERIFY(!button->isVisible());
        std::map<std::string, double> estimated;
        for (const ErrorRow& row : page.rows().rows) {
            QVERIFY(row.error.sqnrDb > 0);
            estimated[row.tensor->name] = row.error.sqnrDb;
        }

        QVERIFY(f.quantize());
        QTRY_VERIFY(!page.rows().rows.empty() && !page.rows().rows.front().sampled);
        for (const ErrorRow& row : page.rows().rows) {
            const TensorReport* report = f.bench->report(QString::fromStdString(row.tensor->name));
            QVERIFY(report);
            QCOMPARE(row.error.sqnrDb, report->error.sqnrDb);
            QVERIFY2(std::abs(row.error.sqnrDb - estimated[row.tensor->name]) < 1.5, row.tensor->name.c_str());
        }
        QCOMPARE(plot->csv().count(QLatin1Char('\n')), names.size() + 1);

        // Another choice for one tensor: its old number no longer counts.
        f.bench->setChoice({names.first()}, BenchFixture::eightBit());
        QTRY_COMPARE(page.rows().rows.size(), static_cast<std::size_t>(names.size() - 1));
        QCOMPARE(page.rows().missing.size(), std::size_t{1});
        page.measure();
        QTRY_VERIFY_WITH_TIMEOUT(page.rows().missing.empty(), 20000);
        f.bench->setChoice(names, {});
        QTRY_VERIFY(page.rows().rows.empty());
    }

    void barsChooseTensors() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        ErrorPage page(*f.bench);
        page.resize(900, 500);
        page.show();
        const QStringList names = blockMatrices(*f.bench->model());
        f.bench->setChoice(names, BenchFixture::eightBit());
        QTRY_VERIFY(!page.rows().missing.empty());
        page.measure();
        QTRY_VERIFY_WITH_TIMEOUT(page.rows().missing.empty(), 30000);
        auto* plot = page.findChild<BarsPlot*>("errorBars");
        emit plot->barChosen(names.at(1));
        QCOMPARE(f.bench->currentTensor(), names.at(1));
        f.bench->setSelection({names.at(2)}, names.at(2));
        QCOMPARE(plot->selected(), names.at(2));
        page.findChild<QComboBox*>("errorMeasure")->setCurrentIndex(2);
        QVERIFY(plot->csv().startsWith("group,tensor,rmse"));
        page.findChild<QComboBox*>("errorGrouping")->setCurrentIndex(1);
        QVERIFY(plot->csv().contains("\nattn_q,"));
    }

    void measuringStops() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        ErrorPage page(*f.bench);
        page.resize(900, 500);
        page.show();
        f.bench->setChoice(blockMatrices(*f.bench->model()), BenchFixture::ternary());
        QTRY_VERIFY(!page.rows().missing.empty());
        page.measure();
        page.findChild<QPushButton*>("errorMeasureNow")->click();
        QTRY_VERIFY(f.jobs->isIdle());
        page.measure(); // and can start again
        QTRY_VERIFY_WITH_TIMEOUT(page.rows().missing.empty(), 30000);
    }

    void summaryIsTheTotal() {
        Model::Parts parts;
        Tensor a, b;
        a.name = "blk.0.a";
        a.rows = 1;
        a.cols = 100;
        b.name = "blk.0.b";
        b.rows = 1;
        b.cols = 300;
        ErrorRows rows;
        // energies 400 and 300, errors 4 and 3 + nothing else: 700 / 7 = 20 dB
        rows.rows.push_back({&a, "m", "E", {std::sqrt(4.0 / 100), 20, 0.01, 1, 4, 400}, false});
        rows.rows.push_back({&b, "m", "E", {std::sqrt(3.0 / 300), 20, 0.01, 1, 3, 300}, false});
        QVERIFY2(errorSummary(rows).contains("20.0 dB"), qPrintable(errorSummary(rows)));
        rows.rows[1].error = {0, std::numeric_limits<double>::infinity(), 0, 0, 0, 300};
        // 700 / 4
        QVERIFY2(errorSummary(rows).contains("22.4 dB"), qPrintable(errorSummary(rows)));
        const BarsData bars = errorBars(rows, ErrorMeasure::SqnrDb, ErrorGrouping::Layer);
        QVERIFY(bars.groups.front().bars.back().unbounded);
        QCOMPARE(errorSummary({}), QString());
    }
};

QTEST_MAIN(TestErrorPage)
#include "tst_errorpage.moc"
