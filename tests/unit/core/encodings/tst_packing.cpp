// pack() and unpack(): exact or refused with the reason; lossless ways between ternary encodings.
#include "tests/unit/core/encodings/encodingfixture.h"

#include "core/base/half.h"
#include "core/encodings/hfbitnet/hfbitnet.h"

#include <QObject>

#include <cmath>
#include <limits>

using namespace trilobit;
using namespace trilobit::test;

namespace {

const char* const kLinear[] = {"Q8_0", "Q4_0",   "Q4_1",   "Q5_0", "Q5_1",          "TQ1_0",         "TQ2_0",
                               "Q2_0", "IQ1_BN", "IQ2_BN", "I2_S", "affine-g64-b4", "affine-g16-b2", "affine-g100-b3"};

/// Random codes 0, 1, 2 around zero 1 with one scale for everything.
GroupCodes ternaryCodes(std::int64_t rows, std::int64_t cols, float scale, std::uint64_t seed = 7) {
    GroupCodes codes;
    codes.rows = rows;
    codes.cols = cols;
    codes.groupSize = rows * cols;
    codes.scale = {scale};
    codes.zero = {1.0f};
    Rng rng(seed);
    for (std::int64_t i = 0; i < rows * cols; ++i)
        codes.codes.push_back(static_cast<std::int16_t>(rng.below(3)));
    return codes;
}

std::vector<float> valuesOf(const GroupCodes& codes) {
    std::vector<float> out;
    for (std::int64_t row = 0; row < codes.rows; ++row)
        for (std::int64_t col = 0; col < codes.cols; ++col) {
            const std::size_t g = codes.groupOf(row, col);
            const double code = codes.codes[static_cast<std::size_t>(row * codes.cols + col)];
            out.push_back(
                static_cast<float>(static_cast<double>(codes.scale[g]) * (code - static_cast<double>(codes.zero[g]))));
        }
    return out;
}

/// One group of `size` codes per row of that length.
GroupCodes oneGroup(std::int64_t size, float scale, float zero, std::int16_t code) {
    GroupCodes codes;
    codes.rows = 1;
    codes.cols = codes.groupSize = size;
    codes.scale = {scale};
    codes.zero = {zero};
    codes.codes.assign(static_cast<std::size_t>(size), code);
    return codes;
}

} // namespace

class TestPacking : public QObject {
    Q_OBJECT
private slots:
    void unpackThenPackKeepsEveryByte_data() {
        QTest::addColumn<QString>("id");
        for (const char* id : kLinear)
            QTest::addRow("%s", id) << id;
    }
    void unpackThenPackKeepsEveryByte() {
        QFETCH(QString, id);
        const auto encoding = encodingOrFail(qPrintable(id));
        const bool ternaryOnly = id == "I2_S";
        for (const std::int64_t rows : {1, 5}) {
            const std::int64_t cols = 768;
            const auto weights = ternaryOnly ? ternaryWeights(static_cast<std::size_t>(rows * cols), 0.3f, 3)
                                             : normalWeights(static_cast<std::size_t>(rows * cols), 0.02, 3);
            const auto bytes = encoded(*encoding, weights, cols);
            QVERIFY_RESULT(bytes);
            const auto codes = encoding->unpack(*bytes, rows, cols);
            QVERIFY_RESULT(codes);
            const Grid& grid = encoding->info().grid;
            for (const std::int16_t code : codes->codes)
                QVERIFY(code >= grid.codeMin && code <= grid.codeMax);
            const auto again = packed(*encoding, *codes);
            QVERIFY_RESULT(again);
            QVERIFY(*again == *bytes);
            // The codes say the same weights as the bytes, up to the two roundings of a zero that is not whole.
            const auto fromCodes = valuesOf(*codes), fromBytes = decoded(*encoding, *bytes, rows, cols);
            for (std::size_t i = 0; i < fromCodes.size(); ++i)
                QVERIFY(std::fabs(fromCodes[i] - fromBytes[i]) <= 1e-6f * (grid.freeZero ? 0.1f : 0.0f));
        }
    }

    void randomQ4_1MinimaSurvive() {
        const auto encoding = encodingOrFail("Q4_1");
        Rng rng(11);
        std::vector<std::byte> bytes(20);
        for (int i = 0; i < 20000; ++i) {
            for (std::byte& b : bytes)
                b = static_cast<std::byte>(rng.next() & 255);
            bytes[1] &= std::byte{0xBF}; // finite
            bytes[3] &= std::byte{0xBF};
            if ((bytes[0] == std::byte{0}) && ((bytes[1] & std::byte{0x7F}) == std::byte{0}))
                continue;
            const auto codes = encoding->unpack(bytes, 1, 32);
            QVERIFY_RESULT(codes);
            const auto again = packed(*encoding, *codes);
            QVERIFY_RESULT(again);
            if (bytes[2] == std::byte{0} && (bytes[3] & std::byte{0x7F}) == std::byte{0})
                continue; // a negative zero for a minimum comes back as whichever zero
            QVERIFY2(*again == bytes, qPrintable(QString("case %1").arg(i)));
        }
    }

    void constantQ4_1BlocksKeepTheirWeights() {
        const auto encoding = encodingOrFail("Q4_1");
        const auto bytes = encoded(*encoding, std::vector<float>(64, -0.375f), 64);
        QVERIFY_RESULT(bytes);
        const auto codes = encoding->unpack(*bytes, 1, 64);
        QVERIFY_RESULT(codes);
        const auto again = packed(*encoding, *codes);
        QVERIFY_RESULT(again);
        QCOMPARE(decoded(*encoding, *again, 1, 64), std::vector<float>(64, -0.375f));
        QCOMPARE(valuesOf(*codes), std::vector<float>(64, -0.375f));
    }

    void ternaryCodesFitEverywhere_data() {
        QTest::addColumn<QString>("id");
        for (const char* id :
             {"TQ2_0", "I2_S", "Q4_0", "Q4_1", "Q8_0", "affine-g64-b2", "affine-g64-b4", "affine-g100-b3"})
            QTest::addRow("%s", id) << id;
    }
    void ternaryCodesFitEverywhere() {
        QFETCH(QString, id);
        const auto encoding = encodingOrFail(qPrintable(id));
        const auto codes = ternaryCodes(6, 512, halfToFloat(floatToHalf(0.0371f)));
        const auto bytes = packed(*encoding, codes);
        QVERIFY_RESULT(bytes);
        const auto expected = valuesOf(codes), values = decoded(*encoding, *bytes, codes.rows, codes.cols);
        QCOMPARE(values, expected);
    }

    void betweenTernaryEncodings() {
        const auto tq = encodingOrFail("TQ2_0"), i2s = encodingOrFail("I2_S"), hf = makeHfBitnet(0.25f);
        const auto weights = ternaryWeights(8 * 512, 0.25f, 21);
        const std::shared_ptr<const Encoding> all[] = {tq, i2s, hf};
        for (const auto& from : all) {
            const auto bytes = encoded(*from, weights, 512);
            QVERIFY_RESULT(bytes);
            const auto codes = from->unpack(*bytes, 8, 512);
            QVERIFY_RESULT(codes);
            for (const auto& to : all) {
                const auto converted = packed(*to, *codes);
                QVERIFY_RESULT(converted);
                const auto direct = encoded(*to, weights, 512);
                QVERIFY(*converted == *direct);
                QCOMPARE(firstDifference(decoded(*to, *converted, 8, 512), decoded(*to, *direct, 8, 512)),
                         std::int64_t{-1});
            }
        }
    }

    void blankBlocksDoNotHinderOneScale() {
        // A block of zeros has scale 0 in TQ2_0; it fits under any scale of I2_S.
        const auto tq = encodingOrFail("TQ2_0"), i2s = encodingOrFail("I2_S");
        for (const std::size_t blank : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
            auto weights = ternaryWeights(4 * 256, 0.5f, 5);
            std::fill_n(weights.begin() + static_cast<std::ptrdiff_t>(blank * 256), 256, 0.0f);
            const auto bytes = encoded(*tq, weights, 512);
            QVERIFY_RESULT(bytes);
            const auto codes = tq->unpack(*bytes, 2, 512);
            QVERIFY_RESULT(codes);
            QCOMPARE(codes->scale[blank], 0.0f);
            const auto converted = packed(*i2s, *codes);
            QVERIFY_RESULT(converted);
            QCOMPARE(decoded(*i2s, *converted, 2, 512), weights);
        }
    }

    void refusals_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("size");
        QTest::addColumn<float>("scale");
        QTest::addColumn<float>("zero");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
        const auto row = [](const char* name, const char* id, int size, float scale, float zero, int code,
                            const char* says) { QTest::newRow(name) << id << size << scale << zero << code << says; };
        row("scale not half", "TQ2_0", 256, 0.0371f, 1.0f, 2,
            "the scale 0.0371 at row 0, column 0 is not a binary16 number");
        row("scale too large for half", "Q8_0", 32, 70000.0f, 0.0f, 2, "70000");
        row("scale infinite", "Q4_0", 32, inf, 8.0f, 2, "not a finite number");
        row("scale NaN", "I2_S", 128, nan, 1.0f, 2, "not a finite number");
        row("affine scale NaN", "affine-g64-b4", 64, nan, 1.0f, 2, "not a finite number");
        row("code above", "TQ2_0", 256, 0.5f, 1.0f, 3, "would be stored as 3, and TQ2_0 holds 0 to 2");
        row("code below after the shift", "Q4_0", 32, 0.5f, 8.0f, -1, "stored as -1");
        row("code above in I2_S", "I2_S", 128, 0.5f, 1.0f, 3, "stored as 3");
        row("code above in affine", "affine-g64-b2", 64, 0.5f, 1.0f, 4, "stored as 4");
        row("-128 in Q8_0", "Q8_0", 32, 0.5f, 0.0f, -128, "stored as -128");
        row("broken zero", "Q4_0", 32, 0.5f, 7.5f, 8, "0.5 codes away from 8");
        row("broken zero in I2_S", "I2_S", 128, 0.5f, 1.25f, 1, "expected a whole number");
        row("zero NaN", "Q8_0", 32, 0.5f, nan, 1, "expected a whole number");
        row("zero infinite", "affine-g64-b4", 64, 0.5f, inf, 1, "the zero inf");
        row("zero not half", "affine-g64-b4", 64, 0.5f, 7.3f, 1, "the zero 7.3 at row 0, column 0 is not a binary16");
        row("minimum not half", "Q4_1", 32, 0.5f, 7.3f, 1, "gives a minimum that is not a binary16");
        row("minimum infinite", "Q4_1", 32, 1024.0f, 1e6f, 1, "gives a minimum");
    }
    void refusals() {
        QFETCH(QString, id);
        QFETCH(int, size);
        QFETCH(float, scale);
        QFETCH(float, zero);
        QFETCH(int, code);
        QFETCH(QString, says);
        const auto result =
            packed(*encodingOrFail(qPrintable(id)), oneGroup(size, scale, zero, static_cast<std::int16_t>(code)));
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Unsupported);
        QVERIFY2(QString::fromStdString(result.error().text()).contains(says), result.error().text().c_str());
    }

    void refusesGroupsThatShareABlock() {
        // Codes in groups of 32 and 48 under blocks of 256, scales differ.
        for (const std::int64_t group : {32, 48}) {
            GroupCodes codes = ternaryCodes(2, 768, 0.5f);
            codes.groupSize = group;
            codes.scale.assign(static_cast<std::size_t>(2 * 768 / group), 0.5f);
            codes.zero.assign(codes.scale.size(), 1.0f);
            for (const char* id : {"TQ2_0", "I2_S"}) {
                codes.scale[3] = 0.5f;
                QVERIFY_RESULT(packed(*encodingOrFail(id), codes)); // all the same: one scale serves
                codes.scale[3] = 0.25f;
                const auto result = packed(*encodingOrFail(id), codes);
                QVERIFY(!result);
                QVERIFY2(result.error().text().find("differ in scale or zero") != std::string::npos,
                         result.error().text().c_str());
            }
        }
    }

    void refusesTheWrongScaleOfHf() {
        const auto result = packed(*makeHfBitnet(0.5f), ternaryCodes(4, 8, 0.25f));
        QVERIFY(!result);
        QVERIFY(result.error().text().find("0.25") != std::string::npos);
        GroupCodes blank = ternaryCodes(4, 8, 0.25f);
        blank.codes.assign(blank.codes.size(), 1);
        QVERIFY_RESULT(packed(*makeHfBitnet(0.5f), blank));
    }

    void refusesCodesThatDoNotFitTogether() {
        const auto encoding = encodingOrFail("affine-g64-b4");
        std::vector<std::byte> out(sizeOrFail(*encoding, 2, 64));
        const GroupCodes good = [] {
            GroupCodes codes = ternaryCodes(2, 64, 0.5f);
            codes.groupSize = 64;
            codes.scale = {0.5f, 0.5f};
            codes.zero = {1.0f, 1.0f};
            return codes;
        }();
        QVERIFY_RESULT(encoding->pack(good, out));
        const auto refused = [&](auto change) {
            GroupCodes codes = good;
            change(codes);
            const auto result = encoding->pack(codes, out);
            return !result && result.error().code == ErrorCode::Internal;
        };
        QVERIFY(refused([](GroupCodes& c) { c.codes.pop_back(); }));
        QVERIFY(refused([](GroupCodes& c) { c.scale.pop_back(); }));
        QVERIFY(refused([](GroupCodes& c) {
            c.scale.push_back(1);
            c.zero.push_back(1);
        }));
        QVERIFY(refused([](GroupCodes& c) { c.groupSize = 0; }));
        QVERIFY(refused([](GroupCodes& c) { c.groupSize = -1; }));
        QVERIFY(refused([](GroupCodes& c) {
            c.rows = -2;
            c.cols = -64;
        }));
        QVERIFY(refused([](GroupCodes& c) { c.rows = std::numeric_limits<std::int64_t>::max(); }));
        const auto wrongBuffer = encoding->pack(good, std::span(out).first(out.size() - 1));
        QVERIFY(!wrongBuffer && wrongBuffer.error().code == ErrorCode::Internal);
        GroupCodes hugeGroup = good; // one group, however large it claims to be
        hugeGroup.groupSize = std::numeric_limits<std::int64_t>::max();
        hugeGroup.scale = hugeGroup.zero = {0.5f, 0.5f};
        QVERIFY_RESULT(encoding->pack(hugeGroup, out));
    }

    void othersRefuse() {
        for (const char* id : {"F32", "F16", "BF16", "F64", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS",
                               "MXFP4", "NF4", "Q1_0"}) {
            const auto encoding = encodingOrFail(id);
            const auto pack = packed(*encoding, ternaryCodes(1, 256, 0.5f));
            QVERIFY(!pack && pack.error().code == ErrorCode::Unsupported);
            const std::vector<std::byte> bytes(sizeOrFail(*encoding, 1, 256));
            const auto unpack = encoding->unpack(bytes, 1, 256);
            QVERIFY(!unpack && unpack.error().code == ErrorCode::Unsupported);
        }
    }

    void unpackChecksTheBuffer() {
        for (const char* id : kLinear) {
            const auto encoding = encodingOrFail(id);
            const std::vector<std::byte> bytes(sizeOrFail(*encoding, 2, 768) - 1);
            const auto codes = encoding->unpack(bytes, 2, 768);
            QVERIFY(!codes && codes.error().code == ErrorCode::Internal);
        }
    }
};

QTEST_GUILESS_MAIN(TestPacking)
#include "tst_packing.moc"
