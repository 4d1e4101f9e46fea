// Affine groups: the stored layout bit by bit, the rounding, and the cases binary16 cannot hold.
#include "tests/unit/core/encodings/encodingfixture.h"

#include "core/base/half.h"

#include <QObject>

#include <algorithm>
#include <cmath>

using namespace trilobit;
using namespace trilobit::test;

namespace {

std::shared_ptr<const Encoding> affine(int group, int bits) {
    return encodingOrFail(qPrintable(QString("affine-g%1-b%2").arg(group).arg(bits)));
}

float asHalf(double value) { return halfToFloat(floatToHalf(static_cast<float>(value))); }

/// Bit by bit, as the layout is written down.
int storedCode(std::span<const std::byte> group, int index, int bits) {
    int code = 0;
    for (int b = 0; b < bits; ++b) {
        const int at = index * bits + b;
        code |= (static_cast<int>(group[static_cast<std::size_t>(4 + at / 8)]) >> (at % 8) & 1) << b;
    }
    return code;
}

float storedHalf(std::span<const std::byte> bytes, std::size_t at) {
    return halfToFloat(static_cast<std::uint16_t>(static_cast<int>(bytes[at]) | static_cast<int>(bytes[at + 1]) << 8));
}

} // namespace

class TestAffine : public QObject {
    Q_OBJECT
private slots:
    void layoutAndRounding_data() {
        QTest::addColumn<int>("group");
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("cols");
        for (int bits = 1; bits <= 8; ++bits)
            for (const auto& [group, cols] :
                 {std::pair{64, 192}, {64, 100}, {7, 50}, {1, 5}, {9, 9}, {300, 1000}, {128, 3}})
                QTest::addRow("g%d b%d, %d columns", group, bits, cols) << group << bits << cols;
    }
    void layoutAndRounding() {
        QFETCH(int, group);
        QFETCH(int, bits);
        QFETCH(int, cols);
        constexpr int kRows = 3;
        const auto encoding = affine(group, bits);
        const auto weights = normalWeights(static_cast<std::size_t>(kRows * cols), 0.02, 17);
        const auto bytes = encoded(*encoding, weights, cols);
        QVERIFY_RESULT(bytes);
        const auto values = decoded(*encoding, *bytes, kRows, cols);
        const auto codes = encoding->unpack(*bytes, kRows, cols);
        QVERIFY_RESULT(codes);
        std::span<const std::byte> rest(*bytes);
        const int maxCode = (1 << bits) - 1;
        for (int row = 0; row < kRows; ++row)
            for (int begin = 0; begin < cols; begin += group) {
                const int length = std::min(group, cols - begin);
                const auto bytesHere = static_cast<std::size_t>(4 + (length * bits + 7) / 8);
                const auto here = rest.first(bytesHere);
                rest = rest.subspan(bytesHere);
                const float* w = weights.data() + row * cols + begin;
                const auto [low, high] = std::minmax_element(w, w + length);
                const float scale = storedHalf(here, 0), zero = storedHalf(here, 2);
                if (length > 1) {
                    QCOMPARE(scale, asHalf((static_cast<double>(*high) - static_cast<double>(*low)) / maxCode));
                    QCOMPARE(zero, asHalf(-static_cast<double>(*low) / static_cast<double>(scale)));
                }
                for (int i = 0; i < length; ++i) {
                    const auto at = static_cast<std::size_t>(row * cols + begin + i);
                    const int code = storedCode(here, i, bits);
                    const float position = w[i] / scale + zero;
                    if (length > 1)
                        QCOMPARE(code, std::clamp(static_cast<int>(std::nearbyint(position)), 0, maxCode));
                    QCOMPARE(values[at], (static_cast<float>(code) - zero) * scale);
                    QCOMPARE(static_cast<int>(codes->codes[at]), code);
                    // Half a step, and what rounding scale and zero to binary16 takes from the ends of the range.
                    const double slack = (0.5 + maxCode * 0x1p-11 + std::fabs(static_cast<double>(zero)) * 0x1p-11)
                                             * static_cast<double>(scale)
                                         + 0x1p-24;
                    if (length > 1)
                        QVERIFY(std::fabs(static_cast<double>(values[at]) - static_cast<double>(w[i])) <= slack);
                }
                // Bits beyond the last code are zero.
                const int used = length * bits % 8;
                if (used != 0)
                    QCOMPARE(static_cast<int>(here.back()) >> used, 0);
            }
        QVERIFY(rest.empty());
        QVERIFY(*packed(*encoding, *codes) == *bytes);
    }

    void everyCodeOfEveryWidthDecodes() {
        for (int bits = 1; bits <= 8; ++bits) {
            const int levels = 1 << bits, cols = levels * 3 + 5;
            GroupCodes codes;
            codes.rows = 1;
            codes.cols = codes.groupSize = cols;
            codes.scale = {0.5f};
            codes.zero = {1.25f};
            for (int i = 0; i < cols; ++i)
                codes.codes.push_back(static_cast<std::int16_t>((i * 7 + i / levels) % levels));
            const auto encoding = affine(cols, bits);
            const auto bytes = packed(*encoding, codes);
            QVERIFY_RESULT(bytes);
            const auto values = decoded(*encoding, *bytes, 1, cols);
            for (int i = 0; i < cols; ++i)
                QCOMPARE(values[static_cast<std::size_t>(i)],
                         (static_cast<float>(codes.codes[static_cast<std::size_t>(i)]) - 1.25f) * 0.5f);
            QVERIFY(encoding->unpack(*bytes, 1, cols)->codes == codes.codes);
        }
    }

    void constantGroupsBecomeTheirHalf() {
        for (const float value : {0.0f, 0.02f, -0.02f, 1.0f, -65504.0f, 0x1p-24f, 3e-6f, 1e-9f})
            for (const int bits : {1, 4, 8}) {
                const auto encoding = affine(16, bits);
                const auto bytes = encoded(*encoding, std::vector<float>(16, value), 16);
                QVERIFY_RESULT(bytes);
                QCOMPARE(decoded(*encoding, *bytes, 1, 16), std::vector<float>(16, asHalf(static_cast<double>(value))));
            }
    }

    void narrowGroupsFarFromZeroKeepHalfPrecision() {
        // A range of 1e-4 around 1 wants a zero of about -150 000 at four bits, which binary16 does not have.
        for (const float centre : {1.0f, -1.0f, 40.0f, -0.003f}) {
            std::vector<float> weights(64);
            for (std::size_t i = 0; i < weights.size(); ++i)
                weights[i] = centre * (1.0f + 1e-4f * static_cast<float>(i) / 64.0f);
            for (const int bits : {1, 4, 8}) {
                const auto encoding = affine(64, bits);
                const auto bytes = encoded(*encoding, weights, 64);
                QVERIFY_RESULT(bytes);
                const auto values = decoded(*encoding, *bytes, 1, 64);
                for (std::size_t i = 0; i < weights.size(); ++i)
                    QVERIFY(std::fabs(values[i] - weights[i]) <= std::fabs(centre) * 0x1p-10f);
            }
        }
    }

    void tinyScalesDoNotVanish() {
        // The ideal step 2e-9 is below the smallest binary16 number, 6e-8; that one is used.
        std::vector<float> weights(16);
        for (std::size_t i = 0; i < weights.size(); ++i)
            weights[i] = 2e-9f * static_cast<float>(i) - 1e-8f;
        const auto encoding = affine(16, 4);
        const auto bytes = encoded(*encoding, weights, 16);
        QVERIFY_RESULT(bytes);
        QCOMPARE(encoding->unpack(*bytes, 1, 16)->scale[0], 0x1p-24f);
        const auto values = decoded(*encoding, *bytes, 1, 16);
        for (std::size_t i = 0; i < weights.size(); ++i)
            QVERIFY(std::fabs(values[i] - weights[i]) <= 0x1p-24f);
    }

    void errorOfANormalTensor() {
        // Mean squared error over variance on N(0, 1): published values of Q4_1 (the same grid at 32 and 4 bits) and of
        // the start values of HQQ, which are this rounding; 3 % for the sample and for two digits.
        const auto weights = normalWeights(1 << 18, 1.0, 99);
        for (const auto& [group, bits, expected] : {std::tuple{32, 4, 0.0061}, {64, 3, 0.0369}, {64, 2, 0.202}}) {
            const auto encoding = affine(group, bits);
            const auto bytes = encoded(*encoding, weights, 1024);
            QVERIFY_RESULT(bytes);
            const auto values = decoded(*encoding, *bytes, 256, 1024);
            double error = 0, power = 0;
            for (std::size_t i = 0; i < weights.size(); ++i) {
                const double w = static_cast<double>(weights[i]), d = w - static_cast<double>(values[i]);
                error += d * d;
                power += w * w;
            }
            QVERIFY2(std::fabs(error / power / expected - 1) < 0.03, qPrintable(QString::number(error / power)));
        }
    }
};

QTEST_GUILESS_MAIN(TestAffine)
#include "tst_affine.moc"
