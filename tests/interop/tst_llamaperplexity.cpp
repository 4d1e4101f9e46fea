// SmolLM2 exported in the encodings that stock llama.cpp runs: its likelihood of every token of a text beside ours.
//
// llama.cpp rounds the inputs of matrix products to 8 bits, 32 or 256 of them under one scale; our fast path rounds them as
// well, our exact one does not. Both therefore scatter around the exact path, token by token, for the same reason and by
// about as much. What is required: llama.cpp's scatter is at most a small multiple of our own, and its mean stays within
// what such a scatter does to a mean. A wrong scale, order or sub-block is off by far more: the neighbouring encodings of
// one file differ by hundreds of times as much.
// Needs node and the npm package node-llama-cpp in the folder named by TRILOBIT_LLAMA_NODE.
#include "tests/support/cli.h"
#include "tests/support/testdata.h"

#include <QTemporaryDir>

#include <cmath>
#include <numeric>
#include <vector>

using namespace trilobit;
using namespace trilobit::test;

namespace {

constexpr int kContext = 512, kChunks = 2, kFirst = kContext / 2; // what the protocol scores: the second half of a chunk
constexpr double kScatter = 3;   ///< llama.cpp's scatter over ours: other blocks, and a cache of keys and values in binary16
constexpr double kMeanSigmas = 5; ///< standard errors of the mean difference

using Likelihoods = std::vector<double>;

double mean(const Likelihoods& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Root of the mean square of a - b.
double scatter(const Likelihoods& a, const Likelihoods& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(sum / static_cast<double>(a.size()));
}

} // namespace

class TestLlamaPerplexity : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_text;
    std::vector<QStringList> m_chunks;
    double m_rounding = 0; ///< scatter that rounded activations bring, measured with Q8_0

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    /// Of our own logits, with a softmax of our own.
    Likelihoods ours(const QString& model, const QString& activations) const {
        Likelihoods out;
        for (const QStringList& chunk : m_chunks) {
            const CliResult run = cli({"logits", model, "--ids", chunk.join(','), "--activations", activations, "--out", path("logits.f32")}, 600'000);
            if (run.exitCode != 0)
                return {};
            const auto vocabulary = static_cast<std::size_t>(run.json["vocab"].toInt());
            QFile file(path("logits.f32"));
            if (!file.open(QIODevice::ReadOnly))
                return {};
            std::vector<float> row(vocabulary);
            for (int i = kFirst; i + 1 < kContext; ++i) {
                const auto bytes = static_cast<qint64>(vocabulary * sizeof(float));
                if (!file.seek(i * bytes) || file.read(reinterpret_cast<char*>(row.data()), bytes) != bytes)
                    return {};
                double top = -1e30, sum = 0;
                for (const float v : row)
                    top = std::max(top, static_cast<double>(v));
                for (const float v : row)
                    sum += std::exp(static_cast<double>(v) - top);
                out.push_back(std::log(sum) + top - static_cast<double>(row[static_cast<std::size_t>(chunk[i + 1].toInt())]));
            }
        }
        return out;
    }

    Likelihoods theirs(const QString& model) const {
        QProcess node;
        node.setWorkingDirectory(qEnvironmentVariable("TRILOBIT_LLAMA_NODE"));
        node.start(QStringLiteral("node"), {QStringLiteral(TRILOBIT_SOURCE "/tests/interop/nll.mjs"), model, path("chunks.json"),
                                            QString::number(kFirst + 1)});
        if (!node.waitForFinished(900'000) || node.exitCode() != 0) {
            qWarning("%s", node.readAllStandardError().constData());
            return {};
        }
        const QByteArray text = node.readAllStandardOutput();
        const auto json = Json::parse(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
        Likelihoods out;
        if (json)
            for (const Json& row : (*json)["nll"].items())
                for (const Json& value : row.items())
                    out.push_back(value.toDouble());
        return out;
    }

private slots:
    void initTestCase() {
        if (qEnvironmentVariableIsEmpty("TRILOBIT_LLAMA_NODE"))
            QSKIP("needs stock llama.cpp: set TRILOBIT_LLAMA_NODE to a folder with the npm package node-llama-cpp");
        TRILOBIT_NEED_DATA("models/smollm2-135m-instruct.q4_1.gguf");
        TRILOBIT_NEED_DATA("text/wiki.test.raw");
        m_text = path("text.txt");
        QFile text(m_text);
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write(readBytes(dataPath("text/wiki.test.raw")).left(10'000));
        text.close();
        TRILOBIT_CLI(tokens, {"tokenize", dataPath("models/smollm2-135m-instruct.q4_1.gguf"), "--file", m_text});
        const auto& ids = tokens.json["ids"].items();
        QVERIFY(ids.size() >= kChunks * kContext);
        Json all = Json::array();
        for (int c = 0; c < kChunks; ++c) {
            Json row = Json::array();
            QStringList chunk;
            for (int i = 0; i < kContext; ++i) {
                row.push(ids[static_cast<std::size_t>(c * kContext + i)]);
                chunk << QString::number(ids[static_cast<std::size_t>(c * kContext + i)].toInt());
            }
            all.push(std::move(row));
            m_chunks.push_back(chunk);
        }
        QFile chunks(path("chunks.json"));
        QVERIFY(chunks.open(QIODevice::WriteOnly));
        chunks.write(QByteArray::fromStdString(all.dump()));
    }

    void agrees_data() {
        QTest::addColumn<QString>("encoding");
        for (const char* id : {"Q8_0", "Q4_0", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "TQ1_0", "TQ2_0"})
            QTest::newRow(id) << QString(id);
    }
    void agrees() {
        QFETCH(QString, encoding);
        const QString file = path("export.gguf");
        TRILOBIT_CLI(made, {"quantize", dataPath("models/smollm2-135m-instruct.q4_1.gguf"), "-o", file, "--encoding", encoding});
        QVERIFY2(made.json["stock_llama_cpp"].toBool(), made.out.constData());
        const Likelihoods exact = ours(file, "float"), fast = ours(file, "fast"), peer = theirs(file);
        QVERIFY(!exact.empty());
        QCOMPARE(fast.size(), exact.size());
        QCOMPARE(peer.size(), exact.size());
        // The command's own figure is the mean of the same numbers.
        TRILOBIT_CLI(command, {"perplexity", file, "-f", m_text, "--chunks", QString::number(kChunks), "--activations", "float"});
        const double perplexity = command.json["ppl"].toDouble();
        QVERIFY2(std::abs(std::log(perplexity) - mean(exact)) < 1e-4, qPrintable(QString::number(std::log(perplexity) - mean(exact))));

        // llama.cpp rounds activations for every encoding; for some of them we have no product of whole numbers, and what rounding
        // does is known from Q8_0 then, since it is the activations that are rounded.
        if (encoding == "Q8_0")
            m_rounding = scatter(fast, exact);
        const double own = std::max(scatter(fast, exact), m_rounding), other = scatter(peer, exact), difference = mean(peer) - mean(exact);
        const double standardError = std::max(own, other / kScatter) / std::sqrt(static_cast<double>(exact.size()));
        qInfo("%-6s perplexity %.4f exact, %.4f fast, %.4f llama.cpp; scatter of a token %.4f fast, %.4f llama.cpp; mean differs by "
              "%+.5f (fast %+.5f), allowed %.5f",
              qPrintable(encoding), std::exp(mean(exact)), std::exp(mean(fast)), std::exp(mean(peer)), own, other, difference,
              mean(fast) - mean(exact), kMeanSigmas * kScatter * standardError);
        QVERIFY(own > 0);
        QVERIFY2(other <= kScatter * own, qPrintable(QStringLiteral("%1 > %2 x %3").arg(other).arg(kScatter).arg(own)));
        QVERIFY2(std::abs(difference) <= kMeanSigmas * kScatter * standardError, qPrintable(QString::number(difference)));
    }
};

QTEST_GUILESS_MAIN(TestLlamaPerplexity)
#include "tst_llamaperplexity.moc"
