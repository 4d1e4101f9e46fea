// Layouts of other programs that are read and converted: bytes computed by those programs, round trips, refusals.
#include "tests/unit/core/encodings/encodingfixture.h"

#include "core/encodings/tl/tiles.h"

#include <QObject>

using namespace trilobit;
using namespace trilobit::test;

namespace {

/// Ternary weights of the published hashes: -0.5, 0, 0.5 from a linear congruential generator.
std::vector<float> drawnTrits(std::size_t count) {
    std::uint32_t state = 1;
    std::vector<float> out;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t u = ((state = state * 1664525u + 1013904223u) >> 8) & 0xFFFFu;
        out.push_back(0.5f * static_cast<float>(static_cast<int>(3 * u / 65536) - 1));
    }
    return out;
}

/// FNV-1a, 64 bits.
QString hashText(std::span<const std::byte> bytes) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const std::byte b : bytes)
        hash = (hash ^ static_cast<std::uint8_t>(b)) * 0x100000001b3u;
    return QString("%1").arg(hash, 16, 16, QChar('0'));
}

} // namespace

class TestForeignLayouts : public QObject {
    Q_OBJECT
private slots:
    /// TL1, TL2: bitnet.cpp's own converter functions (utils/convert-hf-to-gguf-bitnet.py at 16da220) with numpy, padded
    /// to 32 bytes and followed by the scale. I2_S without ACT_PARALLEL and IQ2_BN_R4: the encoders of bitnet.cpp and
    /// ik_llama.cpp. I2_S on ARM and Q2_0 with blocks of 128: the layout in three lines of numpy.
    void bytesOfTheProgramsThatWriteThem_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("cols");
        QTest::addColumn<int>("size");
        QTest::addColumn<QString>("hash");
        const auto row = [](const char* id, int rows, int cols, int size, const char* hash) {
            QTest::addRow("%s %d x %d", id, rows, cols) << id << rows << cols << size << hash;
        };
        row("TL1-128-64-64", 256, 256, 16416, "fa2c828aedc9bcf4");
        row("TL1-160-64-32", 320, 384, 30752, "05bdcd629e87914c");
        row("TL1-64-128-64", 128, 128, 4128, "0bad039084b50aac");
        row("TL2-128-96-32", 256, 416, 24960, "28502b08523a6168");
        row("TL2-128-192-32", 128, 384, 11648, "69f5a08a18f1dbd8");
        row("TL2-160-96-32", 320, 320, 24800, "d1ffe80646783d83");
        row("I2_S_ROWS4", 8, 256, 544, "d416a8ccca79c5ec");
        row("I2_S_ARM", 8, 256, 544, "7b36cb64f44ae296");
        row("IQ2_BN_R4", 8, 256, 544, "ec942150130462f6");
        row("Q2_0_G128", 8, 256, 544, "5fcf00be7f8fdeda");
    }
    void bytesOfTheProgramsThatWriteThem() {
        QFETCH(QString, id);
        QFETCH(int, rows);
        QFETCH(int, cols);
        QFETCH(int, size);
        QFETCH(QString, hash);
        const auto encoding = encodingOrFail(qPrintable(id));
        const auto weights = drawnTrits(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols));
        const auto bytes = encoded(*encoding, weights, cols);
        QVERIFY_RESULT(bytes);
        QCOMPARE(static_cast<int>(bytes->size()), size);
        QCOMPARE(hashText(*bytes), hash);
        QCOMPARE(firstDifference(decoded(*encoding, *bytes, rows, cols), weights), std::int64_t{-1});
    }

    void codesThereAndBack_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("cols");
        for (const char* id : {"I2_S_ARM", "I2_S_ROWS4", "IQ2_BN_R4", "Q2_0_G128"})
            QTest::addRow("%s", id) << id << 12 << 384;
        QTest::newRow("TL1") << "TL1" << 1536 << 1536;
        QTest::newRow("TL2") << "TL2" << 1536 << 1536;
        QTest::newRow("TL2 with a rest") << "TL2" << 3200 << 3200;
        QTest::newRow("TL1 tiles") << "TL1-64-32-32" << 192 << 96;
        QTest::newRow("TL2 tiles") << "TL2-64-96-32" << 192 << 320;
    }
    void codesThereAndBack() {
        QFETCH(QString, id);
        QFETCH(int, rows);
        QFETCH(int, cols);
        const auto encoding = encodingOrFail(qPrintable(id));
        const auto weights = ternaryWeights(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols), 0.75f, 3);
        const auto bytes = encoded(*encoding, weights, cols);
        QVERIFY_RESULT(bytes);
        QCOMPARE(firstDifference(decoded(*encoding, *bytes, rows, cols), weights), std::int64_t{-1});
        const auto codes = encoding->unpack(*bytes, rows, cols);
        QVERIFY_RESULT(codes);
        QVERIFY(*packed(*encoding, *codes) == *bytes);
        // Single rows.
        std::vector<float> row(static_cast<std::size_t>(cols));
        for (const int r : {0, 1, 2, 3, rows / 2 + 1, rows - 1}) {
            encoding->decodeRows(*bytes, rows, cols, r, 1, row.data());
            for (int c = 0; c < cols; ++c)
                QCOMPARE(row[static_cast<std::size_t>(c)], weights[static_cast<std::size_t>(r * cols + c)]);
        }
        // Any bytes decode, to the same values each time.
        std::vector<std::byte> noise(bytes->size());
        Rng rng(7);
        for (std::byte& b : noise)
            b = static_cast<std::byte>(rng.next() & 255);
        QCOMPARE(firstDifference(decoded(*encoding, noise, rows, cols), decoded(*encoding, noise, rows, cols)),
                 std::int64_t{-1});
        // Other weights are refused, or rounded by those with a rounding encoder.
        auto other = weights;
        other[5] = 0.3f;
        const auto refused = encoded(*encoding, other, cols);
        if (encoding->info().grid.groupSize == kGroupIsTensor)
            QVERIFY(!refused && refused.error().code == ErrorCode::Unsupported);
        other[5] = std::numeric_limits<float>::infinity();
        QVERIFY(!encoded(*encoding, other, cols));
    }

    void shapesAreRefusedWithTheReason_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("cols");
        QTest::addColumn<QString>("why");
        QTest::newRow("no kernel") << "TL1" << 256 << 256 << "no TL1 kernel for 256 x 256";
        QTest::newRow("no kernel 2") << "TL2" << 2560 << 6912 << "no TL2 kernel for 2560 x 6912";
        QTest::newRow("tiles") << "TL1-160-64-32" << 256 << 256 << "whole tiles of 160 x 64";
        QTest::newRow("strip") << "TL1-160-64-48" << 160 << 64 << "strips have 16, 32 or 64 rows";
        QTest::newRow("strip 2") << "TL2-160-96-64" << 320 << 320 << "strips have 32 rows";
        QTest::newRow("rest") << "TL2-160-96-32" << 320 << 336 << "a rest in 32s";
        QTest::newRow("narrow") << "TL2-32-96-32" << 32 << 96 << "starts at 256 columns";
        QTest::newRow("rows") << "IQ2_BN_R4" << 6 << 64 << "6 rows are not a multiple of 4";
        QTest::newRow("arm") << "I2_S_ARM" << 3 << 31 << "not a multiple of 64";
        QTest::newRow("rows4") << "I2_S_ROWS4" << 6 << 64 << "multiple of 4 rows";
        QTest::newRow("g128") << "Q2_0_G128" << 4 << 64 << "not a multiple of 128";
        QTest::newRow("huge") << "TL2-32-96-32" << std::numeric_limits<int>::max() << std::numeric_limits<int>::max()
                              << "larger than any computer";
    }
    void shapesAreRefusedWithTheReason() {
        QFETCH(QString, id);
        QFETCH(int, rows);
        QFETCH(int, cols);
        QFETCH(QString, why);
        const auto size = encodingOrFail(qPrintable(id))->sizeBytes(rows, cols);
        QVERIFY(!size);
        QVERIFY2(QString::fromStdString(size.error().text()).contains(why), size.error().text().c_str());
    }

    void tilesInNames() {
        QCOMPARE(*parseTableLookupId("tl1-160-64-32", "TL1"), (TableTiles{160, 64, 32}));
        for (const char* bad : {"TL1", "TL1-", "TL1-160-64", "TL1-160-64-32-1", "TL1-0-64-32", "TL1-160-64-032x",
                                "TL1--160-64-32", "TL2-160-64-32", "TL1-160-64-99999999999999999999"})
            QVERIFY2(!parseTableLookupId(bad, "TL1"), bad);
    }

    /// Numbers that programs gave to several layouts, the likeliest first.
    void numbersWithSeveralMeanings() {
        EncodingRegistry registry = EncodingRegistry::builtin();
        const auto ids = [&](int type) {
            QStringList out;
            for (const auto& encoding : registry.everyGgmlType(type))
                out << QString::fromStdString(encoding->info().id);
            return out;
        };
        QCOMPARE(ids(36), (QStringList{"I2_S", "I2_S_ARM", "I2_S_ROWS4"}));
        QCOMPARE(ids(38), QStringList{"TL1"});
        QCOMPARE(ids(39), (QStringList{"MXFP4", "TL2"}));
        QCOMPARE(ids(42), (QStringList{"Q2_0", "Q2_0_G128"}));
        QCOMPARE(ids(335), QStringList{"IQ2_BN_R4"});
        QVERIFY(ids(-1).isEmpty() && ids(9999).isEmpty());
        QVERIFY_RESULT(registry.prefer("i2_s_arm"));
        QCOMPARE(registry.findByGgmlType(36)->info().id, std::string("I2_S_ARM"));
        QCOMPARE(registry.findByGgmlType(42)->info().id, std::string("Q2_0"));
        QVERIFY(!registry.prefer("affine-g64-b4") && !registry.prefer("nothing"));
    }
};

QTEST_GUILESS_MAIN(TestForeignLayouts)
#include "tst_foreignlayouts.moc"
