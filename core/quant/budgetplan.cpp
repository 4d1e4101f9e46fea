#include "core/quant/budgetplan.h"

#include "core/base/glob.h"
#include "core/quant/tensorwork.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace trilobit {

namespace {

/// Progress of one tensor's options is not worth telling.
class QuietControl : public RunControl {
public:
    explicit QuietControl(const RunControl& outer) : m_outer(outer) {}
    bool isCancelled() const noexcept override { return m_outer.isCancelled(); }

private:
    const RunControl& m_outer;
};

double costOf(const MeasuredOption& option, const Tensor& tensor, BudgetCost cost) {
    if (cost == BudgetCost::Relative)
        return weightedRelativeError(option.error, tensor);
    return std::isfinite(option.squaredError) ? option.squaredError : static_cast<double>(tensor.count());
}

} // namespace

Result<BudgetCost> budgetCostFrom(std::string_view name) {
    if (name == "relative")
        return BudgetCost::Relative;
    if (name == "absolute")
        return BudgetCost::Absolute;
    return fail(ErrorCode::Usage,
                "a cost is \"relative\" or \"absolute\", not \"" + std::string(name.substr(0, 80)) + "\"");
}

double BudgetTable::bitsPerWeight(std::uint64_t bytes) const {
    return 8.0 * static_cast<double>(bytes) / static_cast<double>(std::max<std::uint64_t>(1, model->parameterCount()));
}

Result<BudgetTable> measureBudget(std::shared_ptr<const Model> model, const std::vector<Choice>& choices,
                                  std::uint64_t seed, std::int64_t sampleWeights, const QuantServices& services,
                                  RunControl& control) {
    if (!model)
        return fail(ErrorCode::Usage, "no model is open");
    std::vector<Choice> all{Choice{}};
    all.insert(all.end(), choices.begin(), choices.end());
    BudgetTable table;
    table.model = model;
    table.seed = seed;
    QuietControl quiet(control);
    const auto total = static_cast<double>(model->tensors().size());
    for (std::size_t i = 0; i < model->tensors().size(); ++i) {
        const Tensor& tensor = model->tensors()[i];
        control.progress(static_cast<double>(i), total, tensor.name);
        if (!isChangeable(tensor) || tensor.count() == 0) {
            table.fixedBytes += tensor.bytes.size();
            continue;
        }
        const std::int64_t rows = sampleWeights > 0 ? rowsForSample(tensor, sampleWeights) : 0;
        TRILOBIT_TRY(std::vector<MeasuredOption> options, measureOptions(tensor, all, seed, rows, services, quiet));
        std::erase_if(options, [](const MeasuredOption& option) { return option.refused; });
        table.rows.push_back({i, std::move(options)});
    }
    return table;
}

Result<std::shared_ptr<const BudgetPlan>> BudgetPlan::make(std::shared_ptr<const BudgetTable> table, BudgetCost cost,
                                                           const std::vector<BudgetLock>& locks,
                                                           const BudgetSolver& solver, RunControl& control) {
    auto plan = std::make_shared<BudgetPlan>();
    plan->m_table = table;
    std::vector<BudgetItem> items;
    for (const BudgetTable::Row& row : table->rows) {
        const Tensor& tensor = table->model->tensors()[row.tensor];
        const BudgetLock* lock = nullptr;
        for (const BudgetLock& candidate : locks)
            if (globMatch(candidate.pattern, tensor.name))
                lock = &candidate;
        std::vector<std::size_t>& options = plan->m_options.emplace_back();
        BudgetItem& item = items.emplace_back();
        for (std::size_t i = 0; i < row.options.size(); ++i)
            if (!lock || row.options[i].choice == lock->choice) {
                options.push_back(i);
                item.options.push_back({row.options[i].bytes, costOf(row.options[i], tensor, cost)});
            }
        if (options.empty())
            return fail(ErrorCode::Usage, "the lock \"" + lock->pattern + "\" asks for "
                                              + (lock->choice.keeps() ? "the source" : lock->choice.encoding)
                                              + ", which was not measured on " + tensor.name);
    }
    TRILOBIT_TRY(plan->m_front, solver.prepare(items, control));
    return std::shared_ptr<const BudgetPlan>(std::move(plan));
}

std::uint64_t BudgetPlan::smallest() const { return m_table->fixedBytes + m_front->smallest(); }
std::uint64_t BudgetPlan::largest() const { return m_table->fixedBytes + m_front->largest(); }

Result<BudgetAnswer> BudgetPlan::solve(std::uint64_t bytes) const {
    const auto solution = bytes < m_table->fixedBytes ? std::nullopt : m_front->solve(bytes - m_table->fixedBytes);
    if (!solution)
        return fail(ErrorCode::Usage, "the smallest that the options at hand reach is " + std::to_string(smallest())
                                          + " bytes, " + std::to_string(m_table->bitsPerWeight(smallest()))
                                          + " bits per weight");
    BudgetAnswer out;
    out.bytes = m_table->fixedBytes + solution->bytes;
    out.bitsPerWeight = m_table->bitsPerWeight(out.bytes);
    out.cost = solution->cost;
    out.exact = solution->exact;
    out.recipe.seed = m_table->seed;
    double error = 0, weights = 0;
    for (std::size_t i = 0; i < m_table->rows.size(); ++i) {
        const BudgetTable::Row& row = m_table->rows[i];
        const Tensor& tensor = m_table->model->tensors()[row.tensor];
        weights += static_cast<double>(tensor.count());
        const MeasuredOption& option = row.options[m_options[i][solution->choice[i]]];
        if (option.choice.keeps())
            continue;
        out.recipe.rules.push_back({tensor.name, option.choice});
        out.squaredError += option.squaredError;
        error += weightedRelativeError(option.error, tensor);
    }
    out.sqnrDb = error > 0 ? 10 * std::log10(weights / error) : std::numeric_limits<double>::infinity();
    return out;
}

Result<std::uint64_t> budgetFromText(std::string_view text, const Model& model) {
    double number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    double bytes = 0;
    if (unit == "bpw")
        bytes = number * static_cast<double>(model.parameterCount()) / 8;
    else if (unit.empty() || unit == "B")
        bytes = number;
    else if (unit == "kB" || unit == "KB")
        bytes = number * 1e3;
    else if (unit == "MB")
        bytes = number * 1e6;
    else if (unit == "GB")
        bytes = number * 1e9;
    else if (unit == "KiB")
        bytes = number * 0x1p10;
    else if (unit == "MiB")
        bytes = number * 0x1p20;
    else if (unit == "GiB")
        bytes = number * 0x1p30;
    else
        bytes = -1;
    if (problem != std::errc() || !(bytes > 0) || bytes > 0x1p60)
        return fail(ErrorCode::Usage, "a budget is a size such as 4.25bpw (bits per weight), 90MB or 90MiB, not \""
                                          + std::string(text.substr(0, 80)) + "\"");
    return static_cast<std::uint64_t>(bytes);
}

} // namespace trilobit
