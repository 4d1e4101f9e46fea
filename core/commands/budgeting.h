// The arguments of a budget, as the verbs budget and quantize take them.
#pragma once

#include "core/commands/command.h"
#include "core/quant/budgetplan.h"

#include <memory>

namespace trilobit {

struct SolvedBudget {
    std::uint64_t budget = 0, smallest = 0, largest = 0; ///< bytes
    BudgetAnswer answer;
};

/// args: budget, lock, encodings, all_methods, cost, solver, sample, seed (see the verb budget). Errors: Usage;
/// Cancelled.
Result<SolvedBudget> solveBudget(Workspace& workspace, std::shared_ptr<const Model> model, const Json& args,
                                 RunControl& control);

} // namespace trilobit
