// Folders in the AWQ and HQQ layouts, read by other programs: the same weights to the last bit. Needs the Python program
// named by TRILOBIT_PYTHON with torch and, for HQQ, the hqq package.
#include "core/encodings/encodingregistry.h"
#include "core/formats/safetensors/safetensorsreader.h"
#include "core/model/hfwriter.h"
#include "core/model/model.h"
#include "core/model/roperows.h"
#include "tests/support/cli.h"
#include "tests/support/testdata.h"

#include <QTemporaryDir>

#include <algorithm>
#include <cstring>
#include <map>

using namespace trilobit;
using namespace trilobit::test;

class TestCheckpointLayouts : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();

    QString path(const QString& name) const { return m_folder.filePath(name); }

private slots:
    void othersReadTheSameWeights_data() {
        QTest::addColumn<QString>("layout");
        QTest::addColumn<QStringList>("options");
        // Rounding to the nearest with zeros that are whole, and the HQQ method with zeros that are not.
        QTest::newRow("AWQ from Q4_0") << "awq" << QStringList{"--encoding", "Q4_0"};
        QTest::newRow("HQQ from Q4_0") << "hqq" << QStringList{"--encoding", "Q4_0"};
        QTest::newRow("HQQ from Q8_0") << "hqq" << QStringList{"--encoding", "Q8_0"};
        for (const char* id : {"affine-g32-b8", "affine-g32-b4", "affine-g64-b3", "affine-g32-b2", "affine-g32-b1"})
            QTest::addRow("HQQ from %s", id) << "hqq" << QStringList{"--encoding", id, "--method", "hqq"};
        QTest::newRow("HQQ of ternary digits") << "hqq" << QStringList{"--encoding", "Q2_0"};
    }
    void othersReadTheSameWeights() {
        const QString python = qEnvironmentVariable("TRILOBIT_PYTHON");
        if (python.isEmpty())
            QSKIP("TRILOBIT_PYTHON names no Python with torch");
        TRILOBIT_NEED_DATA("models/stories260K_gguf/stories260K-ff192-f32.gguf");
        QFETCH(QString, layout);
        QFETCH(QStringList, options);
        const QString gguf = path("in.gguf"), folder = path(QString::fromLatin1(QTest::currentDataTag()).replace(' ', '-'));
        TRILOBIT_CLI(made, (QStringList{"quantize", dataPath("models/stories260K_gguf/stories260K-ff192-f32.gguf"), "-o", gguf,
                                        "--tensors", "blk.*"} + options));
        TRILOBIT_CLI(written, {"convert", gguf, "-o", folder, "--format", layout});
        const QString back = path("back.safetensors");
        QProcess process;
        process.start(python, {QStringLiteral(TRILOBIT_SOURCE "/tests/interop/checkpoints.py"), folder, back});
        QVERIFY(process.waitForFinished(600'000));
        const QByteArray problem = process.readAllStandardError();
        if (problem.contains("No module named"))
            QSKIP(problem.right(200).constData());
        QVERIFY2(process.exitCode() == 0, problem.constData());

        const auto model = loadModel(gguf.toStdString(), m_encodings), ours = loadModel(folder.toStdString(), m_encodings);
        const auto theirs = readSafetensors(back.toStdString());
        QVERIFY_RESULT(model);
        QVERIFY_RESULT(ours);
        QVERIFY_RESULT(theirs);
        RunControl control;
        std::size_t compared = 0;
        for (const Tensor& tensor : (*ours)->tensors()) {
            if (!tensor.sourceName.ends_with(layout == "hqq" ? ".W_q" : ".qweight"))
                continue;
            const std::string name = tensor.sourceName.substr(0, tensor.sourceName.rfind('.')) + ".weight";
            const auto found = std::find_if(theirs->tensors.begin(), theirs->tensors.end(), [&](const auto& t) { return t.name == name; });
            QVERIFY2(found != theirs->tensors.end(), name.c_str());
            const auto values = decodeTensor(tensor, control);
            QVERIFY_RESULT(values);
            QCOMPARE(found->bytes.size(), values->size() * sizeof(float));
            QVERIFY2(std::memcmp(found->bytes.data(), values->data(), found->bytes.size()) == 0, name.c_str());
            // And as they were before: in a GGUF file the rows of q and k stand in pairs.
            const Tensor* before = (*model)->find(tensor.name);
            QVERIFY(before);
            auto original = decodeTensor(*before, control);
            QVERIFY_RESULT(original);
            if (tensor.role == TensorRole::AttnQ || tensor.role == TensorRole::AttnK) {
                const auto order = interleavedRowOrder(tensor.rows, (*ours)->config().headDim, (*ours)->config().ropeDim);
                std::vector<float> sorted(values->size());
                for (std::size_t r = 0; r < order.size(); ++r)
                    std::copy_n(values->begin() + order[r] * tensor.cols, tensor.cols,
                                sorted.begin() + static_cast<std::ptrdiff_t>(r) * tensor.cols);
                QVERIFY2(sorted == *original, name.c_str());
            } else {
                QVERIFY2(*values == *original, name.c_str());
            }
            ++compared;
        }
        QCOMPARE(compared, theirs->tensors.size());
        QVERIFY(compared >= 7);
    }
};

QTEST_GUILESS_MAIN(TestCheckpointLayouts)
#include "tst_checkpointlayouts.moc"
