// Row operations against double-precision arithmetic written another way.
#include "core/base/rng.h"
#include "core/kernels/kernelset.h"

#include <QtTest>

#include <bit>
#include <cmath>
#include <complex>
#include <vector>

using namespace trilobit;
using namespace trilobit::kernels;

namespace {

std::vector<float> randomFloats(std::size_t count, Rng& rng, double spread = 1) {
    std::vector<float> values(count);
    for (float& v : values)
        v = static_cast<float>(rng.normal() * spread);
    return values;
}

/// Equal within `units` last places of `scale`.
bool near(float got, double expected, double scale, double units) {
    return std::fabs(static_cast<double>(got) - expected) <= units * 0x1p-24 * std::fabs(scale);
}

} // namespace

class TestRowOps : public QObject {
    Q_OBJECT
    const RowOps& ops = scalar::kRowOps;
private slots:
    void sameBits();
    void rmsNorm_();
    void rotate_();
    void softmax_();
    void exponentials();
    void gates();
};

void TestRowOps::rmsNorm_() {
    Rng rng(1);
    for (const std::size_t n : {1u, 2u, 255u, 576u}) {
        const auto x = randomFloats(n, rng, 0.01), w = randomFloats(n, rng);
        std::vector<float> y(n);
        const double eps = 1e-5; // large against mean(x^2), so that it shows
        ops.rmsNorm(x.data(), w.data(), static_cast<std::int64_t>(n), eps, y.data());
        double squares = 0;
        for (std::size_t i = n; i-- > 0;)
            squares += std::pow(static_cast<double>(x[i]), 2);
        for (std::size_t i = 0; i < n; ++i) {
            const double expected = static_cast<double>(x[i]) * static_cast<double>(w[i])
                                    / std::sqrt(squares / static_cast<double>(n) + eps);
            QVERIFY(near(y[i], expected, expected, 4));
        }
        auto inPlace = x;
        ops.rmsNorm(inPlace.data(), w.data(), static_cast<std::int64_t>(n), eps, inPlace.data());
        QCOMPARE(inPlace, y);
    }
}

void TestRowOps::rotate_() {
    // A rotation is a complex product; the part of a head beyond ropeDim stays.
    Rng rng(2);
    const std::int64_t heads = 3, headDim = 10, ropeDim = 8;
    std::vector<float> cosines(4), sines(4);
    for (std::size_t i = 0; i < 4; ++i) {
        cosines[i] = static_cast<float>(std::cos(0.7 + static_cast<double>(i)));
        sines[i] = static_cast<float>(std::sin(0.7 + static_cast<double>(i)));
    }
    for (const bool interleaved : {true, false}) {
        const auto x = randomFloats(30, rng);
        auto y = x;
        rotate(y.data(), heads, headDim, ropeDim, interleaved, cosines.data(), sines.data());
        for (std::size_t h = 0; h < 3; ++h) {
            for (std::size_t i = 0; i < 4; ++i) {
                const std::size_t a = h * 10 + (interleaved ? 2 * i : i), b = h * 10 + (interleaved ? 2 * i + 1 : i + 4);
                const auto turned = std::complex<double>(static_cast<double>(x[a]), static_cast<double>(x[b]))
                                    * std::polar(1.0, 0.7 + static_cast<double>(i));
                const double scale = std::abs(turned);
                QVERIFY(near(y[a], turned.real(), scale, 4));
                QVERIFY(near(y[b], turned.imag(), scale, 4));
            }
            QCOMPARE(y[h * 10 + 8], x[h * 10 + 8]);
            QCOMPARE(y[h * 10 + 9], x[h * 10 + 9]);
        }
    }
}

void TestRowOps::exponentials() {
    Rng rng(4);
    for (const std::size_t n : {1u, 2u, 17u, 384u}) {
        const auto x = randomFloats(n, rng, 5);
        auto y = x;
        const ExpSum e = ops.exponentials(y.data(), static_cast<std::int64_t>(n), 0.125f);
        QCOMPARE(e.top, 0.125f * *std::max_element(x.begin(), x.end()));
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const double expected = std::exp(0.125 * static_cast<double>(x[i]) - static_cast<double>(e.top));
            QVERIFY(near(y[i], expected, expected, 8));
            sum += expected;
        }
        QVERIFY(near(e.sum, sum, sum, 8 + 24 + 4)); // every result is off by 8 at most; 24 and 4 additions
    }
    std::vector<float> strange{1.0f, std::nanf(""), -2.0f};
    const ExpSum e = ops.exponentials(strange.data(), 3, 1.0f);
    QCOMPARE(e.top, 1.0f);
    QVERIFY(std::isnan(strange[1]) && std::isnan(e.sum));
}

void TestRowOps::softmax_() {
    Rng rng(3);
    for (const std::size_t n : {1u, 2u, 17u, 1000u}) {
        const auto x = randomFloats(n, rng, 5);
        auto y = x;
        ops.softmax(y.data(), static_cast<std::int64_t>(n), 0.125f);
        double sum = 0, total = 0;
        for (const float v : x)
            sum += std::exp(0.125 * static_cast<double>(v));
        for (std::size_t i = 0; i < n; ++i) {
            const double expected = std::exp(0.125 * static_cast<double>(x[i])) / sum;
            QVERIFY(near(y[i], expected, expected, 8));
            total += static_cast<double>(y[i]);
        }
        QVERIFY(std::fabs(total - 1) < 1e-6);
    }
    std::vector<float> large{1000.0f, 999.0f, -1000.0f}; // must not overflow
    ops.softmax(large.data(), 3, 1.0f);
    QVERIFY(near(large[0], 1 / (1 + std::exp(-1.0)), 1, 4));
    QCOMPARE(large[2], 0.0f);
}

void TestRowOps::gates() {
    Rng rng(4);
    auto x = randomFloats(500, rng, 4);
    x.insert(x.end(), {0.0f, -0.0f, 100.0f, -100.0f});
    const auto up = randomFloats(x.size(), rng);
    auto silu = x, relu = x, gelu = x;
    const auto n = static_cast<std::int64_t>(x.size());
    ops.siluGate(silu.data(), up.data(), n);
    ops.relu2Gate(relu.data(), up.data(), n);
    ops.geluTanhGate(gelu.data(), up.data(), n);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double v = static_cast<double>(x[i]), u = static_cast<double>(up[i]);
        QVERIFY(near(silu[i], v / (1 + std::exp(-v)) * u, v * u, 6));
        QVERIFY(near(relu[i], v > 0 ? v * v * u : 0, v * v * u, 4));
        const double inner = std::sqrt(2 / std::acos(-1.0)) * (v + 0.044715 * v * v * v);
        QVERIFY(near(gelu[i], 0.5 * v * (1 + std::tanh(inner)) * u, v * u, 12));
    }
    float nan = std::nanf("");
    const float one = 1;
    ops.relu2Gate(&nan, &one, 1);
    QVERIFY(std::isnan(nan));
}

void TestRowOps::sameBits() {
    Rng rng(5);
    for (const KernelSet& set : kernelSets()) {
        if (!set.supported())
            continue;
        for (int round = 0; round < 60; ++round) {
            const auto n = static_cast<std::int64_t>(1 + rng.below(300));
            auto x = randomFloats(static_cast<std::size_t>(n), rng, 20), up = randomFloats(x.size(), rng);
            if (round % 10 == 9)
                x[rng.below(x.size())] = round % 20 == 9 ? std::nanf("") : INFINITY;
            const auto same = [&](auto&& run, const char* what) {
                auto a = x, b = x;
                run(*set.rows, a);
                run(scalar::kRowOps, b);
                for (std::size_t i = 0; i < a.size(); ++i)
                    QVERIFY2(std::bit_cast<std::uint32_t>(a[i]) == std::bit_cast<std::uint32_t>(b[i])
                                 || (std::isnan(a[i]) && std::isnan(b[i])),
                             what);
            };
            same([&](const RowOps& o, std::vector<float>& v) { o.rmsNorm(v.data(), up.data(), n, 1e-6, v.data()); }, "rmsNorm");
            same([&](const RowOps& o, std::vector<float>& v) { o.addRow(up.data(), n, v.data()); }, "addRow");
            same([&](const RowOps& o, std::vector<float>& v) { o.softmax(v.data(), n, 0.5f); }, "softmax");
            same([&](const RowOps& o, std::vector<float>& v) {
                const ExpSum e = o.exponentials(v.data(), n, 0.5f);
                v.insert(v.end(), {e.top, e.sum});
            }, "exponentials");
            same([&](const RowOps& o, std::vector<float>& v) { o.siluGate(v.data(), up.data(), n); }, "silu");
            same([&](const RowOps& o, std::vector<float>& v) { o.relu2Gate(v.data(), up.data(), n); }, "relu2");
            same([&](const RowOps& o, std::vector<float>& v) { o.geluTanhGate(v.data(), up.data(), n); }, "gelu");
        }
    }
}

QTEST_GUILESS_MAIN(TestRowOps)
#include "tst_rowops.moc"
