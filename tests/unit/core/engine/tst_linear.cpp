// Products of single matrices: the BitNet formula to the bit, ties of the ternary threshold, scales.
#include "core/engine/linear.h"
#include "core/kernels/panel/repack.h"
#include "tinymodel.h"

#include <QtTest>

#include <cmath>
#include <cstring>

using namespace trilobit;
using namespace trilobit::test;

namespace {

struct Case {
    std::vector<float> weights;
    Tensor tensor;
    Case(std::int64_t rows, std::int64_t cols, std::vector<float> values) : weights(std::move(values)) {
        tensor.name = "w";
        tensor.rows = rows;
        tensor.cols = cols;
        tensor.encoding = std::make_shared<PlainEncoding>("F32");
        tensor.bytes = std::as_bytes(std::span<const float>(weights));
    }
};

std::vector<float> randomFloats(std::size_t count, Rng& rng) {
    std::vector<float> values(count);
    for (float& v : values)
        v = static_cast<float>(rng.normal());
    return values;
}

std::vector<float> multiply(const Linear& linear, const std::vector<float>& x, std::int64_t tokens, int threads = 1) {
    Multiplier multiplier(**selectKernelSet(), threads);
    multiplier.reserve(linear.cols);
    std::vector<float> y(static_cast<std::size_t>(tokens * linear.rows));
    const ProductInput input{x.data(), tokens, linear.cols};
    const ProductTarget target[] = {{&linear, y.data(), linear.rows}};
    RunControl control;
    if (!multiplier.multiply(input, target, control))
        qFatal("cancelled");
    return y;
}

} // namespace

class TestLinear : public QObject {
    Q_OBJECT
private slots:
    void formulaToTheBit();
    void absmeanThreshold();
    void notTernary();
    void misaligned();
    void nanSpreads();
};

void TestLinear::formulaToTheBit() {
    Rng rng(1);
    // Beyond one panel and one group of tokens; 257 and 131 leave few for the last group.
    using kernels::TernaryForm;
    for (const auto& [form, cols, tokens] : {std::tuple<TernaryForm, std::int64_t, std::int64_t>{TernaryForm::TwoBits, 1, 19},
                                             {TernaryForm::TwoBits, 600, 19}, {TernaryForm::TwoBits, 2560, 19},
                                             {TernaryForm::TwoBits, 256, 131}, {TernaryForm::Base3, 255, 131},
                                             {TernaryForm::Lookup, 600, 131}, {TernaryForm::Lookup, 255, 257},
                                             {TernaryForm::Lookup, 2560, 19}, {TernaryForm::Lookup, 300, 3}}) {
        const std::int64_t rows = 70;
        const float m = 0.0371f;
        std::vector<float> weights(static_cast<std::size_t>(rows * cols));
        for (float& w : weights)
            w = (static_cast<float>(rng.below(3)) - 1.0f) * m;
        Case c(rows, cols, weights);
        RunControl control;
        LinearOptions options{true, false, 2};
        options.ternaryForm = form;
        const auto linear = makeLinear(c.tensor, options, control);
        QVERIFY(linear);
        QVERIFY(linear->int8);
        QVERIFY(linear->ternaryForm == form);
        const auto x = randomFloats(static_cast<std::size_t>(tokens * cols), rng);
        const auto y = multiply(*linear, x, tokens, 2);
        for (std::int64_t t = 0; t < tokens; ++t) {
            const float* xt = x.data() + t * cols;
            float a = 1e-5f;
            for (std::int64_t i = 0; i < cols; ++i)
                a = std::max(a, std::fabs(xt[i]));
            const float r = 127.0f / a;
            for (std::int64_t row = 0; row < rows; ++row) {
                std::int64_t sum = 0;
                for (std::int64_t i = 0; i < cols; ++i) {
                    const float w = weights[static_cast<std::size_t>(row * cols + i)];
                    sum += (w > 0 ? 1 : w < 0 ? -1 : 0)
                           * static_cast<std::int64_t>(std::clamp(std::nearbyint(xt[i] * r), -128.0f, 127.0f));
                }
                const float expected = static_cast<float>(sum) / r * (linear->scales[0] == 0 ? 0 : m);
                QCOMPARE(y[static_cast<std::size_t>(t * rows + row)], expected);
            }
        }
    }
}

void TestLinear::absmeanThreshold() {
    // mean |W| = 1: exactly a half rounds to zero, the next float to one.
    const float half = 0.5f, above = std::nextafter(half, 1.0f);
    std::vector<float> w{half, -half, above, -above, 2.0f, -2.0f, 0.0f, 0.0f};
    double rest = 8; // a last pair brings the sum to exactly count * 1
    for (const float v : w)
        rest -= std::fabs(static_cast<double>(v));
    w[6] = static_cast<float>(rest / 2);
    w[7] = -w[6];
    Case c(2, 4, w);
    RunControl control;
    const auto linear = makeLinear(c.tensor, {true, true, 1}, control);
    QVERIFY(linear);
    QCOMPARE(linear->scales, std::vector<float>{1.0f});
    const std::vector<float> expected{0, 0, 1, -1, 1, -1, 1, -1};
    std::vector<float> decoded(8);
    for (int r = 0; r < 2; ++r)
        kernels::decodeTernaryPanels(linear->ternaryPanels(), r, decoded.data() + 4 * r);
    QCOMPARE(decoded, expected);
    Case zeros(1, 4, {0, 0, 0, 0});
    QCOMPARE(makeLinear(zeros.tensor, {true, true, 1}, control)->scales, std::vector<float>{1e-5f});
}

void TestLinear::notTernary() {
    Rng rng(2);
    RunControl control;
    Case c(3, 300, randomFloats(900, rng));
    QCOMPARE(makeLinear(c.tensor, {true, false, 1}, control)->kind, Linear::Kind::InPlace);
    // Two values in one block; a single odd one in the last place.
    std::vector<float> almost(900, 0.5f);
    almost.back() = 0.25f;
    Case d(3, 300, almost);
    const auto linear = makeLinear(d.tensor, {true, false, 2}, control);
    QVERIFY(!linear->int8);
    QCOMPARE(linear->ownedBytes(), std::uint64_t{0});
    // All zeros are ternary and give zeros.
    Case zeros(3, 300, std::vector<float>(900, 0.0f));
    const auto empty = makeLinear(zeros.tensor, {true, false, 1}, control);
    QVERIFY(empty->int8);
    for (const float y : multiply(*empty, randomFloats(300, rng), 1))
        QCOMPARE(y, 0.0f);
}

void TestLinear::misaligned() {
    // A file may place floats anywhere: such a tensor is decoded instead of used in place.
    Rng rng(3);
    const auto values = randomFloats(5 * 33, rng);
    std::vector<std::byte> raw(values.size() * 4 + 1);
    std::memcpy(raw.data() + 1, values.data(), values.size() * 4);
    Case c(5, 33, values);
    RunControl control;
    const auto straight = makeLinear(c.tensor, {}, control);
    const auto x = randomFloats(66, rng);
    const auto expected = multiply(*straight, x, 2);
    c.tensor.bytes = std::span<const std::byte>(raw).subspan(1);
    const auto shifted = makeLinear(c.tensor, {}, control);
    QCOMPARE(straight->kind, Linear::Kind::InPlace);
    QCOMPARE(shifted->kind, Linear::Kind::Decode);
    QCOMPARE(multiply(*shifted, x, 2), expected);
}

void TestLinear::nanSpreads() {
    Case c(2, 8, std::vector<float>(16, 0.5f));
    RunControl control;
    const auto linear = makeLinear(c.tensor, {true, false, 1}, control);
    QVERIFY(linear->int8);
    std::vector<float> x(16, 1.0f);
    x[3] = NAN; // the first token only
    const auto y = multiply(*linear, x, 2);
    QVERIFY(std::isnan(y[0]) && std::isnan(y[1]));
    QCOMPARE(y[2], 4.0f);
}

QTEST_GUILESS_MAIN(TestLinear)
#include "tst_linear.moc"
