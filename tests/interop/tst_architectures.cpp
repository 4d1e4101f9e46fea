// Tiny random models of every family against transformers, from folders, from GGUF files made of them, and back. Needs the
// Python program named by TRILOBIT_PYTHON with torch and transformers.
#include "core/encodings/encodingregistry.h"
#include "core/engine/engine.h"
#include "core/engine/sampler.h"
#include "core/model/hfwriter.h"
#include "core/model/modelwriter.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace trilobit;
using namespace trilobit::test;

namespace {

constexpr std::size_t kVocabulary = 512;
/// Logits of a few units in float32, three to seven blocks: the same sums in another order differ by less.
constexpr double kTolerance = 1e-4;

using Sequences = std::vector<std::vector<TokenId>>;

Sequences readSequences(const QString& path) {
    Sequences all;
    for (const QByteArray& line : readBytes(path).split('\n')) {
        std::vector<TokenId> ids;
        for (const QByteArray& word : line.simplified().split(' '))
            if (!word.isEmpty())
                ids.push_back(word.toInt());
        if (!ids.empty())
            all.push_back(std::move(ids));
    }
    return all;
}

/// `context`: Longrope chooses its factors by the context of the session, transformers by the length of the text.
std::vector<float> run(const Engine& engine, const Sequences& sequences, std::size_t step, bool byLength) {
    RunControl control;
    std::vector<float> all;
    for (const auto& ids : sequences) {
        auto session = *engine.newSession(byLength ? static_cast<std::int64_t>(ids.size()) : 512);
        for (std::size_t i = 0; i < ids.size(); i += step) {
            const auto piece = std::span(ids).subspan(i, std::min(step, ids.size() - i));
            if (const auto done = session->evaluate(piece, Session::Logits::All, control); !done)
                qFatal("%s", done.error().text().c_str());
            all.insert(all.end(), session->logits().begin(), session->logits().end());
        }
    }
    return all;
}

QString compare(const std::vector<float>& got, const std::vector<float>& expected) {
    if (got.size() != expected.size() || got.empty())
        return QStringLiteral("%1 logits instead of %2").arg(got.size()).arg(expected.size());
    double worst = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double d = std::fabs(static_cast<double>(got[i]) - static_cast<double>(expected[i]));
        if (!(d <= worst))
            worst = d, at = i;
    }
    qInfo("largest difference %.2g", worst);
    if (!(worst <= kTolerance))
        return QStringLiteral("position %1, token %2: %3 instead of %4").arg(at / kVocabulary).arg(at % kVocabulary)
            .arg(static_cast<double>(got[at])).arg(static_cast<double>(expected[at]));
    return {};
}

} // namespace

class TestArchitectures : public QObject {
    Q_OBJECT

    QString m_python = qEnvironmentVariable("TRILOBIT_PYTHON");
    QTemporaryDir m_place;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();

    /// One call for all models: starting the program takes longer than its work.
    bool script(const QStringList& arguments, QByteArray* out = nullptr) const {
        QProcess process;
        process.start(m_python, QStringList{QStringLiteral(TRILOBIT_SOURCE "/tests/interop/architectures.py")} + arguments);
        if (!process.waitForFinished(1'200'000) || process.exitCode() != 0) {
            qWarning("%s", process.readAllStandardError().constData());
            return false;
        }
        if (out)
            *out = process.readAllStandardOutput();
        return true;
    }

    void names() {
        QTest::addColumn<QString>("name");
        const QStringList made = QDir(m_place.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString& name : made)
            QTest::newRow(qPrintable(name)) << name;
        if (made.isEmpty())
            QTest::newRow("none") << QString();
    }

    QString check(const QString& path, const QString& name) const {
        const QString made = m_place.filePath(name);
        const Sequences ids = readSequences(made + QStringLiteral("/ids.txt"));
        const std::vector<float> expected = readFloats(made + QStringLiteral("/logits.f32"));
        RunControl control;
        const auto model = loadModel(path.toStdString(), m_encodings);
        if (!model)
            return QString::fromStdString(model.error().text());
        const auto engine = Engine::create(*model, {2, ActivationPath::Auto}, control);
        if (!engine)
            return QString::fromStdString(engine.error().text());
        for (const std::size_t step : {std::size_t{96}, std::size_t{7}})
            if (const QString problem =
                    compare(run(**engine, ids, step, name == QLatin1String("phi3-long")), expected);
                !problem.isEmpty())
                return problem;
        return {};
    }

private slots:
    void initTestCase() {
        if (m_python.isEmpty())
            QSKIP("TRILOBIT_PYTHON names no Python with torch and transformers");
        QVERIFY(script({QStringLiteral("make"), m_place.path()}));
    }

    void foldersAndFiles_data() { names(); }
    void foldersAndFiles() {
        QFETCH(QString, name);
        const QString made = m_place.filePath(name);
        QString problem = check(made, name);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        RunControl control;
        const QString gguf = m_place.filePath(name + QStringLiteral("/made.gguf"));
        const auto model = loadModel(made.toStdString(), m_encodings);
        QVERIFY_RESULT(writeModelGguf(**model, gguf.toStdString(), control));
        problem = check(gguf, name);
        QVERIFY2(problem.isEmpty(), qPrintable("from GGUF: " + problem));
        const auto again = loadModel(gguf.toStdString(), m_encodings);
        QVERIFY_RESULT(again);
        if (!hfFolderObstacles(**again).empty())
            return;
        const QString back = m_place.filePath(name + QStringLiteral("/back"));
        QVERIFY_RESULT(writeModelHf(**again, back.toStdString(), control));
        problem = check(back, name);
        QVERIFY2(problem.isEmpty(), qPrintable("back in a folder: " + problem));
    }

    void foldersWrittenHere_data() {
        names();
        if (!m_python.isEmpty() && !script({QStringLiteral("check"), m_place.path()}))
            QFAIL("transformers does not read a folder written here");
    }
    void foldersWrittenHere() {
        QFETCH(QString, name);
        const QString out = m_place.filePath(name + QStringLiteral("/back.f32"));
        if (!QFile::exists(out))
            QSKIP("such folders are not written");
        const QString problem = compare(readFloats(out), readFloats(m_place.filePath(name + QStringLiteral("/logits.f32"))));
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
};

QTEST_GUILESS_MAIN(TestArchitectures)
#include "tst_architectures.moc"
