// writeModelGguf: what comes back is the same model; own encodings, row order, packed ternary, Llama 3 rotation.
#include "core/formats/gguf/ggufreader.h"
#include "core/model/modelwriter.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/model/hffolder.h"
#include "tests/unit/core/model/tinymodel.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <numbers>

using namespace trilobit;
using test::HfFolder;
using test::TinyModel;

namespace {

std::vector<float> decoded(const Tensor& tensor) {
    RunControl control;
    return *decodeTensor(tensor, control);
}

/// The model with every quantizable tensor in another encoding.
std::shared_ptr<const Model> encoded(const Model& model, const std::shared_ptr<const Encoding>& encoding) {
    Model::Parts parts;
    parts.container = "memory";
    parts.config = model.config();
    parts.metadata = model.metadata();
    for (Tensor tensor : model.tensors()) {
        const auto size = encoding->sizeBytes(tensor.rows, tensor.cols);
        if (tensor.isQuantizable() && size) {
            RunControl control;
            std::vector<float> values = decoded(tensor);
            if (encoding->info().id == "I2_S") // takes nothing but ternary weights
                for (float& v : values)
                    v = v > 0.5f ? 0.75f : v < -0.5f ? -0.75f : 0.0f;
            const auto bytes = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(*size));
            if (!encoding->encode({values.data(), tensor.rows, tensor.cols}, {}, *bytes, control))
                qFatal("cannot encode");
            tensor.encoding = encoding;
            tensor.bytes = *bytes;
            tensor.owner = bytes;
        }
        parts.tensors.push_back(std::move(tensor));
    }
    return std::make_shared<const Model>(std::move(parts));
}

/// Rows of one head from halves to adjacent pairs, stated independently of the code under test.
std::vector<float> interleaved(const std::vector<float>& halves, int rows, int cols, int headDim) {
    std::vector<float> out(halves.size());
    for (int row = 0; row < rows; ++row) {
        const int head = row / headDim, i = row % headDim;
        const int target = head * headDim + (i < headDim / 2 ? 2 * i : 2 * (i - headDim / 2) + 1);
        std::copy_n(halves.begin() + row * cols, cols, out.begin() + target * cols);
    }
    return out;
}

} // namespace

class TestModelWriter : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    Result<std::shared_ptr<const Model>> rewrite(const Model& model) const {
        RunControl control;
        const auto written = writeModelGguf(model, path("out.gguf"), control);
        if (!written)
            return written.error();
        return loadModel(path("out.gguf"), m_encodings);
    }

private slots:
    void sameModelComesBack_data() {
        QTest::addColumn<QString>("architecture");
        QTest::newRow("llama") << "llama";
        QTest::newRow("bitnet") << "bitnet-b1.58";
    }
    void sameModelComesBack() {
        QFETCH(QString, architecture);
        QVERIFY_RESULT(TinyModel(architecture.toStdString()).write(path("in.gguf")));
        const auto model = loadModel(path("in.gguf"), m_encodings);
        QVERIFY_RESULT(model);
        const auto again = rewrite(**model);
        QVERIFY_RESULT(again);
        QVERIFY((*again)->metadata().entries() == (*model)->metadata().entries());
        QCOMPARE(test::readBytes(m_folder.filePath("out.gguf")), test::readBytes(m_folder.filePath("in.gguf")));
    }

    void encodings_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("fileType"); // -1: the key is left out
        for (const auto& [id, type] : std::initializer_list<std::pair<const char*, int>>{{"F64", -1},
                                                                                         {"Q5_0", 8},
                                                                                         {"Q5_1", 9},
                                                                                         {"Q2_K", 10},
                                                                                         {"Q3_K", 12},
                                                                                         {"Q4_K", 15},
                                                                                         {"Q5_K", 17},
                                                                                         {"Q6_K", 18},
                                                                                         {"IQ4_NL", 25},
                                                                                         {"IQ4_XS", 30},
                                                                                         {"TQ1_0", 36},
                                                                                         {"TQ2_0", 37},
                                                                                         {"MXFP4", 38},
                                                                                         {"Q1_0", 40},
                                                                                         {"Q2_0", 41},
                                                                                         {"NF4", -1},
                                                                                         {"IQ1_BN", 136},
                                                                                         {"IQ2_BN", 137}})
            QTest::newRow(id) << QString(id) << type;
        for (const auto& [id, type] : std::initializer_list<std::pair<const char*, int>>{
                 {"F16", 1}, {"BF16", 32}, {"Q8_0", 7}, {"Q4_0", 2}, {"Q4_1", 3}, {"affine-g16-b3", -1},
                 {"affine-g20-b5", -1}, {"affine-g32-b4", -1}})
            QTest::newRow(id) << QString(id) << type;
    }
    void encodings() {
        QFETCH(QString, id);
        QFETCH(int, fileType);
        const auto encoding = m_encodings.find(id.toStdString());
        QVERIFY_RESULT(encoding);
        const bool wide = (*encoding)->info().blockSize > 32;
        QVERIFY_RESULT((wide ? TinyModel("llama", 256, 256) : TinyModel()).write(path("in.gguf")));
        const auto model = loadModel(path("in.gguf"), m_encodings);
        QVERIFY_RESULT(model);
        const auto changed = encoded(**model, *encoding);
        const auto again = rewrite(*changed);
        QVERIFY_RESULT(again);
        QCOMPARE((*again)->metadata().toInt("general.file_type", -1), std::int64_t{fileType});
        QCOMPARE((*again)->tensors().size(), changed->tensors().size());
        for (const Tensor& t : changed->tensors()) {
            const Tensor* back = (*again)->find(t.name);
            QVERIFY(back);
            QCOMPARE(back->encoding->info().id, t.encoding->info().id);
            QVERIFY(std::equal(t.bytes.begin(), t.bytes.end(), back->bytes.begin(), back->bytes.end()));
        }
        const EncodingInfo& info = (*encoding)->info();
        const bool own = info.ggmlType < 0;
        const auto file = readGguf(path("out.gguf"));
        QVERIFY_RESULT(file);
        QCOMPARE(file->metadata.strings("trilobit.encodings") != nullptr, own);
        QCOMPARE((*again)->metadata().find("trilobit.encodings"), static_cast<const MetaValue*>(nullptr));
        bool named = false;
        for (const std::string& obstacle : stockLlamaCppObstacles(**again))
            named |= obstacle.find(id.toStdString()) != std::string::npos;
        QCOMPARE(named, !info.runsInStockLlamaCpp);
        const bool forks = info.id == "F64" || info.id.ends_with("_BN"); // GGUF has numbers for them
        QCOMPARE(info.runsInStockLlamaCpp, !own && !forks);
    }

    /// Hugging Face order to GGUF order, for codes stored row by row, for ragged groups and for whole-tensor layouts.
    void rowOrder_data() {
        QTest::addColumn<QString>("id");
        for (const char* id : {"F32", "F16", "Q8_0", "Q4_1", "affine-g32-b4", "affine-g20-b5", "I2_S"})
            QTest::newRow(id) << QString(id);
    }
    void rowOrder() {
        QFETCH(QString, id);
        HfFolder folder;
        const std::string prefix = "model.layers.0.self_attn.";
        folder.addFloats(prefix + "q_proj.bias", {32});
        folder.addFloats(prefix + "k_proj.bias", {16});
        folder.addFloats(prefix + "v_proj.bias", {16});
        folder.write(m_folder.path().toStdString());
        const auto model = loadModel(m_folder.path().toStdString(), m_encodings);
        QVERIFY_RESULT(model);
        const auto encoding = m_encodings.find(id.toStdString());
        QVERIFY_RESULT(encoding);
        const auto changed = encoded(**model, *encoding);
        QCOMPARE(changed->find("blk.0.attn_q.weight")->encoding->info().id, id.toStdString());
        const auto again = rewrite(*changed);
        QVERIFY_RESULT(again);
        QCOMPARE((*again)->config().rope, RopeKind::Interleaved);
        for (const Tensor& t : changed->tensors()) {
            const std::vector<float> values = decoded(t), back = decoded(*(*again)->find(t.name));
            if (t.role == TensorRole::AttnQ || t.role == TensorRole::AttnK)
                QCOMPARE(back, interleaved(values, static_cast<int>(t.rows), 32, 8));
            else if (t.name == "blk.0.attn_q.bias" || t.name == "blk.0.attn_k.bias")
                QCOMPARE(back, interleaved(values, static_cast<int>(t.cols), 1, 8));
            else
                QCOMPARE(back, values);
        }
    }

    void packedTernaryBecomesI2s_data() {
        QTest::addColumn<QString>("modelType");
        QTest::newRow("bitnet") << "bitnet";
        QTest::newRow("llama") << "llama";
    }
    void packedTernaryBecomesI2s() {
        QFETCH(QString, modelType);
        HfFolder folder(modelType.toStdString(), true);
        folder.quantized("autobitlinear", "offline");
        folder.write(m_folder.path().toStdString());
        const auto model = loadModel(m_folder.path().toStdString(), m_encodings);
        QVERIFY_RESULT(model);
        const auto again = rewrite(**model);
        QVERIFY_RESULT(again);
        QCOMPARE((*again)->config().activationQuant, ActivationQuant::Int8PerToken);
        QCOMPARE((*again)->config().ternarization, WeightTernarization::None);
        QCOMPARE((*again)->metadata().find("trilobit.activation_quant") != nullptr, modelType == "llama");
        for (const Tensor& t : (*model)->tensors()) {
            const Tensor* back = (*again)->find(t.name);
            QVERIFY(back);
            std::vector<float> values = decoded(t);
            if (modelType == "llama" && (t.role == TensorRole::AttnQ || t.role == TensorRole::AttnK))
                values = interleaved(values, static_cast<int>(t.rows), 32, 8);
            QCOMPARE(decoded(*back), values);
            if (t.encoding->info().id == "hf-bitnet")
                QCOMPARE(back->encoding->info().id, std::string("I2_S"));
        }
    }

    void onlineTernarizationIsKept() {
        HfFolder folder("bitnet");
        folder.write(m_folder.path().toStdString());
        const auto model = loadModel(m_folder.path().toStdString(), m_encodings);
        QVERIFY_RESULT(model);
        const auto again = rewrite(**model);
        QVERIFY_RESULT(again);
        QCOMPARE((*again)->config().ternarization, WeightTernarization::OnlineAbsmean);
        QCOMPARE((*again)->config().activation, Activation::Relu2);
        QVERIFY(stockLlamaCppObstacles(**again).size() >= 2);
    }

    void llama3RotationBecomesFactors() {
        HfFolder folder;
        folder.config.set("rope_theta", 500000.0);
        folder.config.set("rope_scaling",
                          Json::object({{"rope_type", "llama3"}, {"factor", 8.0}, {"low_freq_factor", 1.0},
                                        {"high_freq_factor", 4.0}, {"original_max_position_embeddings", 128}}));
        folder.write(m_folder.path().toStdString());
        const auto model = loadModel(m_folder.path().toStdString(), m_encodings);
        QVERIFY_RESULT(model);
        const auto again = rewrite(**model);
        QVERIFY_RESULT(again);
        // Wavelengths 2 pi 500000^(i/4): 6.3, 167, 4443, 118144; below 128 / 4 nothing changes, above 128 all is divided.
        const std::vector<float>& factors = (*again)->config().ropeFreqFactors;
        QCOMPARE(factors.size(), std::size_t{4});
        QCOMPARE(factors[0], 1.0f);
        QCOMPARE(factors[1], 8.0f);
        QCOMPARE(factors[2], 8.0f);
        QCOMPARE(factors[3], 8.0f);
        QCOMPARE((*again)->config().ropeScaling.kind, RopeScaling::Kind::None);
        // In between: original context 512 puts 167 between 128 and 512.
        folder.config.set("rope_scaling",
                          Json::object({{"rope_type", "llama3"}, {"factor", 8.0}, {"low_freq_factor", 1.0},
                                        {"high_freq_factor", 4.0}, {"original_max_position_embeddings", 512}}));
        folder.write(m_folder.path().toStdString());
        const auto other = loadModel(m_folder.path().toStdString(), m_encodings);
        QVERIFY_RESULT(other);
        const auto otherAgain = rewrite(**other);
        QVERIFY_RESULT(otherAgain);
        const double wavelength = 2 * std::numbers::pi * std::pow(500000.0, 0.25);
        const double smooth = (512 / wavelength - 1) / 3;
        // The frequency becomes (1 - smooth) f / 8 + smooth f.
        const double expected = 1 / ((1 - smooth) / 8 + smooth);
        QVERIFY(std::abs((*otherAgain)->config().ropeFreqFactors[1] - expected) < 1e-6 * expected);
    }

    void halfPrecisionNormsBecomeFloat() {
        HfFolder folder;
        HfFolder::Entry& norm = folder.find("model.norm.weight");
        std::vector<float> expected;
        std::string halves;
        for (std::size_t i = 0; i < 32; ++i) {
            const std::uint16_t half = floatToBfloat16(static_cast<float>(i) * 0.37f);
            halves.append(reinterpret_cast<const char*>(&half), 2);
            expected.push_back(bfloat16ToFloat(half));
        }
        norm.dtype = "BF16";
        norm.bytes = halves;
        folder.write(m_folder.path().toStdString());
        const auto model = loadModel(m_folder.path().toStdString(), m_encodings);
        QVERIFY_RESULT(model);
        const auto again = rewrite(**model);
        QVERIFY_RESULT(again);
        QCOMPARE((*again)->find("output_norm.weight")->encoding->info().id, std::string("F32"));
        QCOMPARE(decoded(*(*again)->find("output_norm.weight")), expected);
    }

    void cancelLeavesNothing() {
        struct Cancelled : RunControl {
            bool isCancelled() const noexcept override { return true; }
        } control;
        QVERIFY_RESULT(TinyModel().write(path("in.gguf")));
        const auto model = loadModel(path("in.gguf"), m_encodings);
        QVERIFY_RESULT(model);
        QFile::remove(m_folder.filePath("out.gguf"));
        QCOMPARE(writeModelGguf(**model, path("out.gguf"), control).error().code, ErrorCode::Cancelled);
        QVERIFY(!QFile::exists(m_folder.filePath("out.gguf")));
        QVERIFY(QDir(m_folder.path()).entryList({"out.gguf*"}).isEmpty());
    }

    void overItself() {
        QVERIFY_RESULT(TinyModel().write(path("in.gguf")));
        const QByteArray before = test::readBytes(m_folder.filePath("in.gguf"));
        const auto model = loadModel(path("in.gguf"), m_encodings);
        QVERIFY_RESULT(model);
        RunControl control;
        QVERIFY_RESULT(writeModelGguf(**model, path("in.gguf"), control));
        QCOMPARE(test::readBytes(m_folder.filePath("in.gguf")), before);
    }
};

QTEST_GUILESS_MAIN(TestModelWriter)
#include "tst_modelwriter.moc"
