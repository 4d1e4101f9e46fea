// options: what else a tensor could be; profile: what its plots show; budget: a recipe for so many bytes.
#include "core/base/glob.h"
#include "core/base/safefile.h"
#include "core/commands/budgeting.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/quant/quantizetensor.h"
#include "core/quant/tensorprofile.h"

#include <cmath>
#include <cstdio>

namespace trilobit {

namespace {

constexpr std::int64_t kBudgetSample = 32 * 1024; // weights per tensor and option
constexpr std::int64_t kCliScatter = 1000;

Result<const Tensor*> tensorFrom(const Model& model, const Json& args) {
    if (const Tensor* tensor = model.find(args["tensor"].toString()))
        return tensor;
    return fail(ErrorCode::Usage, "there is no tensor \"" + args["tensor"].toString() + "\"");
}

Json finiteOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Result<Json> options(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    TRILOBIT_TRY(const Tensor* tensor, tensorFrom(*model, args));
    const std::int64_t sample = args["sample"].toInt(0);
    if (sample < 0)
        return fail(ErrorCode::Usage, "--sample is a number of rows, or 0 for all");
    const QuantServices services = workspace.quantServices();
    const auto toJson = [](const MeasuredOption& option) {
        Json row = Json::object({{"method", option.choice.method},
                                 {"requested", option.choice.encoding},
                                 {"encoding", option.applied},
                                 {"refused", option.refused},
                                 {"bytes", option.bytes},
                                 {"bits_per_weight", option.bitsPerWeight},
                                 {"sqnr_db", finiteOrNull(option.error.sqnrDb)},
                                 {"rmse", option.error.rmse},
                                 {"relative_squared_error", option.error.relativeSquared}});
        if (!option.note.empty())
            row.set("note", option.note);
        return row;
    };
    Json rows = Json::array();
    TRILOBIT_TRY(const std::vector<MeasuredOption> measured,
                 measureOptions(*tensor, candidateChoices(services, args["all_methods"].toBool()),
                                args["seed"].toUInt(), sample, services, control, [&](const MeasuredOption& option) {
                                    if (events)
                                        events(Json::object({{"event", "option"}, {"option", toJson(option)}}));
                                }));
    for (const MeasuredOption& option : measured)
        rows.push(toJson(option));
    const std::int64_t tried = measured.empty() ? 0 : (sample > 0 ? std::min(sample, tensor->rows) : tensor->rows);
    return Json::object({{"tensor", tensor->name},
                         {"encoding", tensor->encoding->info().id},
                         {"bytes", static_cast<std::uint64_t>(tensor->bytes.size())},
                         {"rows", tried},
                         {"total_rows", tensor->rows},
                         {"options", rows}});
}

std::string optionsText(const Json& result) {
    std::vector<std::vector<std::string>> rows{{"method", "encoding", "bits/weight", "bytes", "SQNR dB", "RMSE", ""}};
    for (const Json& option : result["options"].items()) {
        const bool refused = option["refused"].toBool();
        rows.push_back({option["method"].toString(), option["requested"].toString(),
                        refused ? "" : numberText(option["bits_per_weight"].toDouble(), 3),
                        refused ? "" : option["bytes"].dump(),
                        refused                      ? "refused"
                        : option["sqnr_db"].isNull() ? "exact"
                                                     : numberText(option["sqnr_db"].toDouble(), 2),
                        refused ? "" : numberText(option["rmse"].toDouble(), 6), option["note"].toString()});
    }
    return result["tensor"].toString() + ", " + result["encoding"].toString() + ", " + result["rows"].dump() + " of "
           + result["total_rows"].dump() + " rows tried\n" + textTable(rows);
}

Json floats(const std::vector<float>& values) {
    Json out = Json::array();
    for (const float value : values)
        out.push(value);
    return out;
}

Json doubles(const std::vector<double>& values) {
    Json out = Json::array();
    for (const double value : values)
        out.push(value);
    return out;
}

Result<Json> profile(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    TRILOBIT_TRY(const Tensor* tensor, tensorFrom(*model, args));
    std::optional<QuantizedTensor> quantized;
    if (args.contains("encoding")) {
        const Choice choice{args["method"].toString("rtn"), args["encoding"].toString(), {}};
        TRILOBIT_TRY(quantized,
                     quantizeTensor(*tensor, choice, args["seed"].toUInt(), workspace.quantServices(), control));
    }
    TRILOBIT_TRY(const TensorProfile found,
                 profileTensor(*tensor, quantized ? &quantized->tensor : nullptr, kCliScatter, control));
    Json quantiles = Json::array();
    for (const QuantilePoint& point : found.quantiles) {
        Json row =
            Json::object({{"probability", point.probability}, {"normal", point.normal}, {"original", point.original}});
        if (found.hasQuantized)
            row.set("quantized", point.quantized);
        quantiles.push(std::move(row));
    }
    Json out = Json::object({{"tensor", tensor->name},
                             {"mean", found.mean},
                             {"std", found.std},
                             {"row_absmax", floats(found.rowAbsmax)},
                             {"row_rms", floats(found.rowRms)},
                             {"column_absmax", floats(found.colAbsmax)},
                             {"column_rms", floats(found.colRms)},
                             {"quantiles", quantiles},
                             {"spectrum_rows", found.spectrumRows},
                             {"singular_values", doubles(found.weightSpectrum)}});
    if (found.hasQuantized) {
        out.set("row_error_rms", floats(found.rowErrorRms));
        out.set("column_error_rms", floats(found.colErrorRms));
        out.set("error_singular_values", doubles(found.errorSpectrum));
    }
    return out;
}

std::string profileText(const Json& result) {
    std::vector<std::vector<std::string>> rows{{"normal quantile", "weights"}};
    for (std::size_t i = 0; i < result["quantiles"].items().size(); i += 32) {
        const Json& point = result["quantiles"].items()[i];
        rows.push_back({numberText(point["normal"].toDouble(), 3), numberText(point["original"].toDouble(), 6)});
    }
    return result["tensor"].toString() + ": " + std::to_string(result["row_absmax"].items().size()) + " rows, "
           + std::to_string(result["column_absmax"].items().size()) + " columns\n" + textTable(rows)
           + "(all numbers with --json)\n";
}

/// "output.weight=Q6_K", "token_embd*=keep", "blk.0.*=hqq:Q4_1".
Result<BudgetLock> lockFrom(const std::string& text) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
        return fail(ErrorCode::Usage,
                    "a lock is PATTERN=ENCODING, PATTERN=METHOD:ENCODING or PATTERN=keep, not \"" + text + "\"");
    BudgetLock lock;
    lock.pattern = text.substr(0, equals);
    TRILOBIT_CHECK(globCheck(lock.pattern));
    const std::string what = text.substr(equals + 1);
    if (what == "keep")
        return lock;
    const std::size_t colon = what.find(':');
    lock.choice.method = colon == std::string::npos ? "rtn" : what.substr(0, colon);
    lock.choice.encoding = colon == std::string::npos ? what : what.substr(colon + 1);
    return lock;
}

std::vector<std::string> splitWords(const std::string& text, char separator) {
    std::vector<std::string> out;
    int depth = 0; // patterns have commas of their own inside braces
    std::string word;
    for (const char c : text) {
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (c == separator && depth == 0) {
            if (!word.empty())
                out.push_back(std::move(word));
            word.clear();
        } else {
            word += c;
        }
    }
    if (!word.empty())
        out.push_back(std::move(word));
    return out;
}

Result<std::vector<Choice>> choicesFrom(const Json& args, const std::vector<BudgetLock>& locks,
                                        const QuantServices& services) {
    std::vector<Choice> choices;
    if (args.contains("encodings")) {
        for (const std::string& word : splitWords(args["encodings"].toString(), ',')) {
            TRILOBIT_TRY(BudgetLock one, lockFrom("*=" + word));
            choices.push_back(std::move(one.choice));
        }
    } else {
        choices = candidateChoices(services, args["all_methods"].toBool());
    }
    for (Choice& choice : choices) {
        TRILOBIT_TRY(const auto encoding, services.encodings->find(choice.encoding));
        choice.encoding = encoding->info().id;
    }
    for (const BudgetLock& lock : locks)
        if (!lock.choice.keeps() && std::find(choices.begin(), choices.end(), lock.choice) == choices.end())
            choices.push_back(lock.choice);
    return choices;
}

Result<Json> budget(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    TRILOBIT_TRY(const SolvedBudget solved, solveBudget(workspace, model, args, control));
    const BudgetAnswer& answer = solved.answer;
    if (const Json* output = args.find("output"))
        TRILOBIT_CHECK(writeFileSafely(output->toString(), answer.recipe.toJson().dump(2) + "\n"));
    return Json::object({{"budget_bytes", solved.budget},
                         {"bytes", answer.bytes},
                         {"bits_per_weight", answer.bitsPerWeight},
                         {"smallest_bytes", solved.smallest},
                         {"largest_bytes", solved.largest},
                         {"cost", answer.cost},
                         {"sqnr_db", finiteOrNull(answer.sqnrDb)},
                         {"exact", answer.exact},
                         {"recipe", answer.recipe.toJson()}});
}

std::string budgetText(const Json& result) {
    std::map<std::string, int> used;
    for (const Json& rule : result["recipe"]["rules"].items())
        ++used[rule["method"].toString() + " " + rule["encoding"].toString()];
    std::string out = bytesText(result["bytes"].toUInt()) + ", " + numberText(result["bits_per_weight"].toDouble(), 3)
                      + " bits per weight, estimated SQNR "
                      + (result["sqnr_db"].isNull() ? "exact" : numberText(result["sqnr_db"].toDouble(), 2) + " dB")
                      + "\n";
    std::vector<std::vector<std::string>> rows{{"tensors", "get"}};
    for (const auto& [what, count] : used)
        rows.push_back({std::to_string(count), what});
    return out + textTable(rows);
}

} // namespace

Result<SolvedBudget> solveBudget(Workspace& workspace, std::shared_ptr<const Model> model, const Json& args,
                                 RunControl& control) {
    SolvedBudget out;
    TRILOBIT_TRY(out.budget, budgetFromText(args["budget"].toString(), *model));
    TRILOBIT_TRY(const BudgetCost cost, budgetCostFrom(args["cost"].toString("relative")));
    const QuantServices services = workspace.quantServices();
    std::vector<BudgetLock> locks;
    for (const std::string& word : splitWords(args["lock"].toString(), ',')) {
        TRILOBIT_TRY(BudgetLock lock, lockFrom(word));
        if (!lock.choice.keeps()) {
            TRILOBIT_TRY(const auto encoding, services.encodings->find(lock.choice.encoding));
            lock.choice.encoding = encoding->info().id;
        }
        locks.push_back(std::move(lock));
    }
    TRILOBIT_TRY(const std::vector<Choice> choices, choicesFrom(args, locks, services));
    const std::int64_t sample = args["sample"].toInt(kBudgetSample);
    if (sample < 0)
        return fail(ErrorCode::Usage, "--sample is a number of weights per tensor, or 0 for all");
    TRILOBIT_TRY(BudgetTable table,
                 measureBudget(std::move(model), choices, args["seed"].toUInt(), sample, services, control));
    const BudgetSolvers solvers = BudgetSolvers::builtin();
    TRILOBIT_TRY(const auto solver, solvers.find(args["solver"].toString("table")));
    TRILOBIT_TRY(
        const std::shared_ptr<const BudgetPlan> plan,
        BudgetPlan::make(std::make_shared<const BudgetTable>(std::move(table)), cost, locks, *solver, control));
    TRILOBIT_TRY(out.answer, plan->solve(out.budget));
    out.answer.recipe.name = "budget " + args["budget"].toString();
    out.smallest = plan->smallest();
    out.largest = plan->largest();
    return out;
}

std::vector<CommandSpec> optionVerbs() {
    const ArgSpec tensor{"tensor", {"--tensor"}, ArgType::Text, true, "name of the tensor", {}};
    const ArgSpec encoding{"encoding", {"--encoding"}, ArgType::Text, false, "also what this encoding makes of it", {}};
    const ArgSpec method{"method", {"--method"}, ArgType::Text, false, "that chooses the values (rtn)", {}};
    const ArgSpec seed{"seed", {"--seed"}, ArgType::Integer, false, "of the recipe (0)", {}};
    const ArgSpec all{
        "all_methods", {"--all-methods"}, ArgType::Flag, false, "also other methods than plain rounding", {}};
    return {
        {"options",
         "what else a tensor could be: size and measured error of every encoding",
         {modelArg(), tensor, all, seed, {"sample", {"--sample"}, ArgType::Integer, false, "rows to try (0: all)", {}}},
         options,
         optionsText},
        {"profile",
         "absmax by row and column, quantiles against a normal distribution, singular values",
         {modelArg(), tensor, encoding, method, seed},
         profile,
         profileText},
        {"budget",
         "the recipe of least measured error that fits into so many bytes or bits per weight",
         {modelArg(),
          {"budget", {"--budget"}, ArgType::Text, true, "4.25bpw, 90MB, 90MiB", {}},
          {"output", {"-o", "--output"}, ArgType::OutputPath, false, "write the recipe to this file", {}},
          {"lock", {"--lock"}, ArgType::Text, false, "PATTERN=ENCODING or PATTERN=keep, several with commas", {}},
          {"encodings", {"--encodings"}, ArgType::Text, false, "to choose among, with commas (all)", {}},
          all,
          {"cost",
           {"--cost"},
           ArgType::Text,
           false,
           "how errors of tensors add up (relative)",
           {"relative", "absolute"}},
          {"solver", {"--solver"}, ArgType::Text, false, "table", {}},
          {"sample", {"--sample"}, ArgType::Integer, false, "weights of each tensor to try (32768; 0: all)", {}},
          seed},
         budget,
         budgetText},
    };
}

} // namespace trilobit
