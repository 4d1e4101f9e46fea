// Logits of real files against those that other programs computed, from every container and by every path.
#include "core/encodings/encodingregistry.h"
#include "core/engine/engine.h"
#include "core/engine/sampler.h"
#include "core/model/hfwriter.h"
#include "core/model/modelwriter.h"
#include "tests/support/testdata.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace trilobit;
using namespace trilobit::test;

namespace {

using Sequences = std::vector<std::vector<TokenId>>;

std::shared_ptr<const Model> load(const QString& relative) {
    const auto model = loadModel(dataPath(relative).toStdString(), EncodingRegistry::builtin());
    if (!model)
        qFatal("%s", model.error().text().c_str());
    return *model;
}

std::shared_ptr<const Engine> engineFor(const std::shared_ptr<const Model>& model, ActivationPath path, int threads = 2) {
    RunControl control;
    const auto engine = Engine::create(model, {threads, path}, control);
    if (!engine)
        qFatal("%s", engine.error().text().c_str());
    return *engine;
}

Sequences readSequences(const QString& relative) {
    Sequences all;
    for (const QByteArray& line : readBytes(dataPath(relative)).split('\n')) {
        std::vector<TokenId> ids;
        for (const QByteArray& word : line.simplified().split(' '))
            if (!word.isEmpty())
                ids.push_back(word.toInt());
        if (!ids.empty())
            all.push_back(std::move(ids));
    }
    return all;
}

/// Logits of every position; each sequence starts anew and is handed over in pieces of `step`.
std::vector<float> run(const Engine& engine, const Sequences& sequences, std::size_t step) {
    RunControl control;
    auto session = *engine.newSession(0);
    std::vector<float> all;
    for (const auto& ids : sequences) {
        session->truncate(0);
        for (std::size_t i = 0; i < ids.size(); i += step) {
            const auto piece = std::span(ids).subspan(i, std::min(step, ids.size() - i));
            if (const auto done = session->evaluate(piece, Session::Logits::All, control); !done)
                qFatal("%s", done.error().text().c_str());
            all.insert(all.end(), session->logits().begin(), session->logits().end());
        }
    }
    return all;
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b) {
    double worst = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        const double d = std::fabs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        worst = d <= worst ? worst : d;
    }
    return worst;
}

/// Empty when every logit is within `tolerance` and every argmax is the same.
QString compare(const std::vector<float>& got, const std::vector<float>& expected, std::size_t vocab, double tolerance) {
    if (got.size() != expected.size() || got.empty())
        return QStringLiteral("%1 logits instead of %2").arg(got.size()).arg(expected.size());
    for (std::size_t row = 0; row < got.size(); row += vocab) {
        const std::span a = std::span(got).subspan(row, vocab), b = std::span(expected).subspan(row, vocab);
        for (std::size_t i = 0; i < vocab; ++i)
            if (!(std::fabs(static_cast<double>(a[i]) - static_cast<double>(b[i])) <= tolerance))
                return QStringLiteral("position %1, token %2: %3 instead of %4")
                    .arg(row / vocab).arg(i).arg(static_cast<double>(a[i])).arg(static_cast<double>(b[i]));
        if (argmax(a) != argmax(b))
            return QStringLiteral("position %1: another argmax").arg(row / vocab);
    }
    return {};
}

} // namespace

class TestEngineGolden : public QObject {
    Q_OBJECT
private slots:
    void tinyModels_data();
    void tinyModels();
    void olderSpelling_data();
    void olderSpelling();
    void writtenAndReadAgain_data();
    void writtenAndReadAgain();
    void sameBitsEverywhere_data();
    void sameBitsEverywhere();
    void stories_data();
    void stories();
    void storiesTernary();
};

void TestEngineGolden::tinyModels_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("logits");
    QTest::addColumn<ActivationPath>("path");
    const auto row = [](const char* folder, const char* file, const char* logits, ActivationPath path) {
        QTest::addRow("%s/%s, %s", folder, file, logits) << folder << file << logits << path;
    };
    for (const char* file : {"", "model.safetensors", "model-f32.gguf"}) {
        for (const char* folder : {"llama", "qwen2", "qwen3", "gemma3", "qwen3moe"})
            row(folder, file, "logits.f32", ActivationPath::Auto);
        for (const char* folder : {"bitnet", "bitnet-packed", "bitnet-packed-div"}) {
            row(folder, file, "logits.f32", ActivationPath::Auto);
            row(folder, file, "logits.noact.f32", ActivationPath::Float);
        }
    }
    // Here logits.f32 has plain activations; the model's own definition is the other file.
    for (const char* file : {"t256-b1.58-I2_S.gguf", "t256-b1.58-f16.gguf"}) {
        row("bitnet-b1.58-t256", file, "logits.f32", ActivationPath::Float);
        row("bitnet-b1.58-t256", file, "logits.w1.58a8.f32", ActivationPath::Auto);
    }
}

void TestEngineGolden::tinyModels() {
    TRILOBIT_NEED_DATA("golden/models/llama/logits.f32");
    QFETCH(QString, folder);
    QFETCH(QString, file);
    QFETCH(QString, logits);
    QFETCH(ActivationPath, path);
    const QString base = QStringLiteral("golden/models/") + folder + QLatin1Char('/');
    const auto engine = engineFor(load(base + file), path);
    const bool int8 = folder.startsWith(QLatin1String("bitnet")) && path == ActivationPath::Auto;
    QCOMPARE(engine->pathDescription(), std::string(int8 ? "int8 activations (per token)" : "float"));
    const Sequences ids = readSequences(base + QStringLiteral("ids.txt"));
    const auto expected = readFloats(dataPath(base + logits));
    // The tolerance that the README of the data derives from the noise of float32.
    for (const std::size_t step : {std::size_t{96}, std::size_t{5}}) {
        const QString problem = compare(run(*engine, ids, step), expected, 512, 1e-4);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
}

namespace {

const char* const kPlainFolders[] = {"llama", "qwen2", "qwen3", "gemma3", "qwen3moe"};

} // namespace

void TestEngineGolden::olderSpelling_data() {
    QTest::addColumn<QString>("folder");
    for (const char* folder : kPlainFolders)
        QTest::newRow(folder) << folder;
}

/// The spelling that most published models use means the same.
void TestEngineGolden::olderSpelling() {
    TRILOBIT_NEED_DATA("golden/models/gemma3/config.v4.json");
    QFETCH(QString, folder);
    const QString base = dataPath(QStringLiteral("golden/models/") + folder);
    QTemporaryDir copy;
    QVERIFY(QFile::copy(base + QStringLiteral("/config.v4.json"), copy.filePath(QStringLiteral("config.json"))));
    QVERIFY(QFile::link(base + QStringLiteral("/model.safetensors"), copy.filePath(QStringLiteral("model.safetensors"))));
    const auto model = loadModel(copy.path().toStdString(), EncodingRegistry::builtin());
    QVERIFY_RESULT(model);
    const Sequences ids = readSequences(QStringLiteral("golden/models/") + folder + QStringLiteral("/ids.txt"));
    const auto expected = run(*engineFor(load(QStringLiteral("golden/models/") + folder), ActivationPath::Auto), ids, 96);
    QVERIFY(sameBits(run(*engineFor(*model, ActivationPath::Auto), ids, 96), expected));
}

void TestEngineGolden::writtenAndReadAgain_data() { olderSpelling_data(); }

/// Folder to GGUF, and where such folders are written, GGUF to folder: the same logits each time.
void TestEngineGolden::writtenAndReadAgain() {
    TRILOBIT_NEED_DATA("golden/models/gemma3/ids.txt");
    QFETCH(QString, folder);
    const QString base = QStringLiteral("golden/models/") + folder;
    const Sequences ids = readSequences(base + QStringLiteral("/ids.txt"));
    const auto expected = readFloats(dataPath(base + QStringLiteral("/logits.f32")));
    QTemporaryDir place;
    RunControl control;
    const std::string gguf = place.filePath(QStringLiteral("a.gguf")).toStdString();
    QVERIFY_RESULT(writeModelGguf(*load(base), gguf, control));
    const auto fromGguf = loadModel(gguf, EncodingRegistry::builtin());
    QVERIFY_RESULT(fromGguf);
    QString problem = compare(run(*engineFor(*fromGguf, ActivationPath::Auto), ids, 96), expected, 512, 1e-4);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    if (!hfFolderObstacles(**fromGguf).empty()) {
        QCOMPARE(folder, QStringLiteral("qwen3moe"));
        return;
    }
    const std::string again = place.filePath(QStringLiteral("hf")).toStdString();
    QVERIFY_RESULT(writeModelHf(**fromGguf, again, control));
    const auto fromFolder = loadModel(again, EncodingRegistry::builtin());
    QVERIFY_RESULT(fromFolder);
    problem = compare(run(*engineFor(*fromFolder, ActivationPath::Auto), ids, 96), expected, 512, 1e-4);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void TestEngineGolden::sameBitsEverywhere_data() {
    QTest::addColumn<QString>("file");
    for (const char* file : {"golden/models/llama", "golden/models/bitnet", "golden/models/gemma3", "golden/models/qwen3moe",
                             "golden/models/bitnet-b1.58-t256/t256-b1.58-I2_S.gguf",
                             "models/stories260K_gguf/stories260K-f16.gguf"})
        QTest::newRow(file) << file;
}

void TestEngineGolden::sameBitsEverywhere() {
    TRILOBIT_NEED_DATA("golden/models/llama/ids.txt");
    QFETCH(QString, file);
    const auto model = load(file);
    Sequences ids = readSequences(QStringLiteral("golden/models/llama/ids.txt"));
    ids.pop_back();
    const auto expected = run(*engineFor(model, ActivationPath::Auto, 1), ids, 16);
    for (const char* isa : {"scalar", "avx2", "avx512", "avx512-vnni", ""}) {
        qputenv("TRILOBIT_ISA", isa);
        RunControl control;
        const auto possible = Engine::create(model, {}, control);
        if (possible)
            for (const int threads : {1, 2}) {
                const auto engine = engineFor(model, ActivationPath::Auto, threads);
                QVERIFY2(sameBits(run(*engine, ids, 16), expected), isa);
                QVERIFY2(sameBits(run(*engine, ids, 1), expected), isa);
            }
        qunsetenv("TRILOBIT_ISA");
        QVERIFY(possible || possible.error().code == ErrorCode::Usage);
    }
}

void TestEngineGolden::stories_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<double>("tolerance");
    QTest::newRow("HF folder") << "stories260K_hf" << 1e-4;
    QTest::newRow("GGUF F32") << "stories260K_gguf/stories260K-f32.gguf" << 1e-4;
    QTest::newRow("GGUF F32, ffn padded to 192") << "stories260K_gguf/stories260K-ff192-f32.gguf" << 1e-4;
    QTest::newRow("GGUF F32, padded to 256") << "stories260K_gguf/stories260K-pad256-f32.gguf" << 1e-4;
    // Rounded weights are another model: 11 and 8 bits of precision move logits of 17 by about this much.
    QTest::newRow("GGUF F16") << "stories260K_gguf/stories260K-f16.gguf" << 0.02;
    QTest::newRow("HF folder, sharded BF16") << "stories260K_hf_bf16_sharded" << 0.1;
}

void TestEngineGolden::stories() {
    TRILOBIT_NEED_DATA("models/stories260K_hf");
    QFETCH(QString, file);
    QFETCH(double, tolerance);
    const auto engine = engineFor(load(QStringLiteral("models/") + file), ActivationPath::Auto);
    const auto got = run(*engine, {{1, 403, 407, 261, 378, 432, 383, 264, 320, 309, 410, 286}}, 12);
    // From transformers 5.23.0 on the float32 folder, eager attention: position, token, logit; the first of a position is
    // the largest.
    struct { std::size_t position; TokenId id; double logit; } const expected[] = {
        {0, 403, 17.02351},  {0, 385, 15.40621},  {0, 410, 13.10826},  {0, 0, -6.22291},    {0, 511, -4.40552},
        {5, 383, 18.60513},  {5, 322, 15.69411},  {5, 261, 14.14010},  {5, 0, -6.34501},    {5, 511, -5.57617},
        {11, 261, 14.53581}, {11, 399, 12.68781}, {11, 272, 10.58045}, {11, 0, -13.58590},  {11, 511, -11.48305}};
    QCOMPARE(got.size(), std::size_t{12 * 512});
    for (const auto& [position, id, logit] : expected) {
        const float value = got[position * 512 + static_cast<std::size_t>(id)];
        QVERIFY2(std::fabs(static_cast<double>(value) - logit) <= tolerance,
                 qPrintable(QStringLiteral("position %1, token %2: %3").arg(position).arg(id).arg(static_cast<double>(value))));
    }
    for (const std::size_t i : {0u, 5u, 10u})
        QCOMPARE(argmax(std::span(got).subspan(expected[i].position * 512, 512)), expected[i].id);
}

void TestEngineGolden::storiesTernary() {
    TRILOBIT_NEED_DATA("golden/models/stories-ternary");
    // The F32 and the TQ2_0 file hold the same trits; the scales of the latter are binary16.
    const auto plain = load(QStringLiteral("golden/models/stories-ternary/stories-ternary-pad256-f32.gguf"));
    const auto packed = load(QStringLiteral("golden/models/stories-ternary/stories-ternary-pad256-TQ2_0.gguf"));
    const Sequences ids{{1, 403, 407, 261, 378, 432, 383, 264, 320, 309, 410, 286}};
    const auto expected = run(*engineFor(plain, ActivationPath::Float), ids, 12);
    QVERIFY(largestDifference(run(*engineFor(packed, ActivationPath::Float), ids, 12), expected) < 0.05);
    for (const auto& model : {plain, packed}) {
        QCOMPARE(engineFor(model, ActivationPath::Auto)->pathDescription(), std::string("float"));
        const auto int8 = engineFor(model, ActivationPath::Int8PerToken);
        QCOMPARE(int8->pathDescription(), std::string("int8 activations (per token)"));
        const double difference = largestDifference(run(*int8, ids, 12), expected);
        QVERIFY2(difference > 1e-3 && difference < 1.0, qPrintable(QString::number(difference)));
    }
}

QTEST_GUILESS_MAIN(TestEngineGolden)
#include "tst_enginegolden.moc"
