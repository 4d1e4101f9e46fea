// loadModel on GGUF files: what is read, and one clear error for each way a model can be incomplete or wrong.
#include "core/model/model.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/model/tinymodel.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <functional>

using namespace trilobit;
using test::TinyModel;

using Damage = std::function<void(TinyModel&)>;
Q_DECLARE_METATYPE(Damage)

class TestGgufModel : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();
    std::string path(const std::string& name = "m.gguf") const {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }
    Result<std::shared_ptr<const Model>> load(const TinyModel& tiny) const {
        const auto written = tiny.write(path());
        if (!written)
            return written.error();
        return loadModel(path(), m_encodings);
    }

private slots:
    void configAndTensors() {
        const auto model = load(TinyModel());
        QVERIFY_RESULT(model);
        const Model& m = **model;
        const ModelConfig& c = m.config();
        QCOMPARE(m.container(), std::string("gguf"));
        QCOMPARE(c.architecture, std::string("llama"));
        QCOMPARE(c.name, std::string("tiny"));
        QCOMPARE(c.vocabSize, std::int64_t{20});
        QCOMPARE(c.hiddenSize, std::int64_t{32});
        QCOMPARE(c.layers, std::int64_t{2});
        QCOMPARE(c.ffnSize, std::int64_t{48});
        QCOMPARE(c.heads, std::int64_t{4});
        QCOMPARE(c.kvHeads, std::int64_t{2});
        QCOMPARE(c.headDim, std::int64_t{8});
        QCOMPARE(c.ropeDim, std::int64_t{8});
        QCOMPARE(c.rope, RopeKind::Interleaved);
        QVERIFY(c.tiedOutput);
        QVERIFY(!c.qkvBias && !c.subNorms && !c.isBitNet());
        QVERIFY(!m.tokenizer());
        QVERIFY(!m.tokenizerNote().empty());
        QCOMPARE(m.tensors().size(), std::size_t{20});
        QCOMPARE(m.parameterCount(), std::uint64_t{20 * 32 + 32 + 2 * (2 * 32 + 2 * 32 * 32 + 2 * 16 * 32 + 3 * 48 * 32)});
        QCOMPARE(m.tensorBytes(), m.parameterCount() * 4);
        QCOMPARE(m.bitsPerWeight(), 32.0);
        QCOMPARE(m.fileBytes(), static_cast<std::uint64_t>(QFileInfo(m_folder.filePath("m.gguf")).size()));
        const Tensor* v = m.find("blk.1.attn_v.weight");
        QVERIFY(v);
        QCOMPARE(v->rows, std::int64_t{16});
        QCOMPARE(v->cols, std::int64_t{32});
        QCOMPARE(v->role, TensorRole::AttnV);
        QCOMPARE(v->layer, 1);
        QVERIFY(v->isQuantizable());
        QVERIFY(m.find("token_embd.weight")->isQuantizable());
        QVERIFY(!m.find("output_norm.weight")->isQuantizable());
        QCOMPARE(m.find("output_norm.weight")->dimensions, 1);
        QVERIFY(!m.find("nothing"));
        for (const Tensor& t : m.tensors())
            QCOMPARE(m.find(t.name), &t);
    }

    void bitnetNames_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("hiddenAct");
        QTest::addColumn<int>("activation");
        QTest::newRow("b1.58") << "bitnet-b1.58" << "" << int(Activation::Relu2);
        QTest::newRow("25") << "bitnet-25" << "" << int(Activation::Relu2);
        QTest::newRow("plain") << "bitnet" << "" << int(Activation::Silu);
        QTest::newRow("plain relu2") << "bitnet" << "relu2" << int(Activation::Relu2);
    }
    void bitnetNames() {
        QFETCH(QString, name);
        QFETCH(QString, hiddenAct);
        QFETCH(int, activation);
        TinyModel tiny(name.toStdString());
        if (!hiddenAct.isEmpty())
            tiny.metadata.set(name.toStdString() + ".hidden_act", MetaValue::string(hiddenAct.toStdString()));
        const auto model = load(tiny);
        QVERIFY_RESULT(model);
        const ModelConfig& c = (*model)->config();
        QCOMPARE(int(c.activation), activation);
        QCOMPARE(c.rope, RopeKind::SplitHalves);
        QVERIFY(c.subNorms && c.isBitNet());
        QCOMPARE(c.ternarization, WeightTernarization::None);
    }

    void optionalTensors() {
        TinyModel tiny;
        tiny.add("output.weight", {32, 20});
        tiny.add("rope_freqs.weight", {4}).produce = [](const auto& put, RunControl&) {
            const float factors[] = {1, 2, 4, 8};
            return put(std::as_bytes(std::span(factors)));
        };
        for (const char* blk : {"blk.0.", "blk.1."}) {
            tiny.add(std::string(blk) + "attn_q.bias", {32});
            tiny.add(std::string(blk) + "attn_k.bias", {16});
            tiny.add(std::string(blk) + "attn_v.bias", {16});
        }
        const auto model = load(tiny);
        QVERIFY_RESULT(model);
        QVERIFY(!(*model)->config().tiedOutput);
        QVERIFY((*model)->config().qkvBias);
        QCOMPARE((*model)->config().ropeFreqFactors, (std::vector<float>{1, 2, 4, 8}));
        QCOMPARE((*model)->find("blk.0.attn_q.bias")->role, TensorRole::Bias);
    }

    void refuses_data() {
        QTest::addColumn<Damage>("damage");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* code, const char* expected, Damage damage) {
            QTest::newRow(name) << damage << QString(code) << QString(expected);
        };
        const auto key = [](const char* name, MetaValue value) {
            return [=](TinyModel& m) { m.metadata.set(name, value); };
        };
        row("architecture", "unsupported", "\"mamba\"", key("general.architecture", MetaValue::string("mamba")));
        row("no architecture", "format", "general.architecture",
            [](TinyModel& m) { m.metadata.remove("general.architecture"); });
        row("adapter", "unsupported", "adapter", key("general.type", MetaValue::string("adapter")));
        row("no tensors", "format", "holds no tensors", [](TinyModel& m) { m.tensors.clear(); });
        row("no hidden size", "format", "llama.embedding_length",
            [](TinyModel& m) { m.metadata.remove("llama.embedding_length"); });
        row("no layers", "format", "llama.block_count", key("llama.block_count", MetaValue::u32(0)));
        row("very many layers", "format", "llama.block_count", key("llama.block_count", MetaValue::u32(4000000000u)));
        row("more layers than tensors", "format", "blk.2.attn_norm.weight", key("llama.block_count", MetaValue::u32(60000)));
        row("fewer layers than tensors", "format", "belongs to block 1", key("llama.block_count", MetaValue::u32(1)));
        row("heads", "format", "head_count", key("llama.attention.head_count", MetaValue::u32(5)));
        row("kv heads", "format", "cannot share", key("llama.attention.head_count_kv", MetaValue::u32(3)));
        row("heads as text", "format", "head_count", key("llama.attention.head_count", MetaValue::string("4")));
        row("heads per block", "unsupported", "differs from block",
            key("llama.attention.head_count", MetaValue::i32s({4, 2})));
        row("head length", "format", "expected 32 x 64", key("llama.attention.key_length", MetaValue::u32(16)));
        row("value length", "unsupported", "equal lengths", key("llama.attention.value_length", MetaValue::u32(4)));
        row("epsilon", "format", "epsilon", key("llama.attention.layer_norm_rms_epsilon", MetaValue::f32(-1.0f)));
        row("rope dimension", "format", "even", key("llama.rope.dimension_count", MetaValue::u32(7)));
        row("rope beyond head", "format", "rope.dimension_count", key("llama.rope.dimension_count", MetaValue::u32(10)));
        row("rope base", "format", "freq_base", key("llama.rope.freq_base", MetaValue::f32(0.0f)));
        row("unknown scaling", "unsupported", "dynamic", key("llama.rope.scaling.type", MetaValue::string("dynamic")));
        row("yarn without its context", "format", "original_context_length",
            key("llama.rope.scaling.type", MetaValue::string("yarn")));
        row("longrope without factors", "format", "rope_factors_long",
            key("llama.rope.scaling.type", MetaValue::string("longrope")));
        row("negative window", "format", "sliding_window", key("llama.attention.sliding_window", MetaValue::i32(-4)));
        row("flags for other blocks", "format", "one flag for each",
            key("trilobit.layers_without_rotation", MetaValue::i32s({0, 1, 1})));
        row("experts", "unsupported", "mixture", key("llama.expert_count", MetaValue::u32(8)));
        row("missing tensor", "format", "blk.1.ffn_down.weight", [](TinyModel& m) { m.remove("blk.1.ffn_down.weight"); });
        row("missing embedding", "format", "token_embd.weight", [](TinyModel& m) { m.remove("token_embd.weight"); });
        row("unknown tensor", "unsupported", "no place", [](TinyModel& m) { m.add("blk.0.attn_rot.weight", {32}); });
        row("bias in one block", "format", "all or none", [](TinyModel& m) { m.add("blk.0.attn_q.bias", {32}); });
        row("bias of q only", "format", "none of them", [](TinyModel& m) {
            m.add("blk.0.attn_q.bias", {32});
            m.add("blk.1.attn_q.bias", {32});
        });
        row("wrong shape", "format", "expected 32 x 16", [](TinyModel& m) {
            m.remove("blk.0.attn_k.weight");
            m.add("blk.0.attn_k.weight", {16, 32});
        });
        row("norm with two dimensions", "format", "expected 32", [](TinyModel& m) {
            m.remove("output_norm.weight");
            m.add("output_norm.weight", {16, 2});
        });
        row("third dimension", "format", "32 x 32 x 2", [](TinyModel& m) {
            m.remove("blk.0.attn_q.weight");
            m.add("blk.0.attn_q.weight", {32, 32, 2});
        });
        row("embedding with one dimension", "format", "token_embd.weight", [](TinyModel& m) {
            m.remove("token_embd.weight");
            m.add("token_embd.weight", {640});
        });
        row("type nobody uses", "unsupported", "type 99", [](TinyModel& m) { m.find("blk.0.ffn_up.weight").type = 99; });
        row("type not read", "unsupported", "NVFP4 (type 40)", [](TinyModel& m) {
            m.find("blk.0.ffn_up.weight").type = 40;
        });
        row("negative type", "unsupported", "type -5", [](TinyModel& m) { m.find("blk.0.ffn_up.weight").type = -5; });
        row("old meaning of 36", "unsupported", "type 36", [](TinyModel& m) { m.find("blk.0.ffn_up.weight").type = 36; });
        row("rows do not fit blocks", "format", "multiple", [](TinyModel& m) { m.find("blk.0.ffn_down.weight").type = 2; });
        row("tensor shorter than its shape", "format", "next tensor", [](TinyModel& m) {
            GgufTensorOut& t = m.find("blk.0.ffn_up.weight");
            t.sizeBytes = 64;
            t.produce = [](const auto& put, RunControl&) {
                const std::vector<std::byte> bytes(64);
                return put(bytes);
            };
        });
        row("rope factors", "format", "rope_freqs.weight", [](TinyModel& m) {
            m.add("rope_freqs.weight", {4}).produce = [](const auto& put, RunControl&) {
                const float factors[] = {1, 0, 1, 1};
                return put(std::as_bytes(std::span(factors)));
            };
        });
        row("own encodings, broken", "format", "trilobit.encodings", key("trilobit.encodings", MetaValue::strings({"a|b"})));
        row("own encodings, unknown", "unsupported", "trilobit.encodings",
            key("trilobit.encodings", MetaValue::strings({"blk.0.ffn_up.weight|nobody|48|32"})));
        row("own encodings, tensor missing", "format", "trilobit.encodings",
            key("trilobit.encodings", MetaValue::strings({"x|F32|48|32"})));
        row("own encodings, not bytes", "format", "plain bytes",
            key("trilobit.encodings", MetaValue::strings({"blk.0.ffn_up.weight|F32|48|32"})));
        row("own key", "unsupported", "trilobit.ternarization",
            key("trilobit.ternarization", MetaValue::string("some other way")));
        row("split without its name", "format", "00001-of", key("split.count", MetaValue::u32(3)));
    }
    void refuses() {
        QFETCH(Damage, damage);
        QFETCH(QString, code);
        QFETCH(QString, expected);
        TinyModel tiny;
        damage(tiny);
        const auto model = load(tiny);
        QVERIFY(!model);
        const QString text = QString::fromStdString(model.error().text());
        QVERIFY2(text.contains(expected), qPrintable(text));
        QCOMPARE(QString(errorCodeName(model.error().code)), code);
        QCOMPARE(model.error().file, path());
        QVERIFY(!text.contains('\n'));
    }

    void vocabularyOnly() {
        TinyModel tiny;
        tiny.tensors.clear();
        tiny.metadata.set("tokenizer.ggml.model", MetaValue::string("llama"));
        const auto model = load(tiny);
        QVERIFY(!model);
        QVERIFY(QString::fromStdString(model.error().text()).contains("vocabulary only"));
    }

    void brokenTokenizerIsNoError() {
        TinyModel tiny;
        tiny.metadata.set("tokenizer.ggml.model", MetaValue::string("no such kind"));
        const auto model = load(tiny);
        QVERIFY_RESULT(model);
        QVERIFY(!(*model)->tokenizer());
        QVERIFY(QString::fromStdString((*model)->tokenizerNote()).contains("no such kind"));
    }

    void warnsAboutDoubtfulKeys() {
        TinyModel tiny;
        tiny.metadata.set("llama.vocab_size", MetaValue::u32(30));
        tiny.metadata.set("llama.attention.sliding_window", MetaValue::u32(16));
        const auto model = load(tiny);
        QVERIFY_RESULT(model);
        QCOMPARE((*model)->warnings().size(), std::size_t{1});
        QCOMPARE((*model)->config().vocabSize, std::int64_t{20});
        QCOMPARE((*model)->config().slidingWindow, std::int64_t{16});
        TinyModel bitnet("bitnet-b1.58"); // a kind that has no windows
        bitnet.metadata.set("bitnet-b1.58.attention.sliding_window", MetaValue::u32(16));
        const auto other = load(bitnet);
        QVERIFY_RESULT(other);
        QCOMPARE((*other)->warnings().size(), std::size_t{1});
        QCOMPARE((*other)->config().slidingWindow, std::int64_t{0});
    }

    void everyTruncationIsAnError() {
        QVERIFY_RESULT(TinyModel().write(path("whole.gguf")));
        const QByteArray whole = test::readBytes(m_folder.filePath("whole.gguf"));
        const auto file = loadModel(path("whole.gguf"), m_encodings);
        QVERIFY_RESULT(file);
        const auto dataStart = static_cast<qsizetype>((*file)->tensors().front().fileOffset);
        for (qsizetype length = 0; length < whole.size(); length += length < dataStart ? 1 : 997) {
            QFile cut(m_folder.filePath("cut.gguf"));
            QVERIFY(cut.open(QIODevice::WriteOnly));
            cut.write(whole.constData(), length);
            cut.close();
            const auto model = loadModel(path("cut.gguf"), m_encodings);
            QVERIFY2(!model, qPrintable(QString::number(length)));
            QVERIFY(!model.error().message.empty());
        }
    }

    void splitFiles() {
        TinyModel whole;
        const auto part = [&](std::uint32_t number, std::size_t begin, std::size_t end) {
            TinyModel p;
            if (number > 0)
                p.metadata = Metadata();
            p.metadata.set("split.no", {MetaType::U16, {}, std::uint64_t{number}});
            p.metadata.set("split.count", {MetaType::U16, {}, std::uint64_t{3}});
            p.metadata.set("split.tensors.count", MetaValue::i32(20));
            p.tensors.assign(whole.tensors.begin() + static_cast<std::ptrdiff_t>(begin),
                             whole.tensors.begin() + static_cast<std::ptrdiff_t>(end));
            return p;
        };
        QVERIFY_RESULT(part(0, 0, 7).write(path("s-00001-of-00003.gguf")));
        QVERIFY_RESULT(part(1, 7, 8).write(path("s-00002-of-00003.gguf")));
        QVERIFY_RESULT(part(2, 8, 20).write(path("s-00003-of-00003.gguf")));
        const auto expected = load(whole);
        QVERIFY_RESULT(expected);
        for (const char* name : {"s-00001-of-00003.gguf", "s-00003-of-00003.gguf"}) {
            const auto model = loadModel(path(name), m_encodings);
            QVERIFY_RESULT(model);
            QCOMPARE((*model)->tensors().size(), std::size_t{20});
            QVERIFY(!(*model)->metadata().find("split.count"));
            RunControl control;
            QCOMPARE(*weightsHash(**model, control), *weightsHash(**expected, control));
        }
        // A part that says it is another one, a part with a tensor of another part, a missing part.
        QVERIFY_RESULT(part(0, 7, 8).write(path("s-00002-of-00003.gguf")));
        QVERIFY(QString::fromStdString(loadModel(path("s-00001-of-00003.gguf"), m_encodings).error().text())
                    .contains("another part"));
        QVERIFY_RESULT(part(1, 6, 7).write(path("s-00002-of-00003.gguf")));
        QVERIFY(QString::fromStdString(loadModel(path("s-00001-of-00003.gguf"), m_encodings).error().text())
                    .contains("twice"));
        QFile::remove(m_folder.filePath("s-00002-of-00003.gguf"));
        QCOMPARE(loadModel(path("s-00001-of-00003.gguf"), m_encodings).error().code, ErrorCode::Io);
    }

    void hashFollowsWeightsOnly() {
        RunControl control;
        const auto hash = [&](const TinyModel& tiny) {
            const auto model = load(tiny);
            return model ? *weightsHash(**model, control) : model.error().text();
        };
        const std::string base = hash(TinyModel());
        QCOMPARE(base.size(), std::size_t{64});
        TinyModel renamed;
        renamed.metadata.set("general.name", MetaValue::string("another name"));
        QCOMPARE(hash(renamed), base);
        TinyModel reordered;
        std::reverse(reordered.tensors.begin(), reordered.tensors.end());
        QCOMPARE(hash(reordered), base);
        TinyModel otherConfig;
        otherConfig.metadata.set("llama.rope.freq_base", MetaValue::f32(20000.0f));
        QVERIFY(hash(otherConfig) != base);
        TinyModel otherWeights;
        otherWeights.remove("output_norm.weight");
        otherWeights.add("x", {1});
        otherWeights.add("output_norm.weight", {32});
        otherWeights.remove("x");
        QVERIFY(hash(otherWeights) != base);
    }

    void cancelledHashAndDecode() {
        struct Cancelled : RunControl {
            bool isCancelled() const noexcept override { return true; }
        } control;
        const auto model = load(TinyModel());
        QVERIFY_RESULT(model);
        QCOMPARE(weightsHash(**model, control).error().code, ErrorCode::Cancelled);
        QCOMPARE(decodeTensor((*model)->tensors().front(), control).error().code, ErrorCode::Cancelled);
    }

    void paths() {
        QCOMPARE(loadModel("/no/such/model.gguf", m_encodings).error().code, ErrorCode::Io);
        QCOMPARE(loadModel(path("no-such-folder") + "/", m_encodings).error().code, ErrorCode::Io);
        QDir(m_folder.path()).mkdir("empty");
        QCOMPARE(loadModel(path("empty"), m_encodings).error().code, ErrorCode::Format);
        QFile text(m_folder.filePath("notes.txt"));
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write("hello, this is no model");
        text.close();
        const auto model = loadModel(path("notes.txt"), m_encodings);
        QCOMPARE(model.error().code, ErrorCode::Format);
        QVERIFY(QString::fromStdString(model.error().text()).contains("neither"));
    }
};

QTEST_GUILESS_MAIN(TestGgufModel)
#include "tst_ggufmodel.moc"
