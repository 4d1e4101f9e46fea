// loadModel on Hugging Face folders: old and new spelling, BitNet in all its forms, one clear error for each wrong thing.
#include "core/model/model.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/model/hffolder.h"

#include <QTemporaryDir>
#include <QtTest>

#include <functional>

using namespace trilobit;
using test::HfFolder;

using Damage = std::function<void(HfFolder&)>;
Q_DECLARE_METATYPE(Damage)

class TestHfModel : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();
    std::string path() const { return m_folder.path().toStdString(); }
    Result<std::shared_ptr<const Model>> load(const HfFolder& folder, bool oddHeader = false) const {
        folder.write(path(), oddHeader);
        return loadModel(path(), m_encodings);
    }
    static Json rope(std::initializer_list<Json::Member> members) { return Json::object(members); }

private slots:
    void configAndTensors() {
        const auto model = load(HfFolder());
        QVERIFY_RESULT(model);
        const Model& m = **model;
        const ModelConfig& c = m.config();
        QCOMPARE(m.container(), std::string("safetensors"));
        QCOMPARE(c.architecture, std::string("llama"));
        QCOMPARE(c.name, QFileInfo(m_folder.path()).fileName().toStdString());
        QCOMPARE(c.rope, RopeKind::SplitHalves);
        QCOMPARE(c.ropeBase, 20000.0);
        QCOMPARE(c.headDim, std::int64_t{8});
        QCOMPARE(c.contextLength, std::int64_t{64});
        QVERIFY(c.tiedOutput);
        QCOMPARE(c.ternarization, WeightTernarization::None);
        QVERIFY(!c.isBitNet());
        QCOMPARE(m.tensors().size(), std::size_t{11});
        const Tensor* down = m.find("blk.0.ffn_down.weight");
        QVERIFY(down);
        QCOMPARE(down->sourceName, std::string("model.layers.0.mlp.down_proj.weight"));
        QCOMPARE(down->rows, std::int64_t{32});
        QCOMPARE(down->cols, std::int64_t{48});
        QCOMPARE(m.metadata().toInt("llama.attention.head_count_kv", 0), std::int64_t{2});
        QCOMPARE(m.metadata().toInt("llama.rope.dimension_count", 0), std::int64_t{8});
    }

    void rope_data() {
        QTest::addColumn<Damage>("edit");
        QTest::addColumn<int>("kind");
        QTest::addColumn<double>("base");
        QTest::addColumn<double>("factor");
        const auto row = [](const char* name, RopeScaling::Kind kind, double base, double factor, Damage edit) {
            QTest::newRow(name) << edit << int(kind) << base << factor;
        };
        using Kind = RopeScaling::Kind;
        row("new spelling", Kind::None, 3e4, 1, [](HfFolder& f) {
            f.config.remove("rope_theta");
            f.config.set("rope_parameters", rope({{"rope_theta", 3e4}, {"rope_type", "default"}}));
        });
        row("no theta", Kind::None, 1e4, 1, [](HfFolder& f) { f.config.remove("rope_theta"); });
        row("null scaling", Kind::None, 2e4, 1, [](HfFolder& f) { f.config.set("rope_scaling", nullptr); });
        row("linear, old", Kind::Linear, 2e4, 4, [](HfFolder& f) {
            f.config.set("rope_scaling", rope({{"type", "linear"}, {"factor", 4.0}}));
        });
        row("llama3, old", Kind::Llama3, 2e4, 8, [](HfFolder& f) {
            f.config.set("rope_scaling", rope({{"rope_type", "llama3"}, {"factor", 8.0}, {"low_freq_factor", 1.0},
                                               {"high_freq_factor", 4.0}, {"original_max_position_embeddings", 8192}}));
        });
        row("llama3, new", Kind::Llama3, 5e5, 8, [](HfFolder& f) {
            f.config.remove("rope_theta");
            f.config.set("rope_parameters",
                         rope({{"rope_theta", 5e5}, {"rope_type", "llama3"}, {"factor", 8.0}, {"low_freq_factor", 1.0},
                               {"high_freq_factor", 4.0}, {"original_max_position_embeddings", 8192}}));
        });
    }
    void rope() {
        QFETCH(Damage, edit);
        QFETCH(int, kind);
        QFETCH(double, base);
        QFETCH(double, factor);
        HfFolder folder;
        edit(folder);
        const auto model = load(folder);
        QVERIFY_RESULT(model);
        const ModelConfig& c = (*model)->config();
        QCOMPARE(int(c.ropeScaling.kind), kind);
        QCOMPARE(c.ropeBase, base);
        QCOMPARE(c.ropeScaling.factor, factor);
        if (c.ropeScaling.kind == RopeScaling::Kind::Llama3) {
            QCOMPARE(c.ropeScaling.originalContext, std::int64_t{8192});
            QCOMPARE(c.ropeScaling.highFreqFactor, 4.0);
        }
    }

    void dataAtAnOddAddress() {
        HfFolder folder;
        const auto odd = load(folder, true);
        QVERIFY_RESULT(odd);
        for (const Tensor& t : (*odd)->tensors()) {
            QCOMPARE(reinterpret_cast<std::uintptr_t>(t.bytes.data()) % 4, std::uintptr_t{0});
            const std::string& expected = folder.find(t.sourceName).bytes;
            QCOMPARE(t.bytes.size(), expected.size());
            QVERIFY(std::memcmp(t.bytes.data(), expected.data(), expected.size()) == 0);
        }
    }

    void bitnet_data() {
        QTest::addColumn<bool>("packed");
        QTest::addColumn<QString>("linearClass");
        QTest::addColumn<QString>("mode");
        QTest::addColumn<double>("scale"); // of the decoded weights; 0: floats ternarized online
        QTest::newRow("no word on quantization") << false << "-" << "-" << 0.0;
        QTest::newRow("online") << false << "autobitlinear" << "online" << 0.0;
        QTest::newRow("scale multiplies") << true << "autobitlinear" << "offline" << 0.5;
        QTest::newRow("scale divides") << true << "bitlinear" << "offline" << 2.0;
        QTest::newRow("scale divides by default") << true << "" << "" << 2.0;
    }
    void bitnet() {
        QFETCH(bool, packed);
        QFETCH(QString, linearClass);
        QFETCH(QString, mode);
        QFETCH(double, scale);
        HfFolder folder("bitnet", packed);
        if (linearClass != "-")
            folder.quantized(linearClass.isEmpty() ? nullptr : qPrintable(linearClass),
                             mode.isEmpty() ? nullptr : qPrintable(mode));
        const auto model = load(folder);
        QVERIFY_RESULT(model);
        const ModelConfig& c = (*model)->config();
        QVERIFY(c.isBitNet() && c.subNorms);
        QCOMPARE(c.activation, Activation::Relu2);
        QCOMPARE(c.ternarization, packed ? WeightTernarization::None : WeightTernarization::OnlineAbsmean);
        const Tensor* q = (*model)->find("blk.0.attn_q.weight");
        QCOMPARE(q->rows, std::int64_t{32});
        QCOMPARE(q->encoding->info().id, std::string(packed ? "hf-bitnet" : "F32"));
        if (!packed)
            return;
        RunControl control;
        const auto values = decodeTensor(*q, control);
        QVERIFY_RESULT(values);
        const std::string& bytes = folder.find("model.layers.0.self_attn.q_proj.weight").bytes;
        for (std::size_t row = 0; row < 32; ++row)
            for (std::size_t col = 0; col < 32; ++col) {
                // Rows r, r + 8, r + 16, r + 24 share a byte, lowest bits first.
                const unsigned code = static_cast<unsigned char>(bytes[row % 8 * 32 + col]) >> (2 * (row / 8)) & 3u;
                QCOMPARE((*values)[row * 32 + col], static_cast<float>((static_cast<int>(code) - 1) * scale));
            }
    }

    void llamaWithTernaryWeights() {
        HfFolder folder("llama", true);
        folder.quantized("bitlinear", "offline");
        const auto model = load(folder);
        QVERIFY_RESULT(model);
        QVERIFY((*model)->config().isBitNet());
        QVERIFY(!(*model)->config().subNorms);
    }

    void scalesOfOtherMatricesTellHashesApart() {
        RunControl control;
        std::vector<std::string> hashes;
        for (const char* linear : {"bitlinear", "autobitlinear"}) {
            HfFolder folder("bitnet", true);
            folder.quantized(linear, "offline");
            const auto model = load(folder);
            QVERIFY_RESULT(model);
            hashes.push_back(*weightsHash(**model, control));
        }
        QVERIFY(hashes[0] != hashes[1]);
    }

    void outputMatrix() {
        HfFolder folder;
        folder.config.set("tie_word_embeddings", false);
        const auto missing = load(folder);
        QVERIFY(!missing);
        QVERIFY(QString::fromStdString(missing.error().text()).contains("lm_head.weight"));
        folder.addFloats("lm_head.weight", {20, 32});
        const auto untied = load(folder);
        QVERIFY_RESULT(untied);
        QVERIFY(!(*untied)->config().tiedOutput);
        folder.config.set("tie_word_embeddings", true);
        const auto tied = load(folder);
        QVERIFY_RESULT(tied);
        QVERIFY((*tied)->config().tiedOutput);
        QCOMPARE((*tied)->warnings().size(), std::size_t{1});
    }

    void harmlessTensorsAreLeftOut() {
        HfFolder folder;
        folder.addFloats("model.layers.0.self_attn.rotary_emb.inv_freq", {4});
        const auto model = load(folder);
        QVERIFY_RESULT(model);
        QCOMPARE((*model)->tensors().size(), std::size_t{11});
    }

    void singleFileAndConfigPath() {
        HfFolder().write(path());
        for (const char* name : {"/model.safetensors", "/config.json", "/"})
            QVERIFY_RESULT(loadModel(path() + name, m_encodings));
    }

    void refuses_data() {
        QTest::addColumn<Damage>("damage");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* code, const char* expected, Damage damage) {
            QTest::newRow(name) << damage << QString(code) << QString(expected);
        };
        const auto set = [](const char* field, Json value) {
            return [=](HfFolder& f) { f.config.set(field, value); };
        };
        const auto packed = [](std::function<void(HfFolder&)> then) {
            return [=](HfFolder& f) {
                f = HfFolder("bitnet", true);
                f.quantized("autobitlinear", "offline");
                then(f);
            };
        };
        const std::string q = "model.layers.0.self_attn.q_proj.weight";
        row("model type", "unsupported", "\"mamba\"", set("model_type", "mamba"));
        row("no model type", "format", "model_type", [](HfFolder& f) { f.config.remove("model_type"); });
        row("no hidden size", "format", "hidden_size", [](HfFolder& f) { f.config.remove("hidden_size"); });
        row("hidden size as text", "format", "hidden_size", set("hidden_size", "32"));
        row("negative layers", "format", "num_hidden_layers", set("num_hidden_layers", -1));
        row("huge layers", "format", "num_hidden_layers", set("num_hidden_layers", std::int64_t{1} << 40));
        row("no epsilon", "format", "rms_norm_eps", [](HfFolder& f) { f.config.remove("rms_norm_eps"); });
        row("activation", "unsupported", "hidden_act", set("hidden_act", "gelu"));
        row("rope", "unsupported", "dynamic", set("rope_scaling", rope({{"rope_type", "dynamic"}, {"factor", 2.0}})));
        row("yarn without factor", "format", "factor", set("rope_scaling", rope({{"rope_type", "yarn"}})));
        row("longrope without factors", "format", "short_factor",
            set("rope_scaling", rope({{"rope_type", "longrope"}})));
        row("llama3 without factor", "format", "factor", set("rope_scaling", rope({{"rope_type", "llama3"}})));
        row("rotary part", "format", "partial_rotary_factor", set("partial_rotary_factor", 1.5));
        row("method", "unsupported", "exl2", set("quantization_config", rope({{"quant_method", "exl2"}})));
        row("gptq bits", "unsupported", "bits", set("quantization_config", rope({{"quant_method", "gptq"}, {"bits", 9}})));
        row("linear class", "unsupported", "linear_class", [](HfFolder& f) { f.quantized("otherlinear", "offline"); });
        row("inner norm", "unsupported", "use_rms_norm",
            set("quantization_config", rope({{"quant_method", "bitnet"}, {"use_rms_norm", true}})));
        row("dtype", "unsupported", "I32", [=](HfFolder& f) { f.find(q).dtype = "I32"; });
        row("shape", "format", "expected 32 x 32", [=](HfFolder& f) { f.find(q).shape = {64, 16}; });
        row("missing tensor", "format", "blk.0.attn_q.weight", [=](HfFolder& f) { f.remove(q); });
        row("unknown tensor", "unsupported", "no place", [](HfFolder& f) { f.addFloats("model.extra", {3}); });
        row("vocabulary", "format", "embed_tokens", set("vocab_size", 21));
        row("bytes in a plain model", "unsupported", "only stands for", [=](HfFolder& f) {
            f.find(q).dtype = "U8";
            f.find(q).shape = {8, 512};
        });
        row("packed rows", "format", "rows of packed bytes", packed([=](HfFolder& f) { f.find(q).shape = {4, 64}; }));
        row("scale missing", "format", "weight_scale", packed([=](HfFolder& f) { f.remove(q + "_scale"); }));
        row("scale zero", "format", "positive", packed([=](HfFolder& f) { f.find(q + "_scale").bytes = std::string(2, '\0'); }));
        row("scale not finite", "format", "positive", packed([=](HfFolder& f) { f.find(q + "_scale").bytes = "\x80\x7f"; }));
        row("scale of two", "format", "one positive number", packed([=](HfFolder& f) {
                f.find(q + "_scale").bytes = "\x80\x3f\x80\x3f";
                f.find(q + "_scale").shape = {2};
            }));
        row("scale alone", "format", "no packed matrix", [](HfFolder& f) { f.addFloats("model.x.weight_scale", {1}); });
        row("floats among packed", "unsupported", "packed U8", packed([=](HfFolder& f) {
                f.remove(q);
                f.remove(q + "_scale");
                f.addFloats(q, {32, 32});
            }));
    }
    void refuses() {
        QFETCH(Damage, damage);
        QFETCH(QString, code);
        QFETCH(QString, expected);
        HfFolder folder;
        damage(folder);
        const auto model = load(folder);
        QVERIFY(!model);
        const QString text = QString::fromStdString(model.error().text());
        QVERIFY2(text.contains(expected), qPrintable(text));
        QCOMPARE(QString(errorCodeName(model.error().code)), code);
        QVERIFY(!model.error().file.empty());
    }

    void noConfig() {
        HfFolder().write(path());
        QFile::remove(m_folder.filePath("config.json"));
        const auto model = loadModel(path(), m_encodings);
        QCOMPARE(model.error().code, ErrorCode::Io);
        QVERIFY(QString::fromStdString(model.error().text()).contains("config.json"));
        QVERIFY(!loadModel(path() + "/model.safetensors", m_encodings));
    }
};

QTEST_GUILESS_MAIN(TestHfModel)
#include "tst_hfmodel.moc"
