// Every kernel set against the scalar reference, bit for bit, and the reference against plain arithmetic.
#include "core/base/alignedbuffer.h"
#include "core/base/half.h"
#include "core/base/rng.h"
#include "core/kernels/kernelset.h"

#include <QtTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

using namespace trilobit;
using namespace trilobit::kernels;

Q_DECLARE_METATYPE(const trilobit::KernelSet*)

namespace {

std::vector<float> randomFloats(std::size_t count, Rng& rng) {
    std::vector<float> values(count);
    for (float& v : values) // a wide range of exponents, so that the order of additions shows
        v = static_cast<float>(rng.normal() * std::exp2(static_cast<double>(rng.below(12)) - 6));
    return values;
}

void addSets() {
    QTest::addColumn<const KernelSet*>("set");
    for (const KernelSet& set : kernelSets())
        QTest::newRow(set.name) << &set;
}

const KernelSet& reference() { return kernelSets().back(); }

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

} // namespace

class TestKernels : public QObject {
    Q_OBJECT
private slots:
    void selection();
    void referenceDot();
    void floatProduct_data() { addSets(); }
    void floatProduct();
    void floatSpecials_data() { addSets(); }
    void floatSpecials();
    void weightedSum_data() { addSets(); }
    void weightedSum();
    void cache_data() { addSets(); }
    void cache();
    void cacheStoresExtremes_data() { addSets(); }
    void cacheStoresExtremes();
    void rowProducts_data() { addSets(); }
    void rowProducts();
};

void TestKernels::selection() {
    const auto best = findKernelSet("");
    QVERIFY(best);
    QVERIFY((*best)->supported());
    QCOMPARE(std::string((*findKernelSet("scalar"))->name), std::string("scalar"));
    QCOMPARE(std::string(reference().name), std::string("scalar"));
    bool better = false;
    for (const KernelSet& set : kernelSets()) {
        const auto found = findKernelSet(set.name);
        QCOMPARE(found.has_value(), set.supported());
        if (found)
            QCOMPARE(*found, &set);
        else
            QVERIFY(found.error().message.find("does not run") != std::string::npos);
        if (&set == *best)
            better = true;
        QVERIFY2(better || !set.supported(), "a supported set stands before the chosen one");
    }
    const auto unknown = findKernelSet("mmx");
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().code, ErrorCode::Usage);
    QVERIFY(unknown.error().message.find("mmx") != std::string::npos);
    QVERIFY(unknown.error().message.find("scalar") != std::string::npos);

    qputenv("TRILOBIT_ISA", "scalar");
    const auto forced = selectKernelSet();
    qputenv("TRILOBIT_ISA", "nonsense");
    const auto wrong = selectKernelSet();
    qunsetenv("TRILOBIT_ISA");
    QVERIFY(forced);
    QCOMPARE(*forced, &reference());
    QVERIFY(!wrong);
    QCOMPARE(*selectKernelSet(), *best);
}

void TestKernels::referenceDot() {
    Rng rng(1);
    for (const std::int64_t cols : {0, 1, 15, 16, 17, 100, 576, 4099}) {
        const auto w = randomFloats(size(cols), rng), x = randomFloats(size(cols), rng);
        float y = 1;
        reference().floatProduct(w.data(), cols, 1, x.data(), cols, 1, cols, &y, 1);
        double exact = 0, magnitude = 0;
        for (std::size_t k = 0; k < size(cols); ++k) {
            exact += static_cast<double>(w[k]) * static_cast<double>(x[k]);
            magnitude += std::fabs(static_cast<double>(w[k]) * static_cast<double>(x[k]));
        }
        // One rounding per fma of a lane and one per level of the tree.
        const double bound = (static_cast<double>(cols) / 16 + 5) * 0x1p-24 * magnitude;
        QVERIFY2(std::fabs(static_cast<double>(y) - exact) <= bound, qPrintable(QString::number(cols)));
    }
}

void TestKernels::floatProduct() {
    QFETCH(const KernelSet*, set);
    if (!set->supported())
        QSKIP("this CPU does not run it");
    Rng rng(2);
    for (const std::int64_t cols : {0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 191, 576})
        for (const std::int64_t rows : {0, 1, 2, 3, 4, 7, 9, 17})
            for (const std::int64_t tokens : {0, 1, 2, 3, 4, 5, 7, 8, 13}) {
                const std::int64_t wStride = cols + 3, xStride = cols + 1, yStride = rows + 2;
                const auto w = randomFloats(size(rows * wStride) + 1, rng), x = randomFloats(size(tokens * xStride) + 1, rng);
                std::vector<float> expected(size(tokens * yStride) + 1, 5.0f), got = expected;
                reference().floatProduct(w.data() + 1, wStride, rows, x.data() + 1, xStride, tokens, cols, expected.data(),
                                         yStride);
                set->floatProduct(w.data() + 1, wStride, rows, x.data() + 1, xStride, tokens, cols, got.data(), yStride);
                QVERIFY2(std::memcmp(expected.data(), got.data(), expected.size() * sizeof(float)) == 0,
                         qPrintable(QStringLiteral("cols %1, rows %2, tokens %3").arg(cols).arg(rows).arg(tokens)));
            }
}

void TestKernels::floatSpecials() {
    QFETCH(const KernelSet*, set);
    if (!set->supported())
        QSKIP("this CPU does not run it");
    // Values just behind the last column must never be read into a result; underflows and signed zeros must agree.
    const float nan = std::nanf(""), inf = INFINITY, tiny = 0x1p-140f;
    for (const std::int64_t cols : {1, 5, 8, 13, 16, 21}) {
        std::vector<float> w(40, nan), x(40, nan);
        for (std::size_t k = 0; k < size(cols); ++k) {
            w[k] = k % 3 == 0 ? tiny : -tiny;
            x[k] = k % 2 == 0 ? tiny : 0x1p-20f;
        }
        float expected = 1, got = 2;
        reference().floatProduct(w.data(), 0, 1, x.data(), 0, 1, cols, &expected, 1);
        set->floatProduct(w.data(), 0, 1, x.data(), 0, 1, cols, &got, 1);
        QCOMPARE(std::bit_cast<std::uint32_t>(got), std::bit_cast<std::uint32_t>(expected));
        x[size(cols) - 1] = inf;
        set->floatProduct(w.data(), 0, 1, x.data(), 0, 1, cols, &got, 1);
        QVERIFY(std::isinf(got));
        x[0] = nan;
        set->floatProduct(w.data(), 0, 1, x.data(), 0, 1, cols, &got, 1);
        QVERIFY(std::isnan(got));
    }
}

void TestKernels::weightedSum() {
    QFETCH(const KernelSet*, set);
    if (!set->supported())
        QSKIP("this CPU does not run it");
    Rng rng(3);
    for (const std::int64_t cols : {0, 1, 7, 8, 9, 16, 32, 63, 64, 65, 80, 128, 131})
        for (const std::int64_t count : {0, 1, 2, 33}) {
            const std::int64_t stride = cols + 5;
            const auto p = randomFloats(size(count), rng), v = randomFloats(size(count * stride) + 1, rng);
            std::vector<float> expected(size(cols) + 1, 5.0f), got = expected;
            reference().weightedSum(p.data(), v.data() + 1, stride, count, cols, expected.data());
            set->weightedSum(p.data(), v.data() + 1, stride, count, cols, got.data());
            QVERIFY2(std::memcmp(expected.data(), got.data(), expected.size() * sizeof(float)) == 0,
                     qPrintable(QStringLiteral("cols %1, count %2").arg(cols).arg(count)));
            for (std::size_t c = 0; c < size(cols); ++c) {
                double exact = 0, magnitude = 0;
                for (std::size_t j = 0; j < size(count); ++j) {
                    const double product = static_cast<double>(p[j]) * static_cast<double>(v[1 + j * size(stride) + c]);
                    exact += product;
                    magnitude += std::fabs(product);
                }
                QVERIFY(std::fabs(static_cast<double>(got[c]) - exact) <= static_cast<double>(count) * 0x1p-24 * magnitude);
            }
        }
}

constexpr CacheType kCacheTypes[] = {CacheType::F32, CacheType::F16, CacheType::Q8_0};

/// What a row of the cache holds, from the description in cache.h.
std::vector<float> stored(CacheType type, const std::uint8_t* row, std::int64_t dim) {
    std::vector<float> values(size(dim));
    if (type == CacheType::F32) {
        std::memcpy(values.data(), row, values.size() * sizeof(float));
        return values;
    }
    for (std::int64_t k = 0; k < dim; ++k) {
        std::uint16_t half;
        std::memcpy(&half, type == CacheType::F16 ? row + 2 * k : row + dim + k / 32 * 2, 2);
        values[size(k)] = type == CacheType::F16 ? halfToFloat(half)
                                                 : static_cast<float>(static_cast<std::int8_t>(row[k])) * halfToFloat(half);
    }
    return values;
}

/// The dot product of cache.h: eight accumulators, added up in halves.
float cacheDot(const float* x, const float* y, std::int64_t dim) {
    float a[8] = {};
    for (std::int64_t k = 0; k < dim; ++k)
        a[k % 8] = std::fma(x[k], y[k], a[k % 8]);
    return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
}

/// Against the float operations on what the rows hold.
void TestKernels::cache() {
    QFETCH(const KernelSet*, set);
    if (!set->supported())
        QSKIP("this CPU does not run it");
    Rng rng(9);
    for (const CacheType type : kCacheTypes)
        for (int round = 0; round < 150; ++round) {
            const CacheOps& ops = set->cache(type);
            const std::int64_t count = static_cast<std::int64_t>(rng.below(150));
            // Any width, or one of those that go through tiles; a few are wider than what is mixed at a time.
            const std::int64_t dim = type == CacheType::Q8_0 || round % 2 ? 32 * (1 + static_cast<std::int64_t>(rng.below(round % 10 ? 5 : 20)))
                                                                          : static_cast<std::int64_t>(rng.below(150));
            const std::int64_t inputs = static_cast<std::int64_t>(rng.below(11)), stride = count + 3;
            const std::int64_t rowBytes = cacheRowBytes(type, dim);
            const auto x = randomFloats(size(count * dim), rng);
            std::vector<std::uint8_t> rows(size(count * rowBytes) + 1, 0xAB);
            std::vector<float> wide;
            for (std::int64_t j = 0; j < count; ++j) {
                ops.store(x.data() + j * dim, dim, rows.data() + j * rowBytes);
                for (const float v : stored(type, rows.data() + j * rowBytes, dim))
                    wide.push_back(v);
            }
            for (std::int64_t i = 0; i < count * dim; ++i) {
                // Q8_0: half a step, and the scale's own rounding (2^-11 of up to 127 steps).
                float top = 0;
                for (std::int64_t k = 0; k < 32 && type == CacheType::Q8_0; ++k)
                    top = std::max(top, std::fabs(x[size(i / 32 * 32 + k)]));
                const float bound = type == CacheType::F32   ? 0
                                    : type == CacheType::F16 ? std::fabs(x[size(i)]) * 0x1p-11f + 0x1p-25f
                                                             : top * (0.5f / 127 + 0x1p-10f) + 1e-6f;
                QVERIFY(std::fabs(wide[size(i)] - x[size(i)]) <= bound);
            }
            QCOMPARE(rows.back(), 0xAB);
            const auto q = randomFloats(size(inputs * dim), rng), weights = randomFloats(size(inputs * stride), rng);
            std::vector<float> got(size(inputs * stride), 7.0f), expected = got;
            ops.scores(rows.data(), count, dim, q.data(), inputs, got.data(), stride);
            for (std::int64_t i = 0; i < inputs; ++i)
                for (std::int64_t j = 0; j < count; ++j)
                    expected[size(i * stride + j)] = cacheDot(wide.data() + j * dim, q.data() + i * dim, dim);
            QCOMPARE(std::memcmp(got.data(), expected.data(), got.size() * sizeof(float)), 0);
            std::vector<float> mixed(size(inputs * (dim + 1)) + 1, 7.0f), sums = mixed;
            ops.mix(weights.data(), stride, inputs, rows.data(), count, dim, mixed.data(), dim + 1);
            for (std::int64_t i = 0; i < inputs; ++i)
                reference().weightedSum(weights.data() + i * stride, wide.data(), dim, count, dim, sums.data() + i * (dim + 1));
            QCOMPARE(std::memcmp(mixed.data(), sums.data(), mixed.size() * sizeof(float)), 0);
        }
}

/// Zeros, values at the ends of half precision, and what is no number: the same bytes from every set.
void TestKernels::cacheStoresExtremes() {
    QFETCH(const KernelSet*, set);
    if (!set->supported())
        QSKIP("this CPU does not run it");
    std::vector<float> x(32 * 7, 0.0f);
    x[32] = 1e-7f, x[33] = -3e-8f;
    x[64] = 65504.0f * 127, x[65] = -1e30f;
    x[96] = INFINITY, x[97] = 1;
    x[128] = 1, x[140] = std::nanf("");
    x[160] = 0.5f, x[161] = 127, x[162] = 1.5f, x[163] = -2.5f, x[164] = -127;
    for (int i = 192; i < 224; ++i)
        x[size(i)] = i % 2 ? 3e-6f : -3e-6f; // the scale is below the smallest half: rounds far off
    for (const CacheType type : kCacheTypes) {
        const std::int64_t dim = static_cast<std::int64_t>(x.size());
        std::vector<std::uint8_t> got(size(cacheRowBytes(type, dim))), expected = got;
        set->cache(type).store(x.data(), dim, got.data());
        reference().cache(type).store(x.data(), dim, expected.data());
        if (type == CacheType::F16) { // which NaN is left open
            got[2 * 140] = expected[2 * 140], got[2 * 140 + 1] |= 2, expected[2 * 140 + 1] |= 2;
        }
        QCOMPARE(std::memcmp(got.data(), expected.data(), got.size()), 0);
        if (type != CacheType::Q8_0)
            continue;
        const auto values = stored(type, got.data(), dim);
        QCOMPARE(values[0], 0.0f);
        QVERIFY(std::isnan(values[65]) && std::isnan(values[97]) && std::isnan(values[128]));
        const float halves[] = {0.0f, 127.0f, 2.0f, -2.0f, -127.0f};
        for (std::size_t i = 0; i < 5; ++i)
            QCOMPARE(values[160 + i], halves[i]);
    }
}

void TestKernels::rowProducts() {
    QFETCH(const KernelSet*, set);
    if (!set->supported())
        QSKIP("this CPU does not run it");
    Rng rng(10);
    for (const RowDecoder& decoder : set->rowDecoders) {
        if (!decoder.product)
            continue;
        for (int round = 0; round < 100; ++round) {
            const std::int64_t rows = static_cast<std::int64_t>(rng.below(12)), tokens = static_cast<std::int64_t>(rng.below(4));
            const std::int64_t cols = static_cast<std::int64_t>(rng.below(100)) * decoder.blockSize;
            const std::int64_t rowBytes = cols / decoder.blockSize * decoder.bytesPerBlock;
            std::vector<std::uint8_t> w(size(rows * rowBytes));
            for (std::size_t i = 0; i < w.size(); ++i) // no infinities: exponents below the top
                w[i] = static_cast<std::uint8_t>(rng.below(256) & (i % 2 ? 0xBB : 0xFF));
            const auto x = randomFloats(size(tokens * cols), rng);
            std::vector<float> wide(size(rows * cols)), got(size(tokens * rows) + 1, 7.0f), expected = got;
            for (std::int64_t r = 0; r < rows; ++r)
                decoder.decode(w.data() + r * rowBytes, cols, wide.data() + r * cols);
            decoder.product(w.data(), rowBytes, rows, x.data(), cols, tokens, cols, got.data(), rows);
            reference().floatProduct(wide.data(), cols, rows, x.data(), cols, tokens, cols, expected.data(), rows);
            QVERIFY2(std::memcmp(got.data(), expected.data(), got.size() * sizeof(float)) == 0, decoder.encoding);
        }
    }
}

QTEST_GUILESS_MAIN(TestKernels)
#include "tst_kernels.moc"
