// Every pair of ternary encodings: codes and scales move without loss and come back to the byte, or the refusal says why.
#include "tests/unit/core/encodings/encodingfixture.h"

#include "core/encodings/hfbitnet/hfbitnet.h"
#include "core/quant/quantizer.h"

#include <QtTest>

using namespace trilobit;
using namespace trilobit::test;

namespace {

constexpr std::int64_t kRows = 128, kCols = 768;

const char* const kWhole[] = {"I2_S", "I2_S_ARM", "I2_S_ROWS4", "TL1-64-32-32", "TL2-64-96-32"};
const char* const kRowwise[] = {"IQ1_BN", "IQ2_BN", "IQ2_BN_R4"};
const char* const kBlocks[] = {"TQ1_0", "TQ2_0", "Q2_0_G128", "Q2_0"}; // 256, 256, 128, 64 weights for a scale
const char* const kFloats[] = {"F32", "F16", "BF16"};

std::vector<std::string> everyTernary() {
    std::vector<std::string> all(std::begin(kWhole), std::end(kWhole));
    all.insert(all.end(), std::begin(kRowwise), std::end(kRowwise));
    all.insert(all.end(), std::begin(kBlocks), std::end(kBlocks));
    all.insert(all.end(), std::begin(kFloats), std::end(kFloats));
    return all;
}

Tensor tensorFrom(const std::vector<float>& weights, const std::shared_ptr<const Encoding>& encoding) {
    auto bytes = encoded(*encoding, weights, kCols);
    if (!bytes)
        qFatal("%s", bytes.error().text().c_str());
    const auto kept = std::make_shared<std::vector<std::byte>>(*std::move(bytes));
    Tensor tensor;
    tensor.name = "blk.0.ffn_up.weight";
    tensor.rows = kRows;
    tensor.cols = kCols;
    tensor.role = TensorRole::FfnUp;
    tensor.layer = 0;
    tensor.encoding = encoding;
    tensor.bytes = *kept;
    tensor.owner = kept;
    return tensor;
}

/// -s, 0, s with s from `scaleOf(row, col)`; some rows, blocks of 256 and blocks of 64 are zeros throughout.
template <class ScaleOf>
std::vector<float> weightsWith(const ScaleOf& scaleOf) {
    std::vector<float> out = ternaryWeights(kRows * kCols, 1.0f, 17);
    for (std::int64_t r = 0; r < kRows; ++r)
        for (std::int64_t c = 0; c < kCols; ++c) {
            float& w = out[static_cast<std::size_t>(r * kCols + c)];
            const bool blank = r == 3 || (r == 5 && c < 256) || (r == 7 && c >= 64 && c < 128);
            w = blank || w == 0 ? 0.0f : w * scaleOf(r, c);
        }
    return out;
}

std::vector<float> oneScale(float scale) {
    return weightsWith([&](std::int64_t, std::int64_t) { return scale; });
}

bool sameBytes(const Tensor& a, const Tensor& b) {
    return std::equal(a.bytes.begin(), a.bytes.end(), b.bytes.begin(), b.bytes.end());
}

} // namespace

class TestTernaryStone : public QObject {
    Q_OBJECT
    RunControl m_control;

private slots:
    void everyPairThereAndBack_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        for (const std::string& from : everyTernary())
            for (const std::string& to : everyTernary())
                if (from != to)
                    QTest::addRow("%s to %s", from.c_str(), to.c_str())
                        << QString::fromStdString(from) << QString::fromStdString(to);
    }
    void everyPairThereAndBack() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        const auto source = encodingOrFail(qPrintable(from)), target = encodingOrFail(qPrintable(to));
        const std::vector<float> weights = oneScale(0.03125f); // fits every kind of scale
        const Tensor before = tensorFrom(weights, source);
        const auto there = convertTensor(before, target, 0, m_control);
        QVERIFY_RESULT(there);
        QCOMPARE(std::uint64_t{there->bytes.size()}, sizeOrFail(*target, kRows, kCols));
        QVERIFY(sameBytes(*there, tensorFrom(weights, target))); // what its own encoder writes
        const auto back = convertTensor(*there, source, 0, m_control);
        QVERIFY_RESULT(back);
        QVERIFY(sameBytes(*back, before));
    }

    void packedFoldersGoEverywhere() {
        const std::vector<float> weights = oneScale(0.7109375f);
        const Tensor before = tensorFrom(weights, makeHfBitnet(0.7109375f));
        for (const std::string& to : everyTernary()) {
            const auto there = convertTensor(before, encodingOrFail(to.c_str()), 0, m_control);
            QVERIFY_RESULT(there);
            QVERIFY2(sameBytes(*there, tensorFrom(weights, encodingOrFail(to.c_str()))), to.c_str());
        }
    }

    /// A scale that is no half and no bfloat: only float scales hold it.
    void scalesThatAreNotStored() {
        const Tensor before = tensorFrom(oneScale(0.1f), encodingOrFail("I2_S"));
        for (const char* to : {"TQ1_0", "TQ2_0", "Q2_0", "Q2_0_G128", "IQ1_BN", "F16", "BF16"}) {
            const auto refused = convertTensor(before, encodingOrFail(to), 0, m_control);
            QVERIFY2(!refused && refused.error().code == ErrorCode::Unsupported, to);
            QVERIFY2(refused.error().text().find("0.1 ") != std::string::npos, refused.error().text().c_str());
        }
        for (const char* to : {"I2_S_ARM", "I2_S_ROWS4", "TL1-64-32-32", "TL2-64-96-32", "IQ2_BN", "IQ2_BN_R4", "F32"}) {
            const auto there = convertTensor(before, encodingOrFail(to), 0, m_control);
            QVERIFY_RESULT(there);
            const auto back = convertTensor(*there, encodingOrFail("I2_S"), 0, m_control);
            QVERIFY_RESULT(back);
            QVERIFY2(sameBytes(*back, before), to);
        }
    }

    void scalesPerRow() {
        const auto weights =
            weightsWith([](std::int64_t r, std::int64_t) { return 0.0078125f * static_cast<float>(1 + r % 13); });
        for (const char* from : {"IQ1_BN", "IQ2_BN", "IQ2_BN_R4", "TQ1_0", "TQ2_0", "Q2_0", "Q2_0_G128", "F32"}) {
            const Tensor before = tensorFrom(weights, encodingOrFail(from));
            for (const char* to : {"IQ1_BN", "IQ2_BN", "IQ2_BN_R4", "TQ1_0", "TQ2_0", "Q2_0", "Q2_0_G128"}) {
                const auto there = convertTensor(before, encodingOrFail(to), 0, m_control);
                QVERIFY_RESULT(there);
                QVERIFY(sameBytes(*there, tensorFrom(weights, encodingOrFail(to))));
                const auto back = convertTensor(*there, encodingOrFail(from), 0, m_control);
                QVERIFY_RESULT(back);
                QVERIFY2(sameBytes(*back, before), to);
            }
            for (const char* to : kWhole) {
                const auto refused = convertTensor(before, encodingOrFail(to), 0, m_control);
                QVERIFY2(!refused && refused.error().code == ErrorCode::Unsupported, to);
                if (std::string(from) != "F32")
                    QVERIFY2(refused.error().text().find("do not fit one scale") != std::string::npos
                                 && refused.error().text().find("the whole tensor") != std::string::npos,
                             refused.error().text().c_str());
            }
        }
    }

    void scalesPerBlock() {
        // One for each 256 weights; then one for each 64.
        const auto wide = weightsWith(
            [](std::int64_t r, std::int64_t c) { return 0.0078125f * static_cast<float>(1 + (r + c / 256) % 7); });
        const auto narrow = weightsWith(
            [](std::int64_t r, std::int64_t c) { return 0.0078125f * static_cast<float>(1 + (r + c / 64) % 7); });
        for (const char* from : {"TQ1_0", "TQ2_0"})
            for (const char* to : {"TQ1_0", "TQ2_0", "Q2_0", "Q2_0_G128"}) {
                const Tensor before = tensorFrom(wide, encodingOrFail(from));
                const auto there = convertTensor(before, encodingOrFail(to), 0, m_control);
                QVERIFY_RESULT(there);
                QVERIFY(sameBytes(*there, tensorFrom(wide, encodingOrFail(to))));
                const auto back = convertTensor(*there, encodingOrFail(from), 0, m_control);
                QVERIFY_RESULT(back);
                QVERIFY(sameBytes(*back, before));
            }
        const Tensor fine = tensorFrom(narrow, encodingOrFail("Q2_0"));
        for (const char* to : {"TQ1_0", "TQ2_0", "Q2_0_G128", "IQ1_BN", "IQ2_BN", "I2_S"}) {
            const auto refused = convertTensor(fine, encodingOrFail(to), 40, m_control);
            QVERIFY2(!refused && refused.error().code == ErrorCode::Unsupported, to);
            QVERIFY2(refused.error().text().find("Q2_0 has one scale for each 64 weights") != std::string::npos
                         && refused.error().text().find("at row 40, column 64") != std::string::npos,
                     refused.error().text().c_str());
            QCOMPARE(refused.error().field, fine.name);
        }
    }

    /// Blocks of zeros keep the scale they have as long as the target has a place for it, whatever it is.
    void scalesOfZeros() {
        Tensor before = tensorFrom(oneScale(0.5f), encodingOrFail("TQ2_0"));
        std::vector<std::byte> bytes(before.bytes.begin(), before.bytes.end());
        const std::size_t blankBlock = (3 * 3 + 1) * 66; // row 3 is all zeros
        bytes[blankBlock + 64] = std::byte{0x34};
        bytes[blankBlock + 65] = std::byte{0x12};
        before.bytes = bytes;
        for (const char* to : {"TQ1_0", "Q2_0", "Q2_0_G128"}) {
            const auto there = convertTensor(before, encodingOrFail(to), 0, m_control);
            QVERIFY_RESULT(there);
            const auto back = convertTensor(*there, encodingOrFail("TQ2_0"), 0, m_control);
            QVERIFY_RESULT(back);
            QVERIFY2(sameBytes(*back, before), to);
        }
        QVERIFY_RESULT(convertTensor(before, encodingOrFail("I2_S"), 0, m_control));
    }

    void whatIsNotTernaryIsRefused() {
        // Q2_0 with a weight of twice the scale.
        Tensor before = tensorFrom(oneScale(0.5f), encodingOrFail("Q2_0"));
        std::vector<std::byte> bytes(before.bytes.begin(), before.bytes.end());
        bytes[2] |= std::byte{3};
        before.bytes = bytes;
        for (const char* to : {"TQ2_0", "I2_S", "IQ2_BN"}) {
            const auto refused = convertTensor(before, encodingOrFail(to), 0, m_control);
            QVERIFY2(!refused && refused.error().code == ErrorCode::Unsupported, to);
        }
        const auto kept = convertTensor(before, encodingOrFail("Q2_0_G128"), 0, m_control);
        QVERIFY_RESULT(kept); // which has that code, too
        const auto back = convertTensor(*kept, encodingOrFail("Q2_0"), 0, m_control);
        QVERIFY_RESULT(back);
        QVERIFY(sameBytes(*back, before));
    }
};

QTEST_GUILESS_MAIN(TestTernaryStone)
#include "tst_ternarystone.moc"
