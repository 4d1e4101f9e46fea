// What the window does to its document: open, rules, recipe; also the demo model and replay of a session log.
#include "core/base/glob.h"
#include "core/base/mappedfile.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/model/demomodel.h"

#include <algorithm>

namespace trilobit {

namespace {

Json recipeResult(const Workspace& workspace) {
    const Recipe recipe = workspace.snapshot().recipe;
    return Json::object({{"recipe", recipe.toJson()}, {"hash", recipe.hash()}});
}

Result<Json> open(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    control.progress(0, 1, "opening");
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, loadModel(args["model"].toString(), workspace.encodings));
    TRILOBIT_TRY(const std::string hash, weightsHash(*model, control));
    workspace.change([&](Workspace::State& state) {
        state = {};
        state.model = model;
        state.modelHash = hash;
    });
    return Json::object({{"name", model->config().name},
                         {"architecture", model->config().architecture},
                         {"parameters", model->parameterCount()},
                         {"bytes", model->tensorBytes()},
                         {"bits_per_weight", model->bitsPerWeight()},
                         {"weights_hash", hash}});
}

/// A new rule; one with the same pattern is replaced where it stands last, so that editing does not pile up rules.
void putRule(Recipe& recipe, Rule rule) {
    std::erase_if(recipe.rules, [&](const Rule& old) { return old.pattern == rule.pattern; });
    recipe.rules.push_back(std::move(rule));
}

Result<Json> setRule(Workspace& workspace, const Json& args, RunControl&, const EventSink&) {
    const std::string pattern = args["tensors"].toString();
    TRILOBIT_CHECK(globCheck(pattern));
    Choice choice{args["method"].toString("rtn"), args["encoding"].toString(), {}};
    TRILOBIT_TRY(const std::shared_ptr<const Encoding> encoding, workspace.encodings.find(choice.encoding));
    choice.encoding = encoding->info().id;
    TRILOBIT_TRY(const std::shared_ptr<const Method> method, workspace.methods->find(choice.method));
    if (const Json* params = args.find("params")) {
        TRILOBIT_TRY(choice.params, paramsFromJson(*params));
    }
    TRILOBIT_CHECK(checkParams(choice.params, method->info()));
    workspace.change([&](Workspace::State& state) { putRule(state.recipe, {pattern, choice}); });
    return recipeResult(workspace);
}

Result<Json> keep(Workspace& workspace, const Json& args, RunControl&, const EventSink&) {
    const std::string pattern = args["tensors"].toString();
    TRILOBIT_CHECK(globCheck(pattern));
    workspace.change([&](Workspace::State& state) { putRule(state.recipe, {pattern, {}}); });
    return recipeResult(workspace);
}

Result<Json> clearRules(Workspace& workspace, const Json&, RunControl&, const EventSink&) {
    workspace.change([](Workspace::State& state) { state.recipe.rules.clear(); });
    return recipeResult(workspace);
}

Result<Json> setRecipe(Workspace& workspace, const Json& args, RunControl&, const EventSink&) {
    TRILOBIT_TRY(Recipe recipe, Recipe::fromJson(args["recipe"]));
    workspace.change([&](Workspace::State& state) { state.recipe = std::move(recipe); });
    return recipeResult(workspace);
}

Result<Json> demo(Workspace&, const Json& args, RunControl& control, const EventSink&) {
    const std::string path = args["output"].toString();
    TRILOBIT_CHECK(writeDemoModel(path, args["seed"].toUInt(1), control));
    return Json::object({{"output", path}, {"trained", false}});
}

/// Not repeated: what was cancelled, because nobody knows where it stood, and what only tidied up.
bool isRepeated(const Json& line, const Command& command) {
    return line["code"].toString() != errorCodeName(ErrorCode::Cancelled) && command.verb != "unfinished";
}

/// Every line is a command; the first that fails stops the replay, unless it failed then, too.
Result<Json> replay(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    const std::string path = args["log"].toString();
    TRILOBIT_TRY(const std::string text, readFile(path));
    Json results = Json::array();
    std::uint64_t skipped = 0;
    std::size_t from = 0;
    for (int line = 1; from < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        const std::string_view row = std::string_view(text).substr(from, end - from);
        from = end + 1;
        if (row.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        const auto inLine = [&](const Error& error) {
            return Error{error.code, error.text(), path, "line " + std::to_string(line)};
        };
        auto json = Json::parse(row);
        if (!json)
            return inLine(std::move(json).error());
        auto command = Command::fromJson(*json);
        if (!command)
            return inLine(std::move(command).error());
        if (command->verb == "replay")
            return inLine(fail(ErrorCode::Usage, "a replay inside a replay"));
        if (!isRepeated(*json, *command)) {
            ++skipped;
            continue;
        }
        auto result = runCommand(workspace, *command, control, events);
        if (!result && (result.error().code == ErrorCode::Cancelled || (*json)["ok"].toBool(true)))
            return inLine(std::move(result).error());
        if (!result) {
            results.push(Json::object({{"verb", command->verb}, {"error", result.error().text()}}));
            continue;
        }
        results.push(Json::object({{"verb", command->verb}, {"result", *std::move(result)}}));
    }
    return Json::object({{"commands", results}, {"skipped", skipped}});
}

std::string rulesText(const Json& result) { return result["recipe"].dump(2) + "\n"; }

} // namespace

std::vector<CommandSpec> workspaceVerbs() {
    const ArgSpec tensors{"tensors", {}, ArgType::Text, true, "a pattern over tensor names, like blk.*.ffn_*", {}};
    return {
        {"open", "opens a model in the workspace", {modelArg()}, open,
         [](const Json& result) { return "opened " + result["name"].toString() + "\n"; }},
        {"set-rule",
         "adds a rule to the workspace's recipe",
         {tensors,
          {"encoding", {"--encoding"}, ArgType::Text, true, "encoding", {}},
          {"method", {"--method"}, ArgType::Text, false, "method (rtn)", {}},
          {"params", {"--params"}, ArgType::JsonText, false, "parameters of the method", {}}},
         setRule,
         rulesText},
        {"keep", "adds a rule that keeps tensors as they are", {tensors}, keep, rulesText},
        {"clear-rules", "empties the workspace's recipe", {}, clearRules, rulesText},
        {"set-recipe",
         "replaces the workspace's recipe",
         {{"recipe", {}, ArgType::JsonText, true, "the recipe as JSON", {}}},
         setRecipe,
         rulesText},
        {"demo",
         "writes a small model with seeded random weights (untrained: it talks nonsense)",
         {{"output", {"-o", "--output"}, ArgType::OutputPath, true, "the GGUF file to write", {}},
          {"seed", {"--seed"}, ArgType::Integer, false, "another seed, other weights (1)", {}}},
         demo,
         [](const Json& result) { return "wrote " + result["output"].toString() + " (untrained)\n"; }},
        {"replay",
         "repeats a session log of the window, command by command",
         {{"log", {}, ArgType::Path, true, "session log, one command per line", {}}},
         replay,
         [](const Json& result) { return std::to_string(result["commands"].items().size()) + " commands repeated\n"; }},
    };
}

} // namespace trilobit
