// Architecture descriptions: names, shapes, completeness of the tables; row order of q and k.
#include "core/model/architecture.h"
#include "core/model/roperows.h"

#include <QtTest>

#include <algorithm>
#include <set>

using namespace trilobit;

class TestArchitecture : public QObject {
    Q_OBJECT
private slots:
    void namesAreUnique() {
        std::set<std::string_view> names, types;
        for (const Architecture& a : architectures()) {
            QVERIFY(!a.names.empty());
            for (const std::string_view name : a.names)
                QVERIFY(names.insert(name).second);
            for (const std::string_view type : a.hfModelTypes)
                QVERIFY(types.insert(type).second);
            QVERIFY(!a.hfModelTypes.empty() || !a.hfClass.empty());
            QVERIFY(std::find(a.names.begin(), a.names.end(), a.nameForHf) != a.names.end());
            std::set<std::string_view> gguf, hf;
            for (const TensorSpec& spec : a.tensors) {
                QVERIFY(spec.name.empty() || gguf.insert(spec.name).second);
                QVERIFY(spec.hfName.empty() || hf.insert(spec.hfName).second);
            }
            QVERIFY(a.configure && a.fromHf);
        }
        QVERIFY(findArchitecture("bitnet-25"));
        QVERIFY(!findArchitecture("mamba"));
        QVERIFY(findArchitectureForHf(Json::object({{"model_type", "llama"}})));
        QVERIFY(!findArchitectureForHf(Json::object({{"model_type", ""}})));
        QVERIFY(!findArchitectureForHf(Json::object({{"model_type", "mamba"}})));
        // The class of the older BitNet models wins over their model_type.
        const Architecture* old = findArchitectureForHf(
            Json::object({{"model_type", "llama"}, {"architectures", Json(Json::Array{Json("BitnetForCausalLM")})}}));
        QVERIFY(old && old->nameForHf == "bitnet");
    }

    void expertsHaveTwoNumbers() {
        const Architecture& moe = *findArchitecture("qwen3moe");
        const auto alone = matchTensor(moe, "model.layers.3.mlp.experts.17.up_proj.weight", Naming::HuggingFace);
        QVERIFY(alone && alone->layer == 3 && alone->expert == 17);
        QCOMPARE(tensorName(alone->spec->name, 3, 17), std::string("blk.3.ffn_up.17.weight"));
        const auto stack = matchTensor(moe, "blk.3.ffn_up_exps.weight", Naming::Gguf);
        QVERIFY(stack && stack->layer == 3 && stack->expert == -1);
        QVERIFY(!matchTensor(moe, "blk.3.ffn_up.1.2.weight", Naming::Gguf));
        ModelConfig c;
        c.layers = 4;
        c.hiddenSize = 8;
        c.experts = {5, 2, 6, true};
        const std::int64_t ne[] = {8, 6, 5}, few[] = {8, 6, 4};
        const auto placed = placeTensor(*stack, "x", ne, c);
        QVERIFY(placed && placed->rows == 30 && placed->stack == 5 && placed->cols == 8);
        QVERIFY(!placeTensor(*stack, "x", few, c));
        QVERIFY(!placeTensor({alone->spec, 3, 5}, "x", std::span(ne).first(2), c)); // experts 0 to 4
    }

    void matchesNames_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("huggingFace");
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<int>("layer");
        QTest::newRow("embedding") << "token_embd.weight" << false << "token_embd.weight" << -1;
        QTest::newRow("block") << "blk.12.attn_q.weight" << false << "blk.%.attn_q.weight" << 12;
        QTest::newRow("hf") << "model.layers.0.mlp.up_proj.weight" << true << "blk.%.ffn_up.weight" << 0;
        QTest::newRow("head") << "lm_head.weight" << true << "output.weight" << -1;
        QTest::newRow("leading zero") << "blk.01.attn_q.weight" << false << "" << 0;
        QTest::newRow("negative") << "blk.-1.attn_q.weight" << false << "" << 0;
        QTest::newRow("too large") << "blk.99999999999.attn_q.weight" << false << "" << 0;
        QTest::newRow("literal mark") << "blk.%.attn_q.weight" << false << "" << 0;
        QTest::newRow("number where none belongs") << "token_embd.3" << false << "" << 0;
        QTest::newRow("wrong container") << "blk.0.attn_q.weight" << true << "" << 0;
        QTest::newRow("empty") << "" << false << "" << 0;
        QTest::newRow("dots") << "..." << false << "" << 0;
    }
    void matchesNames() {
        QFETCH(QString, name);
        QFETCH(bool, huggingFace);
        QFETCH(QString, pattern);
        QFETCH(int, layer);
        const auto match = matchTensor(*findArchitecture("llama"), name.toStdString(),
                                       huggingFace ? Naming::HuggingFace : Naming::Gguf);
        QCOMPARE(match.has_value(), !pattern.isEmpty());
        if (match) {
            QCOMPARE(QString::fromUtf8(match->spec->name.data(), static_cast<qsizetype>(match->spec->name.size())),
                     pattern);
            QCOMPARE(match->layer, layer);
        }
    }

    void namesOfBlocks() {
        QCOMPARE(tensorName("blk.%.ffn_up.weight", 7), std::string("blk.7.ffn_up.weight"));
        QCOMPARE(tensorName("output.weight", 7), std::string("output.weight"));
    }

    /// Against the definition by the pairs that rotate together: half rows i and i + d/2 become rows 2i and 2i + 1.
    void rowOrder_data() {
        QTest::addColumn<int>("heads");
        QTest::addColumn<int>("headDim");
        QTest::addColumn<int>("ropeDim");
        QTest::newRow("whole heads") << 3 << 8 << 8;
        QTest::newRow("partly rotated") << 2 << 8 << 4;
        QTest::newRow("pairs") << 4 << 2 << 2;
    }
    void rowOrder() {
        QFETCH(int, heads);
        QFETCH(int, headDim);
        QFETCH(int, ropeDim);
        const auto order = interleavedRowOrder(heads * headDim, headDim, ropeDim);
        for (int h = 0; h < heads; ++h) {
            const auto at = [&](int row) { return order[static_cast<std::size_t>(h * headDim + row)] - h * headDim; };
            for (int i = 0; i < ropeDim / 2; ++i) {
                QCOMPARE(at(2 * i), std::int64_t{i});
                QCOMPARE(at(2 * i + 1), std::int64_t{i + ropeDim / 2});
            }
            for (int i = ropeDim; i < headDim; ++i)
                QCOMPARE(at(i), std::int64_t{i});
        }
    }
};

QTEST_GUILESS_MAIN(TestArchitecture)
#include "tst_architecture.moc"
