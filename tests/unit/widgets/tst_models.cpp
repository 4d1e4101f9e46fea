// Item models and proxies under the model tester, and what they say about recipe and result.
#include "tests/unit/widgets/testbench.h"
#include "widgets/models/experimentsmodel.h"
#include "widgets/models/jobsmodel.h"
#include "widgets/models/tensorfiltermodel.h"
#include "widgets/models/tensortreemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QThread>

#include <atomic>
#include <cmath>

using namespace trilobit;
using trilobit::test::TestBench;
using Tree = TensorTreeModel;
using FailureMode = QAbstractItemModelTester::FailureReportingMode;

namespace {

QModelIndex column(const QModelIndex& index, int which) { return index.siblingAtColumn(which); }

int countLeaves(const QAbstractItemModel& model, const QModelIndex& parent = {}) {
    int leaves = 0;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        leaves += index.data(Tree::TensorNameRole).toString().isEmpty() ? countLeaves(model, index) : 1;
    }
    return leaves;
}

RunRecord makeRun(std::int64_t id, const char* kind, double ppl) {
    RunRecord run;
    run.id = id;
    run.kind = kind;
    run.status = "done";
    run.started = "2026-01-02T03:04:05.678Z";
    run.modelPath = "/models/a, \"b\".gguf";
    run.metrics = Json::object({{"ppl", ppl}, {"bits_per_weight", 4.5}, {"relative_squared_error", 0.01}});
    return run;
}

} // namespace

class TestModels : public QObject {
    Q_OBJECT
    std::unique_ptr<TestBench> m_test;

private slots:
    void init() { m_test = std::make_unique<TestBench>(); }

    void treeFollowsTheWorkbench() {
        Tree tree(m_test->bench());
        QAbstractItemModelTester tester(&tree, FailureMode::QtTest);
        TensorFilterModel filter;
        filter.setSourceModel(&tree);
        filter.sort(Tree::Name);
        QAbstractItemModelTester filterTester(&filter, FailureMode::QtTest);
        QCOMPARE(tree.rowCount(), 0);
        QVERIFY(m_test->openDemo());
        QCOMPARE(tree.rowCount(), 1);
        QCOMPARE(countLeaves(tree), static_cast<int>(m_test->model().tensors().size()));
        QCOMPARE(countLeaves(filter), countLeaves(tree));
        m_test->bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q8_0", {}});
        m_test->bench().setRule(QStringLiteral("blk.0.*"), {"absmean", "I2_S", {}});
        m_test->bench().undoStack().undo();
        QVERIFY(m_test->openDemo());
    }

    void arrangesByRoleAndFlat() {
        QVERIFY(m_test->openDemo());
        Tree tree(m_test->bench());
        QAbstractItemModelTester tester(&tree, FailureMode::QtTest);
        TensorFilterModel filter;
        filter.setSourceModel(&tree);
        QAbstractItemModelTester filterTester(&filter, FailureMode::QtTest);
        const int all = static_cast<int>(m_test->model().tensors().size());
        m_test->bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q8_0", {}});
        for (const auto grouping : {Tree::Grouping::Role, Tree::Grouping::Flat, Tree::Grouping::Block}) {
            tree.setGrouping(grouping);
            QCOMPARE(countLeaves(tree), all);
            std::uint64_t after = 0;
            for (int row = 0; row < tree.rowCount(); ++row)
                after += tree.index(row, Tree::After).data(Tree::SortRole).toULongLong();
            QCOMPARE(after, m_test->bench().plan().bytesAfter);
        }
        tree.setGrouping(Tree::Grouping::Flat);
        QCOMPARE(tree.rowCount(), all);
        // Layers in order, each tensor with its block's number.
        QCOMPARE(tree.indexOf(QStringLiteral("blk.1.attn_q.weight")).data().toString(), QStringLiteral("1.attn_q"));
        tree.setGrouping(Tree::Grouping::Role);
        const QModelIndex role = tree.indexOf(QStringLiteral("blk.2.ffn_down.weight")).parent();
        QCOMPARE(role.data().toString(), QStringLiteral("Feed-forward: down"));
        for (int row = 0; row < tree.rowCount(role); ++row)
            QVERIFY(tree.index(row, 0, role).data(Tree::TensorNameRole).toString().contains(QStringLiteral("ffn_down")));
    }

    void sharesOfTheErrorAddUpToOne() {
        QVERIFY(m_test->openDemo());
        Tree tree(m_test->bench());
        tree.setGrouping(Tree::Grouping::Flat);
        m_test->bench().setRule(QStringLiteral("blk.{0,1}.*"), {"rtn", "Q4_0", {}});
        QVERIFY(!tree.index(0, Tree::Share).data(Tree::ShareRole).isValid());
        m_test->bench().quantize();
        QVERIFY(m_test->waitIdle());
        double sum = 0, largest = 0;
        for (int row = 0; row < tree.rowCount(); ++row) {
            const QVariant share = tree.index(row, Tree::Share).data(Tree::ShareRole);
            sum += share.toDouble();
            largest = std::max(largest, share.toDouble());
        }
        QVERIFY(std::abs(sum - 1) < 1e-12);
        TensorFilterModel filter;
        filter.setSourceModel(&tree);
        filter.sort(Tree::Share, Qt::DescendingOrder);
        QCOMPARE(filter.index(0, Tree::Share).data(Tree::ShareRole).toDouble(), largest);
    }

    void jobsCanBePausedAndGoOn() {
        JobQueue& queue = m_test->jobs();
        JobsModel model(queue);
        QAbstractItemModelTester tester(&model, FailureMode::QtTest);
        std::atomic<int> steps = 0;
        bool ended = false;
        const auto work = [&steps](RunControl& control) -> Result<int> {
            while (steps < 1000) {
                if (control.isCancelled())
                    return cancelledError();
                control.progress(steps, 1000, "counting");
                ++steps;
                QThread::msleep(2);
            }
            return 1;
        };
        const quint64 id = queue.start<int>({QStringLiteral("count"), JobLane::Compute, false}, this, work,
                                            [&ended](Result<int>) { ended = true; });
        (void)queue.start<int>({QStringLiteral("later"), JobLane::Compute, false}, this, [](RunControl&) { return Result<int>(2); },
                               [](Result<int>) {});
        (void)queue.start<int>({QStringLiteral("quiet"), JobLane::Interactive, true}, this,
                               [](RunControl&) { return Result<int>(3); }, [](Result<int>) {});
        QTRY_VERIFY(steps > 5);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1, JobsModel::State).data().toString(), QStringLiteral("waiting"));
        queue.setPaused(id, true);
        QCOMPARE(model.index(0, JobsModel::State).data().toString(), QStringLiteral("paused"));
        QTest::qWait(60);
        const int stood = steps;
        QTest::qWait(150);
        QCOMPARE(steps.load(), stood); // it waits, and does not spin through its work
        queue.setPaused(id, false);
        QTRY_VERIFY(steps > stood + 5);
        queue.setPaused(id, true);
        queue.cancel(id); // also while it is paused
        QTRY_VERIFY(ended);
        QTRY_COMPARE(model.rowCount(), 0);
    }

    void groupsSummariseTheirChildren() {
        QVERIFY(m_test->openDemo());
        Tree tree(m_test->bench());
        m_test->bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q8_0", {}});
        const QModelIndex top = tree.index(0, 0);
        QCOMPARE(column(top, Tree::Before).data(Tree::SortRole).toULongLong(), m_test->bench().plan().bytesBefore);
        QCOMPARE(column(top, Tree::After).data(Tree::SortRole).toULongLong(), m_test->bench().plan().bytesAfter);
        const QModelIndex block = tree.indexOf(QStringLiteral("blk.0.attn_q.weight")).parent();
        QCOMPARE(column(block, Tree::EncodingColumn).data().toString(), QStringLiteral("Q8_0"));
        QCOMPARE(column(block, Tree::MethodColumn).data().toString(), QStringLiteral("rtn"));
        m_test->bench().setRule(QStringLiteral("blk.0.ffn_down.weight"), {"rtn", "F16", {}});
        QCOMPARE(column(block, Tree::EncodingColumn).data().toString(), QStringLiteral("mixed"));
        QVERIFY(!column(block, Tree::EncodingColumn).data(Tree::ValueRole).isValid());
        QCOMPARE(column(block, Tree::MethodColumn).data().toString(), QStringLiteral("rtn"));
    }

    void refusedAndFallbackAreShownInPlace() {
        QVERIFY(m_test->openDemo());
        Tree tree(m_test->bench());
        m_test->bench().setRule(QStringLiteral("blk.0.attn_q.weight"), {"hqq", "Q4_0", {}});
        const QModelIndex cell = column(tree.indexOf(QStringLiteral("blk.0.attn_q.weight")), Tree::EncodingColumn);
        const TensorPlan* plan = m_test->bench().tensorPlan(QStringLiteral("blk.0.attn_q.weight"));
        QVERIFY(plan);
        QVERIFY2(plan->refused, "Q4_0 has no zero point for HQQ to move");
        QCOMPARE(cell.data(Tree::StateRole).toInt(), static_cast<int>(Tree::State::Refused));
        QVERIFY(cell.data(Qt::ToolTipRole).toString().contains(QString::fromStdString(plan->note)));
        QVERIFY(!cell.data(Qt::DecorationRole).isNull());
        QCOMPARE(cell.parent().siblingAtColumn(Tree::EncodingColumn).data(Tree::StateRole).toInt(),
                 static_cast<int>(Tree::State::Refused));
    }

    void onlyMatricesAreEditable() {
        QVERIFY(m_test->openDemo());
        Tree tree(m_test->bench());
        const QModelIndex matrix = tree.indexOf(QStringLiteral("blk.0.attn_q.weight"));
        const QModelIndex norm = tree.indexOf(QStringLiteral("blk.0.attn_norm.weight"));
        QVERIFY(matrix.isValid() && norm.isValid());
        QVERIFY(tree.flags(column(matrix, Tree::EncodingColumn)) & Qt::ItemIsEditable);
        QVERIFY(!(tree.flags(column(matrix, Tree::Bits)) & Qt::ItemIsEditable));
        QVERIFY(!(tree.flags(column(norm, Tree::EncodingColumn)) & Qt::ItemIsEditable));
        QCOMPARE(norm.data(Tree::TensorsRole).toStringList(), QStringList());
    }

    void measuredErrorAppearsAndGoesWithTheChoice() {
        QVERIFY(m_test->openDemo());
        Tree tree(m_test->bench());
        const QModelIndex cell = column(tree.indexOf(QStringLiteral("blk.0.attn_q.weight")), Tree::Sqnr);
        QVERIFY(!cell.data(Tree::SqnrRole).isValid());
        m_test->bench().setRule(QStringLiteral("blk.0.*"), {"rtn", "Q8_0", {}});
        m_test->bench().quantize();
        QVERIFY(m_test->waitIdle());
        QVERIFY(m_test->bench().quantized());
        const TensorReport* report = m_test->bench().report(QStringLiteral("blk.0.attn_q.weight"));
        QVERIFY(report);
        QVERIFY(std::abs(cell.data(Tree::SqnrRole).toDouble() - report->error.sqnrDb) < 1e-9);
        m_test->bench().setRule(QStringLiteral("blk.0.attn_q.weight"), {"rtn", "Q4_0", {}});
        QVERIFY2(!cell.data(Tree::SqnrRole).isValid(), "the old measurement belongs to another choice");
        m_test->bench().undoStack().undo();
        QVERIFY(cell.data(Tree::SqnrRole).isValid());
    }

    void filterFindsByWordsAndPatterns() {
        QVERIFY(m_test->openDemo());
        Tree tree(m_test->bench());
        TensorFilterModel filter;
        filter.setSourceModel(&tree);
        QAbstractItemModelTester tester(&filter, FailureMode::QtTest);
        const auto expected = [this](auto&& accepts) {
            return static_cast<int>(std::count_if(m_test->model().tensors().begin(), m_test->model().tensors().end(),
                                                  [&](const Tensor& t) { return accepts(t.name); }));
        };
        filter.setFilter(QStringLiteral("ffn_up"));
        QCOMPARE(countLeaves(filter), expected([](const std::string& n) { return n.find("ffn_up") != n.npos; }));
        filter.setFilter(QStringLiteral("blk.1.attn_*"));
        QCOMPARE(countLeaves(filter), expected([](const std::string& n) { return n.starts_with("blk.1.attn_"); }));
        filter.setFilter(QStringLiteral("no-such-thing"));
        QCOMPARE(countLeaves(filter), 0);
        filter.setFilter({});
        QCOMPARE(countLeaves(filter), countLeaves(tree));
    }

    void sortingBySizeOrdersTheLeaves() {
        QVERIFY(m_test->openDemo());
        Tree tree(m_test->bench());
        TensorFilterModel filter;
        filter.setSourceModel(&tree);
        filter.sort(Tree::Before, Qt::DescendingOrder);
        const QModelIndex block = filter.mapFromSource(tree.indexOf(QStringLiteral("blk.0.attn_q.weight"))).parent();
        QVERIFY(filter.rowCount(block) > 3);
        for (int row = 1; row < filter.rowCount(block); ++row)
            QVERIFY(filter.index(row - 1, Tree::Before, block).data(Tree::SortRole).toULongLong()
                    >= filter.index(row, Tree::Before, block).data(Tree::SortRole).toULongLong());
    }

    void experimentsKeepRowsInPlace() {
        ExperimentsModel model;
        QAbstractItemModelTester tester(&model, FailureMode::QtTest);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset), inserts(&model, &QAbstractItemModel::rowsInserted);
        model.setRuns({makeRun(2, "quantize", 0), makeRun(1, "perplexity", 21.5)});
        QCOMPARE(resets.count(), 1);
        model.setRuns({makeRun(3, "export", 0), makeRun(2, "quantize", 0), makeRun(1, "perplexity", 21.5)});
        QCOMPARE(resets.count(), 1);
        QCOMPARE(inserts.count(), 1);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(2, ExperimentsModel::Perplexity).data().toString(), QStringLiteral("21.5"));
        QCOMPARE(model.index(2, ExperimentsModel::Sqnr).data().toString(), QStringLiteral("20.0 dB"));
        model.setRuns({makeRun(3, "export", 0)});
        QCOMPARE(model.rowCount(), 1);
    }

    void csvQuotesWhatNeedsIt() {
        const QByteArray csv = ExperimentsModel::toCsv({makeRun(1, "perplexity", 21.5)});
        QVERIFY(csv.contains("\"/models/a, \"\"b\"\".gguf\""));
        QVERIFY(csv.startsWith("id,started,kind"));
        QCOMPARE(csv.count("\r\n"), 2);
        const auto json = Json::parse(ExperimentsModel::toJson({makeRun(1, "perplexity", 21.5)}).toStdString());
        QVERIFY_RESULT(json);
        QCOMPARE((*json)["runs"].items().size(), std::size_t{1});
    }
};

QTEST_MAIN(TestModels)
#include "tst_models.moc"
