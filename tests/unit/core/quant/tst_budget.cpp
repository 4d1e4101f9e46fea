// Budgets: against brute force on small cases; tables, locks and recipes of a real (small) model.
#include "core/base/rng.h"
#include "core/model/demomodel.h"
#include "core/quant/budgetplan.h"
#include "plugins/rtn/rtnmethod.h"
#include "tests/support/testdata.h"

#include <QObject>
#include <QTemporaryDir>

#include <cmath>
#include <limits>

using namespace trilobit;

namespace {

/// Every combination; the cheapest within the budget, or infinity.
double bruteForce(const std::vector<BudgetItem>& items, std::uint64_t budget, std::size_t from = 0) {
    if (from == items.size())
        return 0;
    double best = std::numeric_limits<double>::infinity();
    for (const BudgetOption& option : items[from].options)
        if (option.bytes <= budget)
            best = std::min(best, option.cost + bruteForce(items, budget - option.bytes, from + 1));
    return best;
}

std::vector<BudgetItem> randomItems(Rng& rng, std::size_t count, std::uint64_t unit) {
    std::vector<BudgetItem> items(count);
    for (BudgetItem& item : items)
        for (std::uint64_t i = 0, n = 1 + rng.below(5); i < n; ++i)
            item.options.push_back({unit * (1 + rng.below(40)), static_cast<double>(rng.below(1000)) / 8});
    return items;
}

class TestBudget : public QObject {
    Q_OBJECT
private slots:
    void isOptimalOnSmallCases() {
        Rng rng(3);
        RunControl control;
        for (int trial = 0; trial < 200; ++trial) {
            const std::uint64_t unit = 1 + rng.below(1000);
            const std::vector<BudgetItem> items = randomItems(rng, 1 + rng.below(6), unit);
            const auto front = makeTableSolver()->prepare(items, control);
            QVERIFY_RESULT(front);
            for (int k = 0; k < 12; ++k) {
                const std::uint64_t budget = rng.below(unit * 220);
                const double best = bruteForce(items, budget);
                const auto found = (*front)->solve(budget);
                QCOMPARE(found.has_value(), std::isfinite(best));
                QCOMPARE(found.has_value(), budget >= (*front)->smallest());
                if (!found)
                    continue;
                QVERIFY(found->exact && found->bytes <= budget);
                QCOMPARE(found->cost, best); // eighths: exact in binary
                double cost = 0;
                std::uint64_t bytes = 0;
                for (std::size_t i = 0; i < items.size(); ++i) {
                    cost += items[i].options[found->choice[i]].cost;
                    bytes += items[i].options[found->choice[i]].bytes;
                }
                QCOMPARE(found->cost, cost);
                QCOMPARE(found->bytes, bytes);
            }
            const auto all = (*front)->solve((*front)->largest());
            QVERIFY(all);
            QCOMPARE(all->cost, bruteForce(items, std::numeric_limits<std::uint64_t>::max()));
        }
    }

    void staysWithinTheBudgetWhenSizesAreRounded() {
        // A table far too small for these sizes: never over the budget, and near the best.
        Rng rng(9);
        RunControl control;
        for (int trial = 0; trial < 40; ++trial) {
            const std::vector<BudgetItem> items = randomItems(rng, 6, 1009);
            std::vector<BudgetItem> odd = items;
            for (BudgetItem& item : odd)
                for (BudgetOption& option : item.options)
                    option.bytes += rng.below(7);
            const auto front = makeTableSolver(64)->prepare(odd, control);
            QVERIFY_RESULT(front);
            for (std::uint64_t budget = (*front)->smallest(); budget <= (*front)->largest(); budget += 4001) {
                const auto found = (*front)->solve(budget);
                QVERIFY(found && found->bytes <= budget);
                const double best = bruteForce(odd, budget);
                QVERIFY(found->exact ? found->cost == best : found->cost >= best);
            }
            // Where everything fits, rounding costs nothing.
            QCOMPARE((*front)->solve((*front)->largest())->cost, bruteForce(odd, (*front)->largest()));
        }
    }

    void refusesWhatHasNoAnswer() {
        RunControl control;
        const auto solver = makeTableSolver();
        QCOMPARE(solver->prepare({{}}, control).error().code, ErrorCode::Usage);
        QCOMPARE(solver->prepare({{{{1, std::nan("")}}}}, control).error().code, ErrorCode::Usage);
        QCOMPARE(solver->prepare({{{{1, -1.0}}}}, control).error().code, ErrorCode::Usage);
        const auto nothing = solver->prepare({}, control);
        QVERIFY_RESULT(nothing);
        QCOMPARE((*nothing)->solve(0)->bytes, std::uint64_t{0});
        BudgetSolvers solvers = BudgetSolvers::builtin();
        QCOMPARE(solvers.add(makeTableSolver()).error().code, ErrorCode::Plugin);
        QCOMPARE(solvers.find("magic").error().code, ErrorCode::Usage);
    }

    void solvesAModel() {
        QTemporaryDir folder;
        const std::string path = folder.filePath("demo.gguf").toStdString();
        RunControl control;
        QVERIFY_RESULT(writeDemoModel(path, 1, control));
        const EncodingRegistry encodings = EncodingRegistry::builtin();
        MethodRegistry methods;
        QVERIFY_RESULT(methods.add(std::make_shared<plugins::RtnMethod>()));
        const QuantServices services{&encodings, &methods};
        const auto model = loadModel(path, encodings);
        QVERIFY_RESULT(model);
        std::vector<Choice> choices;
        for (const char* id : {"Q8_0", "Q6_K", "Q4_0", "Q2_0"})
            choices.push_back({"rtn", id, {}});
        const auto table = measureBudget(*model, choices, 0, 0, services, control);
        QVERIFY_RESULT(table);
        const auto shared = std::make_shared<const BudgetTable>(*table);

        // What was measured on all rows is what quantizing measures.
        for (const BudgetTable::Row& row : table->rows) {
            const std::string& name = (*model)->tensors()[row.tensor].name;
            Recipe one;
            one.rules = {{name, row.options.back().choice}};
            const auto quantized = quantizeModel(*model, one, services, control);
            QVERIFY_RESULT(quantized);
            QCOMPARE(quantized->tensors[row.tensor].error.sumSquaredError, row.options.back().squaredError);
            QCOMPARE(quantized->tensors[row.tensor].bytesAfter, row.options.back().bytes);
            if (row.tensor > 12)
                break;
        }

        const std::string locked = (*model)->tensors()[table->rows.back().tensor].name;
        const std::vector<BudgetLock> locks = {{locked, {"rtn", "Q6_K", {}}}, {"blk.0.attn_q.weight", {}}};
        const auto plan = BudgetPlan::make(shared, BudgetCost::Relative, locks, *makeTableSolver(), control);
        QVERIFY_RESULT(plan);
        double lastCost = std::numeric_limits<double>::infinity();
        for (int step = 0; step <= 10; ++step) {
            const std::uint64_t budget =
                (*plan)->smallest()
                + ((*plan)->largest() - (*plan)->smallest()) / 10 * static_cast<std::uint64_t>(step);
            const auto answer = (*plan)->solve(budget);
            QVERIFY_RESULT(answer);
            QVERIFY(answer->bytes <= budget);
            QVERIFY(answer->cost <= lastCost);
            lastCost = answer->cost;
            const auto planned = planQuantization(**model, answer->recipe, services);
            QVERIFY_RESULT(planned);
            QCOMPARE(planned->bytesAfter, answer->bytes);
            QCOMPARE(answer->recipe.choiceFor(locked), locks[0].choice);
            QVERIFY(answer->recipe.choiceFor("blk.0.attn_q.weight").keeps());
        }
        // One tensor stays bad: whatever else is spared makes the whole better, and as good as quantizing finds it.
        const auto held = BudgetPlan::make(shared, BudgetCost::Relative, {{locked, {"rtn", "Q2_0", {}}}}, *makeTableSolver(), control);
        QVERIFY_RESULT(held);
        double lastDb = -std::numeric_limits<double>::infinity();
        for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
            const auto low = static_cast<double>((*held)->smallest()), high = static_cast<double>((*held)->largest());
            const auto answer = (*held)->solve(static_cast<std::uint64_t>(low + (high - low) * share));
            QVERIFY_RESULT(answer);
            QVERIFY2(answer->sqnrDb > lastDb, qPrintable(QString::number(share)));
            lastDb = answer->sqnrDb;
            const auto quantized = quantizeModel(*model, answer->recipe, services, control);
            QVERIFY_RESULT(quantized);
            QVERIFY(std::fabs(-10 * std::log10(meanRelativeError(**model, quantized->tensors)) - answer->sqnrDb) < 1e-9);
        }
        QCOMPARE((*plan)->solve((*plan)->smallest() - 1).error().code, ErrorCode::Usage);
        QCOMPARE(
            BudgetPlan::make(shared, BudgetCost::Relative, {{"*", {"rtn", "Q5_1", {}}}}, *makeTableSolver(), control)
                .error()
                .code,
            ErrorCode::Usage);
    }

    void readsSizes() {
        Model::Parts parts;
        Tensor tensor;
        tensor.rows = 10;
        tensor.cols = 80;
        tensor.encoding = *EncodingRegistry::builtin().find("F32");
        parts.tensors.push_back(tensor);
        const Model model(std::move(parts));
        const auto size = [&](const char* text) { return budgetFromText(text, model); };
        QCOMPARE(*size("4.5bpw"), std::uint64_t{450});
        QCOMPARE(*size("90MB"), std::uint64_t{90'000'000});
        QCOMPARE(*size("1.5MiB"), std::uint64_t{1'572'864});
        QCOMPARE(*size("1234"), std::uint64_t{1234});
        for (const char* bad : {"", "MB", "-3MB", "0", "4.5", "nan", "1e99GB", "12 parsecs"})
            if (std::string(bad) != "4.5")
                QVERIFY2(!size(bad), bad);
    }
};

} // namespace

QTEST_GUILESS_MAIN(TestBudget)
#include "tst_budget.moc"
