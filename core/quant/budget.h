// Budgets: which option each tensor gets so that all together cost least within so many bytes.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

/// Cost: what is lost, in any unit that may be added up over tensors; finite, not negative.
struct BudgetOption {
    std::uint64_t bytes = 0;
    double cost = 0;
};
/// A tensor and what it could be. A lock is an item with a single option.
struct BudgetItem {
    std::vector<BudgetOption> options; ///< at least one
};

struct BudgetSolution {
    std::vector<std::size_t> choice; ///< per item, the number of its option
    std::uint64_t bytes = 0;
    double cost = 0;
    bool exact = false; ///< no choice within the budget costs less; otherwise a small gap is possible
};

/// The answers for every budget at once, so that a slider only looks them up. Immutable; any thread.
class BudgetFront {
public:
    virtual ~BudgetFront() = default;
    virtual std::uint64_t smallest() const = 0; ///< below this nothing fits
    virtual std::uint64_t largest() const = 0;  ///< above this nothing gets better
    /// Nothing when `budget` is below smallest().
    virtual std::optional<BudgetSolution> solve(std::uint64_t budget) const = 0;
};

/// A way to solve budgets. Another one only has to be added to a BudgetSolvers.
class BudgetSolver {
public:
    virtual ~BudgetSolver() = default;
    virtual std::string id() const = 0;
    virtual std::string title() const = 0;
    /// Errors: Usage for items without options or with costs that are not finite and >= 0; Cancelled; OutOfMemory.
    virtual Result<std::shared_ptr<const BudgetFront>> prepare(const std::vector<BudgetItem>& items,
                                                               RunControl& control) const = 0;
};

/// Dynamic programming over sizes, counted in units: exact when every size is a multiple of the unit, and never over
/// the budget, because sizes are rounded up. `maxUnits` bounds memory: items * maxUnits bytes.
std::shared_ptr<const BudgetSolver> makeTableSolver(std::size_t maxUnits = 32768);

class BudgetSolvers {
public:
    /// With the table solver in it.
    static BudgetSolvers builtin();
    /// Errors: Plugin when the id is taken.
    Result<void> add(std::shared_ptr<const BudgetSolver> solver);
    /// Errors: Usage, naming the ids that exist.
    Result<std::shared_ptr<const BudgetSolver>> find(std::string_view id) const;
    const std::vector<std::shared_ptr<const BudgetSolver>>& all() const { return m_solvers; }

private:
    std::vector<std::shared_ptr<const BudgetSolver>> m_solvers;
};

} // namespace trilobit
