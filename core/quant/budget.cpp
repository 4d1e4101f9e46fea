#include "core/quant/budget.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <numeric>

namespace trilobit {

namespace {

constexpr float kNothing = std::numeric_limits<float>::infinity();
constexpr std::uint8_t kNoOption = 255;

/// The options that can be part of a best choice: sizes rise, costs fall.
std::vector<std::size_t> usefulOptions(const std::vector<BudgetOption>& options) {
    std::vector<std::size_t> order(options.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return options[a].bytes != options[b].bytes ? options[a].bytes < options[b].bytes
                                                    : options[a].cost < options[b].cost;
    });
    std::vector<std::size_t> out;
    for (const std::size_t i : order)
        if (out.empty() || options[i].cost < options[out.back()].cost)
            out.push_back(i);
    return out;
}

class TableFront final : public BudgetFront {
public:
    std::uint64_t smallest() const override { return m_smallest; }
    std::uint64_t largest() const override { return m_largest; }

    std::optional<BudgetSolution> solve(std::uint64_t budget) const override {
        if (budget < m_smallest)
            return std::nullopt;
        auto units = static_cast<std::size_t>(std::min<std::uint64_t>((budget - m_smallest) / m_unit, m_units));
        BudgetSolution out;
        out.choice.resize(m_items.size());
        out.exact = m_exact;
        for (std::size_t i = m_items.size(); i-- > 0;) {
            const std::uint8_t picked = m_picked[i * (m_units + 1) + units];
            out.choice[i] = m_items[i].useful[picked];
            units -= m_items[i].weight[picked];
        }
        fillUp(budget, out);
        return out;
    }

    struct Item {
        std::vector<std::size_t> useful; ///< numbers of options
        std::vector<std::size_t> weight; ///< units above the smallest one
    };

    /// Rounding up leaves room; where an item still fits into a better option, it gets it.
    void fillUp(std::uint64_t budget, BudgetSolution& out) const {
        out.bytes = 0;
        for (std::size_t i = 0; i < m_items.size(); ++i)
            out.bytes += m_source[i].options[out.choice[i]].bytes;
        for (bool changed = !m_exact; changed;) {
            changed = false;
            double best = 0;
            std::size_t item = 0, option = 0;
            for (std::size_t i = 0; i < m_items.size(); ++i) {
                const BudgetOption& now = m_source[i].options[out.choice[i]];
                for (const std::size_t candidate : m_items[i].useful) {
                    const BudgetOption& next = m_source[i].options[candidate];
                    if (next.cost < now.cost && out.bytes - now.bytes + next.bytes <= budget
                        && now.cost - next.cost > best) {
                        best = now.cost - next.cost;
                        item = i;
                        option = candidate;
                        changed = true;
                    }
                }
            }
            if (changed) {
                out.bytes += m_source[item].options[option].bytes - m_source[item].options[out.choice[item]].bytes;
                out.choice[item] = option;
            }
        }
        out.cost = 0;
        for (std::size_t i = 0; i < m_items.size(); ++i)
            out.cost += m_source[i].options[out.choice[i]].cost;
    }

    std::vector<BudgetItem> m_source;
    std::vector<Item> m_items;
    std::vector<std::uint8_t> m_picked; ///< per item and units: which useful option
    std::uint64_t m_smallest = 0, m_largest = 0, m_unit = 1;
    std::size_t m_units = 0;
    bool m_exact = true;
};

class TableSolver final : public BudgetSolver {
public:
    explicit TableSolver(std::size_t maxUnits) : m_maxUnits(std::max<std::size_t>(maxUnits, 16)) {}
    std::string id() const override { return "table"; }
    std::string title() const override { return "Dynamic programming"; }

    Result<std::shared_ptr<const BudgetFront>> prepare(const std::vector<BudgetItem>& items,
                                                       RunControl& control) const override {
        for (const BudgetItem& item : items) {
            if (item.options.empty())
                return fail(ErrorCode::Usage, "a tensor without any option cannot be part of a budget");
            for (const BudgetOption& option : item.options)
                if (!std::isfinite(option.cost) || option.cost < 0)
                    return fail(ErrorCode::Usage, "the cost of an option is not a finite number of zero or more");
        }
        try {
            return prepared(items, control);
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::OutOfMemory, "not enough memory to solve the budget");
        }
    }

private:
    Result<std::shared_ptr<const BudgetFront>> prepared(const std::vector<BudgetItem>& items,
                                                        RunControl& control) const {
        auto front = std::make_shared<TableFront>();
        front->m_source = items;
        std::uint64_t divisor = 0, range = 0;
        for (const BudgetItem& item : items) {
            TableFront::Item& out = front->m_items.emplace_back();
            out.useful = usefulOptions(item.options);
            if (out.useful.size() >= kNoOption)
                return fail(ErrorCode::Usage, "more than 254 options for one tensor");
            const std::uint64_t first = item.options[out.useful.front()].bytes;
            front->m_smallest += first;
            for (const std::size_t option : out.useful)
                divisor = std::gcd(divisor, item.options[option].bytes - first);
            range += item.options[out.useful.back()].bytes - first;
        }
        front->m_largest = front->m_smallest + range;
        front->m_unit = std::max<std::uint64_t>(divisor, 1);
        if (range / front->m_unit > m_maxUnits) {
            front->m_unit = range / m_maxUnits + 1;
            front->m_exact = false;
        }
        // Rounded up, all the largest together may need a unit more each.
        const std::size_t units = static_cast<std::size_t>(range / front->m_unit) + (front->m_exact ? 0 : items.size());
        front->m_units = units;
        front->m_picked.resize(items.size() * (units + 1));

        std::vector<double> cost(units + 1, 0.0), next(units + 1);
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (control.isCancelled())
                return cancelledError();
            control.progress(static_cast<double>(i), static_cast<double>(items.size()), "solving the budget");
            TableFront::Item& item = front->m_items[i];
            std::uint8_t* picked = front->m_picked.data() + i * (units + 1);
            std::fill(next.begin(), next.end(), static_cast<double>(kNothing));
            for (std::size_t k = 0; k < item.useful.size(); ++k) {
                const BudgetOption& option = items[i].options[item.useful[k]];
                const std::uint64_t above = option.bytes - items[i].options[item.useful.front()].bytes;
                const auto weight = static_cast<std::size_t>((above + front->m_unit - 1) / front->m_unit);
                item.weight.push_back(weight);
                for (std::size_t u = weight; u <= units; ++u)
                    if (const double total = cost[u - weight] + option.cost; total < next[u]) {
                        next[u] = total;
                        picked[u] = static_cast<std::uint8_t>(k);
                    }
            }
            cost.swap(next);
        }
        return std::shared_ptr<const BudgetFront>(std::move(front));
    }

    std::size_t m_maxUnits;
};

} // namespace

std::shared_ptr<const BudgetSolver> makeTableSolver(std::size_t maxUnits) {
    return std::make_shared<TableSolver>(maxUnits);
}

BudgetSolvers BudgetSolvers::builtin() {
    BudgetSolvers out;
    out.m_solvers.push_back(makeTableSolver());
    return out;
}

Result<void> BudgetSolvers::add(std::shared_ptr<const BudgetSolver> solver) {
    if (!solver || find(solver->id()))
        return fail(ErrorCode::Plugin, "a budget solver without an id of its own cannot be added");
    m_solvers.push_back(std::move(solver));
    return {};
}

Result<std::shared_ptr<const BudgetSolver>> BudgetSolvers::find(std::string_view id) const {
    std::string known;
    for (const auto& solver : m_solvers) {
        if (solver->id() == id)
            return solver;
        known += (known.empty() ? "" : ", ") + solver->id();
    }
    return fail(ErrorCode::Usage,
                "there is no budget solver \"" + std::string(id.substr(0, 80)) + "\"; there are " + known);
}

} // namespace trilobit
