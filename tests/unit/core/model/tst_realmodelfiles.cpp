// Real and golden model files: they load, they survive being written, and the containers agree with each other.
#include "core/model/model.h"
#include "core/model/modelwriter.h"
#include "core/model/roperows.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace trilobit;

class TestRealModelFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    RunControl m_control;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    Result<std::shared_ptr<const Model>> load(const QString& relative) const {
        return loadModel(test::dataPath(relative).toStdString(), m_encodings);
    }
    std::vector<float> decoded(const Model& model, const std::string& name) {
        const Tensor* tensor = model.find(name);
        if (!tensor)
            qFatal("no tensor %s", name.c_str());
        return *decodeTensor(*tensor, m_control);
    }
    static QStringList goldens() { return {"llama", "bitnet", "bitnet-packed", "bitnet-packed-div"}; }

private slots:
    void initTestCase() { TRILOBIT_NEED_DATA("golden/models"); }

    void loads_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<qint64>("layers");
        QTest::addColumn<qint64>("parameters");
        QTest::newRow("smollm2") << "models/smollm2-135m-instruct.q4_1.gguf" << "llama" << qint64{30} << qint64{134515008};
        for (const char* name : {"f16", "f32", "ff192-f32", "pad256-f32"})
            QTest::newRow(name) << QString("models/stories260K_gguf/stories260K-%1.gguf").arg(name) << "llama" << qint64{5}
                                << qint64{0};
        QTest::newRow("stories folder") << "models/stories260K_hf" << "llama" << qint64{5} << qint64{260032};
        QTest::newRow("stories file") << "models/stories260K_hf/model.safetensors" << "llama" << qint64{5} << qint64{260032};
        QTest::newRow("stories sharded") << "models/stories260K_hf_bf16_sharded" << "llama" << qint64{5} << qint64{260032};
        QTest::newRow("one of the shards") << "models/stories260K_hf_bf16_sharded/model-00002-of-00002.safetensors"
                                           << "llama" << qint64{5} << qint64{260032};
        for (const QString& name : goldens()) {
            const qint64 layers = name == "bitnet-packed-div" ? 2 : 3;
            const QString architecture = name == "llama" ? "llama" : "bitnet-b1.58";
            QTest::newRow(qPrintable(name)) << "golden/models/" + name << architecture << layers << qint64{0};
            QTest::newRow(qPrintable(name + " gguf"))
                << "golden/models/" + name + "/model-f32.gguf" << architecture << layers << qint64{0};
        }
        for (const char* name : {"f16", "I2_S"})
            QTest::newRow(name) << QString("golden/models/bitnet-b1.58-t256/t256-b1.58-%1.gguf").arg(name)
                                << "bitnet-b1.58" << qint64{3} << qint64{0};
        for (const char* name : {"TQ2_0", "f32"})
            QTest::addRow("stories-ternary %s", name)
                << QString("golden/models/stories-ternary/stories-ternary-pad256-%1.gguf").arg(name) << "llama"
                << qint64{5} << qint64{0};
    }
    void loads() {
        QFETCH(QString, file);
        QFETCH(QString, architecture);
        QFETCH(qint64, layers);
        QFETCH(qint64, parameters);
        const auto model = load(file);
        QVERIFY_RESULT(model);
        const Model& m = **model;
        QCOMPARE(QString::fromStdString(m.config().architecture), architecture);
        QCOMPARE(m.config().layers, std::int64_t{layers});
        if (parameters > 0)
            QCOMPARE(m.parameterCount(), static_cast<std::uint64_t>(parameters));
        QVERIFY2(m.warnings().empty(), m.warnings().empty() ? "" : m.warnings().front().c_str());
        QVERIFY2(m.tokenizer(), m.tokenizerNote().c_str());
        QCOMPARE(std::int64_t{m.tokenizer()->vocabSize()}, m.config().vocabSize);
        QCOMPARE(m.config().activation, architecture == "llama" ? Activation::Silu : Activation::Relu2);
        QCOMPARE(m.config().subNorms, architecture != "llama");
    }

    void unsupportedOnesSaySo_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("expected");
        QTest::newRow("vocabulary") << "tokenizers/gguf_vocab/ggml-vocab-llama-spm.gguf" << "vocabulary only";
        QTest::newRow("nothing in it") << "models/fixtures/weightinspect_empty.gguf" << "holds no tensors";
        QTest::newRow("data cut off") << "models/fixtures/weightinspect_tiny.gguf" << "beyond the end";
        QTest::newRow("no config") << "models/fixtures/weightinspect_tiny.safetensors" << "config.json";
    }
    void unsupportedOnesSaySo() {
        QFETCH(QString, file);
        QFETCH(QString, expected);
        const auto model = load(file);
        QVERIFY(!model);
        const QString text = QString::fromStdString(model.error().text());
        QVERIFY2(text.contains(expected), qPrintable(text));
    }

    void oldAndNewSpellingAgree() {
        for (const QString& name : goldens()) {
            const QDir source(test::dataPath("golden/models/" + name));
            QTemporaryDir folder;
            for (const char* file : {"model.safetensors", "tokenizer.model", "tokenizer_config.json"})
                QVERIFY(QFile::copy(source.filePath(file), folder.filePath(file)));
            QVERIFY(QFile::copy(source.filePath("config.v4.json"), folder.filePath("config.json")));
            const auto oldModel = loadModel(folder.path().toStdString(), m_encodings);
            QVERIFY_RESULT(oldModel);
            const auto newModel = loadModel(source.path().toStdString(), m_encodings);
            QVERIFY_RESULT(newModel);
            QCOMPARE(*weightsHash(**oldModel, m_control), *weightsHash(**newModel, m_control));
        }
    }

    /// The GGUF files beside the folders were made by other programs.
    void folderWrittenAsGgufIsTheOtherProgramsFile_data() {
        QTest::addColumn<QString>("name");
        for (const QString& name : goldens() + QStringList{"qwen2", "qwen3", "gemma3", "qwen3moe"})
            QTest::newRow(qPrintable(name)) << name;
    }
    void folderWrittenAsGgufIsTheOtherProgramsFile() {
        QFETCH(QString, name);
        const auto folder = load("golden/models/" + name);
        QVERIFY_RESULT(folder);
        const auto reference = load("golden/models/" + name + "/model-f32.gguf");
        QVERIFY_RESULT(reference);
        QVERIFY_RESULT(writeModelGguf(**folder, path("out.gguf"), m_control));
        const auto mine = loadModel(path("out.gguf"), m_encodings);
        QVERIFY_RESULT(mine);
        QCOMPARE((*mine)->config().rope, (*reference)->config().rope);
        QCOMPARE((*mine)->config().ropeBase, (*reference)->config().ropeBase);
        QCOMPARE((*mine)->config().rmsEps, (*reference)->config().rmsEps);
        QCOMPARE((*mine)->config().headDim, (*reference)->config().headDim);
        QCOMPARE((*mine)->config().tiedOutput, (*reference)->config().tiedOutput);
        QCOMPARE((*mine)->tensors().size(), (*reference)->tensors().size());
        for (const Tensor& t : (*reference)->tensors()) {
            // With online ternarization the reference file holds the ternary values, ours the original ones.
            if (name == "bitnet" && t.isQuantizable() && t.role != TensorRole::Embedding)
                continue;
            QVERIFY2(decoded(**mine, t.name) == decoded(**reference, t.name), t.name.c_str());
        }
        QCOMPARE((*mine)->config().slidingWindow, (*reference)->config().slidingWindow);
        QCOMPARE((*mine)->config().layerTraits, (*reference)->config().layerTraits);
        QCOMPARE((*mine)->config().experts, (*reference)->config().experts);
        for (const char* key : {"tokenizer.ggml.tokens", "tokenizer.ggml.scores", "tokenizer.ggml.token_type",
                                "tokenizer.ggml.bos_token_id", "tokenizer.ggml.add_bos_token"}) {
            // Byte-level vocabularies have no scores and here no BOS, which the other program names all the same.
            const bool bytes = (*reference)->metadata().toString("tokenizer.ggml.model") == "gpt2";
            if (bytes && (std::string_view(key).ends_with("scores") || std::string_view(key).ends_with("bos_token_id")))
                continue;
            const MetaValue* ours = (*mine)->metadata().find(key);
            const MetaValue* theirs = (*reference)->metadata().find(key);
            QVERIFY2(ours && theirs && *ours == *theirs, key);
        }
    }

    void ternaryFormsAgree() {
        const auto f16 = load("golden/models/bitnet-b1.58-t256/t256-b1.58-f16.gguf");
        const auto i2s = load("golden/models/bitnet-b1.58-t256/t256-b1.58-I2_S.gguf");
        QVERIFY_RESULT(f16);
        QVERIFY_RESULT(i2s);
        int ternary = 0;
        for (const Tensor& t : (*i2s)->tensors()) {
            if (t.encoding->info().id != "I2_S")
                continue;
            ++ternary;
            const std::vector<float> a = decoded(**i2s, t.name), b = decoded(**f16, t.name);
            for (std::size_t i = 0; i < a.size(); ++i) // the F16 file rounds the scale: half a unit in 11 bits
                if (std::abs(a[i] - b[i]) > std::abs(b[i]) * 0x1p-10f)
                    QFAIL(qPrintable(QString("%1 differs at %2").arg(QString::fromStdString(t.name)).arg(i)));
        }
        QCOMPARE(ternary, 21);
    }

    void formsOfTheStoryModelAgree() {
        const auto gguf = load("models/stories260K_gguf/stories260K-f32.gguf");
        const auto folder = load("models/stories260K_hf");
        const auto sharded = load("models/stories260K_hf_bf16_sharded");
        QVERIFY_RESULT(gguf);
        QVERIFY_RESULT(folder);
        QVERIFY_RESULT(sharded);
        for (const auto& hf : {*folder, *sharded}) {
            QVERIFY_RESULT(writeModelGguf(*hf, path("s.gguf"), m_control));
            const auto written = loadModel(path("s.gguf"), m_encodings);
            QVERIFY_RESULT(written);
            const float tolerance = hf == *folder ? 0.0f : 0x1p-8f; // bfloat16 has 8 bits of mantissa
            for (const Tensor& t : (*gguf)->tensors()) {
                const std::vector<float> a = decoded(**written, t.name), b = decoded(**gguf, t.name);
                QCOMPARE(a.size(), b.size());
                for (std::size_t i = 0; i < a.size(); ++i)
                    if (std::abs(a[i] - b[i]) > std::abs(b[i]) * tolerance)
                        QFAIL(qPrintable(QString("%1 differs at %2").arg(QString::fromStdString(t.name)).arg(i)));
            }
        }
    }

    void survivesBeingWritten_data() {
        QTest::addColumn<QString>("file");
        for (const char* file : {"models/smollm2-135m-instruct.q4_1.gguf", "models/stories260K_gguf/stories260K-f16.gguf",
                                 "models/stories260K_gguf/stories260K-pad256-f32.gguf",
                                 "golden/models/llama/model-f32.gguf", "golden/models/bitnet-packed/model-f32.gguf",
                                 "golden/models/bitnet-b1.58-t256/t256-b1.58-I2_S.gguf",
                                 "golden/models/stories-ternary/stories-ternary-pad256-TQ2_0.gguf"})
            QTest::newRow(file) << QString(file);
    }
    void survivesBeingWritten() {
        QFETCH(QString, file);
        const auto model = load(file);
        QVERIFY_RESULT(model);
        QVERIFY_RESULT(writeModelGguf(**model, path("out.gguf"), m_control));
        const auto again = loadModel(path("out.gguf"), m_encodings);
        QVERIFY_RESULT(again);
        QVERIFY((*again)->metadata().entries() == (*model)->metadata().entries());
        QCOMPARE((*again)->tensors().size(), (*model)->tensors().size());
        for (std::size_t i = 0; i < (*model)->tensors().size(); ++i) {
            const Tensor& a = (*model)->tensors()[i];
            const Tensor& b = (*again)->tensors()[i];
            QCOMPARE(a.name, b.name);
            QCOMPARE(a.encoding->info().id, b.encoding->info().id);
            QVERIFY(std::equal(a.bytes.begin(), a.bytes.end(), b.bytes.begin(), b.bytes.end()));
        }
        QCOMPARE(*weightsHash(**again, m_control), *weightsHash(**model, m_control));
    }

    void obstacles() {
        QVERIFY(stockLlamaCppObstacles(**load("models/smollm2-135m-instruct.q4_1.gguf")).empty());
        QVERIFY(stockLlamaCppObstacles(**load("models/stories260K_hf")).empty());
        const auto i2s = stockLlamaCppObstacles(**load("golden/models/bitnet-b1.58-t256/t256-b1.58-I2_S.gguf"));
        QCOMPARE(i2s.size(), std::size_t{2});
        QVERIFY(QString::fromStdString(i2s[0]).contains("bitnet-b1.58"));
        QVERIFY(QString::fromStdString(i2s[1]).contains("I2_S"));
    }
};

QTEST_GUILESS_MAIN(TestRealModelFiles)
#include "tst_realmodelfiles.moc"
