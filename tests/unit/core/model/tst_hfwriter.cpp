// writeModelHf: what comes back from the folder, and from there as GGUF, is the same model.
#include "core/formats/gguf/ggufreader.h"
#include "core/model/hfwriter.h"
#include "core/model/modelwriter.h"
#include "core/tokenizer/tokenizerfiles.h"
#include "core/tokenizer/tokenizerjson.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/model/tinymodel.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <cstring>

using namespace trilobit;
using test::TinyModel;

namespace {

std::shared_ptr<const Model> load(const QString& path) {
    auto model = loadModel(path.toStdString(), EncodingRegistry::builtin());
    if (!model)
        qFatal("%s", model.error().text().c_str());
    return *model;
}

/// Block matrices as I2_S of -s, 0, s; the rest as it is.
std::shared_ptr<const Model> ternary(const Model& model) {
    Model::Parts parts;
    parts.container = "memory";
    parts.config = model.config();
    parts.config.activationQuant = ActivationQuant::Int8PerToken;
    parts.metadata = model.metadata();
    const auto encoding = *EncodingRegistry::builtin().find("I2_S");
    for (Tensor tensor : model.tensors()) {
        if (tensor.isQuantizable() && tensor.layer >= 0) {
            RunControl control;
            std::vector<float> values = *decodeTensor(tensor, control);
            for (float& v : values)
                v = v > 0.5f ? 0.3f : v < -0.5f ? -0.3f : 0.0f;
            const auto bytes = std::make_shared<std::vector<std::byte>>(
                static_cast<std::size_t>(*encoding->sizeBytes(tensor.rows, tensor.cols)));
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

void compareValues(const Model& a, const Model& b) {
    RunControl control;
    for (const Tensor& tensor : a.tensors()) {
        const Tensor* other = b.find(tensor.name);
        QVERIFY2(other, tensor.name.c_str());
        const auto x = *decodeTensor(tensor, control), y = *decodeTensor(*other, control);
        QVERIFY2(x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * 4) == 0, tensor.name.c_str());
    }
    QCOMPARE(a.tensors().size(), b.tensors().size());
}

} // namespace

Q_DECLARE_METATYPE(RopeScaling)

class TestHfWriter : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    RunControl m_control;

private slots:
    void thereAndBack_data() {
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<bool>("packed");
        QTest::newRow("llama, floats") << "llama" << false;
        QTest::newRow("llama, ternary") << "llama" << true;
        QTest::newRow("bitnet, ternary") << "bitnet-b1.58" << true;
    }
    void thereAndBack() {
        QFETCH(QString, architecture);
        QFETCH(bool, packed);
        const QString name = m_dir.filePath(QString(QTest::currentDataTag()).remove(' '));
        QVERIFY(TinyModel(architecture.toStdString()).write((name + ".gguf").toStdString()));
        std::shared_ptr<const Model> source = load(name + ".gguf");
        if (packed)
            source = ternary(*source);
        const auto obstacles = hfFolderObstacles(*source);
        QVERIFY2(obstacles.empty(), obstacles.empty() ? "" : obstacles.front().c_str());
        const auto written = writeModelHf(*source, name.toStdString(), m_control);
        QVERIFY2(written, written ? "" : written.error().text().c_str());
        const auto folder = load(name);
        QCOMPARE(folder->config().isBitNet(), packed);
        QCOMPARE(folder->find("blk.0.ffn_up.weight")->encoding->info().id, packed ? std::string("hf-bitnet") : std::string("F32"));
        const QString again = name + "-again.gguf";
        QVERIFY(writeModelGguf(*folder, again.toStdString(), m_control));
        compareValues(*source, *load(again));
        const auto twice = writeModelHf(*source, name.toStdString(), m_control);
        QVERIFY(!twice && twice.error().code == ErrorCode::Usage);
    }
    void realModelThereAndBack() {
        const QString path = test::dataPath(QStringLiteral("models/stories260K_hf"));
        if (!QFileInfo::exists(path))
            QSKIP("needs test data: set TRILOBIT_DATA to a folder with models/stories260K_hf");
        const auto source = load(path);
        const QString gguf = m_dir.filePath("stories.gguf"), folder = m_dir.filePath("stories");
        QVERIFY(writeModelGguf(*source, gguf.toStdString(), m_control));
        const auto written = writeModelHf(*load(gguf), folder.toStdString(), m_control);
        QVERIFY2(written, written ? "" : written.error().text().c_str());
        compareValues(*source, *load(folder)); // the rows of q and k were turned twice
    }
    void stretchedPositionsThereAndBack_data() {
        QTest::addColumn<RopeScaling>("scaling");
        using Kind = RopeScaling::Kind;
        QTest::newRow("linear") << RopeScaling{Kind::Linear, 4};
        QTest::newRow("llama3") << RopeScaling{Kind::Llama3, 32, 1, 4, 8192};
        QTest::newRow("yarn") << RopeScaling{Kind::Yarn, 4, 1, 4, 2048, 24, 2, 1 + 0.1 * std::log(4.0)};
        QTest::newRow("yarn, other magnitude") << RopeScaling{Kind::Yarn, 4, 1, 4, 2048, 32, 1, 1.5};
        QTest::newRow("longrope") << RopeScaling{Kind::Longrope, 1, 1, 4, 32, 32, 1, 1.25};
    }
    void stretchedPositionsThereAndBack() {
        QFETCH(RopeScaling, scaling);
        const QString name = m_dir.filePath(QString(QTest::currentDataTag()).remove(' ').remove(','));
        TinyModel tiny;
        tiny.metadata.set("llama.rope.freq_base", MetaValue::f32(500000.0f));
        QVERIFY(tiny.write((name + ".gguf").toStdString()));
        const auto plain = load(name + ".gguf");
        Model::Parts parts;
        parts.config = plain->config();
        parts.metadata = plain->metadata();
        parts.tensors = plain->tensors();
        parts.config.ropeScaling = scaling;
        const auto half = static_cast<std::size_t>(parts.config.ropeDim / 2);
        if (scaling.kind == RopeScaling::Kind::Longrope) {
            parts.config.ropeShortFactors.assign(half, 1.25f);
            parts.config.ropeLongFactors.assign(half, 7.5f);
        }
        const Model source(std::move(parts));
        QVERIFY_RESULT(writeModelHf(source, name.toStdString(), m_control));
        const auto folder = load(name);
        const auto check = [&](const ModelConfig& c) {
            QCOMPARE(c.ropeScaling.kind, scaling.kind);
            for (const auto& [got, wanted] : {std::pair(c.ropeScaling.factor, scaling.factor),
                                              std::pair(c.ropeScaling.magnitude, scaling.magnitude),
                                              std::pair(c.ropeScaling.betaFast, scaling.betaFast),
                                              std::pair(c.ropeScaling.betaSlow, scaling.betaSlow),
                                              std::pair(c.ropeScaling.lowFreqFactor, scaling.lowFreqFactor)})
                QVERIFY(std::abs(got - wanted) <= 1e-6 * wanted); // numbers in the file are float32
            QCOMPARE(c.ropeScaling.originalContext, scaling.originalContext);
            QCOMPARE(c.ropeShortFactors, source.config().ropeShortFactors);
            QCOMPARE(c.ropeLongFactors, source.config().ropeLongFactors);
        };
        check(folder->config());
        // A GGUF file has Llama 3's settings as divisors only; the way back finds the settings again.
        QVERIFY_RESULT(writeModelGguf(*folder, (name + "-2.gguf").toStdString(), m_control));
        const auto file = load(name + "-2.gguf");
        QCOMPARE(file->config().ropeFreqFactors.empty(), scaling.kind != RopeScaling::Kind::Llama3);
        QVERIFY_RESULT(writeModelHf(*file, (name + "-2").toStdString(), m_control));
        check(load(name + "-2")->config());
    }
    void divisorsOfUnknownOriginAreRefused() {
        const QString name = m_dir.filePath("divisors");
        QVERIFY(TinyModel().write((name + ".gguf").toStdString()));
        const auto plain = load(name + ".gguf");
        Model::Parts parts;
        parts.config = plain->config();
        parts.tensors = plain->tensors();
        parts.config.ropeFreqFactors.assign(static_cast<std::size_t>(parts.config.ropeDim / 2), 3.0f);
        const auto refused = writeModelHf(Model(std::move(parts)), name.toStdString(), m_control);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find("rope_freqs") != std::string::npos, refused.error().text().c_str());
    }
    void expertsThereAndBack() {
        const QString name = m_dir.filePath("moe");
        TinyModel tiny("qwen3moe");
        const std::string a = "qwen3moe.";
        tiny.metadata.set(a + "expert_count", MetaValue::u32(4));
        tiny.metadata.set(a + "expert_used_count", MetaValue::u32(2));
        tiny.metadata.set(a + "expert_feed_forward_length", MetaValue::u32(24));
        for (int layer = 0; layer < 2; ++layer) {
            const std::string b = "blk." + std::to_string(layer) + ".";
            for (const char* part : {"ffn_gate", "ffn_up", "ffn_down"})
                tiny.remove(b + part + ".weight");
            tiny.add(b + "ffn_gate_inp.weight", {32, 4});
            tiny.add(b + "ffn_gate_exps.weight", {32, 24, 4});
            tiny.add(b + "ffn_up_exps.weight", {32, 24, 4});
            tiny.add(b + "ffn_down_exps.weight", {24, 32, 4});
            tiny.add(b + "attn_q_norm.weight", {8});
            tiny.add(b + "attn_k_norm.weight", {8});
        }
        QVERIFY(tiny.write((name + ".gguf").toStdString()));
        const auto source = load(name + ".gguf");
        QVERIFY_RESULT(writeModelHf(*source, name.toStdString(), m_control));
        const auto folder = load(name);
        QVERIFY(folder->config().experts == source->config().experts);
        QVERIFY(folder->find("blk.1.ffn_down.3.weight"));
        QVERIFY_RESULT(writeModelGguf(*folder, (name + "-2.gguf").toStdString(), m_control));
        compareValues(*source, *load(name + "-2.gguf"));
    }
    void whatDoesNotFitIsRefused() {
        const QString name = m_dir.filePath("q8");
        QVERIFY(TinyModel().write((name + ".gguf").toStdString()));
        const auto source = load(name + ".gguf");
        Model::Parts parts;
        parts.config = source->config();
        const auto encoding = *EncodingRegistry::builtin().find("IQ4_NL");
        for (Tensor tensor : source->tensors()) {
            if (tensor.name == "blk.1.attn_v.weight") {
                const auto bytes = std::make_shared<std::vector<std::byte>>(
                    static_cast<std::size_t>(*encoding->sizeBytes(tensor.rows, tensor.cols)));
                tensor.encoding = encoding;
                tensor.bytes = *bytes;
                tensor.owner = bytes;
            }
            parts.tensors.push_back(std::move(tensor));
        }
        const Model mixed(std::move(parts));
        const auto refused = writeModelHf(mixed, name.toStdString(), m_control);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find("blk.1.attn_v.weight") != std::string::npos, refused.error().text().c_str());
        QVERIFY(!QFileInfo::exists(name + "/config.json"));
    }
    void vocabularyThereAndBack() {
        const QString path = test::dataPath(QStringLiteral("models/smollm2-135m-instruct.q4_1.gguf"));
        if (!QFileInfo::exists(path))
            QSKIP("needs test data: set TRILOBIT_DATA to a folder with models/smollm2-135m-instruct.q4_1.gguf");
        const auto tokenizer = *loadTokenizer(path.toStdString());
        const auto json = tokenizerDataToJson(tokenizer->data());
        QVERIFY2(json, json ? "" : json.error().text().c_str());
        Json::Limits limits;
        limits.maxValues = 1'000'000;
        const auto parsed = Json::parse(json->dump(), limits);
        QVERIFY2(parsed, parsed ? "" : parsed.error().text().c_str());
        const auto data = tokenizerDataFromJson(*parsed);
        QVERIFY2(data, data ? "" : data.error().text().c_str());
        const auto back = *makeTokenizer(*data);
        for (const char* text : {"Hello world", "It's 12345 km,\n\n  isn't it?", "naïve café — 东京 🙂", "<|im_start|>user\nHi<|im_end|>"})
            QCOMPARE(back->encode(text, {false, true}), tokenizer->encode(text, {false, true}));
    }
};

QTEST_GUILESS_MAIN(TestHfWriter)
#include "tst_hfwriter.moc"
