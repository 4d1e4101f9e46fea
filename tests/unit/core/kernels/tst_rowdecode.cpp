// Fast decoders against each encoding's own decodeRows, on random bytes: every half-precision pattern turns up.
#include "core/base/rng.h"
#include "core/encodings/encodingregistry.h"
#include "core/kernels/kernelset.h"

#include <QtTest>

#include <bit>
#include <cmath>
#include <vector>

using namespace trilobit;

class TestRowDecode : public QObject {
    Q_OBJECT
private slots:
    void sameBits_data();
    void sameBits();
};

void TestRowDecode::sameBits_data() {
    QTest::addColumn<int>("set");
    QTest::addColumn<int>("decoder");
    for (int s = 0; s < static_cast<int>(kernelSets().size()); ++s) {
        const KernelSet& set = kernelSets()[static_cast<std::size_t>(s)];
        for (int d = 0; d < static_cast<int>(set.rowDecoders.size()); ++d)
            QTest::addRow("%s/%s", set.name, set.rowDecoders[static_cast<std::size_t>(d)].encoding) << s << d;
    }
    if (kernelSets().size() == 1)
        QTest::newRow("none here") << 0 << 0;
}

void TestRowDecode::sameBits() {
    QFETCH(int, set);
    QFETCH(int, decoder);
    const KernelSet& kernels = kernelSets()[static_cast<std::size_t>(set)];
    if (!kernels.supported() || kernels.rowDecoders.empty())
        QSKIP("this CPU does not run it");
    const RowDecoder& fast = kernels.rowDecoders[static_cast<std::size_t>(decoder)];
    QCOMPARE(kernels.findRowDecoder(fast.encoding), &fast);
    const auto encoding = EncodingRegistry::builtin().find(fast.encoding);
    QVERIFY(encoding);
    QCOMPARE((*encoding)->info().blockSize, fast.blockSize);
    QCOMPARE((*encoding)->info().bytesPerBlock, fast.bytesPerBlock);
    Rng rng(1);
    for (int round = 0; round < 200; ++round) {
        const std::int64_t blocks = fast.blockSize == 1 ? static_cast<std::int64_t>(rng.below(700)) : 1 + round % 20;
        const std::int64_t cols = blocks * fast.blockSize;
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(blocks * fast.bytesPerBlock) + 1);
        for (std::uint8_t& b : bytes)
            b = static_cast<std::uint8_t>(rng.next());
        std::vector<float> expected(static_cast<std::size_t>(cols)), got(expected.size() + 1, 7.0f);
        (*encoding)->decodeRows(std::as_bytes(std::span(bytes).subspan(1)), 1, cols, 0, 1, expected.data());
        fast.decode(bytes.data() + 1, cols, got.data());
        for (std::size_t c = 0; c < expected.size(); ++c) {
            const bool bothNan = std::isnan(expected[c]) && std::isnan(got[c]);
            QVERIFY2(bothNan || std::bit_cast<std::uint32_t>(expected[c]) == std::bit_cast<std::uint32_t>(got[c]),
                     qPrintable(QStringLiteral("column %1 of %2").arg(c).arg(cols)));
        }
        QCOMPARE(got.back(), 7.0f);
    }
}

QTEST_GUILESS_MAIN(TestRowDecode)
#include "tst_rowdecode.moc"
