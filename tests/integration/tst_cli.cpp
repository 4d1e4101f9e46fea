// The command line from end to end on a model that the program makes itself.
#include "tests/support/cli.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <set>

using namespace trilobit;
using namespace trilobit::test;

class TestCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_demo;
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

private slots:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        m_demo = path("demo.gguf");
        TRILOBIT_CLI(made, {"demo", "-o", m_demo});
        QCOMPARE(made.json["trained"].toBool(true), false);
    }
    void demoIsTheSameEveryTime() {
        TRILOBIT_CLI(again, {"demo", "-o", path("again.gguf")});
        TRILOBIT_CLI(other, {"demo", "-o", path("other.gguf"), "--seed", "2"});
        QCOMPARE(readBytes(path("again.gguf")), readBytes(m_demo));
        QVERIFY(readBytes(path("other.gguf")) != readBytes(m_demo));
    }
    void inspectAddsUp() {
        TRILOBIT_CLI(result, {"inspect", m_demo});
        const Json& json = result.json;
        QCOMPARE(json["architecture"].toString(), std::string("llama"));
        QVERIFY(json["name"].toString().find("untrained") != std::string::npos);
        std::int64_t weights = 0, bytes = 0;
        for (const Json& tensor : json["tensors"].items()) {
            std::int64_t count = 1;
            for (const Json& size : tensor["shape"].items())
                count *= size.toInt();
            weights += count;
            bytes += tensor["bytes"].toInt();
            QVERIFY(!tensor["encoding"].toString().empty());
        }
        QCOMPARE(json["parameters"].toInt(), weights);
        QCOMPARE(json["bytes"].toInt(), bytes);
        QVERIFY(std::abs(json["bits_per_weight"].toDouble() - 8.0 * static_cast<double>(bytes) / static_cast<double>(weights))
                < 1e-9);
        QCOMPARE(json["file_bytes"].toInt(), QFileInfo(m_demo).size());
    }
    void benchMeasuresAModelOfAShape() {
        TRILOBIT_CLI(result, {"bench", "--synthetic", "tiny", "-p", "32", "-n", "8", "--depth", "20", "-r", "3", "--threads", "2", "--ternary",
                              "2bit"});
        QCOMPARE(result.json["speed"].items().size(), std::size_t(1));
        const Json& speed = result.json["speed"].items().front();
        QVERIFY(speed["decode_tps"]["min"].toDouble() > 0);
        QVERIFY(speed["decode_tps"]["min"].toDouble() <= speed["decode_tps"]["median"].toDouble());
        QVERIFY(speed["prefill_tps"]["median"].toDouble() <= speed["prefill_tps"]["max"].toDouble());
        QVERIFY(!result.json["kernels"].items().empty());
        TRILOBIT_CLI(written, {"bench", "--synthetic", "tiny", "-o", path("synthetic.gguf")});
        TRILOBIT_CLI(inspected, {"inspect", path("synthetic.gguf")});
        QCOMPARE(inspected.json["bytes"].toInt(), written.json["bytes"].toInt());
        // Every weight is read once for a token, ternary ones as two bits under one scale; of the embedding, which is the
        // output, one row is looked up besides.
        std::int64_t expected = 0;
        for (const Json& tensor : inspected.json["tensors"].items()) {
            const std::int64_t bytes = tensor["bytes"].toInt();
            expected += tensor["encoding"].toString() == "TQ2_0" ? bytes / 66 * 64 + 4 : bytes;
            if (tensor["name"].toString() == "token_embd.weight")
                expected += bytes / tensor["shape"].items().front().toInt();
        }
        QCOMPARE(speed["bytes_per_token"].toInt(), expected);
        // The eight single tokens see 21 to 28 of the 32 rows there is room for.
        QCOMPARE(speed["cache_bytes_per_token"].toInt(), speed["cache_bytes"].toInt() / 32 * 49 / 2);
        QCOMPARE(speed["bandwidth_share"].toDouble(),
                 speed["decode_tps"]["median"].toDouble() * static_cast<double>(expected + speed["cache_bytes_per_token"].toInt())
                     / (speed["read_gbps"].toDouble() * 1e9));
        const CliResult wrong = cli({"bench", "--synthetic", "70b"});
        QCOMPARE(wrong.exitCode, 2);
        QVERIFY2(wrong.errText().contains("2b4t"), wrong.err.constData());
    }
    void benchMeasuresKernels() {
        TRILOBIT_CLI(result, {"bench", "--kernels", "--only", "{q4_0-int8,softmax}", "--shape", "32x256", "-p", "4", "-r", "1",
                              "--threads", "1"});
        QCOMPARE(result.json["kernel_bench"].items().size(), std::size_t(1));
        const Json& measured = result.json["kernel_bench"].items().front();
        for (const char* limit : {"read_gbps", "fma_gflops", "int8_gops"})
            QVERIFY2(measured[limit]["min"].toDouble() > 0, limit);
        QCOMPARE(measured["kernels"].items().size(), std::size_t(2));
        const Json &product = measured["kernels"].items().front(), &row = measured["kernels"].items().back();
        QCOMPARE(product["bytes"].toInt(), std::int64_t(32 * 256 / 32 * 18));
        QCOMPARE(product["batch"]["tokens"].toInt(), std::int64_t(4));
        for (const char* phase : {"one_token", "batch"})
            QVERIFY(product[phase]["share"].toDouble() > 0 && product[phase]["gops"]["median"].toDouble() > 0
                    && row[phase]["us"]["min"].toDouble() > 0 && row[phase]["share"].isNull());
        const CliResult text = cli({"bench", "--kernels", "--only", "softmax", "-r", "1", "-p", "0", "--threads", "1"});
        QCOMPARE(text.exitCode, 0);
        QCOMPARE(cli({"bench", "--kernels", "--only", "nothing"}).exitCode, 2);
        QCOMPARE(cli({"bench", "--kernels", "--shape", "2560"}).exitCode, 2);
        QCOMPARE(cli({"bench", "--kernels", "--machine"}).exitCode, 2);
    }
    void statsAddUp() {
        TRILOBIT_CLI(result, {"stats", m_demo, "--tensor", "blk.0.attn_q.weight", "--bins", "32"});
        QCOMPARE(result.json["tensors"].items().size(), std::size_t(1));
        const Json& tensor = result.json["tensors"].items().front();
        std::int64_t total = 0;
        for (const Json& count : tensor["histogram"]["counts"].items())
            total += count.toInt();
        QCOMPARE(tensor["histogram"]["counts"].items().size(), std::size_t(32));
        QCOMPARE(total, tensor["count"].toInt());
        QVERIFY(tensor["std"].toDouble() > 0 && tensor["kurtosis"].toDouble() > 1);
        QCOMPARE(cli({"stats", m_demo, "--tensor", "nothing*"}).exitCode, 2);
    }
    void aWeightIsWhereItSaysItIs() {
        TRILOBIT_CLI(made, {"quantize", m_demo, "-o", path("weights.gguf"), "--encoding", "Q4_0"});
        TRILOBIT_CLI(result, {"weight", path("weights.gguf"), "--tensor", "blk.0.ffn_up.weight", "--row", "5", "--column", "37",
                              "--encoding", "Q2_0"});
        const Json& stored = result.json["stored"];
        QCOMPARE(stored["encoding"].toString(), std::string("Q4_0"));
        // The block in the file, decoded by hand: a binary16 scale and nibbles around 8.
        const QByteArray bytes = readBytes(path("weights.gguf")).mid(static_cast<qsizetype>(stored["file_offset"].toInt()), 18);
        QCOMPARE(bytes.toHex().toStdString(), stored["block"]["hex"].toString());
        const int e = 37 % 32, byte = static_cast<unsigned char>(bytes[2 + e % 16]), code = e < 16 ? byte & 15 : byte >> 4;
        QCOMPARE(stored["code"].toInt(), code);
        QVERIFY(std::abs(stored["value"].toDouble() - stored["scale"].toDouble() * (code - 8)) < 1e-9);
        QVERIFY(result.json["quantized"]["error"].isNumber());
        QCOMPARE(cli({"weight", m_demo, "--tensor", "blk.0.ffn_up.weight", "--row", "99999", "--column", "0"}).exitCode, 2);
        QCOMPARE(cli({"weight", m_demo, "--tensor", "nothing", "--row", "0", "--column", "0"}).exitCode, 2);
    }
    void optionsMeasureWhatQuantizingMeasures() {
        TRILOBIT_CLI(options, {"options", m_demo, "--tensor", "blk.0.attn_q.weight"});
        TRILOBIT_CLI(quantized, {"quantize", m_demo, "-o", path("one.gguf"), "--encoding", "Q4_K", "--tensors", "blk.0.attn_q.weight"});
        double expected = -1;
        for (const Json& tensor : quantized.json["tensors"].items())
            if (tensor["name"].toString() == "blk.0.attn_q.weight")
                expected = tensor["rmse"].toDouble();
        bool found = false;
        for (const Json& option : options.json["options"].items())
            if (option["requested"].toString() == "Q4_K") {
                QCOMPARE(option["rmse"].toDouble(), expected);
                found = true;
            }
        QVERIFY(found);
    }
    void budgetsAreKept() {
        TRILOBIT_CLI(solved, {"budget", m_demo, "--budget", "5bpw", "--lock", "output.weight=Q6_K", "-o", path("budget.json")});
        QVERIFY(solved.json["bits_per_weight"].toDouble() <= 5);
        TRILOBIT_CLI(byRecipe, {"quantize", m_demo, "--recipe", path("budget.json"), "--dry-run"});
        QCOMPARE(byRecipe.json["bytes"].toInt(), solved.json["bytes"].toInt());
        TRILOBIT_CLI(direct, {"quantize", m_demo, "--budget", "5bpw", "--lock", "output.weight=Q6_K", "--dry-run"});
        QCOMPARE(direct.json["bytes"].toInt(), solved.json["bytes"].toInt());
        for (const Json& tensor : direct.json["tensors"].items())
            if (tensor["name"].toString() == "output.weight")
                QCOMPARE(tensor["requested"].toString(), std::string("Q6_K"));
        QCOMPARE(cli({"budget", m_demo, "--budget", "0.01bpw"}).exitCode, 2);
        QCOMPARE(cli({"budget", m_demo, "--budget", "much"}).exitCode, 2);
    }
    void aTextIsDiffedAsLogitsSay() {
        TRILOBIT_CLI(made, {"quantize", m_demo, "-o", path("diff.gguf"), "--encoding", "Q8_0"});
        TRILOBIT_CLI(same, {"diff", m_demo, m_demo, "-p", "The fox"});
        QCOMPARE(same.json["mean_kl"].toDouble(), 0.0);
        TRILOBIT_CLI(result, {"diff", m_demo, path("diff.gguf"), "-p", "The quick fox"});
        const auto& tokens = result.json["tokens"].items();
        // From the logits of both, with a softmax of our own.
        QStringList ids;
        for (const Json& token : tokens)
            ids << QString::number(token["id"].toInt());
        TRILOBIT_CLI(a, {"logits", m_demo, "--ids", ids.join(','), "--out", path("a.f32")});
        TRILOBIT_CLI(b, {"logits", path("diff.gguf"), "--ids", ids.join(','), "--out", path("b.f32")});
        const auto vocabulary = static_cast<std::size_t>(a.json["vocab"].toInt());
        const auto probabilities = [&](const char* file, std::size_t row) {
            const QByteArray bytes = readBytes(path(file));
            const auto* values = reinterpret_cast<const float*>(bytes.constData()) + row * vocabulary;
            std::vector<double> out(values, values + vocabulary);
            const double largest = *std::max_element(out.begin(), out.end());
            double sum = 0;
            for (double& value : out)
                sum += value = std::exp(value - largest);
            for (double& value : out)
                value /= sum;
            return out;
        };
        for (std::size_t i = 1; i < tokens.size(); ++i) {
            const std::vector<double> p = probabilities("a.f32", i - 1), q = probabilities("b.f32", i - 1);
            double kl = 0;
            for (std::size_t v = 0; v < vocabulary; ++v)
                kl += p[v] * std::log(p[v] / q[v]);
            QVERIFY(std::abs(tokens[i]["kl"].toDouble() - kl) < 1e-9);
            QVERIFY(std::abs(tokens[i]["probability_b"].toDouble() - q[static_cast<std::size_t>(tokens[i]["id"].toInt())]) < 1e-9);
        }
    }
    void tokenizeRoundTrip() {
        TRILOBIT_CLI(result, {"tokenize", m_demo, "Hello, wörld! 你好", "--no-special"});
        QVERIFY(result.json["round_trip"].toBool());
        QVERIFY(result.json["ids"].items().size() > 3);
    }
    /// The greedy answer again, when its first words are given rather than chosen.
    void answersBeginAsGiven() {
        TRILOBIT_CLI(free, {"generate", m_demo, "-p", "Once upon a time", "-n", "12"});
        const auto& ids = free.json["ids"].items();
        QCOMPARE(ids.size(), 12u);
        QStringList begin;
        for (std::size_t i = 0; i < 5; ++i)
            begin << QString::number(ids[i].toInt());
        TRILOBIT_CLI(given, {"generate", m_demo, "-p", "Once upon a time", "-n", "7", "--begin", begin.join(',')});
        QCOMPARE(given.json["ids"].dump(), free.json["ids"].dump());
        QCOMPARE(given.json["text"].toString(), free.json["text"].toString());
        begin[0] = QString::number(ids[0].toInt() == 50 ? 51 : 50);
        TRILOBIT_CLI(other, {"generate", m_demo, "-p", "Once upon a time", "-n", "7", "--begin", begin.join(',')});
        QCOMPARE(other.json["ids"].items().front().toInt(), begin[0].toLongLong());
        QCOMPARE(cli({"generate", m_demo, "-p", "a", "--begin", "999999"}).exitCode, 2);
    }
    void logitsAreTheSameForEveryThreadCount() {
        TRILOBIT_CLI(one, {"logits", m_demo, "--ids", "1,20,300,41,5", "--out", path("one.f32"), "--threads", "1"});
        TRILOBIT_CLI(two, {"logits", m_demo, "--ids", "1,20,300,41,5", "--out", path("two.f32"), "--threads", "2"});
        QCOMPARE(one.json["positions"].toInt(), 5);
        QCOMPARE(readBytes(path("one.f32")).size(), 5 * 4 * one.json["vocab"].toInt());
        QCOMPARE(readBytes(path("one.f32")), readBytes(path("two.f32")));
        QCOMPARE(one.json["argmax"].dump(), two.json["argmax"].dump());
        QCOMPARE(cli({"logits", m_demo, "--ids", "999999"}).exitCode, 2);
    }
    void quantizeAndRun_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("encoding");
        QTest::addColumn<double>("leastSqnr");
        // Least SQNR for bell-shaped weights: a little below -10 log10(NMSE) of the scheme's published NMSE.
        QTest::newRow("F16") << "rtn" << "F16" << 60.0;
        QTest::newRow("Q8_0") << "rtn" << "Q8_0" << 40.0;
        QTest::newRow("Q6_K") << "rtn" << "Q6_K" << 30.0;
        QTest::newRow("Q4_K") << "rtn" << "Q4_K" << 20.0;
        QTest::newRow("IQ4_NL") << "rtn" << "IQ4_NL" << 20.0;
        QTest::newRow("Q4_0") << "rtn" << "Q4_0" << 17.0;
        QTest::newRow("Q4_1 hqq") << "hqq" << "Q4_1" << 18.0;
        QTest::newRow("affine hqq") << "hqq" << "affine-g64-b3" << 11.0;
        QTest::newRow("affine odd group") << "rtn" << "affine-g50-b5" << 24.0;
        QTest::newRow("TQ2_0") << "absmean" << "TQ2_0" << 3.0;
        QTest::newRow("I2_S") << "absmean" << "I2_S" << 3.0;
    }
    void quantizeAndRun() {
        QFETCH(QString, method);
        QFETCH(QString, encoding);
        QFETCH(double, leastSqnr);
        const QString out = path("quantized.gguf");
        QFile::remove(out);
        TRILOBIT_CLI(dry, {"quantize", m_demo, "--method", method, "--encoding", encoding, "--dry-run"});
        QVERIFY(!QFileInfo::exists(out));
        TRILOBIT_CLI(made, {"quantize", m_demo, "-o", out, "--method", method, "--encoding", encoding});
        QCOMPARE(made.json["bytes"].toInt(), QFileInfo(out).size());
        QVERIFY(std::abs(made.json["bits_per_weight"].toDouble() - dry.json["bits_per_weight"].toDouble()) < 1e-9);
        // The published error of a scheme is that of normally distributed weights. Tensors in which single giant weights
        // make most of the energy say nothing about it.
        TRILOBIT_CLI(stats, {"stats", m_demo});
        std::set<std::string> ordinary;
        for (const Json& tensor : stats.json["tensors"].items())
            if (tensor["kurtosis"].toDouble() < 100)
                ordinary.insert(tensor["name"].toString());
        int changed = 0, measured = 0;
        for (const Json& tensor : made.json["tensors"].items())
            if (tensor["method"].toString() != "keep" && tensor["name"].toString().rfind("blk.", 0) == 0) {
                ++changed;
                QVERIFY(tensor["encoding"].toString() == encoding.toStdString());
                if (!ordinary.contains(tensor["name"].toString()))
                    continue;
                ++measured;
                QVERIFY2(tensor["sqnr_db"].isNull() || tensor["sqnr_db"].toDouble() > leastSqnr, tensor.dump().c_str());
            }
        QVERIFY(changed >= 7 * 4);
        QVERIFY(measured >= 7 * 3);
        // What was written is what was announced, and it runs.
        TRILOBIT_CLI(seen, {"inspect", out});
        QVERIFY(std::abs(seen.json["bits_per_weight"].toDouble() - made.json["bits_per_weight"].toDouble()) < 1e-9);
        TRILOBIT_CLI(text, {"generate", out, "-p", "Once upon", "-n", "8"});
        QVERIFY(text.json["ids"].items().size() <= 8);
        TRILOBIT_CLI(compared, {"compare", m_demo, out, "-p", "Once upon", "-n", "4"});
        QVERIFY(compared.json["mean_kl"].toDouble() >= 0);
        if (encoding == QStringLiteral("F16")) // the source is F16 already
            QCOMPARE(compared.json["mean_kl"].toDouble(), 0.0);
    }
    void refusalsNameTheReason() {
        const CliResult result = cli({"quantize", m_demo, "-o", path("no.gguf"), "--method", "hqq", "--encoding", "Q4_0"});
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.errText().contains("zero"), result.err.constData());
        QCOMPARE(result.err.trimmed().count('\n'), 0); // one line
        QVERIFY(!QFileInfo::exists(path("no.gguf")));
        QCOMPARE(cli({"quantize", m_demo, "-o", path("no.gguf"), "--encoding", "Q3_Z"}).exitCode, 2);
        QVERIFY(cli({"quantize", m_demo, "-o", path("no.txt"), "--encoding", "Q8_0"}).errText().contains(".gguf"));
    }
    void ternaryConvertsBothWays() {
        TRILOBIT_CLI(made, {"quantize", m_demo, "-o", path("t.gguf"), "--method", "absmean", "--encoding", "TQ2_0"});
        TRILOBIT_CLI(there, {"convert", path("t.gguf"), "-o", path("i2s.gguf"), "--encoding", "I2_S"});
        TRILOBIT_CLI(back, {"convert", path("i2s.gguf"), "-o", path("t2.gguf"), "--encoding", "TQ2_0"});
        QVERIFY(there.json["lossless"].toBool() && back.json["lossless"].toBool());
        TRILOBIT_CLI(a, {"logits", path("t.gguf"), "--ids", "1,2,3", "--out", path("a.f32")});
        TRILOBIT_CLI(b, {"logits", path("t2.gguf"), "--ids", "1,2,3", "--out", path("b.f32")});
        QCOMPARE(readBytes(path("a.f32")), readBytes(path("b.f32")));
        const CliResult lossy = cli({"convert", m_demo, "-o", path("no.gguf"), "--encoding", "Q4_0"});
        QCOMPARE(lossy.exitCode, 1);
        QVERIFY(!QFileInfo::exists(path("no.gguf")));
    }
    void perplexityAndStore() {
        QFile text(path("text.txt"));
        QVERIFY(text.open(QIODevice::WriteOnly));
        for (int i = 0; i < 200; ++i)
            text.write("The little house stood by the sea, and the wind sang in number " + QByteArray::number(i) + ". ");
        text.close();
        TRILOBIT_CLI(made, {"quantize", m_demo, "-o", path("q.gguf"), "--encoding", "Q4_0", "--store", path("runs.sqlite")});
        TRILOBIT_CLI(result, {"perplexity", path("q.gguf"), "--text", path("text.txt"), "--ctx", "64", "--chunks", "3",
                              "--baseline", m_demo, "--store", path("runs.sqlite")});
        QCOMPARE(result.json["tokens"].toInt(), 3 * 31);
        QVERIFY(result.json["kl_mean"].toDouble() > 0);
        QVERIFY(result.json["kl_p99"].toDouble() <= result.json["kl_max"].toDouble());
        QVERIFY(result.json["ppl"].toDouble() > 1);
        QVERIFY(!result.json["path"].toString().empty());
        TRILOBIT_CLI(list, {"experiments", "list", "--store", path("runs.sqlite")});
        QCOMPARE(list.json["runs"].items().size(), std::size_t(2));
        const Json& newest = list.json["runs"].items().front();
        QCOMPARE(newest["kind"].toString(), std::string("perplexity"));
        QVERIFY(newest["metrics"]["ppl"] == result.json["ppl"]);
        const Json& quantized = list.json["runs"].items().back();
        QCOMPARE(quantized["status"].toString(), std::string("done"));
        QVERIFY(quantized["recipe"].isObject());
        TRILOBIT_CLI(csv, {"experiments", "export", "--out", path("runs.csv"), "--format", "csv", "--store", path("runs.sqlite")});
        QVERIFY(readBytes(path("runs.csv")).startsWith("id,kind,started"));
    }
    void calibrationReachesTheFile() {
        QFile text(path("read.txt"));
        QVERIFY(text.open(QIODevice::WriteOnly));
        for (int i = 0; i < 100; ++i)
            text.write("A stone lay by the road, and rain number " + QByteArray::number(i * i) + " fell on it. ");
        text.close();
        const QString file = path("c.gguf");
        TRILOBIT_CLI(made, {"calibrate", m_demo, "--text", path("read.txt"), "-o", file, "--context", "48", "--tokens", "500"});
        QCOMPARE(made.json["tokens"].toInt(), 10 * 48);
        QCOMPARE(made.json["chunks"].toInt(), 10);
        QCOMPARE(made.json["tensors"].toUInt(), made.json["statistics"].items().size());
        TRILOBIT_CLI(shown, {"calibration", file, "--tensor", "blk.1.ffn_down.weight", "--channels"});
        const Json& down = shown.json["statistics"].items().front();
        QCOMPARE(down["by_channel"]["rms"].items().size(), static_cast<std::size_t>(down["channels"].toUInt()));
        for (const Json& row : made.json["statistics"].items())
            if (row["name"] == down["name"])
                QVERIFY(row["rms"] == down["rms"] && row["outliers"] == down["outliers"]);
        // Whatever the number of threads.
        TRILOBIT_CLI(again, {"calibrate", m_demo, "--text", path("read.txt"), "-o", path("d.gguf"), "--context", "48", "--tokens",
                             "500", "--threads", "3"});
        QCOMPARE(readBytes(path("d.gguf")), readBytes(file));
        TRILOBIT_CLI(dry, {"quantize", m_demo, "--encoding", "Q4_K", "--calibration", file, "--dry-run"});
        TRILOBIT_CLI(with, {"quantize", m_demo, "-o", path("with.gguf"), "--encoding", "Q4_K", "--calibration", file});
        TRILOBIT_CLI(without, {"quantize", m_demo, "-o", path("without.gguf"), "--encoding", "Q4_K"});
        QCOMPARE(with.json["calibration"].toString(), file.toStdString());
        QVERIFY(with.json["calibrated_tensors"].toInt() > 0);
        QCOMPARE(with.json["bytes"].toInt() > 0, true);
        QVERIFY(readBytes(path("with.gguf")) != readBytes(path("without.gguf")));
        for (std::size_t i = 0; i < with.json["tensors"].items().size(); ++i) {
            const Json &a = with.json["tensors"].items()[i], &b = without.json["tensors"].items()[i];
            QVERIFY(!b["calibrated"].toBool());
            QCOMPARE(a["rmse"] == b["rmse"], !a["calibrated"].toBool());
            QCOMPARE(dry.json["tensors"].items()[i]["importance"].toBool(), a["calibrated"].toBool());
        }
        const CliResult wrong = cli({"quantize", m_demo, "--encoding", "Q4_0", "--calibration", m_demo, "--dry-run"});
        QCOMPARE(wrong.exitCode, 1);
        QVERIFY(wrong.errText().contains("no calibration"));
        const CliResult own = cli({"calibrate", m_demo, "--text", path("read.txt"), "-o", m_demo});
        QCOMPARE(own.exitCode, 2);
    }
    void brokenFilesGetOneLine() {
        const QByteArray whole = readBytes(m_demo);
        for (const int size : {0, 3, 8, 24, 100, 2000, static_cast<int>(whole.size()) - 1}) {
            QFile file(path("cut.gguf"));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(whole.left(size));
            file.close();
            const CliResult result = cli({"inspect", path("cut.gguf")});
            QVERIFY2(result.exitCode == 1, qPrintable(QStringLiteral("size %1: %2").arg(size).arg(result.errText())));
            QVERIFY2(result.err.contains("cut.gguf"), result.err.constData());
            QCOMPARE(result.err.trimmed().count('\n'), 0);
            QVERIFY(result.json["error"]["message"].isString());
        }
        QCOMPARE(cli({"inspect", path("not-there.gguf")}).exitCode, 1);
        QCOMPARE(cli({"inspect", m_folder.path()}).exitCode, 1);
    }
    void killedWhileWritingLeavesNothing() {
        const QString out = path("killed.gguf");
        // Kills at several moments; whatever was reached, the final name must not exist unless the file is whole.
        for (const int delayMs : {5, 40, 80, 160, 320}) {
            QFile::remove(out);
            QProcess process;
            process.start(executable("trilobit-cli"), {"quantize", m_demo, "-o", out, "--method", "hqq", "--encoding",
                                                       "affine-g64-b4", "--store", path("killed.sqlite"), "--threads", "1"});
            QVERIFY(process.waitForStarted());
            process.waitForFinished(delayMs);
            if (process.state() == QProcess::Running)
                ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
            process.waitForFinished();
            if (QFileInfo::exists(out))
                QCOMPARE(cli({"inspect", out}).exitCode, 0);
        }
        if (QFileInfo::exists(path("killed.sqlite"))) { // the store is readable and knows what was lost
            TRILOBIT_CLI(list, {"experiments", "--store", path("killed.sqlite")});
            for (const Json& run : list.json["runs"].items())
                QVERIFY2(run["status"].toString() != "running", run.dump().c_str());
        }
    }
    void cancelAnswersQuickly() {
        const QString out = path("cancelled.gguf");
        QProcess process;
        process.start(executable("trilobit-cli"), {"quantize", m_demo, "-o", out, "--method", "hqq", "--encoding",
                                                   "affine-g8-b8", "--store", "none", "--threads", "1"});
        QVERIFY(process.waitForStarted());
        QVERIFY(!process.waitForFinished(100));
        QElapsedTimer timer;
        timer.start();
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(5000));
        QVERIFY2(timer.elapsed() < 1000, "cancel took longer than a second"); // the exact bound is in the benchmarks
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(!QFileInfo::exists(out));
        QVERIFY(QDir(m_folder.path()).entryList({"cancelled*"}).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
