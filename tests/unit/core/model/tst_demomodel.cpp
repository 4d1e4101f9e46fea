// The untrained demo model: loads, is labelled, depends on the seed only, and its weights look like weights.
#include "core/model/demomodel.h"
#include "core/model/model.h"
#include "core/model/modelwriter.h"
#include "tests/support/testdata.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace trilobit;

class TestDemoModel : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    RunControl m_control;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }

private slots:
    void initTestCase() {
        QVERIFY_RESULT(writeDemoModel(path("a.gguf"), 7, m_control));
        QVERIFY_RESULT(writeDemoModel(path("b.gguf"), 7, m_control));
        QVERIFY_RESULT(writeDemoModel(path("c.gguf"), 8, m_control));
    }

    void bytesFollowTheSeed() {
        const QByteArray a = test::readBytes(m_folder.filePath("a.gguf"));
        QVERIFY(a == test::readBytes(m_folder.filePath("b.gguf")));
        QVERIFY(a != test::readBytes(m_folder.filePath("c.gguf")));
        QVERIFY(a.size() < 10'000'000);
    }

    void isAWholeAndHonestModel() {
        const auto model = loadModel(path("a.gguf"), m_encodings);
        QVERIFY_RESULT(model);
        QVERIFY(QString::fromStdString((*model)->config().name).contains("untrained"));
        QVERIFY2((*model)->tokenizer(), (*model)->tokenizerNote().c_str());
        QCOMPARE((*model)->tokenizer()->vocabSize(), 512);
        QVERIFY((*model)->warnings().empty());
        QVERIFY(!(*model)->config().tiedOutput);
        QCOMPARE((*model)->tokenizer()->data().tokens[261], std::string("\xE2\x96\x81t"));
        QVERIFY(stockLlamaCppObstacles(**model).empty());
        QVERIFY(!(*model)->tokenizer()->data().chatTemplate.empty());
        for (const Tensor& t : (*model)->tensors())
            if (t.isQuantizable())
                QVERIFY2(t.cols % 256 == 0, t.name.c_str());
    }

    void tokenizesEnglishIntoWords() {
        const auto model = loadModel(path("a.gguf"), m_encodings);
        QVERIFY_RESULT(model);
        const Tokenizer& tokenizer = *(*model)->tokenizer();
        const std::string text = "the number that they would like to write";
        const auto ids = tokenizer.encode(text, {false, false});
        QCOMPARE(ids.size(), std::size_t{8});
        QCOMPARE(tokenizer.decode(ids, false), text);
        const std::string other = "Gr\xC3\xBC\xC3\x9F""e, 42%!\n";
        QCOMPARE(tokenizer.decode(tokenizer.encode(other, {false, false}), false), other);
        const auto chat = tokenizer.encode("<|im_start|>user", {false, true});
        QCOMPARE(tokenizer.pieceBytes(chat.front(), true), std::string("<|im_start|>"));
    }

    /// Deeper blocks are wider, and a few columns stand out.
    void weightsHaveStructure() {
        const auto model = loadModel(path("a.gguf"), m_encodings);
        QVERIFY_RESULT(model);
        std::vector<double> sigmas;
        for (int layer = 0; layer < 4; ++layer) {
            const Tensor* t = (*model)->find("blk." + std::to_string(layer) + ".ffn_up.weight");
            QVERIFY(t);
            const std::vector<float> values = *decodeTensor(*t, m_control);
            std::vector<double> column(static_cast<std::size_t>(t->cols));
            for (std::size_t i = 0; i < values.size(); ++i)
                column[i % column.size()] += static_cast<double>(values[i]) * values[i];
            std::sort(column.begin(), column.end());
            const double median = std::sqrt(column[column.size() / 2] / static_cast<double>(t->rows));
            const double largest = std::sqrt(column.back() / static_cast<double>(t->rows));
            QVERIFY(largest > 2.5 * median);
            sigmas.push_back(median);
        }
        QVERIFY(std::is_sorted(sigmas.begin(), sigmas.end()));
        // 768 samples per column: the median of 256 such estimates is within 1 % of 0.03.
        QVERIFY(std::abs(sigmas[0] - 0.03) < 0.0006);
    }

    void cancel() {
        struct Cancelled : RunControl {
            bool isCancelled() const noexcept override { return true; }
        } control;
        QCOMPARE(writeDemoModel(path("d.gguf"), 1, control).error().code, ErrorCode::Cancelled);
        QVERIFY(!QFile::exists(m_folder.filePath("d.gguf")));
    }
};

QTEST_GUILESS_MAIN(TestDemoModel)
#include "tst_demomodel.moc"
