// Perplexity and KL of real models against values that other programs computed.
#include "tests/support/cli.h"
#include "tests/support/testdata.h"

#include <QFile>
#include <QTemporaryDir>

using namespace trilobit;
using namespace trilobit::test;

class TestRealModels : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString excerpt(int bytes) const {
        const QString path = m_folder.filePath(QStringLiteral("excerpt-%1.txt").arg(bytes));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write the excerpt");
        file.write(readBytes(dataPath("training/tinystories_excerpt.txt")).left(bytes));
        return path;
    }

private slots:
    void perplexityOfStories_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<double>("expected");
        QTest::addColumn<double>("relative");
        // Float32 values by llama.cpp and numpy; the last digit given is what the tolerance allows.
        QTest::newRow("ternary F32") << "golden/models/stories-ternary/stories-ternary-pad256-f32.gguf" << 10.5914 << 1e-4;
        // The same weights; the given value for this file quantizes activations, the float path must give the F32 one.
        QTest::newRow("ternary TQ2_0") << "golden/models/stories-ternary/stories-ternary-pad256-TQ2_0.gguf" << 10.5914 << 1e-3;
        QTest::newRow("stories260K") << "models/stories260K_gguf/stories260K-f32.gguf" << 4.2434 << 1e-4;
        QTest::newRow("folder") << "models/stories260K_hf" << 4.2434 << 1e-4;
    }
    void perplexityOfStories() {
        TRILOBIT_NEED_DATA("training/tinystories_excerpt.txt");
        QFETCH(QString, model);
        QFETCH(double, expected);
        QFETCH(double, relative);
        TRILOBIT_CLI(result, {"perplexity", dataPath(model), "--text", excerpt(40960), "--ctx", "128"});
        QCOMPARE(result.json["tokens"].toInt(), 9702);
        const double ppl = result.json["ppl"].toDouble();
        QVERIFY2(std::abs(ppl / expected - 1) < relative, qPrintable(QString::number(ppl, 'f', 5)));
        QCOMPARE(result.json["path"].toString(), std::string("float"));
    }
    void klOfQuantizedTwins_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<double>("kl");
        QTest::addColumn<double>("top1");
        QTest::addColumn<double>("ppl");
        QTest::newRow("Q4_0") << "ff192-Q4_0" << 0.142400 << 0.80008 << 5.82625;
        QTest::newRow("Q8_0") << "ff192-Q8_0" << 0.001051 << 0.98064 << 5.25885;
    }
    void klOfQuantizedTwins() {
        TRILOBIT_NEED_DATA("golden/kl/ff192-Q4_0.gguf");
        QFETCH(QString, file);
        QFETCH(double, kl);
        QFETCH(double, top1);
        QFETCH(double, ppl);
        TRILOBIT_CLI(result, {"perplexity", dataPath("golden/kl/" + file + ".gguf"), "--text", excerpt(61440), "--ctx",
                              "128", "--baseline", dataPath("models/stories260K_gguf/stories260K-f32.gguf")});
        const Json& json = result.json;
        QCOMPARE(json["tokens"].toInt(), 14931);
        const QByteArray found = QByteArray::fromStdString("KL " + json["kl_mean"].dump() + " top1 "
                                                           + json["top1_agreement"].dump() + " ppl " + json["ppl"].dump());
        QVERIFY2(std::abs(json["baseline_ppl"].toDouble() / 5.2514 - 1) < 1e-4, found.constData());
        // The peer rounds activations to 8 bits: up to about 2 % of KL at 4 bits, a good part of it at 8 bits.
        const double slack = kl > 0.01 ? 0.02 * kl : 0.0006;
        QVERIFY2(std::abs(json["kl_mean"].toDouble() - kl) < slack, found.constData());
        QVERIFY2(std::abs(json["ppl"].toDouble() / ppl - 1) < 1e-3, found.constData());
        QVERIFY2(std::abs(json["top1_agreement"].toDouble() - top1) < 0.01, found.constData());
    }
    void perplexityOfSmolLm2() {
        TRILOBIT_NEED_DATA("models/smollm2-135m-instruct.q4_1.gguf");
        TRILOBIT_CLI(result, {"perplexity", dataPath("models/smollm2-135m-instruct.q4_1.gguf"), "--text",
                              dataPath("text/wiki.test.raw"), "--chunks", "40"});
        QCOMPARE(result.json["tokens"].toInt(), 10200);
        const double ppl = result.json["ppl"].toDouble();
        QVERIFY2(std::abs(ppl / 23.5115 - 1) < 0.001, qPrintable(QString::number(ppl, 'f', 5)));
        QCOMPARE(result.json["path"].toString(), std::string("float"));
        qInfo("SmolLM2 perplexity %.4f in %.1f s", ppl, result.json["seconds"].toDouble());
    }
    void smolLm2KnowsParis() {
        TRILOBIT_NEED_DATA("models/smollm2-135m-instruct.q4_1.gguf");
        TRILOBIT_CLI(result, {"generate", dataPath("models/smollm2-135m-instruct.q4_1.gguf"), "-p",
                              "The capital of France is", "-n", "4"});
        QVERIFY2(result.json["text"].toString().find("Paris") != std::string::npos, result.out.constData());
    }
};

QTEST_GUILESS_MAIN(TestRealModels)
#include "tst_realmodels.moc"
