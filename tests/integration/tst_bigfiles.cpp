// Files as large as those of an 8-billion-parameter model: time and peak memory of the program.
#include "tests/support/measured.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/formats/ggufbuilder.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

#include <unistd.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace trilobit;
using namespace trilobit::test;

namespace {

struct Shape {
    std::string name;
    std::int64_t cols, rows;
    int type;
    std::int64_t bytes;
};

/// The tensors of Llama 3 8B with matrices of blocks as TQ2_0, embedding and output as F16.
std::vector<Shape> eightBillion() {
    constexpr std::int64_t kHidden = 4096, kFfn = 14336, kKv = 1024, kVocab = 128256;
    std::vector<Shape> out;
    const auto f32 = [&](const std::string& name, std::int64_t n) { out.push_back({name, n, 0, 0, n * 4}); };
    const auto half = [&](const char* name) { out.push_back({name, kHidden, kVocab, 1, kHidden * kVocab * 2}); };
    const auto ternary = [&](const std::string& name, std::int64_t cols, std::int64_t rows) {
        out.push_back({name, cols, rows, 35, cols / 256 * 66 * rows});
    };
    half("token_embd.weight");
    for (int layer = 0; layer < 32; ++layer) {
        const std::string b = "blk." + std::to_string(layer) + ".";
        f32(b + "attn_norm.weight", kHidden);
        ternary(b + "attn_q.weight", kHidden, kHidden);
        ternary(b + "attn_k.weight", kHidden, kKv);
        ternary(b + "attn_v.weight", kHidden, kKv);
        ternary(b + "attn_output.weight", kHidden, kHidden);
        f32(b + "ffn_norm.weight", kHidden);
        ternary(b + "ffn_gate.weight", kHidden, kFfn);
        ternary(b + "ffn_up.weight", kHidden, kFfn);
        ternary(b + "ffn_down.weight", kFfn, kHidden);
    }
    f32("output_norm.weight", kHidden);
    half("output.weight");
    return out;
}

/// Writes the header and lets the rest of the file be holes.
void writeSparse(const QString& path, const std::vector<Shape>& tensors) {
    constexpr std::uint32_t kVocab = 128256;
    GgufBuilder file;
    file.header(3, tensors.size(), 13);
    file.stringKey("general.architecture", "llama").stringKey("general.name", "eight billion");
    file.u32Key("llama.block_count", 32).u32Key("llama.context_length", 8192).u32Key("llama.embedding_length", 4096);
    file.u32Key("llama.feed_forward_length", 14336).u32Key("llama.attention.head_count", 32);
    file.u32Key("llama.attention.head_count_kv", 8);
    file.text("llama.attention.layer_norm_rms_epsilon").number<std::uint32_t>(6).number(1e-5f);
    file.stringKey("tokenizer.ggml.model", "llama");
    file.arrayKey("tokenizer.ggml.tokens", 8, kVocab);
    for (std::uint32_t i = 0; i < kVocab; ++i)
        file.text("\xE2\x96\x81token" + std::to_string(i));
    file.arrayKey("tokenizer.ggml.scores", 6, kVocab);
    for (std::uint32_t i = 0; i < kVocab; ++i)
        file.number(-static_cast<float>(i));
    file.arrayKey("tokenizer.ggml.token_type", 5, kVocab);
    for (std::uint32_t i = 0; i < kVocab; ++i)
        file.number<std::int32_t>(i < 3 ? 3 : 1);
    std::uint64_t offset = 0;
    for (const Shape& tensor : tensors) {
        if (tensor.rows == 0)
            file.tensor(tensor.name, {tensor.cols}, tensor.type, offset);
        else
            file.tensor(tensor.name, {tensor.cols, tensor.rows}, tensor.type, offset);
        offset += (static_cast<std::uint64_t>(tensor.bytes) + 31) / 32 * 32;
    }
    file.pad();
    writeBytes(path.toStdString(), file.bytes());
    if (::truncate(path.toLocal8Bit().constData(), static_cast<off_t>(file.bytes().size() + offset)) != 0)
        qFatal("cannot make the file that long");
}

} // namespace

class TestBigFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }

private slots:
    void initTestCase() { writeSparse(path("big.gguf"), eightBillion()); }

    void inspectIsQuick() {
        Measured best;
        best.seconds = 1e9;
        for (int attempt = 0; attempt < 10 && best.seconds >= 0.5; ++attempt) { // others may be using the machine
            const Measured now = measure({"inspect", path("big.gguf")});
            QCOMPARE(now.exitCode, 0);
            if (now.seconds < best.seconds)
                best = now;
        }
        qInfo("inspect: %.2f s, %.0f MiB", best.seconds, best.peakMiB);
        QVERIFY2(best.seconds < 0.5, qPrintable(QString::number(best.seconds)));
        QVERIFY2(best.peakMiB < 256, qPrintable(QString::number(best.peakMiB)));
    }

    void convertNeedsLittleMemory() {
        const Measured result = measure(
            {"convert", path("big.gguf"), "-o", path("i2s.gguf"), "--encoding", "I2_S"}, 900);
        QCOMPARE(result.exitCode, 0);
        qInfo("convert: %.0f s, %.0f MiB", result.seconds, result.peakMiB);
        QVERIFY2(result.peakMiB < 2048, qPrintable(QString::number(result.peakMiB)));
        QVERIFY(QFileInfo(path("i2s.gguf")).size() > 3'500'000'000);
        QFile::remove(path("i2s.gguf"));
    }

    /// All matrices of blocks decoded and stored anew: the largest tensor is in memory, the finished ones are not.
    void quantizeNeedsLittleMemory() {
        const Measured result = measure({"quantize", path("big.gguf"), "-o", path("q8.gguf"),
                                         "--encoding", "Q4_0", "--tensors", "blk.*", "--keep-after", "1"}, 900);
        QCOMPARE(result.exitCode, 0);
        qInfo("quantize: %.0f s, %.0f MiB", result.seconds, result.peakMiB);
        QVERIFY2(result.peakMiB < 2048, qPrintable(QString::number(result.peakMiB)));
        QVERIFY(QFileInfo(path("q8.gguf")).size() > 5'000'000'000);
        QFile::remove(path("q8.gguf"));
    }
};

QTEST_GUILESS_MAIN(TestBigFiles)
#include "tst_bigfiles.moc"
