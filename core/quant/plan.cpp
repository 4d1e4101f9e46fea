// planQuantization: what a recipe would do to a model, without reading a weight.
#include "core/quant/tensorwork.h"

#include <algorithm>
#include <map>

namespace trilobit {

namespace {

TensorPlan keptTensor(std::size_t index, const Tensor& tensor) {
    TensorPlan plan;
    plan.tensor = index;
    plan.requested = plan.applied = tensor.encoding->info().id;
    plan.bytesBefore = plan.bytesAfter = tensor.bytes.size();
    return plan;
}

/// All rules are looked up, also those that match nothing: a misspelt id is told at once.
Result<std::vector<ResolvedChoice>> resolveRules(const Recipe& recipe, const QuantServices& services) {
    std::vector<ResolvedChoice> resolved(recipe.rules.size());
    for (std::size_t i = 0; i < recipe.rules.size(); ++i)
        if (!recipe.rules[i].choice.keeps()) {
            auto found = resolveChoice(recipe.rules[i].choice, services);
            if (!found) {
                Error error = std::move(found).error();
                error.field = "rules[" + std::to_string(i) + "]";
                return error;
            }
            resolved[i] = *std::move(found);
        }
    return resolved;
}

double bitsPerWeight(std::uint64_t bytes, std::uint64_t weights) {
    return weights == 0 ? 0 : static_cast<double>(bytes) * 8 / static_cast<double>(weights);
}

void addExpectation(std::vector<std::string>& expectations, std::string text) {
    if (!text.empty() && std::find(expectations.begin(), expectations.end(), text) == expectations.end())
        expectations.push_back(std::move(text));
}

} // namespace

Result<Plan> planQuantization(const Model& model, const Recipe& recipe, const QuantServices& services) {
    TRILOBIT_TRY(const std::vector<ResolvedChoice> resolved, resolveRules(recipe, services));
    std::map<const Choice*, const ResolvedChoice*> byChoice;
    for (std::size_t i = 0; i < resolved.size(); ++i)
        byChoice[&recipe.rules[i].choice] = &resolved[i];

    Plan plan;
    for (std::size_t i = 0; i < model.tensors().size(); ++i) {
        const Tensor& tensor = model.tensors()[i];
        TensorPlan row = keptTensor(i, tensor);
        const Choice* choice = isChangeable(tensor) ? &recipe.choiceFor(tensor.name) : nullptr;
        if (choice && !choice->keeps()) {
            const ResolvedChoice& wanted = *byChoice.at(choice);
            AppliedChoice applied = applyChoice(wanted, choice->params, tensor, services);
            TRILOBIT_TRY(const std::vector<float> importance, importanceOf(tensor, services));
            row.importance = !importance.empty() && looksAtImportance(*wanted.method, *applied.encoding);
            row.choice = *choice;
            row.requested = wanted.encoding->info().id;
            row.applied = applied.encoding->info().id;
            row.note = std::move(applied.note);
            row.refused = applied.refused;
            if (applied.refused)
                plan.refused = true;
            else {
                row.bytesAfter = applied.bytes;
                addExpectation(plan.expectations,
                               wanted.method->expectationFor(applied.encoding->info(), choice->params));
            }
        }
        plan.bytesBefore += row.bytesBefore;
        plan.bytesAfter += row.bytesAfter;
        plan.tensors.push_back(std::move(row));
    }
    plan.bitsPerWeightBefore = bitsPerWeight(plan.bytesBefore, model.parameterCount());
    plan.bitsPerWeightAfter = bitsPerWeight(plan.bytesAfter, model.parameterCount());
    return plan;
}

} // namespace trilobit
