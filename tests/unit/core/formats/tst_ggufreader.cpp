// GGUF reader: right files, one clear error for each kind of wrong one, truncation everywhere, bounded memory.
#include "core/base/machine.h"
#include "core/formats/gguf/ggufreader.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/formats/ggufbuilder.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace trilobit;
using test::GgufBuilder;

namespace {

constexpr std::uint64_t kHuge = 0x7FFFFFFFFFFFFFFFull;

/// Two keys of each shape and two tensors of 16 and 8 floats.
GgufBuilder valid(std::uint32_t version = 3) {
    GgufBuilder b;
    b.header(version, 2, 6).stringKey("general.architecture", "llama").u32Key("x.count", 7);
    b.arrayKey("x.words", 8, 2).text("first").text("a word longer than fifteen bytes");
    b.arrayKey("x.bytes", 0, 3).number<std::uint8_t>(1).number<std::uint8_t>(2).number<std::uint8_t>(255);
    b.text("x.flag").number<std::uint32_t>(7).number<std::uint8_t>(1);
    b.text("x.signed").number<std::uint32_t>(11).number<std::int64_t>(-5);
    b.tensor("one", {8, 2}, 0, 0).tensor("two", {8}, 0, 64).pad();
    for (int i = 0; i < 24; ++i)
        b.number(static_cast<float>(i));
    return b;
}

GgufBuilder oneKey(std::uint32_t type) {
    GgufBuilder b;
    b.header(3, 0, 1).text("k").number(type);
    return b;
}

GgufBuilder oneTensor(std::initializer_list<std::int64_t> ne, std::uint64_t offset, std::string_view name = "t") {
    GgufBuilder b;
    b.header(3, 1, 0).tensor(name, ne, 0, offset).pad().zeros(64);
    return b;
}

} // namespace

class TestGgufReader : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string path() const { return m_folder.filePath("f.gguf").toStdString(); }
    Result<GgufFile> read(std::string_view bytes) const {
        test::writeBytes(path(), bytes);
        return readGguf(path());
    }

private slots:
    void readsKeysAndTensors_data() {
        QTest::addColumn<quint32>("version");
        QTest::newRow("v2") << 2u;
        QTest::newRow("v3") << 3u;
    }
    void readsKeysAndTensors() {
        QFETCH(quint32, version);
        const auto file = read(valid(version).bytes());
        QVERIFY_RESULT(file);
        QCOMPARE(file->version, version);
        QCOMPARE(file->metadata.entries().size(), std::size_t{6});
        QCOMPARE(file->metadata.toString("general.architecture"), std::string("llama"));
        QCOMPARE(file->metadata.toInt("x.count", 0), std::int64_t{7});
        QCOMPARE(file->metadata.toInt("x.signed", 0), std::int64_t{-5});
        QCOMPARE(file->metadata.toBool("x.flag", false), true);
        QCOMPARE(file->metadata.strings("x.words")->at(1), std::string("a word longer than fifteen bytes"));
        const auto& bytes = std::get<std::vector<std::uint64_t>>(file->metadata.find("x.bytes")->value);
        QCOMPARE(bytes, (std::vector<std::uint64_t>{1, 2, 255}));
        QCOMPARE(file->tensors.size(), std::size_t{2});
        QCOMPARE(file->tensors[0].ne, (std::vector<std::int64_t>{8, 2}));
        QCOMPARE(file->tensors[0].rest.size(), std::size_t{64});
        QCOMPARE(file->tensors[1].rest.size(), std::size_t{32});
        float value = 0;
        std::memcpy(&value, file->tensors[1].rest.data() + 4, 4);
        QCOMPARE(value, 17.0f);
        QCOMPARE(file->tensors[1].fileOffset, file->dataOffset + 64);
    }

    void alignmentOfTheFileIsUsed() {
        GgufBuilder b;
        b.header(3, 1, 1).u32Key("general.alignment", 128).tensor("t", {4}, 0, 0).pad(128).zeros(16);
        const auto file = read(b.bytes());
        QVERIFY_RESULT(file);
        QCOMPARE(file->alignment, std::uint64_t{128});
        QCOMPARE(file->dataOffset % 128, std::uint64_t{0});
    }

    void offsetsInAnyOrderAndSharedPlaces() {
        GgufBuilder b;
        b.header(3, 3, 0).tensor("a", {4}, 0, 32).tensor("b", {4}, 0, 0).tensor("c", {4}, 0, 32).pad().zeros(64);
        const auto file = read(b.bytes());
        QVERIFY_RESULT(file);
        QCOMPARE(file->tensors[1].rest.size(), std::size_t{32});
        // Two tensors at one place cannot both be whole.
        QVERIFY(file->tensors[0].rest.empty() || file->tensors[2].rest.empty());
    }

    void refusesWrongFiles_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const GgufBuilder& b, const char* expected) {
            QTest::newRow(name) << QByteArray::fromStdString(b.bytes()) << QString(expected);
        };
        row("empty", GgufBuilder(), "not a GGUF file");
        row("other magic", GgufBuilder().text("GGML and more"), "not a GGUF file");
        row("version 1", GgufBuilder().header(1, 0, 0), "is 1, expected 2 or 3");
        row("version 4", GgufBuilder().header(4, 0, 0), "is 4, expected 2 or 3");
        row("big-endian", GgufBuilder().header(0x03000000u, 0, 0), "big-endian");
        row("tensor count", GgufBuilder().header(3, kHuge, 0), "tensors do not fit");
        row("key count", GgufBuilder().header(3, 0, kHuge), "keys do not fit");
        row("negative counts", GgufBuilder().header(3, ~0ull, ~0ull), "tensors do not fit");
        row("key length", GgufBuilder().header(3, 0, 1).number(kHuge).zeros(16), "does not fit");
        row("empty key", GgufBuilder().header(3, 0, 1).text("").number<std::uint32_t>(4).zeros(8), "is empty");
        row("duplicate key", GgufBuilder().header(3, 0, 2).u32Key("k", 1).u32Key("k", 2), "appears twice");
        row("value type", oneKey(13).zeros(8), "value type 13");
        row("truth value", oneKey(7).number<std::uint8_t>(2).zeros(8), "expected 0 or 1");
        row("string length", oneKey(8).number(kHuge).zeros(8), "does not fit");
        row("array count", oneKey(9).number<std::uint32_t>(4).number(kHuge).zeros(8), "does not fit");
        row("array count overflow", oneKey(9).number<std::uint32_t>(10).number(1ull << 61).zeros(8), "does not fit");
        row("array of arrays", oneKey(9).number<std::uint32_t>(9).number<std::uint64_t>(1).zeros(16), "array of arrays");
        row("array type", oneKey(9).number<std::uint32_t>(77).number<std::uint64_t>(1).zeros(16), "element type 77");
        row("string array", oneKey(9).number<std::uint32_t>(8).number<std::uint64_t>(2).number(kHuge).zeros(8),
            "does not fit");
        row("alignment zero", GgufBuilder().header(3, 0, 1).u32Key("general.alignment", 0), "power of two");
        row("alignment odd", GgufBuilder().header(3, 0, 1).u32Key("general.alignment", 33), "power of two");
        row("alignment huge", GgufBuilder().header(3, 0, 1).u32Key("general.alignment", 1u << 31), "power of two");
        row("alignment text", GgufBuilder().header(3, 0, 1).stringKey("general.alignment", "32"), "power of two");
        row("no dimensions", oneTensor({}, 0), "0 dimensions");
        row("five dimensions", oneTensor({1, 1, 1, 1, 1}, 0), "5 dimensions");
        row("dimension zero", oneTensor({4, 0}, 0), "dimension 1 is 0");
        row("dimension negative", oneTensor({-4}, 0), "dimension 0 is -4");
        row("dimensions overflow", oneTensor({1ll << 32, 1ll << 32}, 0), "product below");
        row("offset unaligned", oneTensor({4}, 4), "not a multiple of 32");
        row("offset outside", oneTensor({4}, 64), "beyond the end");
        row("offset overflow", oneTensor({4}, ~31ull), "beyond the end");
        row("empty name", oneTensor({4}, 0, ""), "is empty");
        row("long name", oneTensor({4}, 0, std::string(256, 'n')), "expected at most 255");
        row("duplicate tensor", GgufBuilder().header(3, 2, 0).tensor("t", {4}, 0, 0).tensor("t", {4}, 0, 32).zeros(96),
            "appears twice");
        row("no data", GgufBuilder().header(3, 1, 0).tensor("t", {4}, 0, 0), "beyond the end");
    }
    void refusesWrongFiles() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, expected);
        const auto file = read(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::Format);
        QCOMPARE(file.error().file, path());
        const QString text = QString::fromStdString(file.error().text());
        QVERIFY2(text.contains(expected), qPrintable(text));
        QVERIFY(!text.contains('\n'));
    }

    void everyTruncationIsAnError() {
        const std::string whole = valid().bytes();
        const auto file = read(whole);
        QVERIFY_RESULT(file);
        const auto lastStart = static_cast<std::size_t>(file->tensors[1].fileOffset);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const auto cut = read(std::string_view(whole).substr(0, length));
            // Once the last tensor has begun, its size is for the one who knows its type to check.
            if (length <= lastStart)
                QVERIFY2(!cut, qPrintable(QString::number(length)));
            else
                QCOMPARE(cut->tensors[1].rest.size(), length - lastStart);
        }
    }

    void everyFlippedByteIsHarmless() {
        const std::string whole = valid().bytes();
        for (std::size_t i = 0; i < whole.size(); ++i)
            for (const int flip : {0x01, 0x80, 0xFF}) {
                std::string broken = whole;
                broken[i] = static_cast<char>(broken[i] ^ flip);
                const auto file = read(broken);
                for (const GgufTensor& tensor : file ? file->tensors : std::vector<GgufTensor>()) {
                    QVERIFY(tensor.fileOffset + tensor.rest.size() <= broken.size());
                    QCOMPARE(tensor.rest.data(), file->file->bytes().data() + tensor.fileOffset);
                }
            }
    }

    void missingFileAndFolder() {
        QCOMPARE(readGguf("/no/such/file.gguf").error().code, ErrorCode::Io);
        QCOMPARE(readGguf(m_folder.path().toStdString()).error().code, ErrorCode::Io);
    }

    /// Claims that take more memory than they take bytes: empty strings, widened bytes, many keys, many tensors.
    void hostileHeadersStayBounded_data() {
        QTest::addColumn<int>("kind");
        for (int kind = 0; kind < 5; ++kind)
            QTest::addRow("kind %d", kind) << kind;
    }
    void hostileHeadersStayBounded() {
        QFETCH(int, kind);
        constexpr std::size_t kBytes = 96u << 20;
        GgufBuilder b;
        switch (kind) {
        case 0: b.header(3, 0, 1).arrayKey("k", 8, kBytes / 8); break;
        case 1: b.header(3, 0, 1).arrayKey("k", 0, kBytes - 100); break;
        case 2: b.header(3, 0, 1).text("k").number<std::uint32_t>(8).number<std::uint64_t>(kBytes - 100); break;
        case 3: // many short arrays, each below the limit
            b.header(3, 0, 20);
            for (int i = 0; i < 20; ++i)
                b.arrayKey("k" + std::to_string(i), 0, 4u << 20).zeros(4u << 20);
            break;
        default: b.header(3, kBytes / 33, 0); break;
        }
        const std::uint64_t before = residentBytes();
        if (b.bytes().size() < kBytes)
            b.zeros(kBytes - b.bytes().size());
        test::writeBytes(path(), b.bytes());
        b = GgufBuilder();
        const std::uint64_t start = residentBytes();
        const auto file = readGguf(path());
        const std::uint64_t after = residentBytes();
        QVERIFY(!file);
        if (before > 0)
            QVERIFY2(after < start + kBytes + (64u << 20), qPrintable(QString::number(after - start)));
    }

    void realFiles_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("tensors");
        QTest::addColumn<int>("keys");
        QTest::newRow("smollm2") << "models/smollm2-135m-instruct.q4_1.gguf" << 272 << 33;
        QTest::newRow("stories f16") << "models/stories260K_gguf/stories260K-f16.gguf" << 47 << 23;
        QTest::newRow("llama") << "golden/models/llama/model-f32.gguf" << 30 << 28;
        QTest::newRow("vocabulary") << "tokenizers/gguf_vocab/ggml-vocab-llama-spm.gguf" << 0 << -1;
    }
    void realFiles() {
        TRILOBIT_NEED_DATA("models");
        QFETCH(QString, file);
        QFETCH(int, tensors);
        QFETCH(int, keys);
        const auto gguf = readGguf(test::dataPath(file).toStdString());
        QVERIFY_RESULT(gguf);
        QCOMPARE(gguf->tensors.size(), static_cast<std::size_t>(tensors));
        if (keys >= 0)
            QCOMPARE(gguf->metadata.entries().size(), static_cast<std::size_t>(keys));
    }
};

QTEST_GUILESS_MAIN(TestGgufReader)
#include "tst_ggufreader.moc"
