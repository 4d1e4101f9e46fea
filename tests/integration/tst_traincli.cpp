// Training from the command line: data, a run, its death and its resurrection, what comes out of it.
#include "tests/support/cli.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <cmath>
#include <csignal>

using namespace trilobit;
using namespace trilobit::test;

namespace {

const char* const kShape = R"({"hidden": 64, "layers": 1, "heads": 2, "kv_heads": 1, "ffn": 128, "vocab": 400, "context": 512})";

} // namespace

class TestTrainCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QStringList training(const QString& recipe, const QString& out, int steps) const {
        return {"train", "--recipe", recipe, "--shape", kShape, "--data", path("talks.jsonl"), "--held-out", path("heldout.jsonl"),
                "--steps", QString::number(steps), "-o", path(out), "--threads", "2"};
    }

private slots:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        TRILOBIT_CLI(made, {"corpus", "--talks", "300", "--stories", "40", "-o", path("talks.jsonl")});
        TRILOBIT_CLI(heldOut, {"corpus", "--talks", "40", "--stories", "5", "--held-out", "-o", path("heldout.jsonl")});
    }

    void learnsAndIsStored() {
        const QString store = path("runs.sqlite");
        TRILOBIT_CLI(run, (training("small-b1.58", "run", 12) + QStringList{"--store", store}));
        const Json& json = run.json;
        QCOMPARE(json["steps"].toInt(), std::int64_t{12});
        QCOMPARE(json["losses"].items().size(), std::size_t{12});
        QVERIFY(json["losses"].items().back().toDouble() < json["losses"].items().front().toDouble() - 0.3);
        QVERIFY(json["heldout_ppl"].toDouble() > 1 && json["heldout_ppl"].toDouble() < 400);
        QVERIFY(json["tokens_per_second"].toDouble() > 0);
        QVERIFY(QFileInfo::exists(path("run/checkpoint.safetensors")));
        TRILOBIT_CLI(inspected, {"inspect", path("run/model.gguf")});
        QCOMPARE(inspected.json["architecture"].toString(), std::string("llama"));
        TRILOBIT_CLI(list, {"experiments", "--store", store});
        const Json& row = list.json["runs"].items().front();
        QCOMPARE(row["kind"].toString(), std::string("train"));
        QCOMPARE(row["metrics"]["curves"]["loss"].items().size(), std::size_t{12});
        const CliResult again = cli(training("small-b1.58", "run", 12));
        QCOMPARE(again.exitCode, 2); // an earlier run is never overwritten
        QVERIFY2(again.errText().contains("--resume"), again.err.constData());
    }

    void killedAndResumedIsTheSameRun_data() {
        QTest::addColumn<QByteArray>("settings");
        QTest::addColumn<bool>("taught");
        QTest::newRow("from nothing") << QByteArray(R"("scheme": "bitnet", "batch": 4, "time": 256)") << false;
        QTest::newRow("block by block, then as a whole")
            << QByteArray(R"("scheme": "dlt", "scheme_settings": {"group": 64}, "batch": 4, "time": 256, "distill": {"cross_entropy": 0, "kl": 1, "blocks": 0.5})")
            << true;
    }
    void killedAndResumedIsTheSameRun() {
        QFETCH(QByteArray, settings);
        QFETCH(bool, taught);
        // A plan that writes a checkpoint after every step.
        const QString folder = path(taught ? "taught" : "alone");
        QVERIFY(QDir().mkpath(folder));
        QFile plan(folder + "/plan.json");
        QVERIFY(plan.open(QIODevice::WriteOnly));
        plan.write(R"({"seed": 3, "checkpoint_minutes": 0, "schedule": {"steps": 30, "warmup": 3}, )" + settings + R"(, "shape": )" + kShape + "}");
        plan.close();
        QStringList start{"train"};
        if (taught) {
            TRILOBIT_CLI(teacher, (training("small-f16", "teacher", 6)));
            start << path("teacher/model.gguf");
        }
        const auto path = [&](const QString& name) { return QString(folder + "/" + name); };
        const auto arguments = [&](const QString& out) {
            return start + QStringList{"--recipe", path("plan.json"), "--data", this->path("talks.jsonl"), "-o", path(out), "--threads", "1"};
        };
        TRILOBIT_CLI(straight, (arguments("straight")));
        QProcess process;
        process.start(executable("trilobit-cli"), arguments("killed") + QStringList{"--quiet", "--store", "none"});
        QVERIFY(QTest::qWaitFor([&] { return QFileInfo::exists(path("killed/checkpoint.safetensors")); }, 60'000));
        ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
        QVERIFY(process.waitForFinished());
        QVERIFY(!QFileInfo::exists(path("killed/model.gguf")));
        TRILOBIT_CLI(resumed, (arguments("killed") + QStringList{"--resume"}));
        QCOMPARE(resumed.json["steps"].toInt(), std::int64_t{30});
        QVERIFY(resumed.json["losses"] == straight.json["losses"]);
        QCOMPARE(readBytes(path("killed/model.gguf")), readBytes(path("straight/model.gguf")));
    }

    void fullPrecisionContinuesQuantized() {
        TRILOBIT_CLI(full, (training("small-f16", "full", 10)));
        TRILOBIT_CLI(further, (training("small-b1.58", "further", 4)
                               + QStringList{"--from", path("full/checkpoint.safetensors"), "--tokenizer", path("full/model.gguf")}));
        // It starts where the other one had come to, not at the loss of random weights.
        QVERIFY(further.json["losses"].items().front().toDouble() < full.json["losses"].items().front().toDouble() - 0.2);
        TRILOBIT_CLI(pair, {"pair", path("full/model.gguf"), path("further/model.gguf"), "-p", "Hello!"});
        QCOMPARE(pair.json["models"].items().size(), std::size_t{3});
        for (const Json& model : pair.json["models"].items())
            QVERIFY(model["heldout_ppl"].toDouble() > 1);
        TRILOBIT_CLI(checked, {"talk-check", path("full/model.gguf"), "--turns", "5"});
        QCOMPARE(checked.json["asked"].toInt(), std::int64_t{5});
        QCOMPARE(checked.json["right"].toInt() + static_cast<std::int64_t>(checked.json["failures"].items().size()),
                 std::int64_t{5});
    }

    void recoversAModel() {
        TRILOBIT_CLI(full, (training("small-f16", "source", 6)));
        TRILOBIT_CLI(recovered, {"train", path("source/model.gguf"), "--recipe", "recover-ternary", "--data", path("talks.jsonl"),
                                 "--steps", "20", "-o", path("recovered")});
        const auto& losses = recovered.json["losses"].items(); // eight steps are block by block
        QVERIFY(losses[7].toDouble() < 0.7 * losses[0].toDouble());
        for (const Json& loss : losses)
            QVERIFY(std::isfinite(loss.toDouble()));
        TRILOBIT_CLI(inspected, {"inspect", path("recovered/model.gguf")});
        bool grouped = false;
        for (const Json& tensor : inspected.json["tensors"].items())
            grouped |= tensor["encoding"].toString() == "affine-g64-b2";
        QVERIFY(grouped);
    }

    void badDataIsOneClearMessage() {
        QFile file(path("bad.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"text\": \"good\"}\n{\"messages\": [{\"role\": \"wizard\", \"content\": \"x\"}]}\n");
        file.close();
        const CliResult bad = cli({"train", "--recipe", "small-f16", "--data", path("bad.jsonl"), "--steps", "1", "-o", path("bad")});
        QVERIFY(bad.exitCode != 0);
        QVERIFY2(bad.errText().contains("line 2") && bad.errText().contains("role"), bad.err.constData());
        QCOMPARE(bad.errText().trimmed().count('\n'), 0);
        const CliResult shape = cli({"train", "--shape", R"({"head_dim": 33})", "--data", path("talks.jsonl"), "--steps", "1", "-o", path("odd")});
        QVERIFY(shape.exitCode != 0);
        QVERIFY2(shape.errText().contains("shape.head_dim"), shape.err.constData());
    }

    void replayByCommand() {
        TRILOBIT_NEED_DATA("golden/train/llama-fp/run.json");
        TRILOBIT_CLI(run, {"train", "--replay", dataPath("golden/train/llama-fp"), "--double"});
        QCOMPARE(run.json["losses"].items().size(), std::size_t{10});
        QVERIFY(std::abs(run.json["losses"].items().front().toDouble() - 6.449804966356188) < 1e-10);
        QCOMPARE(run.json["grad_norms"].items().size(), std::size_t{10});
    }
};

QTEST_GUILESS_MAIN(TestTrainCli)
#include "tst_traincli.moc"
