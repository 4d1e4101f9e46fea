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
            if (!a.hfModelType.empty()) {
                QVERIFY(types.insert(a.hfModelType).second);
                QVERIFY(std::find(a.names.begin(), a.names.end(), a.nameForHf) != a.names.end());
            }
            std::set<std::string_view> gguf, hf;
            for (const TensorSpec& spec : a.tensors) {
                QVERIFY(spec.name.empty() || gguf.insert(spec.name).second);
                QVERIFY(spec.hfName.empty() || hf.insert(spec.hfName).second);
            }
            QVERIFY(a.configure && a.fromHf);
        }
        QVERIFY(findArchitecture("bitnet-25"));
        QVERIFY(!findArchitecture("mamba"));
        QVERIFY(findArchitectureForHf("llama"));
        QVERIFY(!findArchitectureForHf(""));
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
