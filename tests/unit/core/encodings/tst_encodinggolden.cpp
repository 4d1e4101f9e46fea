// Encodings against bytes, values and errors computed by ggml.
#include "tests/unit/core/encodings/encodingfixture.h"

#include "core/base/json.h"
#include "core/encodings/hfbitnet/hfbitnet.h"

#include <QObject>

#include <cmath>

using namespace trilobit;
using namespace trilobit::test;

namespace {

constexpr std::int64_t kRows = 8, kCols = 1024;
const char* const kTypes[] = {"F16",  "BF16", "Q8_0",   "Q4_0",   "Q4_1",  "Q5_0",  "Q5_1", "Q2_K", "Q3_K", "Q4_K",
                              "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS", "TQ1_0", "TQ2_0", "Q1_0", "Q2_0", "MXFP4"};

/// Read, not written; the plain sets of those that need importance do not exist.
const char* const kReadOnly[] = {"IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S"};

QString goldenPath(const QString& name) { return dataPath("golden/encodings/" + name); }

std::vector<std::byte> goldenBytes(const QString& name) {
    const QByteArray bytes = readBytes(goldenPath(name));
    const auto* data = reinterpret_cast<const std::byte*>(bytes.constData());
    return {data, data + bytes.size()};
}

std::vector<float> goldenFloats(const QString& name) { return readFloats(goldenPath(name)); }

/// FNV-1a, 64 bits.
QString hashText(std::span<const std::byte> bytes) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const std::byte b : bytes)
        hash = (hash ^ static_cast<std::uint8_t>(b)) * 0x100000001b3u;
    return QString("%1").arg(hash, 16, 16, QChar('0'));
}

QString hexStart(std::span<const std::byte> bytes) {
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), 8).toHex();
}

/// The data of the published hashes: 2048 values of a linear congruential generator, ternary twins, 256 importances.
struct HashData {
    std::vector<float> uniform, ternary, importance;
    HashData() {
        std::uint32_t state = 1;
        const auto draw = [&] { return (state = state * 1664525u + 1013904223u) >> 8; };
        for (int i = 0; i < 2048; ++i) {
            const std::uint32_t u = draw() & 0xFFFFu;
            uniform.push_back(static_cast<float>(u) / 32768.0f - 1.0f);
            ternary.push_back(0.5f * static_cast<float>(static_cast<int>(3 * u / 65536) - 1));
        }
        for (int i = 0; i < 256; ++i)
            importance.push_back(static_cast<float>(1 + (draw() & 255u)) / 16.0f);
    }
};

Json typeEntry(const QString& type) {
    const auto parsed = Json::parse(readBytes(goldenPath("encodings.json")).toStdString());
    if (!parsed)
        qFatal("%s", parsed.error().text().c_str());
    for (const Json& entry : (*parsed)["types"].items())
        if (entry["type"].toString() == type.toStdString())
            return entry;
    qFatal("no entry");
}

} // namespace

class TestEncodingGolden : public QObject {
    Q_OBJECT
private slots:
    void decodesBitExactly_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("set");
        for (const char* type : kTypes)
            for (const char* set : {"plain", "imatrix", "random"})
                QTest::addRow("%s %s", type, set) << type << set;
        for (const char* type : kReadOnly)
            for (const char* set : {"plain", "imatrix", "random"})
                if (QString(set) != "plain" || QFile::exists(goldenPath(QString(type) + ".plain.bin")))
                    QTest::addRow("%s %s", type, set) << type << set;
    }
    void readOnlyOnesRefuseToWrite() {
        for (const char* type : kReadOnly) {
            const auto refused = encoded(*encodingOrFail(type), std::vector<float>(256, 0.5f), 256);
            QVERIFY2(!refused && refused.error().code == ErrorCode::Unsupported, type);
            QVERIFY2(refused.error().text().find("not written") != std::string::npos, type);
            QVERIFY2(!encodingOrFail(type)->sizeBytes(1, 100), type);
        }
    }
    void decodesBitExactly() {
        TRILOBIT_NEED_DATA("golden/encodings/encodings.json");
        QFETCH(QString, type);
        QFETCH(QString, set);
        const auto encoding = encodingOrFail(qPrintable(type));
        const auto bytes = goldenBytes(type + '.' + set + ".bin");
        const auto expected = goldenFloats(type + '.' + set + ".f32");
        const std::int64_t rows = set == "random" ? 1 : kRows;
        const auto cols = static_cast<std::int64_t>(expected.size()) / rows;
        QCOMPARE(std::uint64_t{bytes.size()}, sizeOrFail(*encoding, rows, cols));
        const auto values = decoded(*encoding, bytes, rows, cols);
        const std::int64_t at = firstDifference(values, expected);
        QVERIFY2(at < 0, qPrintable(QString("value %1").arg(at)));
    }

    void encodesTheSameBytes_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("set");
        for (const char* type : kTypes)
            for (const char* set : {"plain", "imatrix"})
                QTest::addRow("%s %s", type, set) << type << set;
    }
    void encodesTheSameBytes() {
        TRILOBIT_NEED_DATA("golden/encodings/encodings.json");
        QFETCH(QString, type);
        QFETCH(QString, set);
        const auto encoding = encodingOrFail(qPrintable(type));
        const auto input = goldenFloats("input.f32");
        const auto importance = set == "imatrix" ? goldenFloats("importance.f32") : std::vector<float>();
        const auto expected = goldenBytes(type + '.' + set + ".bin");
        const auto bytes = encoded(*encoding, input, kCols, importance);
        QVERIFY_RESULT(bytes);
        // Rows 0 to 6 to the byte. Row 7 holds weights so small that their scale is zero in binary16; which code stands
        // for nothing times something is not part of the format, so there the values are compared.
        const std::size_t rowBytes = expected.size() / kRows, sevenRows = rowBytes * 7;
        for (std::size_t i = 0; i < sevenRows; ++i)
            if ((*bytes)[i] != expected[i])
                QFAIL(qPrintable(QString("row %1, byte %2").arg(i / rowBytes).arg(i % rowBytes)));
        const auto ours = decoded(*encoding, *bytes, kRows, kCols), theirs = decoded(*encoding, expected, kRows, kCols);
        for (std::size_t i = 7 * kCols; i < ours.size(); ++i)
            if (ours[i] != theirs[i] || !std::isfinite(ours[i]))
                QFAIL(qPrintable(QString("column %1: %2, expected %3").arg(i % kCols).arg(ours[i]).arg(theirs[i])));
        for (std::size_t i = 7 * kCols; i < 7 * kCols + 256; ++i)
            QCOMPARE(ours[i], 0.0f);
    }

    void errorIsNotAboveTheReference_data() {
        QTest::addColumn<QString>("type");
        for (const char* type : kTypes)
            QTest::addRow("%s", type) << type;
    }
    void errorIsNotAboveTheReference() {
        TRILOBIT_NEED_DATA("golden/encodings/encodings.json");
        QFETCH(QString, type);
        const auto encoding = encodingOrFail(qPrintable(type));
        const auto input = goldenFloats("input.f32"), importance = goldenFloats("importance.f32");
        const Json entry = typeEntry(type);
        for (const bool weighted : {false, true}) {
            const auto bytes = encoded(*encoding, input, kCols,
                                       weighted ? std::span<const float>(importance) : std::span<const float>());
            QVERIFY_RESULT(bytes);
            const auto values = decoded(*encoding, *bytes, kRows, kCols);
            const Json& bound = weighted ? entry["imatrix"]["weighted_sum_sq_error"] : entry["plain"]["sum_sq_error"];
            QCOMPARE(bound.items().size(), std::size_t{kRows});
            for (std::size_t row = 0; row < 7; ++row) {
                double error = 0;
                for (std::size_t c = 0; c < kCols; ++c) {
                    const double d =
                        static_cast<double>(values[row * kCols + c]) - static_cast<double>(input[row * kCols + c]);
                    error += d * d * (weighted ? static_cast<double>(importance[c]) : 1.0);
                }
                QVERIFY2(error <= bound.items()[row].toDouble() * (1 + 1e-6), qPrintable(QString("row %1").arg(row)));
            }
        }
    }

    void dotProducts_data() {
        QTest::addColumn<QString>("type");
        for (const char* type : {"Q4_0", "Q8_0", "Q4_K", "Q6_K", "IQ4_NL", "TQ2_0"})
            QTest::addRow("%s", type) << type;
    }
    void dotProducts() {
        TRILOBIT_NEED_DATA("golden/encodings/encodings.json");
        QFETCH(QString, type);
        const auto encoding = encodingOrFail(qPrintable(type));
        const auto values = decoded(*encoding, goldenBytes(type + ".plain.bin"), kRows, kCols);
        const auto activation = goldenFloats("activation.f32");
        const QByteArray raw = readBytes(goldenPath(type + ".dot.f64"));
        QCOMPARE(raw.size(), qsizetype(kRows * 8));
        for (std::size_t row = 0; row < kRows; ++row) {
            double expected = 0, sum = 0, magnitude = 0;
            std::memcpy(&expected, raw.constData() + row * 8, 8);
            for (std::size_t c = 0; c < kCols; ++c) {
                const double product =
                    static_cast<double>(values[row * kCols + c]) * static_cast<double>(activation[c]);
                sum += product;
                magnitude += std::fabs(product);
            }
            // Exact products; a plain sum of n doubles is off by less than n * 2^-53 of the magnitudes.
            QVERIFY(std::fabs(sum - expected) <= magnitude * 1024 * 0x1p-53);
        }
    }

    void publishedHashes_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("uniform");
        QTest::addColumn<QString>("start");
        QTest::addColumn<QString>("ternary");
        QTest::addColumn<QString>("weighted");
        const auto row = [](const char* type, const char* x0, const char* start, const char* x1, const char* weighted) {
            QTest::addRow("%s", type) << type << x0 << start << x1 << weighted;
        };
        row("Q4_0", "25d07f3a7430e9ac", "252f69b9c1074fda", "a7e7c0aebbc461fa", "10ac9df4d35fb315");
        row("Q4_1", "93f0339cfd70f8a7", "8f2f25bb68b8c107", "4f8a9a7143e88f46", "7447f126eee61983");
        row("Q5_0", "64d3a75bda98442c", "252b3302a600c161", "3130a050baefd5da", "0663e4a79734350e");
        row("Q5_1", "e488485613a37b62", "502b25bb3302a600", "c84b77fa133a91fb", "ca8bf62e92b7ab55");
        row("Q8_0", "b9f6819e608a9811", "331f09098af27d1c", "358ac4976e8f503b", "b9f6819e608a9811");
        row("Q2_K", "86a00362feec47a4", "bcdafecdcdffeedf", "80d0e7f190dad748", "5c3e619fbfb80933");
        row("Q3_K", "01dcc243a8f48ac4", "4b2f579dc03685f9", "5afbc19c6836a8a3", "0c7d8f3a20b77da7");
        row("Q4_K", "0095898c85f0c453", "46180924f8fefffb", "eb7c035db3970e27", "33a23092de75eb72");
        row("Q5_K", "7133ad4b178cdea7", "1c140e24f9fdfffb", "31cfd37ba3dc7ca9", "e600edba12fc0b5e");
        row("Q6_K", "bc503473ecfd22ac", "5ece7e8470294cc8", "7427620f01b9b927", "69cff2fa0eb8b5ba");
        // IQ4_NL: the published bytes without importance are those of a shorter search; see encodesTheSameBytes.
        row("IQ4_NL", nullptr, nullptr, nullptr, "e729d96884397196");
        row("IQ4_XS", "0110da8116ff0fef", "1a0cffc0fdff10e2", "47306909f16ce631", "7d7fa20fb0cc0c2a");
        row("Q1_0", "1dc81ecb62f43596", "cf373302a60023b6", "c1529c660a939f67", "1dc81ecb62f43596");
        row("Q2_0", "b8d9d0c016c1c60a", "f23b455604041549", "12b6effbe6e70bb2", "b8d9d0c016c1c60a");
        row("TQ1_0", "ab5f2d0f374f15a9", "8189308dd388655d", "5dfc2779a56e5ba3", "ab5f2d0f374f15a9");
        row("TQ2_0", "dca651869f041d20", "556524a516655181", "c1da8848529695fa", "dca651869f041d20");
    }
    void publishedHashes() {
        QFETCH(QString, type);
        QFETCH(QString, uniform);
        QFETCH(QString, start);
        QFETCH(QString, ternary);
        QFETCH(QString, weighted);
        const auto encoding = encodingOrFail(qPrintable(type));
        const HashData data;
        if (!uniform.isEmpty()) {
            const auto plain = encoded(*encoding, data.uniform, 256);
            QVERIFY_RESULT(plain);
            QCOMPARE(hashText(*plain), uniform);
            QCOMPARE(hexStart(*plain), start);
            const auto trits = encoded(*encoding, data.ternary, 256);
            QVERIFY_RESULT(trits);
            QCOMPARE(hashText(*trits), ternary);
        }
        const auto important = encoded(*encoding, data.uniform, 256, data.importance);
        QVERIFY_RESULT(important);
        QCOMPARE(hashText(*important), weighted);
    }

    void ternaryTensorHashes() {
        const HashData data;
        const auto i2s = encoded(*encodingOrFail("I2_S"), data.ternary, 256);
        QVERIFY_RESULT(i2s);
        QCOMPARE(i2s->size(), std::size_t{544});
        QCOMPARE(hashText(*i2s), QString("f13baeb39ef1dc3b"));
        QCOMPARE(hexStart(*i2s).left(12), QString("556a184a8458"));
        for (const auto& [id, size, hash] :
             {std::tuple<const char*, std::size_t, const char*>{"IQ1_BN", 432, "312a10a4647cced9"},
              {"IQ2_BN", 544, "9a8227b68194f9ad"}}) {
            const auto rows = encoded(*encodingOrFail(id), data.ternary, 256);
            QVERIFY_RESULT(rows);
            QCOMPARE(rows->size(), size);
            QCOMPARE(hashText(*rows), QString(hash));
            QCOMPARE(firstDifference(decoded(*encodingOrFail(id), *rows, 8, 256), data.ternary), std::int64_t{-1});
        }
        const auto hf = encoded(*makeHfBitnet(0.5f), data.ternary, 256);
        QVERIFY_RESULT(hf);
        QCOMPARE(hashText(*hf), QString("9900a2adca5fed5c"));
        QCOMPARE(firstDifference(decoded(*makeHfBitnet(0.5f), *hf, 8, 256), data.ternary), std::int64_t{-1});
        QCOMPARE(firstDifference(decoded(*encodingOrFail("I2_S"), *i2s, 8, 256), data.ternary), std::int64_t{-1});
    }
};

QTEST_GUILESS_MAIN(TestEncodingGolden)
#include "tst_encodinggolden.moc"
