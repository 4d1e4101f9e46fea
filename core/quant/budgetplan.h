// From a model to a budget and back: measured options per tensor, locks, and the recipe of a solution.
#pragma once

#include "core/quant/budget.h"
#include "core/quant/errortable.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

/// How errors of different tensors are added up.
enum class BudgetCost {
    Relative, ///< sum of weights * (squared error / squared weights): every weight's relative error counts the same
    Absolute, ///< sum of squared errors: tensors with large weights count more
};
Result<BudgetCost> budgetCostFrom(std::string_view name); ///< "relative", "absolute"

/// The options of every tensor that a recipe may change. Immutable once measured; shared.
struct BudgetTable {
    struct Row {
        std::size_t tensor = 0;              ///< index in Model::tensors()
        std::vector<MeasuredOption> options; ///< the first keeps; refused and failed ones are left out
    };
    std::shared_ptr<const Model> model;
    std::vector<Row> rows;
    std::uint64_t fixedBytes = 0; ///< of all other tensors
    std::uint64_t seed = 0;

    double bitsPerWeight(std::uint64_t bytes) const;
};

/// Tries every choice on about `sampleWeights` weights of each tensor (0: all). Progress in tensors. Errors: Usage;
/// Cancelled; OutOfMemory.
Result<BudgetTable> measureBudget(std::shared_ptr<const Model> model, const std::vector<Choice>& choices,
                                  std::uint64_t seed, std::int64_t sampleWeights, const QuantServices& services,
                                  RunControl& control);

/// Tensors whose names match `pattern` keep to `choice`; later locks win.
struct BudgetLock {
    std::string pattern;
    Choice choice;
};

struct BudgetAnswer {
    Recipe recipe;           ///< one rule per tensor that changes
    std::uint64_t bytes = 0; ///< of all tensors
    double bitsPerWeight = 0;
    double cost = 0;
    double squaredError = 0; ///< estimated, of all tensors together
    double sqnrDb = 0;       ///< estimated, of the relative error averaged over the weights that a recipe may change
    bool exact = false;
};

/// A table with its costs, locks and solver; answers any budget. Immutable; any thread.
class BudgetPlan {
public:
    /// Errors: Usage for a lock that names no measured option of a tensor it matches; those of the solver.
    static Result<std::shared_ptr<const BudgetPlan>> make(std::shared_ptr<const BudgetTable> table, BudgetCost cost,
                                                          const std::vector<BudgetLock>& locks,
                                                          const BudgetSolver& solver, RunControl& control);
    std::uint64_t smallest() const; ///< bytes of all tensors together
    std::uint64_t largest() const;
    /// Errors: Usage when nothing is that small, naming the smallest size.
    Result<BudgetAnswer> solve(std::uint64_t bytes) const;
    const BudgetTable& table() const { return *m_table; }

private:
    std::shared_ptr<const BudgetTable> m_table;
    std::shared_ptr<const BudgetFront> m_front;
    std::vector<std::vector<std::size_t>> m_options; ///< per row: which of its options take part
};

/// "4.25bpw", "90MB", "90MiB", "1.2GB", or plain bytes, as bytes for this model. Errors: Usage.
Result<std::uint64_t> budgetFromText(std::string_view text, const Model& model);

} // namespace trilobit
