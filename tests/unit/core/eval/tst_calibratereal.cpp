// The sums of a real model over a real text, beside those that llama.cpp collected on the same model and text.
#include "core/calib/imatrixfile.h"
#include "core/eval/calibrate.h"
#include "tests/support/testdata.h"

#include <QtTest>

#include <cmath>

using namespace trilobit;
using namespace trilobit::test;

class TestCalibrateReal : public QObject {
    Q_OBJECT
private slots:
    /// llama.cpp rounds activations to half precision before it multiplies F16 weights, we do not: 2^-11 each, which thirty
    /// blocks carry on. Its file was written after 29 chunks, when the first matrix of the graph had seen one more.
    void sumsOfLlamaCpp() {
        const QString model = qEnvironmentVariable("TRILOBIT_CACHE") + QStringLiteral("/smollm2-135m-smooth.f16.gguf");
        if (!QFileInfo::exists(model))
            QSKIP("needs smollm2-135m-smooth.f16.gguf (tools/smooth_source.py of the test data writes it) in TRILOBIT_CACHE");
        TRILOBIT_NEED_DATA("golden/imatrix/smollm2-135m-smooth.c4-20x512.gguf");
        const auto golden = readCalibration(dataPath("golden/imatrix/smollm2-135m-smooth.c4-20x512.gguf").toStdString());
        QVERIFY_RESULT(golden);
        const auto loaded = loadModel(model.toStdString(), EncodingRegistry::builtin());
        QVERIFY_RESULT(loaded);
        RunControl control;
        const auto engine = Engine::create(*loaded, {}, control);
        QVERIFY_RESULT(engine);
        const QByteArray text = readBytes(dataPath("text/calibration_c4.txt"));
        const auto run = calibrate(**engine, text.toStdString(), {512, 0, 29, false}, control);
        QVERIFY_RESULT(run);
        QCOMPARE(run->calibration.tensors.size(), golden->tensors.size());
        double worst = 0, worstMean = 0;
        std::string where;
        for (const auto& [name, theirs] : golden->tensors) {
            const InputStatistics* ours = run->calibration.find(name);
            QVERIFY2(ours && ours->channels() == theirs.channels(), name.c_str());
            if (theirs.totalTokens() != ours->totalTokens()) {
                QCOMPARE(name, std::string("blk.0.attn_q.weight"));
                continue;
            }
            double sum = 0;
            for (std::size_t i = 0; i < theirs.sumSquares.size(); ++i) {
                const double a = static_cast<double>(ours->sumSquares[i]), b = static_cast<double>(theirs.sumSquares[i]);
                const double difference = std::fabs(a - b) / b;
                sum += difference;
                if (!(difference <= worst)) {
                    worst = difference;
                    where = name + ", channel " + std::to_string(i);
                }
            }
            worstMean = std::max(worstMean, sum / static_cast<double>(theirs.sumSquares.size()));
        }
        qInfo("largest relative difference %g (%s), largest mean over a tensor %g", worst, where.c_str(), worstMean);
        QVERIFY2(worst < 0.05, where.c_str());
        QVERIFY(worstMean < 0.005);
    }
};

QTEST_GUILESS_MAIN(TestCalibrateReal)
#include "tst_calibratereal.moc"
