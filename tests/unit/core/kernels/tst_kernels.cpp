// Every kernel set against the scalar reference, bit for bit, and the reference against plain arithmetic.
#include "core/base/alignedbuffer.h"
#include "core/base/rng.h"
#include "core/kernels/kernelset.h"
#include "core/kernels/ternary.h"

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

struct Ternary {
    std::int64_t rows, tokens, cols, blocks, codeStride, qStride;
    std::vector<std::int8_t> trits; ///< [rows, cols]
    std::vector<std::uint8_t> codes;
    std::vector<std::int8_t> q;
    std::vector<std::int32_t> sums;
};

/// trit(r, c) and act(t, c) say the content; everything starts `shift` bytes off alignment.
template <class Trit, class Act>
Ternary makeTernary(std::int64_t rows, std::int64_t tokens, std::int64_t cols, Trit trit, Act act) {
    Ternary d{rows, tokens, cols, ternaryBlocks(cols), ternaryRowBytes(cols) + 3, 0, {}, {}, {}, {}};
    d.qStride = d.blocks * kTernaryBlock + 5; // odd strides: nothing may rely on alignment
    d.trits.resize(size(rows * cols));
    d.codes.assign(size(rows * d.codeStride), 0xFF);
    d.q.assign(size(tokens * d.qStride), 0);
    d.sums.assign(size(tokens), 0);
    for (std::int64_t r = 0; r < rows; ++r) {
        for (std::int64_t c = 0; c < cols; ++c)
            d.trits[size(r * cols + c)] = static_cast<std::int8_t>(trit(r, c));
        for (std::int64_t b = 0; b < d.blocks; ++b)
            packTrits(d.trits.data() + r * cols + b * kTernaryBlock, std::min(kTernaryBlock, cols - b * kTernaryBlock),
                      d.codes.data() + r * d.codeStride + b * kTernaryBlockBytes);
    }
    for (std::int64_t t = 0; t < tokens; ++t)
        for (std::int64_t c = 0; c < cols; ++c) {
            d.q[size(t * d.qStride + c)] = static_cast<std::int8_t>(act(t, c));
            d.sums[size(t)] += d.q[size(t * d.qStride + c)];
        }
    return d;
}

void checkTernary(const KernelSet& set, const Ternary& d, const char* what) {
    std::vector<std::int32_t> y(size(d.rows * d.tokens) + 1, 77);
    set.ternaryProduct(d.codes.data(), d.codeStride, d.rows, d.q.data(), d.qStride, d.sums.data(), 1, d.tokens, d.blocks,
                       y.data(), d.rows);
    for (std::int64_t t = 0; t < d.tokens; ++t)
        for (std::int64_t r = 0; r < d.rows; ++r) {
            std::int64_t expected = 0; // from the trits themselves, in 64 bits
            for (std::int64_t c = 0; c < d.cols; ++c)
                expected += d.trits[size(r * d.cols + c)] * d.q[size(t * d.qStride + c)];
            const std::int32_t got = y[size(t * d.rows + r)];
            QVERIFY2(got == expected, qPrintable(QStringLiteral("%1: cols %2, row %3, token %4: %5 instead of %6")
                                                     .arg(QLatin1String(what)).arg(d.cols).arg(r).arg(t).arg(got)
                                                     .arg(expected)));
        }
    QCOMPARE(y.back(), 77);
}

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
    void ternaryRandom_data() { addSets(); }
    void ternaryRandom();
    void ternaryExtremes_data() { addSets(); }
    void ternaryExtremes();
    void packAndDecode();
    void packRefuses();
    void quantizeToken_();
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

void TestKernels::ternaryRandom() {
    QFETCH(const KernelSet*, set);
    if (!set->supported())
        QSKIP("this CPU does not run it");
    Rng rng(4);
    const auto trit = [&](std::int64_t, std::int64_t) { return static_cast<int>(rng.below(3)) - 1; };
    const auto act = [&](std::int64_t, std::int64_t) { return static_cast<int>(rng.below(256)) - 128; };
    for (const std::int64_t cols : {0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 257, 511, 513, 576, 2049, 2560, 6912})
        for (const std::int64_t rows : {0, 1, 3})
            for (const std::int64_t tokens : {0, 1, 3, 4, 5, 9})
                checkTernary(*set, makeTernary(rows, tokens, cols, trit, act), "random");
    for (int round = 0; round < 200; ++round)
        checkTernary(*set,
                     makeTernary(static_cast<std::int64_t>(rng.below(6)), static_cast<std::int64_t>(rng.below(10)),
                                 static_cast<std::int64_t>(rng.below(3000)), trit, act),
                     "fuzz");
}

void TestKernels::ternaryExtremes() {
    QFETCH(const KernelSet*, set);
    if (!set->supported())
        QSKIP("this CPU does not run it");
    // 8, 16 and 32 blocks sit at the limits of 16-bit sums; random data never gets near them.
    for (const std::int64_t cols : {255, 2047, 2048, 2049, 2304, 4096, 4097, 8192, 32767, 32768})
        for (const int a : {127, -127, -128})
            for (const int w : {1, 0, -1, 2})
                checkTernary(*set, makeTernary(2, 5, cols,
                                               [&](std::int64_t r, std::int64_t c) { return w < 2 ? w : (r + c) % 3 - 1; },
                                               [&](std::int64_t t, std::int64_t c) { return t == 4 && c % 2 ? -a - (a < 0) : a; }),
                             "extreme");
}

void TestKernels::packAndDecode() {
    Rng rng(5);
    for (const std::int64_t cols : {1, 63, 64, 65, 255, 256, 257, 600}) {
        std::vector<float> values(size(cols)), scales(size(ternaryBlocks(cols))), decoded(size(cols) + 1, 9.0f);
        std::vector<std::uint8_t> row(size(ternaryRowBytes(cols)));
        for (std::int64_t c = 0; c < cols; ++c)
            values[size(c)] = (static_cast<float>(rng.below(3)) - 1.0f) * static_cast<float>(1 + c / kTernaryBlock) * 0.37f;
        for (std::int64_t b = 0; b < ternaryBlocks(cols); ++b)
            QVERIFY(packTernaryBlock(values.data() + b * kTernaryBlock, std::min(kTernaryBlock, cols - b * kTernaryBlock),
                                     row.data() + b * kTernaryBlockBytes, scales[size(b)]));
        decodeTernaryRow(row.data(), cols, scales.data(), 1, decoded.data());
        for (std::int64_t c = 0; c < cols; ++c)
            QCOMPARE(decoded[size(c)], values[size(c)]);
        QCOMPARE(decoded.back(), 9.0f);
    }
}

void TestKernels::packRefuses() {
    std::uint8_t block[kTernaryBlockBytes];
    float scale = 1;
    const std::vector<float> zeros(256, 0.0f);
    QVERIFY(packTernaryBlock(zeros.data(), 256, block, scale));
    QCOMPARE(scale, 0.0f);
    for (const float bad : {0.5f, 2.0f, std::nextafter(1.0f, 2.0f), std::nanf(""), INFINITY}) {
        std::vector<float> values{1.0f, -1.0f, 0.0f, bad};
        QVERIFY2(!packTernaryBlock(values.data(), 4, block, scale), qPrintable(QString::number(static_cast<double>(bad))));
        std::swap(values[0], values[3]);
        QVERIFY2(!packTernaryBlock(values.data(), 4, block, scale), "bad value first");
    }
}

void TestKernels::quantizeToken_() {
    // By hand: max 2 -> r 63.5; halves go to the even neighbour.
    const std::vector<float> x{2.0f, -2.0f, 0.5f / 63.5f, 1.5f / 63.5f, -2.5f / 63.5f, 1.0f, 0.0f};
    std::vector<std::int8_t> q(256, 1);
    std::int32_t sum = 1;
    QCOMPARE(quantizeToken(x.data(), 7, q.data(), &sum), 63.5f);
    // 1.0 * 63.5 = 63.5 -> 64. The others depend on the float nearest to k / 63.5; compute them the definition's way.
    const auto expected = [&](std::size_t i) { return static_cast<int>(std::nearbyint(x[i] * 63.5f)); };
    int total = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        QCOMPARE(static_cast<int>(q[i]), expected(i));
        total += expected(i);
    }
    QCOMPARE(static_cast<int>(q[0]), 127);
    QCOMPARE(static_cast<int>(q[1]), -127);
    QCOMPARE(static_cast<int>(q[5]), 64);
    QCOMPARE(sum, total);
    for (std::size_t i = x.size(); i < q.size(); ++i)
        QCOMPARE(static_cast<int>(q[i]), 0);

    const std::vector<float> small(3, 1e-7f); // below the floor of 1e-5: 127e-7 / 1e-5 = 1.27 -> 1
    QCOMPARE(quantizeToken(small.data(), 3, q.data(), &sum), 127.0f / 1e-5f);
    QCOMPARE(sum, 3);
    QCOMPARE(quantizeToken(small.data(), 0, q.data(), &sum), 127.0f / 1e-5f);
    for (const float bad : {INFINITY, -INFINITY, std::nanf("")}) {
        const std::vector<float> broken{1.0f, bad, 2.0f};
        QVERIFY(std::isnan(quantizeToken(broken.data(), 3, q.data(), &sum)));
        QCOMPARE(sum, 0);
    }
    Rng rng(6);
    for (int round = 0; round < 100; ++round) {
        const std::size_t n = 1 + rng.below(900);
        const auto values = randomFloats(n, rng);
        std::vector<std::int8_t> codes(size(ternaryBlocks(static_cast<std::int64_t>(n)) * kTernaryBlock));
        std::vector<std::int32_t> sums(size(ternaryBlocks(static_cast<std::int64_t>(n))));
        const float r = quantizeToken(values.data(), static_cast<std::int64_t>(n), codes.data(), sums.data());
        float largest = 0;
        for (const float v : values)
            largest = std::max(largest, std::fabs(v));
        QCOMPARE(r, 127.0f / std::max(largest, 1e-5f));
        std::vector<std::int32_t> again(sums.size());
        for (std::size_t i = 0; i < n; ++i) {
            QCOMPARE(static_cast<float>(codes[i]), std::clamp(std::nearbyint(values[i] * r), -128.0f, 127.0f));
            again[i / 256] += codes[i];
        }
        QCOMPARE(again, sums);
    }
}

QTEST_GUILESS_MAIN(TestKernels)
#include "tst_kernels.moc"
