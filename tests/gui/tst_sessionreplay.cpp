// A session in the window, repeated from its log without one: the store gets the same rows.
#include "tests/gui/openwindow.h"
#include "tests/support/cli.h"
#include "tests/support/testdata.h"
#include "widgets/common/format.h"
#include "widgets/pages/chat/chatpage.h"
#include "widgets/pages/compare/comparepage.h"
#include "widgets/pages/speed/speedpage.h"
#include "widgets/pages/train/trainpage.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <map>

using namespace trilobit;
using namespace trilobit::test;

namespace {

/// What depends on when and how fast: the only things in which a repeated run may differ.
constexpr std::array kTimes = {"seconds", "prefill_tps", "decode_tps", "time_to_first_token", "speed", "tokens_per_second", "seconds_trained",
                               "threads", "energy", "joules"};

Json withoutTimes(const Json& value) {
    Json out = value;
    for (const char* key : kTimes)
        if (out.isObject())
            out.remove(key);
    return out;
}

/// Rows without number, time and duration, in an order of their own: runs that went on beside each other end in any.
std::vector<std::string> rowsOf(const Json& list) {
    std::vector<std::string> rows;
    for (const Json& run : list["runs"].items()) {
        Json row = run;
        for (const char* key : {"id", "started", "seconds"})
            row.remove(key);
        row.set("metrics", withoutTimes(run["metrics"]));
        rows.push_back(row.dump());
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

/// Where two rows part, with what is around there.
QString parting(const std::string& got, const std::string& expected) {
    const auto at = static_cast<std::size_t>(std::mismatch(got.begin(), got.end(), expected.begin(), expected.end()).first - got.begin());
    const std::size_t from = at > 300 ? at - 300 : 0;
    return qtext("got ..." + got.substr(from, 600) + "\nexpected ..." + expected.substr(from, 600));
}

} // namespace

class TestSessionReplay : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<OpenWindow> m_open;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    Workbench& bench() { return m_open->bench(); }
    template <class T>
    T* child(const char* name) {
        return m_open->child<T>(name);
    }
    void click(const char* name) {
        auto* button = child<QPushButton>(name);
        QVERIFY2(button->isEnabled(), name);
        button->click();
    }
    void say(const QString& prompt) {
        auto* chat = m_open->show<ChatPage>();
        QSignalSpy finished(chat, &ChatPage::turnFinished);
        child<QPlainTextEdit>("chatPrompt")->setPlainText(prompt);
        click("chatSend");
        QVERIFY(QTest::qWaitFor([&] { return !finished.isEmpty(); }, OpenWindow::kLongMs));
    }
    void quantize() {
        m_open->trigger("quantizeAction");
        QVERIFY(m_open->waitIdle());
        QVERIFY(bench().quantizedIsCurrent());
    }
    void compare(const QString& text, int mode) {
        auto* page = m_open->show<ComparePage>();
        child<QPlainTextEdit>("compareText")->setPlainText(text);
        child<QComboBox>("compareMode")->setCurrentIndex(mode);
        child<QSpinBox>("compareCount")->setValue(6);
        QSignalSpy finished(page, &ComparePage::finished);
        click("compareRun");
        QVERIFY(QTest::qWaitFor([&] { return !finished.isEmpty(); }, OpenWindow::kLongMs));
    }
    void measureSpeed() {
        auto* page = m_open->show<SpeedPage>();
        child<QComboBox>("speedModel")->setCurrentIndex(1);
        child<QSpinBox>("speedPrompt")->setValue(4);
        child<QSpinBox>("speedTokens")->setValue(2);
        QSignalSpy measured(page, &SpeedPage::measured);
        click("speedMeasure");
        QVERIFY(QTest::qWaitFor([&] { return !measured.isEmpty(); }, OpenWindow::kLongMs));
    }
    void train(const QString& folder) {
        auto* page = m_open->show<TrainPage>();
        for (const auto& [name, value] : std::initializer_list<std::pair<const char*, int>>{{"trainHidden", 32}, {"trainLayers", 1}, {"trainHeads", 2}, {"trainKvHeads", 1},
                                          {"trainFfn", 64}, {"trainVocabulary", 320}, {"trainTalks", 60}, {"trainStories", 10},
                                          {"trainBatch", 2}, {"trainTime", 32}})
            child<QSpinBox>(name)->setValue(value);
        child<QComboBox>("trainBudgetUnit")->setCurrentIndex(1);
        child<QDoubleSpinBox>("trainBudget")->setValue(6);
        child<QLineEdit>("trainFolder")->setText(folder);
        click("trainStart");
        QVERIFY(QTest::qWaitFor([&] { return !page->isRunning(); }, OpenWindow::kLongMs));
    }

private slots:
    void sameRows() {
        const QString model = path("model.gguf"), exported = path("exported.gguf"), trained = path("trained");
        QVERIFY(QFile::copy(QStringLiteral(TRILOBIT_SOURCE "/resources/samples/trilobit-demo-f16.gguf"), model));
        m_open = std::make_unique<OpenWindow>(path("home"), 1);
        QVERIFY(m_open->open(model));
        // Rules, and a change of mind.
        bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q4_0", {}});
        bench().setChoice({QStringLiteral("blk.0.attn_q.weight"), QStringLiteral("blk.3.ffn_up.weight")}, {"absmean", "TQ2_0", {}});
        bench().setRule(QStringLiteral("*"), {"rtn", "Q8_0", {}});
        m_open->trigger("undoAction");
        bench().setRule(QStringLiteral("token_embd.weight"), {"rtn", "Q8_0", {}});
        bench().adjustChoice({QStringLiteral("blk.1.ffn_down.weight")}, {"hqq", "affine-g64-b4", {{"iterations", std::int64_t{5}}}},
                             QStringLiteral("iterations"));
        quantize();
        say(QStringLiteral("Tell me a story about a fox."));
        compare(QStringLiteral("Once upon a time there was a fox."), 0);
        compare(QStringLiteral("Once upon a time"), 1);
        bench().exportModel(exported);
        QVERIFY(m_open->waitIdle());
        QVERIFY(QFile::exists(exported));
        // Another recipe, sampling with a seed, a second turn.
        m_open->trigger("undoAction");
        quantize();
        child<QDoubleSpinBox>("samplingTemperature")->setValue(0.8);
        child<QSpinBox>("samplingSeed")->setValue(11);
        child<QSpinBox>("samplingMaxTokens")->setValue(12);
        say(QStringLiteral("Who are you?"));
        say(QStringLiteral("And a second one?"));
        measureSpeed();
        train(trained);
        // What was refused is part of the session, too.
        bench().exportModel(path("nowhere/out.gguf"));
        QVERIFY(m_open->waitIdle());
        const Recipe recipe = bench().recipe();
        const QString store = m_open->context().workspace().store->path(), log = m_open->context().sessionLog().path();
        m_open.reset(); // everything is written

        const QString copy = path("session.jsonl"), again = path("again.sqlite");
        QVERIFY(QFile::copy(log, copy));
        const QByteArray first = readBytes(exported);
        QVERIFY(QFile::remove(exported));
        QVERIFY(QDir(trained).removeRecursively());
        const CliResult replay = cli({"replay", copy, "--store", again, "--threads", "1"}, OpenWindow::kLongMs);
        QVERIFY2(replay.exitCode == 0, replay.err.constData());
        QVERIFY(readBytes(exported) == first);

        TRILOBIT_CLI(before, ({"experiments", "list", "--store", store}));
        TRILOBIT_CLI(after, ({"experiments", "list", "--store", again}));
        const std::vector<std::string> expected = rowsOf(before.json), got = rowsOf(after.json);
        for (std::size_t i = 0; i < std::min(expected.size(), got.size()); ++i)
            QVERIFY2(got[i] == expected[i], qPrintable(parting(got[i], expected[i])));
        QCOMPARE(got.size(), expected.size());
        QVERIFY(got == expected);
        // Two quantizations, six answers, two comparisons, export, speed, training, an export that failed.
        std::map<std::string, int> kinds;
        for (const Json& run : before.json["runs"].items())
            ++kinds[run["kind"].toString() + " " + run["status"].toString()];
        const std::map<std::string, int> all = {{"quantize done", 2}, {"generate done", 6}, {"diff done", 2}, {"export done", 1},
                                                {"export failed", 1}, {"bench done", 1}, {"train done", 1}};
        for (const auto& [kind, count] : kinds)
            QVERIFY2(all.contains(kind) && all.at(kind) == count, qPrintable(qtext(kind) + QString(" %1").arg(count)));
        QCOMPARE(kinds.size(), all.size());
    }

    /// A turn that was stopped cannot be repeated to the same word; it is left out and the replay goes on.
    void whatWasCancelledIsLeftOut() {
        QFile log(path("log.jsonl"));
        QVERIFY(log.open(QIODevice::WriteOnly));
        const std::string model = TRILOBIT_SOURCE "/resources/samples/trilobit-demo-f16.gguf";
        const auto line = [&](Json json) { log.write(QByteArray::fromStdString(json.dump() + "\n")); };
        line(Json::object({{"verb", "open"}, {"args", Json::object({{"model", model}})}, {"ok", true}}));
        line(Json::object({{"verb", "generate"}, {"args", Json::object({{"model", model}, {"prompt", "x"}, {"n", 100000}})},
                           {"ok", false}, {"error", "cancelled"}, {"code", "cancelled"}}));
        line(Json::object({{"verb", "keep"}, {"args", Json::object({{"tensors", "[broken"}})}, {"ok", false},
                           {"error", "wrong"}, {"code", "usage"}}));
        line(Json::object({{"verb", "keep"}, {"args", Json::object({{"tensors", "blk.*"}})}, {"ok", true}}));
        log.close();
        TRILOBIT_CLI(replay, ({"replay", log.fileName()}));
        QCOMPARE(replay.json["skipped"].toUInt(), 1u);
        QCOMPARE(replay.json["commands"].items().size(), 3u);
        QVERIFY(!replay.json["commands"].items()[1]["error"].isNull());
        // What went well in the session must go well again.
        QVERIFY(log.open(QIODevice::Append));
        line(Json::object({{"verb", "keep"}, {"args", Json::object({{"tensors", "[broken"}})}, {"ok", true}}));
        log.close();
        const CliResult failed = cli({"replay", log.fileName()});
        QVERIFY(failed.exitCode != 0);
        QVERIFY(failed.errText().contains(QStringLiteral("line 5")));
    }
};

QTEST_MAIN(TestSessionReplay)
#include "tst_sessionreplay.moc"
