// binary16 and bfloat16 against the arithmetic of doubles and, where the compiler has it, its own half type.
#include "core/base/half.h"
#include "core/base/rng.h"

#include <QObject>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace trilobit;

namespace {

bool isNanHalf(std::uint16_t h) { return (h & 0x7C00u) == 0x7C00u && (h & 0x3FFu) != 0; }

/// From the definition of the format, in double.
double halfValue(std::uint16_t h) {
    const int exponent = (h >> 10) & 31, mantissa = h & 1023;
    const double sign = h & 0x8000u ? -1.0 : 1.0;
    if (exponent == 31)
        return sign * HUGE_VAL;
    return sign * (exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25));
}

/// Nearest half by comparing with the two neighbours in double (exact), ties to the even pattern.
std::uint16_t nearestHalf(float value) {
    const std::uint16_t sign = std::signbit(value) ? 0x8000u : 0u;
    const double magnitude = std::fabs(static_cast<double>(value));
    if (magnitude >= 65520.0)
        return static_cast<std::uint16_t>(sign | 0x7C00u);
    std::uint16_t low = 0, high = 0x7BFF; // largest pattern not above, by bisection: patterns are ordered
    while (low < high) {
        const auto middle = static_cast<std::uint16_t>((low + high + 1) / 2);
        if (halfValue(middle) <= magnitude)
            low = middle;
        else
            high = static_cast<std::uint16_t>(middle - 1);
    }
    const double below = magnitude - halfValue(low);
    const double above = (low == 0x7BFF ? 65536.0 : halfValue(static_cast<std::uint16_t>(low + 1))) - magnitude;
    const bool up = above < below || (above == below && (low & 1));
    return static_cast<std::uint16_t>(sign | (low + (up ? 1 : 0)));
}

std::uint32_t bits(float f) { return std::bit_cast<std::uint32_t>(f); }

/// A float of any kind: random bits, or close to where half rounding changes.
float interestingFloat(Rng& rng) {
    if (rng.below(2) == 0)
        return std::bit_cast<float>(static_cast<std::uint32_t>(rng.next()));
    const auto h = static_cast<std::uint16_t>(rng.below(0x7C00));
    const double middle = (halfValue(h) + halfValue(static_cast<std::uint16_t>(h + 1 < 0x7C00 ? h + 1 : h))) / 2;
    const auto base = static_cast<float>(middle);
    const std::uint32_t moved = bits(base) + static_cast<std::uint32_t>(rng.below(5)) - 2u;
    const float out = bits(base) == 0 ? base : std::bit_cast<float>(moved);
    return rng.below(2) ? -out : out;
}

} // namespace

class TestHalf : public QObject {
    Q_OBJECT
private slots:
    void everyHalfToFloat() {
        for (unsigned i = 0; i < 65536; ++i) {
            const auto h = static_cast<std::uint16_t>(i);
            const float f = halfToFloat(h);
            QCOMPARE(std::signbit(f), (h & 0x8000u) != 0);
            if (isNanHalf(h)) {
                QVERIFY(std::isnan(f));
                QCOMPARE(bits(f) & 0x7FFFFFu, static_cast<std::uint32_t>(h & 0x3FFu) << 13);
            } else {
                QCOMPARE(static_cast<double>(f), halfValue(h));
            }
#if defined(__FLT16_MANT_DIG__)
            if (!isNanHalf(h)) // the compiler's conversion quiets signalling NaN
                QCOMPARE(bits(f), bits(static_cast<float>(std::bit_cast<_Float16>(h))));
#endif
        }
    }

    void everyHalfSurvives() {
        for (unsigned i = 0; i < 65536; ++i) {
            const auto h = static_cast<std::uint16_t>(i);
            const std::uint16_t back = floatToHalf(halfToFloat(h));
            if (isNanHalf(h))
                QVERIFY(isNanHalf(back) && (back & 0x8200u) == ((h & 0x8000u) | 0x200u));
            else
                QCOMPARE(back, h);
        }
    }

    void floatToHalfRoundsToNearestEven() {
        Rng rng(1);
        for (int i = 0; i < 400'000; ++i) {
            const float f = interestingFloat(rng);
            if (std::isnan(f)) {
                QVERIFY(isNanHalf(floatToHalf(f)));
                continue;
            }
            const std::uint16_t expected = nearestHalf(f), actual = floatToHalf(f);
            if (actual != expected)
                QFAIL(qPrintable(
                    QString("%1: %2, expected %3").arg(double(f), 0, 'g', 12).arg(actual, 0, 16).arg(expected, 0, 16)));
#if defined(__FLT16_MANT_DIG__)
            QCOMPARE(actual, std::bit_cast<std::uint16_t>(static_cast<_Float16>(f)));
#endif
        }
    }

    void floatToHalfAtTheEdges() {
        QCOMPARE(floatToHalf(65519.99f), std::uint16_t{0x7BFF});
        QCOMPARE(floatToHalf(65520.0f), std::uint16_t{0x7C00});
        QCOMPARE(floatToHalf(-std::numeric_limits<float>::infinity()), std::uint16_t{0xFC00});
        QCOMPARE(floatToHalf(0x1p-25f), std::uint16_t{0}); // a tie between 0 and the smallest
        QCOMPARE(floatToHalf(std::nextafter(0x1p-25f, 1.0f)), std::uint16_t{1});
        QCOMPARE(floatToHalf(-0.0f), std::uint16_t{0x8000});
        QCOMPARE(floatToHalf(-std::numeric_limits<float>::denorm_min()), std::uint16_t{0x8000});
        QCOMPARE(floatToHalf(0x1.FFCp-15f), std::uint16_t{0x400}); // just below the normal range, rounds into it
    }

    void bfloat16() {
        for (unsigned i = 0; i < 65536; ++i) {
            const auto b = static_cast<std::uint16_t>(i);
            const float f = bfloat16ToFloat(b);
            QCOMPARE(bits(f), i << 16);
            if (!std::isnan(f))
                QCOMPARE(floatToBfloat16(f), b);
        }
        QCOMPARE(floatToBfloat16(std::bit_cast<float>(0x3F808000u)), std::uint16_t{0x3F80}); // ties to even
        QCOMPARE(floatToBfloat16(std::bit_cast<float>(0x3F818000u)), std::uint16_t{0x3F82});
        Rng rng(2);
        for (int i = 0; i < 400'000; ++i) {
            const float f = std::bit_cast<float>(static_cast<std::uint32_t>(rng.next()));
            const std::uint16_t b = floatToBfloat16(f);
            if (std::isnan(f)) {
                QVERIFY(std::isnan(bfloat16ToFloat(b)));
                continue;
            }
            // Both neighbours in double; infinity counts as 2^128.
            const auto finite = [](std::uint16_t pattern) {
                return (pattern & 0x7FFFu) == 0x7F80u ? std::ldexp(1.0, 128)
                                                      : static_cast<double>(std::fabs(bfloat16ToFloat(pattern)));
            };
            if (std::isinf(f)) {
                QCOMPARE(bits(bfloat16ToFloat(b)), bits(f));
                continue;
            }
            const auto below = static_cast<std::uint16_t>(bits(f) >> 16), above = static_cast<std::uint16_t>(below + 1);
            const double magnitude = std::fabs(static_cast<double>(f));
            const double down = magnitude - finite(below), up = finite(above) - magnitude;
            const std::uint16_t expected = up < down || (up == down && (below & 1)) ? above : below;
            QCOMPARE(b, expected);
        }
    }
};

QTEST_GUILESS_MAIN(TestHalf)
#include "tst_half.moc"
