// GGUF writer: what comes back from the reader, refusals, cancelling.
#include "core/formats/gguf/ggufreader.h"
#include "core/formats/gguf/ggufwriter.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

using namespace trilobit;

namespace {

class CancelAfter : public RunControl {
public:
    explicit CancelAfter(int calls) : m_left(calls) {}
    bool isCancelled() const noexcept override { return m_left-- <= 0; }
    void progress(double done, double total, std::string_view) override {
        fraction = done / total;
        steps += 1;
    }
    double fraction = 0;
    int steps = 0;

private:
    mutable int m_left;
};

Metadata everyType() {
    Metadata m;
    m.set("u8", {MetaType::U8, {}, std::uint64_t{200}});
    m.set("i8", {MetaType::I8, {}, std::int64_t{-100}});
    m.set("u16", {MetaType::U16, {}, std::uint64_t{60000}});
    m.set("i16", {MetaType::I16, {}, std::int64_t{-30000}});
    m.set("u32", MetaValue::u32(4000000000u));
    m.set("i32", MetaValue::i32(-2000000000));
    m.set("f32", MetaValue::f32(0.1f));
    m.set("bool", MetaValue::boolean(true));
    m.set("string", MetaValue::string(std::string("a\0b", 3)));
    m.set("u64", MetaValue::u64(~0ull));
    m.set("i64", {MetaType::I64, {}, std::int64_t{-1}});
    m.set("f64", {MetaType::F64, {}, 0.1});
    m.set("strings", MetaValue::strings({"", "x", std::string(100, 'y')}));
    m.set("f32s", MetaValue::f32s({1.5, -2.25}));
    m.set("i32s", MetaValue::i32s({-1, 0, 1}));
    m.set("u8s", {MetaType::Array, MetaType::U8, std::vector<std::uint64_t>{0, 255}});
    m.set("bools", {MetaType::Array, MetaType::Bool, std::vector<std::uint8_t>{1, 0, 1}});
    m.set("none", {MetaType::Array, MetaType::I16, std::vector<std::int64_t>{}});
    return m;
}

std::vector<std::byte> pattern(std::size_t count, int seed) {
    std::vector<std::byte> out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::byte>((i * 37 + static_cast<std::size_t>(seed)) & 0xFF);
    return out;
}

} // namespace

class TestGgufWriter : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string path() const { return m_folder.filePath("f.gguf").toStdString(); }
    int files() const { return static_cast<int>(QDir(m_folder.path()).entryList(QDir::Files).size()); }

private slots:
    void cleanup() {
        for (const QString& name : QDir(m_folder.path()).entryList(QDir::Files))
            QFile::remove(m_folder.filePath(name));
    }

    void whatIsWrittenIsRead_data() {
        QTest::addColumn<int>("alignment");
        QTest::newRow("default") << 0;
        QTest::newRow("64") << 64;
    }
    void whatIsWrittenIsRead() {
        QFETCH(int, alignment);
        Metadata metadata = everyType();
        if (alignment > 0)
            metadata.set("general.alignment", MetaValue::u32(static_cast<std::uint32_t>(alignment)));
        const auto a = pattern(40, 1), b = pattern(7, 2), c = pattern(64, 3);
        const std::vector<GgufTensorOut> tensors = {{"a", {5, 2}, 0, 40, produceBytes(a)},
                                                    {"b", {7}, 24, 7, produceBytes(b)},
                                                    {"c", {4, 2, 1, 2}, 0, 64, produceBytes(c)}};
        RunControl control;
        QVERIFY_RESULT(writeGguf(path(), metadata, tensors, control));
        const auto file = readGguf(path());
        QVERIFY_RESULT(file);
        QCOMPARE(file->version, 3u);
        QVERIFY(file->metadata.entries() == metadata.entries());
        QCOMPARE(file->tensors.size(), std::size_t{3});
        QCOMPARE(file->tensors[2].ne, (std::vector<std::int64_t>{4, 2, 1, 2}));
        const std::vector<std::vector<std::byte>> expected = {a, b, c};
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(file->tensors[i].fileOffset % static_cast<std::uint64_t>(alignment > 0 ? alignment : 32),
                     std::uint64_t{0});
            QVERIFY(std::equal(expected[i].begin(), expected[i].end(), file->tensors[i].rest.begin()));
        }
        QCOMPARE(file->tensors[1].type, 24);
    }

    void refuses_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("64 bytes of name") << 0;
        QTest::newRow("five dimensions") << 1;
        QTest::newRow("two of one name") << 2;
        QTest::newRow("no name") << 3;
        QTest::newRow("dimension of zero") << 4;
    }
    void refuses() {
        QFETCH(int, kind);
        const auto bytes = pattern(4, 0);
        GgufTensorOut tensor{"t", {1}, 0, 4, produceBytes(bytes)};
        std::vector<GgufTensorOut> tensors;
        switch (kind) {
        case 0: tensor.name = std::string(64, 'n'); break;
        case 1: tensor.ne = {1, 1, 1, 1, 1}; break;
        case 2: tensors.push_back(tensor); break;
        case 3: tensor.name.clear(); break;
        default: tensor.ne = {0}; break;
        }
        tensors.push_back(tensor);
        RunControl control;
        const auto written = writeGguf(path(), {}, tensors, control);
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::Format);
        QCOMPARE(files(), 0);
    }

    void sixtyThreeBytesOfNameAreFine() {
        const auto bytes = pattern(4, 0);
        RunControl control;
        QVERIFY_RESULT(writeGguf(path(), {}, {{std::string(63, 'n'), {1}, 0, 4, produceBytes(bytes)}}, control));
        QVERIFY_RESULT(readGguf(path()));
    }

    void wrongSizesLeaveNothing() {
        const auto bytes = pattern(8, 0);
        RunControl control;
        for (const std::uint64_t size : {4, 12}) {
            const auto written = writeGguf(path(), {}, {{"t", {2}, 0, size, produceBytes(bytes)}}, control);
            QVERIFY(!written);
            QCOMPARE(written.error().code, ErrorCode::Internal);
            QCOMPARE(files(), 0);
        }
    }

    void typeThatTheValueDoesNotHave() {
        Metadata metadata;
        metadata.set("k", {MetaType::String, {}, std::uint64_t{1}});
        RunControl control;
        QCOMPARE(writeGguf(path(), metadata, {}, control).error().code, ErrorCode::Internal);
    }

    void cancelLeavesNothingAndKeepsTheOldFile() {
        const auto bytes = pattern(20u << 20, 0);
        const std::vector<GgufTensorOut> tensors = {{"t", {20 << 20}, 24, 20u << 20, produceBytes(bytes)}};
        for (int calls = 0; calls < 7; ++calls) {
            CancelAfter control(calls);
            const auto written = writeGguf(path(), {}, tensors, control);
            QVERIFY(!written);
            QCOMPARE(written.error().code, ErrorCode::Cancelled);
            QCOMPARE(files(), 0);
        }
        CancelAfter control(1000);
        QVERIFY_RESULT(writeGguf(path(), {}, tensors, control));
        QCOMPARE(control.fraction, 1.0);
        QVERIFY(control.steps >= 5);
        CancelAfter again(2);
        QVERIFY(!writeGguf(path(), {}, {}, again) || files() == 1);
        QVERIFY_RESULT(readGguf(path()));
    }

    void folderThatIsNotThere() {
        RunControl control;
        QCOMPARE(writeGguf("/no/such/folder/f.gguf", {}, {}, control).error().code, ErrorCode::Io);
    }

    void realFileSurvives() {
        TRILOBIT_NEED_DATA("models/stories260K_gguf");
        const QByteArray original = test::readBytes(test::dataPath("models/stories260K_gguf/stories260K-f16.gguf"));
        const auto file = readGguf(test::dataPath("models/stories260K_gguf/stories260K-f16.gguf").toStdString());
        QVERIFY_RESULT(file);
        std::vector<GgufTensorOut> tensors;
        for (const GgufTensor& t : file->tensors) {
            std::int64_t bytes = t.type == 0 ? 4 : 2;
            for (const std::int64_t n : t.ne)
                bytes *= n;
            tensors.push_back({t.name, t.ne, t.type, static_cast<std::uint64_t>(bytes),
                               produceBytes(t.rest.first(static_cast<std::size_t>(bytes)))});
        }
        RunControl control;
        QVERIFY_RESULT(writeGguf(path(), file->metadata, tensors, control));
        QCOMPARE(test::readBytes(QString::fromStdString(path())), original);
    }
};

QTEST_GUILESS_MAIN(TestGgufWriter)
#include "tst_ggufwriter.moc"
