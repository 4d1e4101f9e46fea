// The map page: cells against decoded weights, levels of detail, the microscope by mouse and keyboard, numbers as the
// command line gives them.
#include "core/commands/command.h"
#include "tests/support/testdata.h"
#include "tests/unit/widgets/benchfixture.h"
#include "widgets/common/factstrip.h"
#include "widgets/pages/map/mappage.h"
#include "widgets/pages/map/microscope.h"
#include "widgets/pages/map/microscopemodels.h"
#include "widgets/plots/heatmapplot.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>

using namespace trilobit;
using namespace trilobit::test;

namespace {

const QString kTensor = QStringLiteral("blk.0.ffn_up.weight");

class TestMapPage : public QObject {
    Q_OBJECT
    std::unique_ptr<BenchFixture> m_fixture;
    std::unique_ptr<MapPage> m_page;

    Workbench& bench() { return *m_fixture->bench; }
    const Tensor& tensor() { return *bench().model()->find(kTensor.toStdString()); }
    template <class T>
    T* child(const char* name) {
        return m_page->findChild<T*>(QLatin1String(name));
    }
    bool settle() {
        return QTest::qWaitFor(
            [this] {
                QTest::qWait(60);
                return m_fixture->jobs->isIdle() && m_page->grid().has_value();
            },
            20000);
    }
    void open() {
        QVERIFY(m_fixture->openDemo());
        bench().setRule(QStringLiteral("*"), {"rtn", "Q4_0", {}});
        m_page = std::make_unique<MapPage>(bench());
        m_page->resize(1000, 760);
        m_page->show();
        bench().setSelection({kTensor}, kTensor);
        QVERIFY(settle());
    }
    Json fromCommandLine(std::int64_t row, std::int64_t col) {
        RunControl control;
        const Command command{"weight", Json::object({{"model", m_fixture->path.toStdString()},
                                                      {"tensor", kTensor.toStdString()},
                                                      {"row", row},
                                                      {"column", col},
                                                      {"encoding", "Q4_0"}})};
        auto result = runCommand(m_fixture->workspace, command, control);
        return result ? *result : Json();
    }

private slots:
    void init() { m_fixture = std::make_unique<BenchFixture>(); }
    void cleanup() {
        m_page.reset();
        m_fixture.reset();
    }

    void saysWhatToDoWithoutAModel() {
        m_page = std::make_unique<MapPage>(bench());
        m_page->resize(900, 600);
        m_page->show();
        QTest::qWait(80);
        QVERIFY(!m_page->grid());
        QVERIFY(!m_page->grab().isNull());
    }

    void cellsAreTheWeights() {
        open();
        m_page->map(0)->zoomTo(20, 30);
        QVERIFY(QTest::qWaitFor(
            [this] { return m_page->grid()->region.rowStep == 1 && m_page->grid()->region.colStep == 1; }));
        QVERIFY(settle());
        RunControl control;
        const auto weights = decodeTensor(tensor(), control);
        QVERIFY_RESULT(weights);
        const HeatGrid& grid = *m_page->grid();
        QVERIFY(grid.region.contains({14, 26, 24, 36}));
        for (std::int64_t r = grid.region.rowBegin; r < grid.region.rowEnd; ++r)
            for (std::int64_t c = grid.region.colBegin; c < grid.region.colEnd; ++c) {
                const auto at = static_cast<std::size_t>((r - grid.region.rowBegin) * grid.region.cols() + c
                                                         - grid.region.colBegin);
                const float w = (*weights)[static_cast<std::size_t>(r * tensor().cols + c)];
                QCOMPARE(grid.original[at], w);
                QCOMPARE(grid.error[at], grid.quantized[at] - w);
            }
    }

    void detailFollowsTheViewAndMapsAreLinked() {
        open();
        const HeatRegion whole = m_page->grid()->region;
        QCOMPARE(whole.rowBegin, 0);
        QCOMPARE(whole.rowEnd, tensor().rows);
        m_page->map(1)->setFocus();
        for (int i = 0; i < 12; ++i)
            QTest::keyClick(m_page->map(1), Qt::Key_Plus);
        QVERIFY(settle());
        for (const int side : {0, 2}) {
            QCOMPARE(m_page->map(side)->xAxis->range().lower, m_page->map(1)->xAxis->range().lower);
            QCOMPARE(m_page->map(side)->yAxis->range().upper, m_page->map(1)->yAxis->range().upper);
        }
        QCOMPARE(m_page->grid()->region.colStep, 1);
        QVERIFY(m_page->map(0)->xAxis->range().size() >= 3.99); // never closer than a few weights
        QTest::keyClick(m_page->map(1), Qt::Key_Home);
        QVERIFY(settle());
        QCOMPARE(m_page->map(0)->xAxis->range().upper, static_cast<double>(tensor().cols));
    }

    void aClickShowsTheBitsThatTheCommandLineShows() {
        open();
        m_page->map(0)->zoomTo(20, 40);
        QVERIFY(settle());
        HeatMapPlot* map = m_page->map(0);
        const QPoint where(static_cast<int>(map->xAxis->coordToPixel(40.5)),
                           static_cast<int>(map->yAxis->coordToPixel(20.5)));
        QTest::mouseClick(map, Qt::LeftButton, {}, where);
        const auto& look = m_page->microscope()->shown();
        QVERIFY(look);
        QCOMPARE(look->row, 20);
        QCOMPARE(look->col, 40);
        const Json json = fromCommandLine(20, 40);
        QVERIFY(json["quantized"].isObject());
        for (const bool quantized : {true, false}) {
            child<QComboBox>("microscopeSide")->setCurrentIndex(quantized ? 1 : 0);
            const Json& side = json[quantized ? "quantized" : "stored"];
            const WeightLook& shown = *m_page->microscope()->shown();
            QCOMPARE(shown.encoding, side["encoding"].toString());
            QCOMPARE(static_cast<double>(shown.weight.value), side["value"].toDouble());
            QCOMPARE(shown.original, json["stored"]["value"].toDouble());
            QCOMPARE(shown.weight.blockByte, side["block"]["byte"].toUInt());
            QByteArray hex;
            for (const std::byte byte : shown.bytes)
                hex += QByteArray(1, std::to_integer<char>(byte)).toHex();
            QCOMPARE(hex.toStdString(), side["block"]["hex"].toString());
            QCOMPARE(shown.weight.fields.size(), side["fields"].items().size());
            auto* facts = child<FactStrip>("microscopeFacts");
            QCOMPARE(facts->value("value"), QString::number(side["value"].toDouble(), 'g', 7));
            if (quantized) {
                QCOMPARE(facts->value("code"), QString::number(side["code"].toInt()));
                QCOMPARE(facts->value("scale"), QString::number(side["scale"].toDouble(), 'g', 7));
            } else {
                QVERIFY(shown.fileOffset > 0);
                QCOMPARE(shown.fileOffset + shown.weight.blockByte, side["file_offset"].toUInt());
                QFile file(m_fixture->path); // the bytes really are there
                QVERIFY(file.open(QIODevice::ReadOnly) && file.seek(static_cast<qint64>(side["file_offset"].toUInt())));
                QCOMPARE(file.read(static_cast<qint64>(shown.bytes.size())).toHex(), hex);
            }
        }
    }

    void worksByKeyboardAlone() {
        open();
        HeatMapPlot* map = m_page->map(0);
        map->setFocus();
        QTest::keyClick(map, Qt::Key_Return);
        const std::int64_t row = m_page->microscope()->shown()->row, col = m_page->microscope()->shown()->col;
        QCOMPARE(row, tensor().rows / 2);
        QTest::keyClick(map, Qt::Key_Right, Qt::ControlModifier);
        QTest::keyClick(map, Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(m_page->microscope()->shown()->row, row + 1);
        QCOMPARE(m_page->microscope()->shown()->col, col + 1);
        child<QSpinBox>("microscopeRow")->setValue(3);
        child<QSpinBox>("microscopeColumn")->setValue(5);
        QCOMPARE(m_page->microscope()->shown()->row, 3);
        QCOMPARE(m_page->microscope()->shown()->col, 5);
        // A neighbour of the block.
        auto* neighbours = child<QTableView>("microscopeNeighbours");
        neighbours->setCurrentIndex(neighbours->model()->index(9, 0));
        emit neighbours->activated(neighbours->currentIndex());
        QCOMPARE(m_page->microscope()->shown()->col, 9);
        m_page->choose(1 << 20, -4); // clamped, not refused
        QCOMPARE(m_page->microscope()->shown()->row, tensor().rows - 1);
        QCOMPARE(m_page->microscope()->shown()->col, 0);
    }

    void modelsKeepTheirPromises() {
        FieldModel fields;
        NeighbourModel neighbours;
        const QAbstractItemModelTester a(&fields, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester b(&neighbours, QAbstractItemModelTester::FailureReportingMode::QtTest);
        open();
        for (const std::int64_t col : {0, 17, 100}) {
            const auto look = lookAtWeight(tensor(), tensor(), 2, col);
            QVERIFY_RESULT(look);
            fields.setLook(*look);
            neighbours.setLook(*look);
            QCOMPARE(fields.rowCount(), static_cast<int>(look->weight.fields.size()));
            QCOMPARE(neighbours.at(neighbours.selfRow()).col, col);
        }
        fields.setLook(std::nullopt);
        neighbours.setLook(std::nullopt);
        QCOMPARE(neighbours.rowCount(), 0);
    }

    void followsTheRecipeAndOtherTensors() {
        open();
        QVERIFY(m_page->map(1)->isVisible());
        bench().clearRules();
        QVERIFY(settle());
        QTRY_VERIFY(!m_page->map(1)->isVisible());
        const QString other = QStringLiteral("blk.1.attn_q.weight");
        bench().setRule(QStringLiteral("*"), {"rtn", "Q8_0", {}});
        bench().setSelection({other}, other);
        QVERIFY(settle());
        QTRY_VERIFY(m_page->map(2)->isVisible());
        QVERIFY(m_fixture->quantize()); // the bytes of the quantized model are shown from then on
        QVERIFY(settle());
        m_page->choose(4, 4);
        QCOMPARE(m_page->microscope()->shown()->encoding, std::string("Q8_0"));
    }

    void panningNeverWaitsForWork() {
        open();
        Watchdog watchdog;
        HeatMapPlot* map = m_page->map(0);
        map->zoomTo(20, 40);
        QElapsedTimer clock;
        clock.start();
        int frames = 0;
        for (; frames < 60; ++frames) {
            QTest::keyClick(map, frames % 2 ? Qt::Key_Right : Qt::Key_Down);
            map->replot(QCustomPlot::rpImmediateRefresh);
            QCoreApplication::processEvents();
        }
        qInfo("60 steps of panning with three maps in %lld ms, longest turn %lld ms", clock.elapsed(),
              watchdog.longest());
        QVERIFY(clock.elapsed() < 6000); // 10 frames a second at the very least on a machine that others use as well
    }
};

} // namespace

QTEST_MAIN(TestMapPage)
#include "tst_mappage.moc"
