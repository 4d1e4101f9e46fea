// Calibration files: what is written is read again, llama.cpp's own files are read, broken ones are refused; and what is made
// of the sums.
#include "core/calib/imatrixfile.h"
#include "core/formats/gguf/ggufreader.h"
#include "core/formats/gguf/ggufwriter.h"
#include "tests/support/testdata.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <cstring>
#include <limits>

using namespace trilobit;

namespace {

InputStatistics dense() {
    InputStatistics s;
    s.tokens = {8};
    s.sumSquares = {8, 0, 32, 2};
    s.sums = {4, 0, -16, 0.5f};
    s.magnitudes = {8, 0, 16, 4};
    s.largest = {1, 0, 3, 0.75f};
    return s;
}

Calibration sample() {
    Calibration c;
    c.model = "a model";
    c.datasets = {"text.txt"};
    c.chunks = 2;
    c.chunkTokens = 4;
    c.tensors["blk.0.attn_q.weight"] = dense();
    InputStatistics experts;
    experts.parts = 3;
    experts.tokens = {4, 0, 2};
    experts.sumSquares = {4, 8, 0, 0, 2, 0};
    c.tensors["blk.0.ffn_up_exps.weight"] = experts;
    return c;
}

/// The older form, written by hand.
class Dat {
public:
    Dat& number(std::int32_t value) { return raw(&value, sizeof value); }
    Dat& value(float v) { return raw(&v, sizeof v); }
    Dat& text(const char* t) {
        number(static_cast<std::int32_t>(std::strlen(t)));
        return raw(t, std::strlen(t));
    }
    QByteArray bytes() const { return m_bytes; }

private:
    Dat& raw(const void* data, std::size_t size) {
        m_bytes.append(static_cast<const char*>(data), static_cast<qsizetype>(size));
        return *this;
    }
    QByteArray m_bytes;
};

QByteArray oldFile() {
    return Dat().number(2).text("blk.0.attn_q.weight").number(3).number(2).value(6).value(1.5f)
        .text("b").number(0).number(1).value(0.25f).number(3).text("wiki.txt").bytes();
}

} // namespace

class TestImatrixFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string path(const char* name = "c.gguf") const { return m_folder.filePath(name).toStdString(); }
    std::string put(const QByteArray& bytes) const {
        QFile file(m_folder.filePath("put.bin"));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
        return file.fileName().toStdString();
    }

    struct Part {
        std::string name;
        std::vector<std::int64_t> ne;
        std::vector<float> values;
        int type = 0;
    };
    /// A GGUF file with these keys and tensors.
    std::string gguf(const Metadata& metadata, const std::vector<Part>& parts) const {
        std::vector<GgufTensorOut> tensors;
        for (const Part& part : parts)
            tensors.push_back({part.name, part.ne, part.type, part.values.size() * 4,
                               produceBytes(std::as_bytes(std::span(part.values)))});
        RunControl control;
        if (!writeGguf(path("made.gguf"), metadata, tensors, control))
            qFatal("cannot write");
        return path("made.gguf");
    }
    static Metadata keys() {
        Metadata metadata;
        metadata.set("general.type", MetaValue::string("imatrix"));
        metadata.set("imatrix.chunk_count", MetaValue::u32(1));
        return metadata;
    }

private slots:
    void roundTrip() {
        RunControl control;
        const Calibration written = sample();
        QVERIFY_RESULT(writeCalibration(written, path(), control));
        const auto read = readCalibration(path());
        QVERIFY_RESULT(read);
        QCOMPARE(read->path, path());
        QCOMPARE(read->form, std::string("imatrix GGUF"));
        QCOMPARE(read->model, written.model);
        QCOMPARE(read->datasets, written.datasets);
        QCOMPARE(read->chunks, written.chunks);
        QCOMPARE(read->chunkTokens, written.chunkTokens);
        QCOMPARE(read->tensors.size(), written.tensors.size());
        for (const auto& [name, a] : written.tensors) {
            const InputStatistics* b = read->find(name);
            QVERIFY(b);
            QCOMPARE(b->parts, a.parts);
            QCOMPARE(b->tokens, a.tokens);
            QCOMPARE(b->sumSquares, a.sumSquares);
            QCOMPARE(b->sums, a.sums);
            QCOMPARE(b->magnitudes, a.magnitudes);
            QCOMPARE(b->largest, a.largest);
        }
        QCOMPARE(read->tokens(), std::int64_t{8});
    }

    /// Names, types and shapes that llama.cpp's reader expects.
    void layout() {
        RunControl control;
        QVERIFY_RESULT(writeCalibration(sample(), path(), control));
        const auto file = readGguf(path());
        QVERIFY_RESULT(file);
        QCOMPARE(file->metadata.toString("general.type"), std::string("imatrix"));
        QVERIFY(file->metadata.strings("imatrix.datasets"));
        QVERIFY(file->metadata.find("imatrix.chunk_count")->type == MetaType::U32);
        QVERIFY(file->metadata.find("imatrix.chunk_size")->type == MetaType::U32);
        std::map<std::string, std::vector<std::int64_t>> shapes;
        for (const GgufTensor& tensor : file->tensors) {
            QCOMPARE(tensor.type, 0);
            shapes[tensor.name] = tensor.ne;
        }
        QCOMPARE(shapes["blk.0.attn_q.weight.in_sum2"], std::vector<std::int64_t>{4});
        QCOMPARE(shapes["blk.0.attn_q.weight.counts"], std::vector<std::int64_t>{1});
        QCOMPARE(shapes["blk.0.ffn_up_exps.weight.in_sum2"], (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(shapes["blk.0.ffn_up_exps.weight.counts"], (std::vector<std::int64_t>{1, 3}));
        QCOMPARE(shapes.size(), std::size_t{7});
    }

    void olderForm() {
        const auto read = readCalibration(put(oldFile()));
        QVERIFY_RESULT(read);
        QCOMPARE(read->form, std::string("imatrix .dat"));
        QCOMPARE(read->datasets, std::vector<std::string>{"wiki.txt"});
        QCOMPARE(read->chunks, std::int64_t{3});
        // Means times runs, and means already where there is no count.
        QCOMPARE(*importanceOf(*read->find("blk.0.attn_q.weight"), 2, 1), (std::vector<float>{2, 0.5f}));
        QCOMPARE(*importanceOf(*read->find("b"), 1, 1), std::vector<float>{0.25f});
        // The count of runs and the name of the text came later.
        const QByteArray shortest = oldFile().chopped(4 + 4 + 8);
        QVERIFY_RESULT(readCalibration(put(shortest)));
        QVERIFY_RESULT(readCalibration(put(oldFile().chopped(4 + 8))));
    }

    void everyTruncationIsRefused() {
        RunControl control;
        QVERIFY_RESULT(writeCalibration(sample(), path(), control));
        const QByteArray good = test::readBytes(QString::fromStdString(path()));
        for (const QByteArray& whole : {good, oldFile()})
            for (qsizetype size = 0; size < whole.size(); ++size) {
                const auto read = readCalibration(put(whole.left(size)));
                if (read) // padding at the end; what older files of the older form did not have
                    QVERIFY2(whole == good ? size > good.size() - 32 : whole.size() - size == 16 || whole.size() - size == 12,
                             QByteArray::number(size));
                else
                    QVERIFY(!read.error().message.empty() && !read.error().file.empty());
            }
    }

    void brokenFiles_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        QTest::newRow("empty") << QByteArray() << "entry count";
        QTest::newRow("text") << QByteArray("Once upon a time there was") << "expected an importance matrix";
        QTest::newRow("no entries") << Dat().number(0).bytes() << "entry count";
        QTest::newRow("negative name") << Dat().number(1).number(-5).number(1).number(2).value(1).value(1).bytes() << "length is -5";
        QTest::newRow("long name") << Dat().number(1).number(1000).number(1).number(2).value(1).value(1).bytes() << "does not fit";
        QTest::newRow("many values") << Dat().number(1).text("a").number(1).number(1 << 30).value(1).bytes() << "do not fit";
        QTest::newRow("no values") << Dat().number(1).text("a").number(1).number(0).value(1).bytes() << "do not fit";
        QTest::newRow("negative value") << Dat().number(1).text("a").number(1).number(1).value(-1).bytes()
                                        << "expected a finite number of zero or more";
        QTest::newRow("not a number")
            << Dat().number(1).text("a").number(1).number(1).value(std::numeric_limits<float>::quiet_NaN()).bytes() << "finite";
        QTest::newRow("twice") << Dat().number(2).text("a").number(1).number(1).value(1).text("a").number(1).number(1).value(1).bytes()
                               << "appears twice";
        QTest::newRow("more bytes") << Dat().number(1).text("a").number(1).number(1).value(1).number(1).text("t").number(0).bytes()
                                    << "expected the end of the file";
    }
    void brokenFiles() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, expected);
        const auto read = readCalibration(put(bytes));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Format);
        QVERIFY(!read.error().file.empty() && !read.error().field.empty() && read.error().offset.has_value());
        QVERIFY2(QString::fromStdString(read.error().text()).contains(expected), read.error().text().c_str());
    }

    void brokenGgufs() {
        const Part sums{"w.in_sum2", {2}, {1, 2}}, counts{"w.counts", {1}, {4}};
        QVERIFY_RESULT(readCalibration(gguf(keys(), {sums, counts})));
        const auto refused = [&](const Metadata& metadata, const std::vector<Part>& parts, const char* field, const char* text) {
            const auto read = readCalibration(gguf(metadata, parts));
            return !read && read.error().code == ErrorCode::Format && read.error().field == field
                   && read.error().text().find(text) != std::string::npos;
        };
        Metadata other = keys();
        other.set("general.type", MetaValue::string("model"));
        QVERIFY(refused(other, {sums, counts}, "general.type", "expected \"imatrix\""));
        other = keys();
        other.set("imatrix.chunk_size", MetaValue{MetaType::I32, {}, std::int64_t{-1}});
        QVERIFY(refused(other, {sums, counts}, "imatrix.chunk_size", "expected 0"));
        QVERIFY(refused(keys(), {}, "tensors", ".in_sum2"));
        QVERIFY(refused(keys(), {sums}, "w.in_sum2", "expected a tensor w.counts"));
        QVERIFY(refused(keys(), {counts}, "w.counts", "no sums beside it"));
        QVERIFY(refused(keys(), {sums, {"w.counts", {3}, {1, 1, 1}}}, "w.counts", "expected a divisor"));
        QVERIFY(refused(keys(), {sums, {"w.counts", {1}, {-1}}}, "w.counts", "zero or more"));
        QVERIFY(refused(keys(), {sums, {"w.counts", {1}, {0.5f}}}, "w.counts", "whole number"));
        QVERIFY(refused(keys(), {{"w.in_sum2", {2}, {1, INFINITY}}, counts}, "w.in_sum2", "value 1"));
        QVERIFY(refused(keys(), {{"w.in_sum2", {2}, {1}, 1}, counts}, "w.in_sum2", "expected F32"));
        QVERIFY(refused(keys(), {sums, counts, {"w.in_abs", {3}, {1, 2, 3}}}, "w.in_abs", "expected 2"));
        QVERIFY(refused(keys(), {sums, counts, {"w.in_max", {2}, {1, -2}}}, "w.in_max", "value 1"));
        QVERIFY_RESULT(readCalibration(gguf(keys(), {sums, counts, {"w.in_sum", {2}, {1, -2}}, {"w.of_others", {1}, {0}}})));
    }

    void importance() {
        QCOMPARE(*importanceOf(dense(), 4, 1), (std::vector<float>{1, 0.25f, 4, 0.25f})); // never used: as the least used
        const InputStatistics experts = sample().tensors["blk.0.ffn_up_exps.weight"];
        QCOMPARE(*importanceOf(experts, 2, 3), (std::vector<float>{1, 2, 1, 1, 1, 1}));
        // One vector for a whole stack, and one as long as a stack but with a single count, as the older form has it.
        QCOMPARE(*importanceOf(dense(), 4, 3), (std::vector<float>{1, 0.25f, 4, 0.25f}));
        QCOMPARE(*importanceOf(dense(), 2, 2), (std::vector<float>{1, 1, 4, 0.25f}));
        for (const auto& [cols, parts] : {std::pair(3, 1), std::pair(2, 1), std::pair(2, 3)}) {
            const auto wrong = importanceOf(dense(), cols, parts);
            QVERIFY(!wrong);
            QCOMPARE(wrong.error().code, ErrorCode::Usage);
        }
    }

    void magnitudesAndOutliers() {
        const ChannelMagnitudes m = channelMagnitudes(dense());
        QCOMPARE(m.rms, (std::vector<double>{1, 0, 2, 0.5}));
        QCOMPARE(m.meanAbs, (std::vector<double>{1, 0, 2, 0.5}));
        QCOMPARE(m.largest, (std::vector<double>{1, 0, 3, 0.75}));
        // Over all experts: (4 + 0 + 2) / 6 and (8 + 0 + 0) / 6.
        const ChannelMagnitudes e = channelMagnitudes(sample().tensors["blk.0.ffn_up_exps.weight"]);
        QCOMPARE(e.rms, (std::vector<double>{1, std::sqrt(8.0 / 6)}));
        QVERIFY(e.meanAbs.empty() && e.largest.empty());
        const ChannelSummary s = summarizeChannels({1, 2, 12.5, 2, 12});
        QCOMPARE(s.medianRms, 2.0);
        QCOMPARE(s.outliers, std::vector<std::int64_t>{2}); // beyond six medians, not at them
        QCOMPARE(s.strongest, std::int64_t{2});
        QCOMPARE(s.strongestRms, 12.5);
        QCOMPARE(s.rms, std::sqrt((1 + 4 + 12.5 * 12.5 + 4 + 144) / 5));
        QVERIFY(summarizeChannels({}).outliers.empty());
    }

    void fileOfLlamaCpp() {
        TRILOBIT_NEED_DATA("golden/imatrix/smollm2-135m-smooth.c4-20x512.gguf");
        const auto read = readCalibration(test::dataPath("golden/imatrix/smollm2-135m-smooth.c4-20x512.gguf").toStdString());
        QVERIFY_RESULT(read);
        QCOMPARE(read->tensors.size(), std::size_t{210}); // seven matrices of thirty blocks
        QCOMPARE(read->chunkTokens, std::int64_t{512});
        const InputStatistics* down = read->find("blk.29.ffn_down.weight");
        QVERIFY(down);
        QCOMPARE(down->channels(), std::int64_t{1536});
        QCOMPARE(down->totalTokens(), 29 * 512.0);
        QVERIFY(down->magnitudes.empty());
        QVERIFY(importanceOf(*down, 1536, 1));
    }
};

QTEST_GUILESS_MAIN(TestImatrixFile)
#include "tst_imatrixfile.moc"
