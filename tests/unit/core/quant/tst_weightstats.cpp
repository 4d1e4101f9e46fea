// WeightStats, Histogram and ErrorMetrics against sums in long double and known distributions.
#include "core/base/rng.h"
#include "core/quant/weightstats.h"
#include "tests/support/testdata.h"

#include <omp.h>

#include <cmath>
#include <limits>
#include <numeric>

using namespace trilobit;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

std::vector<float> normal(std::size_t count, double mean, double sigma, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<float> values(count);
    for (float& v : values)
        v = static_cast<float>(mean + sigma * rng.normal());
    return values;
}

bool near(double a, double b, double relative) { return std::fabs(a - b) <= relative * std::max(std::fabs(a), std::fabs(b)); }

} // namespace

class TestWeightStats : public QObject {
    Q_OBJECT

private slots:
    void againstPlainSums();
    void normalDistribution();
    void outliersAndZeros();
    void emptyAndConstant();
    void nonFiniteIsLeftOut();
    void histogramEdges();
    void histogramOutside();
    void sameForAnyNumberOfThreads();
    void errorOfKnownDifference();
    void errorAtTheLimits();
};

void TestWeightStats::againstPlainSums() {
    // A mean far from zero: the naive sum of squares would lose eight digits here.
    const auto values = normal(100'003, 1000, 0.01, 1);
    const WeightStats stats = computeStats(values, 64);
    const auto n = static_cast<long double>(values.size());
    long double sum = 0, magnitudes = 0;
    for (const float v : values) {
        sum += static_cast<long double>(v);
        magnitudes += std::fabs(static_cast<long double>(v));
    }
    const long double mean = sum / n;
    long double m2 = 0, m4 = 0;
    for (const float v : values) {
        const long double d = static_cast<long double>(v) - mean;
        m2 += d * d;
        m4 += d * d * d * d;
    }
    QCOMPARE(stats.count, std::uint64_t{100'003});
    // Sums of 1e5 doubles: relative error below 1e5 * 2^-53 = 1.2e-11 at the very worst.
    QVERIFY(near(stats.mean, static_cast<double>(mean), 1e-11));
    QVERIFY(near(stats.absmean, static_cast<double>(magnitudes / n), 1e-11));
    // The spread is 1e-5 of the mean, so an error of 1e-13 in the mean is one of 1e-8 in the spread at most.
    QVERIFY(near(stats.std, static_cast<double>(std::sqrt(m2 / n)), 1e-8));
    QVERIFY(near(stats.kurtosis, static_cast<double>(m4 / n / (m2 / n * m2 / n)), 1e-7));
    QCOMPARE(std::accumulate(stats.histogram.counts.begin(), stats.histogram.counts.end(), std::uint64_t{0}), stats.count);
    QCOMPARE(stats.histogram.outside, std::uint64_t{0});
}

void TestWeightStats::normalDistribution() {
    const auto values = normal(1'000'000, 0.5, 2, 2);
    const WeightStats stats = computeStats(values, 100);
    // Five standard errors: sigma / sqrt(n), sigma / sqrt(2n), sqrt(24 / n).
    QVERIFY(std::fabs(stats.mean - 0.5) < 5 * 2e-3);
    QVERIFY(std::fabs(stats.std - 2) < 5 * 2 / std::sqrt(2e6));
    QVERIFY(std::fabs(stats.kurtosis - 3) < 5 * std::sqrt(24e-6));
    QCOMPARE(stats.absmax, std::max(-stats.min, stats.max));
    QVERIFY(stats.outlierFraction < 1e-5); // 2e-9 expected
}

void TestWeightStats::outliersAndZeros() {
    std::vector<float> values(10'000, 0.0f);
    for (std::size_t i = 0; i < 5000; ++i)
        values[i] = i % 2 ? 1.0f : -1.0f;
    values[9'999] = 100;
    values[9'998] = -100;
    const WeightStats stats = computeStats(values, 4);
    QCOMPARE(stats.outlierFraction, 2e-4); // std is 1.58: only the hundreds are beyond six of them
    QCOMPARE(stats.zeroFraction, 0.4998);
    QCOMPARE(stats.absmax, 100.0);
}

void TestWeightStats::emptyAndConstant() {
    const WeightStats none = computeStats({}, 8);
    QCOMPARE(none.count, std::uint64_t{0});
    QCOMPARE(none.mean, 0.0);
    QCOMPARE(none.histogram.counts.size(), std::size_t{8});
    const std::vector<float> same(1000, -0.375f);
    const WeightStats stats = computeStats(same, 8);
    QCOMPARE(stats.mean, -0.375);
    QCOMPARE(stats.std, 0.0);
    QCOMPARE(stats.kurtosis, 0.0);
    QCOMPARE(stats.histogram.low, stats.histogram.high);
    QCOMPARE(std::accumulate(stats.histogram.counts.begin(), stats.histogram.counts.end(), std::uint64_t{0}),
             std::uint64_t{1000});
}

void TestWeightStats::nonFiniteIsLeftOut() {
    const std::vector<float> values{1, kNan, 2, kInf, 3, -kInf};
    const WeightStats stats = computeStats(values, 2);
    QCOMPARE(stats.count, std::uint64_t{3});
    QCOMPARE(stats.nonFinite, std::uint64_t{3});
    QCOMPARE(stats.mean, 2.0);
    QCOMPARE(stats.max, 3.0);
    const WeightStats nothing = computeStats(std::vector<float>{kNan, kInf}, 2);
    QCOMPARE(nothing.count, std::uint64_t{0});
    QCOMPARE(nothing.absmax, 0.0);
}

void TestWeightStats::histogramEdges() {
    // Bins of 0.1 from 0 to 1: the edges are not binary fractions, so rounding must not move a value off its own edge.
    std::vector<float> values;
    for (int i = 0; i <= 10; ++i)
        values.push_back(static_cast<float>(i));
    const Histogram histogram = computeHistogram(values, 0, 10, 10);
    QCOMPARE(histogram.counts, (std::vector<std::uint64_t>{1, 1, 1, 1, 1, 1, 1, 1, 1, 2}));
    Rng rng(7);
    std::vector<float> many(20'000);
    for (float& v : many)
        v = static_cast<float>(rng.below(1001)) / 1000.0f;
    const int bins = 37;
    const Histogram fine = computeHistogram(many, 0, 1, bins);
    std::vector<std::uint64_t> expected(bins, 0);
    for (const float v : many) {
        int bin = 0;
        while (bin + 1 < bins && static_cast<double>(v) >= static_cast<double>(bin + 1) / bins)
            ++bin;
        ++expected[static_cast<std::size_t>(bin)];
    }
    QCOMPARE(fine.counts, expected);
}

void TestWeightStats::histogramOutside() {
    const std::vector<float> values{-2, -1, 0, 1, 2, kNan};
    const Histogram histogram = computeHistogram(values, -1, 1, 2);
    QCOMPARE(histogram.counts, (std::vector<std::uint64_t>{1, 2}));
    QCOMPARE(histogram.outside, std::uint64_t{2});
}

void TestWeightStats::sameForAnyNumberOfThreads() {
    const auto values = normal(300'001, 0.1, 1, 3);
    const auto other = normal(300'001, 0.1, 1, 4);
    const int before = omp_get_max_threads();
    omp_set_num_threads(1);
    const WeightStats one = computeStats(values, 50);
    const ErrorMetrics oneError = computeError(values, other);
    for (const int threads : {2, 5}) {
        omp_set_num_threads(threads);
        const WeightStats many = computeStats(values, 50);
        QVERIFY(many.mean == one.mean && many.std == one.std && many.kurtosis == one.kurtosis);
        QCOMPARE(many.histogram.counts, one.histogram.counts);
        QVERIFY(computeError(values, other).sumSquaredError == oneError.sumSquaredError);
    }
    omp_set_num_threads(before);
}

void TestWeightStats::errorOfKnownDifference() {
    const std::vector<float> original{3, -4, 0, 0}, approx{3, -4, 0.5f, 0};
    const ErrorMetrics error = computeError(original, approx);
    QCOMPARE(error.sumSquared, 25.0);
    QCOMPARE(error.sumSquaredError, 0.25);
    QCOMPARE(error.relativeSquared, 0.01);
    QCOMPARE(error.rmse, 0.25);
    QCOMPARE(error.maxAbs, 0.5);
    QCOMPARE(error.sqnrDb, 20.0);
}

void TestWeightStats::errorAtTheLimits() {
    const double infinity = std::numeric_limits<double>::infinity();
    const std::vector<float> zeros(4, 0.0f), ones(4, 1.0f), broken{0, kNan, kInf, 0};
    QCOMPARE(computeError(ones, ones).sqnrDb, infinity);
    QCOMPARE(computeError({}, {}).sqnrDb, infinity);
    QCOMPARE(computeError(zeros, ones).sqnrDb, -infinity);
    QCOMPARE(computeError(zeros, ones).relativeSquared, infinity);
    QCOMPARE(computeError(broken, broken).sqnrDb, infinity);
    QCOMPARE(computeError(ones, broken).sqnrDb, -infinity);
    QVERIFY(!std::isnan(computeError(ones, broken).rmse));
}

QTEST_GUILESS_MAIN(TestWeightStats)
#include "tst_weightstats.moc"
