// Heat grids and profiles of tensors against plain loops over the decoded weights.
#include "core/base/rng.h"
#include "core/quant/heatgrid.h"
#include "core/quant/quantizetensor.h"
#include "core/quant/tensorprofile.h"
#include "plugins/rtn/rtnmethod.h"
#include "tests/support/testdata.h"

#include <QObject>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace trilobit;

namespace {

class TestTensorViews : public QObject {
    Q_OBJECT
    EncodingRegistry m_encodings = EncodingRegistry::builtin();
    MethodRegistry m_methods;
    RunControl m_control;

    Tensor tensor(std::int64_t rows, std::int64_t cols, std::uint64_t seed) {
        auto values = std::make_shared<std::vector<float>>(static_cast<std::size_t>(rows * cols));
        Rng rng(seed);
        for (float& w : *values)
            w = static_cast<float>(0.02 * rng.normal());
        Tensor out;
        out.name = "blk.0.attn_q.weight";
        out.role = TensorRole::AttnQ;
        out.layer = 0;
        out.rows = rows;
        out.cols = cols;
        out.encoding = *m_encodings.find("F32");
        out.bytes = std::as_bytes(std::span(*values));
        out.owner = values;
        return out;
    }
    std::vector<float> decoded(const Tensor& t) {
        auto values = decodeTensor(t, m_control);
        return values ? *values : std::vector<float>();
    }

private slots:
    void initTestCase() { QVERIFY_RESULT(m_methods.add(std::make_shared<plugins::RtnMethod>())); }

    void quantizesLikeTheWholeModel() {
        const Tensor source = tensor(9, 96, 4);
        const auto result = quantizeTensor(source, {"rtn", "Q4_K", {}}, 0, {&m_encodings, &m_methods}, m_control);
        QVERIFY_RESULT(result);
        QCOMPARE(result->tensor.encoding->info().id, std::string("Q5_0")); // rows of 96: the fallback
        QVERIFY(!result->note.empty());
        std::vector<std::byte> expected(result->tensor.bytes.size());
        const std::vector<float> weights = decoded(source);
        QVERIFY_RESULT(result->tensor.encoding->encode({weights.data(), 9, 96}, {}, expected, m_control));
        QVERIFY(std::equal(expected.begin(), expected.end(), result->tensor.bytes.begin()));
        QVERIFY(!quantizeTensor(source, {}, 0, {&m_encodings, &m_methods}, m_control));
    }

    void gridsSummariseCells_data() {
        QTest::addColumn<int>("rowStep");
        QTest::addColumn<int>("colStep");
        for (const auto& [r, c] : {std::pair(1, 1), std::pair(2, 4), std::pair(8, 3), std::pair(64, 128)})
            QTest::addRow("%dx%d", r, c) << r << c;
    }
    void gridsSummariseCells() {
        QFETCH(int, rowStep);
        QFETCH(int, colStep);
        const Tensor source = tensor(37, 96, 6);
        const auto result = quantizeTensor(source, {"rtn", "Q4_0", {}}, 0, {&m_encodings, &m_methods}, m_control);
        QVERIFY_RESULT(result);
        const std::vector<float> w = decoded(source), q = decoded(result->tensor);
        const HeatRegion region{3, 37, 5, 90, rowStep, colStep};
        for (const CellValue value : {CellValue::Strongest, CellValue::Rms, CellValue::Mean}) {
            const auto grid = heatGrid(source, &result->tensor, region, value, 0, m_control);
            QVERIFY_RESULT(grid);
            QVERIFY(!grid->sampled);
            QCOMPARE(static_cast<std::int64_t>(grid->original.size()), region.rows() * region.cols());
            for (std::int64_t i = 0; i < region.rows(); ++i)
                for (std::int64_t j = 0; j < region.cols(); ++j) {
                    double strongest = 0, squares = 0, sum = 0, errorSquares = 0;
                    int count = 0;
                    for (std::int64_t r = 3 + i * rowStep; r < std::min<std::int64_t>(37, 3 + (i + 1) * rowStep); ++r)
                        for (std::int64_t c = 5 + j * colStep; c < std::min<std::int64_t>(90, 5 + (j + 1) * colStep);
                             ++c) {
                            const auto v = static_cast<double>(w[static_cast<std::size_t>(r * 96 + c)]);
                            const auto e = static_cast<double>(q[static_cast<std::size_t>(r * 96 + c)]) - v;
                            strongest = std::fabs(v) > std::fabs(strongest) ? v : strongest;
                            squares += v * v;
                            errorSquares += e * e;
                            sum += v;
                            ++count;
                        }
                    const auto at = static_cast<std::size_t>(i * region.cols() + j);
                    const double expected = value == CellValue::Strongest ? strongest
                                            : value == CellValue::Rms     ? std::sqrt(squares / count)
                                                                          : sum / count;
                    QVERIFY(std::fabs(static_cast<double>(grid->original[at]) - expected)
                            <= 1e-7 * std::fabs(expected) + 1e-10);
                    if (value == CellValue::Rms)
                        QVERIFY(std::fabs(static_cast<double>(grid->error[at]) - std::sqrt(errorSquares / count))
                                < 1e-8);
                }
        }
        const auto sampled = heatGrid(source, nullptr, region, CellValue::Rms, 1, m_control);
        QVERIFY_RESULT(sampled);
        QCOMPARE(sampled->sampled, rowStep > 1);
        QVERIFY(sampled->error.empty());
    }
    void gridsRefuseWhatIsOutside() {
        const Tensor source = tensor(8, 32, 6);
        for (const HeatRegion& bad : {HeatRegion{0, 9, 0, 32}, HeatRegion{-1, 8, 0, 32}, HeatRegion{4, 4, 0, 32},
                                      HeatRegion{0, 8, 0, 33}, HeatRegion{0, 8, 0, 32, 0, 1}})
            QCOMPARE(heatGrid(source, nullptr, bad, CellValue::Rms, 0, m_control).error().code, ErrorCode::Usage);
    }

    void profilesAddUp() {
        const Tensor source = tensor(150, 64, 8);
        const auto result = quantizeTensor(source, {"rtn", "Q4_0", {}}, 0, {&m_encodings, &m_methods}, m_control);
        QVERIFY_RESULT(result);
        const std::vector<float> w = decoded(source), q = decoded(result->tensor);
        const auto profile = profileTensor(source, &result->tensor, 2000, m_control);
        QVERIFY_RESULT(profile);
        for (std::size_t r = 0; r < 150; ++r) {
            float largest = 0;
            double squares = 0, errors = 0;
            for (std::size_t c = 0; c < 64; ++c) {
                const std::size_t at = r * 64 + c;
                largest = std::max(largest, std::fabs(w[at]));
                squares += static_cast<double>(w[at]) * static_cast<double>(w[at]);
                errors += std::pow(static_cast<double>(q[at]) - static_cast<double>(w[at]), 2);
            }
            QCOMPARE(profile->rowAbsmax[r], largest);
            QVERIFY(std::fabs(static_cast<double>(profile->rowRms[r]) - std::sqrt(squares / 64)) < 1e-8);
            QVERIFY(std::fabs(static_cast<double>(profile->rowErrorRms[r]) - std::sqrt(errors / 64)) < 1e-8);
        }
        for (std::size_t c = 0; c < 64; ++c) {
            float largest = 0;
            for (std::size_t r = 0; r < 150; ++r)
                largest = std::max(largest, std::fabs(w[r * 64 + c]));
            QCOMPARE(profile->colAbsmax[c], largest);
        }
        // The squares of all singular values add up to the squares of the rows they are of.
        QCOMPARE(profile->spectrumRows, std::int64_t{128});
        QCOMPARE(profile->weightSpectrum.size(), std::size_t{128});
        QVERIFY(std::is_sorted(profile->weightSpectrum.rbegin(), profile->weightSpectrum.rend()));
        double squares = 0, values = 0;
        for (std::int64_t i = 0; i < 128; ++i) {
            const std::int64_t row = i * 150 / 128;
            for (std::int64_t c = 0; c < 64; ++c)
                squares += std::pow(static_cast<double>(w[static_cast<std::size_t>(row * 64 + c)]), 2);
        }
        for (const double value : profile->weightSpectrum)
            values += value * value;
        QVERIFY(std::fabs(values - squares) < 1e-9 * squares);
        // Normal weights lie on the line of a normal distribution.
        QVERIFY(std::is_sorted(profile->quantiles.begin(), profile->quantiles.end(),
                               [](const auto& a, const auto& b) { return a.probability < b.probability; }));
        for (const QuantilePoint& point : profile->quantiles)
            if (std::fabs(point.normal) < 2) // 9600 weights: the deviation of a quantile here is below 0.03 sigma
                QVERIFY(std::fabs((point.original - profile->mean) / profile->std - point.normal) < 0.15);
        QVERIFY(profile->scatter.size() >= 1000);
    }

    void knowsNormalQuantiles() {
        for (const double p : {1e-9, 1e-4, 0.01, 0.2, 0.5, 0.8, 0.975, 1 - 1e-6}) {
            const double z = normalQuantile(p);
            QVERIFY(std::fabs(0.5 * std::erfc(-z / std::sqrt(2.0)) - p) <= 1e-9 * p + 1e-15);
        }
        QVERIFY(std::fabs(normalQuantile(0.975) - 1.959963984540054) < 1e-9);
    }
};

} // namespace

QTEST_GUILESS_MAIN(TestTensorViews)
#include "tst_tensorviews.moc"
