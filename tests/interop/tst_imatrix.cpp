// Calibration files in stock llama.cpp's hands: its quantizer, given our sums, stores the same bytes as ours. Needs the Python
// program named by TRILOBIT_PYTHON with gguf and numpy, and the npm package node-llama-cpp in the folder TRILOBIT_LLAMA_NODE.
#include "core/formats/gguf/ggufreader.h"
#include "tests/support/cli.h"
#include "tests/support/testdata.h"

#include <QTemporaryDir>

#include <algorithm>

using namespace trilobit;
using namespace trilobit::test;

class TestImatrix : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString libraries() const {
        const QString folder = qEnvironmentVariable("TRILOBIT_LLAMA_NODE") + "/node_modules/@node-llama-cpp/linux-"
                               + (QSysInfo::currentCpuArchitecture() == "x86_64" ? "x64" : "arm64");
        return folder + "/bins/" + QFileInfo(folder).fileName();
    }

private slots:
    void initTestCase() {
        if (qEnvironmentVariableIsEmpty("TRILOBIT_PYTHON") || qEnvironmentVariableIsEmpty("TRILOBIT_LLAMA_NODE"))
            QSKIP("needs TRILOBIT_PYTHON (with gguf and numpy) and TRILOBIT_LLAMA_NODE (with node-llama-cpp)");
        TRILOBIT_CLI(demo, {"demo", "-o", m_folder.filePath("demo.gguf")});
        TRILOBIT_CLI(made, {"calibrate", m_folder.filePath("demo.gguf"), "--text",
                            QStringLiteral(TRILOBIT_SOURCE "/resources/docs/architecture.md"), "-o",
                            m_folder.filePath("imatrix.gguf"), "--context", "64", "--tokens", "1024"});
        QCOMPARE(made.json["tokens"].toInt(), std::int64_t{1024});
    }

    void sameBytes_data() {
        QTest::addColumn<int>("ftype"); // numbers of llama.cpp's file types
        for (const auto& [name, ftype] : {std::pair("Q4_0", 2), std::pair("Q4_1", 3), std::pair("Q5_0", 8), std::pair("Q5_1", 9),
                                          std::pair("Q2_K", 10), std::pair("Q3_K", 11), std::pair("Q4_K", 14),
                                          std::pair("Q5_K", 16), std::pair("Q6_K", 18), std::pair("IQ4_NL", 25),
                                          std::pair("IQ4_XS", 30)})
            QTest::newRow(name) << ftype;
    }
    void sameBytes() {
        QFETCH(int, ftype);
        const QString encoding = QString::fromLatin1(QTest::currentDataTag());
        const QString model = m_folder.filePath("demo.gguf"), imatrix = m_folder.filePath("imatrix.gguf"),
                      ours = m_folder.filePath("ours.gguf"), theirs = m_folder.filePath("theirs.gguf");
        TRILOBIT_CLI(made, {"quantize", model, "-o", ours, "--encoding", encoding, "--calibration", imatrix});
        QProcess python;
        python.start(qEnvironmentVariable("TRILOBIT_PYTHON"),
                     {QStringLiteral(TRILOBIT_SOURCE "/tests/interop/imatrix.py"), libraries(), model, imatrix, theirs,
                      QString::number(ftype)});
        QVERIFY(python.waitForFinished(300'000));
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
        const auto a = readGguf(ours.toStdString()), b = readGguf(theirs.toStdString());
        QVERIFY_RESULT(a);
        QVERIFY_RESULT(b);
        int compared = 0;
        for (const Json& report : made.json["tensors"].items()) {
            const std::string& name = report["name"].toString();
            if (!report["calibrated"].toBool() || report["encoding"].toString() != encoding.toStdString())
                continue;
            const auto find = [&](const GgufFile& file) {
                return std::find_if(file.tensors.begin(), file.tensors.end(), [&](const GgufTensor& t) { return t.name == name; });
            };
            const auto mine = find(*a), other = find(*b);
            QVERIFY2(other != b->tensors.end(), name.c_str());
            QCOMPARE(other->type, mine->type);
            const auto size = report["bytes"].toUInt();
            QVERIFY2(std::ranges::equal(mine->rest.first(size), other->rest.first(size)), name.c_str());
            ++compared;
        }
        QVERIFY(compared >= 7);
    }
};

QTEST_GUILESS_MAIN(TestImatrix)
#include "tst_imatrix.moc"
