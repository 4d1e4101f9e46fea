// What the window shows is what the command line says: figures of the views against the JSON of a process of its own.
#include "tests/gui/openwindow.h"
#include "tests/support/cli.h"
#include "tests/support/testdata.h"
#include "widgets/common/format.h"
#include "widgets/common/wraplabel.h"
#include "widgets/models/experimentsmodel.h"
#include "widgets/pages/budget/budgetpage.h"
#include "widgets/pages/chat/chatpage.h"
#include "widgets/pages/compare/comparepage.h"
#include "widgets/pages/experiments/experimentspage.h"
#include "widgets/pages/speed/speedpage.h"
#include "widgets/common/factstrip.h"
#include "widgets/pages/weights/weightspage.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>

#include <cmath>
#include <limits>
#include <map>

using namespace trilobit;
using namespace trilobit::test;
using Tree = TensorTreeModel;

namespace {

const QString kText = QStringLiteral("Once upon a time a fox found a small red ball under a tree. The fox was happy and ran home.");

std::uint64_t countOf(const Json& tensor) {
    std::uint64_t count = 1;
    for (const Json& size : tensor["shape"].items())
        count *= size.toUInt();
    return count;
}

double sqnrOf(const Json& row) { return row["sqnr_db"].toDouble(std::numeric_limits<double>::infinity()); }

/// The rounding of shares in the views.
QString shareText(double share) {
    const double percent = 100 * share;
    return percent > 0 && percent < 0.1 ? QStringLiteral("< 0.1 %") : QStringLiteral("%1 %").arg(percent, 0, 'f', 1);
}
QString percentText(double share) {
    if (share == 0)
        return QStringLiteral("0 %");
    return (100 * share < 0.001 ? QStringLiteral("< 0.001") : numberText(100 * share)) + QStringLiteral(" %");
}

} // namespace

class TestNumbers : public QObject {
    Q_OBJECT

    /// A window with a model quantized, and the same on the command line.
    struct Opened {
        std::unique_ptr<OpenWindow> window;
        QString output;
        Json quantized, inspected;
    };
    QTemporaryDir m_folder;
    std::map<QString, Opened> m_all; ///< Qt Test runs each function on every model before the next one
    OpenWindow* m_open = nullptr;
    QString m_model, m_output;
    Json m_quantized, m_inspected;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    CliResult run(QStringList words) { return cli(words << "--threads" << "1"); }

    /// Every kind of row: kept, changed, fallen back, another method, the embedding.
    static Recipe recipe() {
        Recipe all;
        all.name = "numbers";
        all.seed = 3;
        all.rules = {{"blk.*", {"rtn", "Q4_0", {}}},
                     {"blk.*.attn_v.weight", {"rtn", "Q6_K", {}}},
                     {"blk.0.ffn_*", {"hqq", "affine-g64-b4", {{"iterations", std::int64_t{9}}}}},
                     {"blk.1.attn_q.weight", {}},
                     {"token_embd.weight", {"rtn", "Q8_0", {}}}};
        return all;
    }

    void prepare(Opened& opened) {
        opened.output = path(QFileInfo(m_model).baseName() + "-small.gguf");
        opened.window = std::make_unique<OpenWindow>(path("home-" + QFileInfo(m_model).baseName()), 1);
        QVERIFY(opened.window->open(m_model));
        Workbench& workbench = opened.window->bench();
        workbench.replaceRecipe(recipe(), QStringLiteral("numbers"));
        opened.window->trigger("quantizeAction");
        QVERIFY(opened.window->waitIdle());
        QVERIFY(workbench.quantized());
        const QString file = path("recipe.json");
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(QByteArray::fromStdString(recipe().toJson().dump()));
        out.close();
        const CliResult inspected = run({"inspect", m_model});
        QVERIFY2(inspected.exitCode == 0, inspected.err.constData());
        opened.inspected = inspected.json;
        const CliResult quantized = run({"quantize", m_model, "-o", opened.output, "--recipe", file, "--store",
                                         opened.window->context().workspace().store->path()});
        QVERIFY2(quantized.exitCode == 0, quantized.err.constData());
        opened.quantized = quantized.json;
    }

private slots:
    void initTestCase_data() {
        QTest::addColumn<QString>("model");
        QTest::newRow("demo") << QStringLiteral(TRILOBIT_SOURCE "/resources/samples/trilobit-demo-f16.gguf");
        if (const QString real = dataPath("models/smollm2-135m-instruct.q4_1.gguf");
            !dataFolder().isEmpty() && QFileInfo::exists(real))
            QTest::newRow("SmolLM2") << real;
    }

    void init() {
        QFETCH_GLOBAL(QString, model);
        m_model = model;
        Opened& opened = m_all[model];
        if (!opened.window)
            prepare(opened);
        m_open = opened.window.get();
        m_output = opened.output;
        m_quantized = opened.quantized;
        m_inspected = opened.inspected;
    }
    void cleanupTestCase() { m_all.clear(); }

    void tensorTable() {
        std::map<std::string, Json> shown;
        for (const Json& tensor : m_inspected["tensors"].items())
            shown[tensor["name"].toString()] = tensor;
        QCOMPARE(m_quantized["tensors"].items().size(), shown.size());
        int changed = 0, fallen = 0;
        struct Block {
            QModelIndex row;
            std::uint64_t before = 0, after = 0;
        };
        std::map<QString, Block> blocks;
        for (const Json& tensor : m_quantized["tensors"].items()) {
            const Json& source = shown[tensor["name"].toString()];
            const QString name = qtext(tensor["name"].toString());
            const auto cell = [&](int column) { return m_open->row(name, column).data().toString(); };
            QVERIFY2(m_open->row(name, 0).isValid(), qPrintable(name));
            QCOMPARE(cell(Tree::Source), qtext(source["encoding"].toString()));
            QCOMPARE(cell(Tree::Before), bytesText(tensor["bytes_before"].toUInt()));
            QCOMPARE(tensor["bytes_before"].toUInt(), source["bytes"].toUInt());
            QCOMPARE(cell(Tree::After), bytesText(tensor["bytes"].toUInt()));
            QCOMPARE(cell(Tree::Bits), bitsText(8 * static_cast<double>(tensor["bytes"].toUInt())
                                                / static_cast<double>(countOf(source))));
            const QString sqnr = m_open->row(name, Tree::Sqnr).data(Qt::AccessibleTextRole).toString();
            const bool kept = tensor["method"].toString() == "keep";
            QVERIFY2(kept ? sqnr.isEmpty() : sqnr == decibelText(sqnrOf(tensor)), qPrintable(name + ": " + sqnr));
            QVERIFY2(kept ? cell(Tree::Share).isEmpty() : cell(Tree::Share) == shareText(tensor["error_share"].toDouble()),
                     qPrintable(name + ": " + cell(Tree::Share)));
            if (!kept) {
                ++changed;
                const QString asked = qtext(tensor["requested"].toString()), applied = qtext(tensor["encoding"].toString());
                QCOMPARE(cell(Tree::MethodColumn), qtext(tensor["method"].toString()));
                QCOMPARE(cell(Tree::EncodingColumn), asked == applied ? asked : asked + QStringLiteral(" → ") + applied);
                fallen += asked != applied;
            }
            const QModelIndex parent = m_open->row(name, 0).parent();
            auto& block = blocks[parent.data().toString()];
            block.row = parent;
            block.before += tensor["bytes_before"].toUInt();
            block.after += tensor["bytes"].toUInt();
        }
        for (const auto& [title, block] : blocks) {
            if (!title.startsWith("Block"))
                continue;
            QCOMPARE(block.row.siblingAtColumn(Tree::Before).data().toString(), bytesText(block.before));
            QCOMPARE(block.row.siblingAtColumn(Tree::After).data().toString(), bytesText(block.after));
        }
        QVERIFY(blocks.size() > 2);
        QVERIFY(changed > 10);
        qInfo("%d tensors changed, %d fell back", changed, fallen);
    }

    void totals() {
        const QString text = m_open->child<QuietLabel>("totals")->text();
        const QString bits = QStringLiteral("%1 → %2 bits/weight").arg(bitsText(m_inspected["bits_per_weight"].toDouble()),
                                                                        bitsText(m_quantized["bits_per_weight"].toDouble()));
        const std::uint64_t before = m_quantized["bytes_before"].toUInt(), after = m_quantized["tensor_bytes"].toUInt();
        const QString bytes = QStringLiteral("%1 → %2 (%3)").arg(bytesText(before), bytesText(after), changeText(before, after));
        QVERIFY2(text.contains(bits) && text.contains(bytes), qPrintable(text));
        QCOMPARE(m_inspected["bytes"].toUInt(), before);
    }

    void weightFacts() {
        auto* page = m_open->show<WeightsPage>();
        auto* facts = m_open->child<FactStrip>("weightsFacts");
        for (const char* name : {"token_embd.weight", "blk.0.ffn_down.weight", "blk.1.attn_q.weight", "blk.2.attn_v.weight"}) {
            QSignalSpy shown(page, &WeightsPage::pictureShown);
            m_open->select(QLatin1String(name));
            QVERIFY(QTest::qWaitFor([&] { return !shown.isEmpty() && shown.last().front().toBool(); }, OpenWindow::kLongMs));
            const CliResult stats = run({"stats", m_model, "--tensor", name});
            QVERIFY2(stats.exitCode == 0, stats.err.constData());
            const Json& row = stats.json["tensors"].items().front();
            for (const char* key : {"mean", "std", "min", "max", "absmax", "kurtosis"})
                QCOMPARE(facts->value(key), numberText(row[key].toDouble()));
            QCOMPARE(facts->value("outliers"), percentText(row["outlier_fraction"].toDouble()));
            QCOMPARE(facts->value("zero"), percentText(row["zero_fraction"].toDouble()));
            QCOMPARE(facts->value("count"), QLocale(QLocale::English).toString(qulonglong{row["count"].toUInt()}));
            for (const Json& tensor : m_quantized["tensors"].items()) {
                if (tensor["name"].toString() != name || tensor["method"].toString() == "keep")
                    continue;
                const std::uint64_t before = tensor["bytes_before"].toUInt(), after = tensor["bytes"].toUInt();
                QCOMPARE(facts->value("size"), QStringLiteral("%1 → %2 (%3)").arg(bytesText(before), bytesText(after),
                                                                                   changeText(before, after)));
                // Of a large tensor the picture is a sample, and says so.
                if (facts->value("sqnr").startsWith(QChar(0x2248)))
                    continue;
                QCOMPARE(facts->value("sqnr"), decibelText(sqnrOf(tensor)));
                QCOMPARE(facts->value("rmse"), numberText(tensor["rmse"].toDouble()));
            }
        }
    }

    void budget() {
        if (QFileInfo(m_model).size() > 50'000'000)
            QSKIP("every encoding on every tensor of a large model takes minutes, twice");
        auto* page = m_open->show<BudgetPage>();
        m_open->child<QComboBox>("budgetAmong")->setCurrentIndex(1); // what the command line chooses among
        QSignalSpy planned(page, &BudgetPage::planChanged);
        m_open->child<QPushButton>("budgetMeasure")->click();
        QVERIFY(QTest::qWaitFor([&] { return page->plan() && !planned.isEmpty(); }, OpenWindow::kLongMs));
        for (const double bits : {3.5, 4.75, 6.0}) {
            m_open->child<QDoubleSpinBox>("budgetBits")->setValue(bits);
            QVERIFY(page->answer());
            const CliResult solved = run({"budget", m_model, "--budget", QString::number(bits) + "bpw", "--seed", "3"});
            QVERIFY2(solved.exitCode == 0, solved.err.constData());
            const QString text = m_open->child<QLabel>("budgetAnswer")->text();
            const QString expected =
                QStringLiteral("<b>%1 · %2 bits per weight</b> · SQNR ≈ %3")
                    .arg(bytesText(solved.json["bytes"].toUInt()), bitsText(solved.json["bits_per_weight"].toDouble()),
                         decibelText(sqnrOf(solved.json)));
            QVERIFY2(text.startsWith(expected), qPrintable(text + " instead of " + expected));
            QCOMPARE(page->answer()->bytes, solved.json["bytes"].toUInt());
            QCOMPARE(page->answer()->recipe.toJson()["rules"].dump(), solved.json["recipe"]["rules"].dump());
        }
    }

    void comparison() {
        auto* page = m_open->show<ComparePage>();
        m_open->child<QPlainTextEdit>("compareText")->setPlainText(kText);
        QSignalSpy finished(page, &ComparePage::finished);
        m_open->child<QPushButton>("compareRun")->click();
        QVERIFY(QTest::qWaitFor([&] { return !finished.isEmpty(); }, OpenWindow::kLongMs));
        const CliResult diff = run({"diff", m_model, m_output, "-p", kText});
        QVERIFY2(diff.exitCode == 0, diff.err.constData());
        auto* facts = m_open->child<FactStrip>("compareFacts");
        QCOMPARE(facts->value("kl"), numberText(diff.json["mean_kl"].toDouble()) + QStringLiteral(" nats"));
        QCOMPARE(facts->value("agreement"), QStringLiteral("%1 %").arg(100 * diff.json["agreement"].toDouble(), 0, 'f', 1));
        QCOMPARE(facts->value("ppla"), numberText(diff.json["ppl_a"].toDouble()));
        QCOMPARE(facts->value("pplb"), numberText(diff.json["ppl_b"].toDouble()));
        QCOMPARE(facts->value("first"), diff.json["first_divergence"].isNull()
                                            ? QStringLiteral("none")
                                            : QStringLiteral("token %1").arg(diff.json["first_divergence"].toInt()));
        const auto& tokens = diff.json["tokens"].items();
        QCOMPARE(page->tokens().size(), tokens.size());
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            QCOMPARE(page->tokens()[i].id, static_cast<TokenId>(tokens[i]["id"].toInt()));
            QCOMPARE(page->tokens()[i].kl, tokens[i]["kl"].toDouble());
        }
    }

    void chatFacts() {
        m_open->show<ChatPage>();
        for (const auto& [pane, file] : {std::pair("originalFacts", m_model), std::pair("quantizedFacts", m_output)}) {
            auto* facts = m_open->child<FactStrip>(pane);
            QVERIFY(QTest::qWaitFor([&, f = facts] { return !f->value("hash").isEmpty(); }, OpenWindow::kLongMs));
            const CliResult opened = run({"open", file});
            QVERIFY2(opened.exitCode == 0, opened.err.constData());
            const QString hash = qtext(opened.json["weights_hash"].toString());
            QVERIFY(facts->value("hash").size() >= 8);
            QCOMPARE(facts->value("hash"), hash.left(facts->value("hash").size()));
            QCOMPARE(facts->value("bits"), bitsText(opened.json["bits_per_weight"].toDouble()));
        }
        QVERIFY(m_open->waitIdle());
    }

    void speedFacts() {
        auto* page = m_open->show<SpeedPage>();
        m_open->child<QSpinBox>("speedPrompt")->setValue(8);
        m_open->child<QSpinBox>("speedTokens")->setValue(2);
        m_open->child<QSpinBox>("speedDepth")->setValue(3);
        QSignalSpy measured(page, &SpeedPage::measured);
        m_open->child<QPushButton>("speedMeasure")->click();
        QVERIFY(QTest::qWaitFor([&] { return !measured.isEmpty(); }, OpenWindow::kLongMs));
        QVERIFY(measured.front().front().toBool());
        const CliResult bench = run({"bench", m_model, "-p", "8", "-n", "2", "--depth", "3", "-r", "5", "--activations", "fast"});
        QVERIFY2(bench.exitCode == 0, bench.err.constData());
        const Json& speed = bench.json["speed"].items().back();
        auto* facts = m_open->child<FactStrip>("speedFacts");
        QCOMPARE(facts->value("bytes"), bytesText(speed["bytes_per_token"].toUInt()));
        QCOMPARE(facts->value("memory"),
                 QStringLiteral("%1 + %2").arg(bytesText(speed["owned_bytes"].toUInt() + speed["mapped_bytes"].toUInt()),
                                               bytesText(speed["cache_bytes"].toUInt())));
        QCOMPARE(facts->value("threads"), QString::number(speed["threads"].toInt()));
        QVERIFY(m_open->child<QLabel>("speedNote")->text().endsWith(qtext(bench.json["path"].toString())));
        const auto* table = m_open->child<QTableView>("speedKernels")->model();
        QCOMPARE(table->rowCount(), static_cast<int>(bench.json["kernel_of"].items().size()));
        for (int row = 0; row < table->rowCount(); ++row) {
            const Json& kernel = bench.json["kernel_of"].items()[static_cast<std::size_t>(row)];
            QCOMPARE(table->index(row, 0).data().toString(), qtext(kernel["tensor"].toString()));
            QCOMPARE(table->index(row, 1).data().toString(), qtext(kernel["encoding"].toString()));
            QCOMPARE(table->index(row, 2).data().toString(), qtext(kernel["kernel"].toString()));
        }
    }

    /// Rows of the window and of the command line in one table.
    void experiments() {
        const QString store = m_open->context().workspace().store->path(), text = path("text.txt");
        QFile file(text);
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 12; ++i)
            file.write(kText.toUtf8() + "\n");
        file.close();
        const CliResult measured = run({"perplexity", m_output, "--text", text, "--baseline", m_model, "--ctx", "64", "--chunks",
                                        "2", "--store", store});
        QVERIFY2(measured.exitCode == 0, measured.err.constData());
        auto* page = m_open->show<ExperimentsPage>();
        auto* model = page->findChild<ExperimentsModel*>();
        const qint64 last = measured.json["run"].toInt();
        QVERIFY(QTest::qWaitFor([&] { return model->rowCount() > 0 && model->run(0)->id >= last; }, OpenWindow::kLongMs));
        const CliResult list = run({"experiments", "list", "--store", store});
        QVERIFY2(list.exitCode == 0, list.err.constData());
        QCOMPARE(static_cast<std::size_t>(model->rowCount()), list.json["runs"].items().size());
        std::map<std::int64_t, const Json*> runs;
        for (const Json& one : list.json["runs"].items())
            runs[one["id"].toInt()] = &one;
        QStringList quantizations;
        for (int row = 0; row < model->rowCount(); ++row) {
            const auto cell = [&](int column) { return model->index(row, column).data().toString(); };
            QVERIFY(runs.contains(cell(ExperimentsModel::Id).toLongLong()));
            const Json& one = *runs[cell(ExperimentsModel::Id).toLongLong()];
            const Json& metrics = one["metrics"];
            QCOMPARE(cell(ExperimentsModel::Kind), qtext(one["kind"].toString()));
            QCOMPARE(cell(ExperimentsModel::Status), qtext(one["status"].toString()));
            QCOMPARE(cell(ExperimentsModel::ModelName), QFileInfo(qtext(one["model"].toString())).fileName());
            const auto number = [&](const char* key) { return metrics.contains(key) ? numberText(metrics[key].toDouble()) : QString(); };
            QCOMPARE(cell(ExperimentsModel::Perplexity), number("ppl"));
            QCOMPARE(cell(ExperimentsModel::Kl), metrics.contains("kl_mean") ? number("kl_mean") : number("mean_kl"));
            QCOMPARE(cell(ExperimentsModel::Bits),
                     metrics.contains("bits_per_weight") ? bitsText(metrics["bits_per_weight"].toDouble()) : QString());
            if (one["id"].toInt() == last) {
                QCOMPARE(cell(ExperimentsModel::Perplexity), numberText(measured.json["ppl"].toDouble()));
                QCOMPARE(cell(ExperimentsModel::Kl), numberText(measured.json["kl_mean"].toDouble()));
            }
            if (one["kind"].toString() == "quantize") {
                QCOMPARE(cell(ExperimentsModel::Size), bytesText(m_quantized["tensor_bytes"].toUInt()));
                QCOMPARE(cell(ExperimentsModel::Sqnr),
                         decibelText(-10 * std::log10(m_quantized["relative_squared_error"].toDouble())));
                quantizations << QStringList{cell(ExperimentsModel::Bits), cell(ExperimentsModel::Size), cell(ExperimentsModel::Sqnr),
                                             cell(ExperimentsModel::RecipeName)}
                                     .join(' ');
            }
        }
        // The window's own and the command line's.
        QCOMPARE(quantizations.size(), 2);
        QCOMPARE(quantizations[0], quantizations[1]);
    }
};

QTEST_MAIN(TestNumbers)
#include "tst_numbers.moc"
