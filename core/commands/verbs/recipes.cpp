// recipe: presets and checks; plugins: the methods and encodings at hand.
#include "core/base/jsonfile.h"
#include "core/base/safefile.h"
#include "core/commands/presets.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"

namespace trilobit {

namespace {

Result<Json> recipe(Workspace&, const Json& args, RunControl&, const EventSink&) {
    const std::string action = args["action"].toString("presets");
    if (action == "presets") {
        Json list = Json::array();
        for (const Preset& preset : presets())
            list.push(Json::object({{"name", preset.name}, {"summary", preset.summary}, {"recipe", preset.recipe.toJson()}}));
        return Json::object({{"presets", list}});
    }
    const Json* path = args.find("file");
    if (!path)
        return fail(ErrorCode::Usage, "recipe " + action + " needs a recipe FILE");
    TRILOBIT_TRY(const Json json, readJsonFile(path->toString(), 16u << 20));
    auto parsed = Recipe::fromJson(json);
    if (!parsed)
        return located(std::move(parsed).error(), path->toString());
    return Json::object({{"hash", parsed->hash()}, {"recipe", parsed->toJson()}});
}

std::string recipeText(const Json& result) {
    if (!result.contains("presets"))
        return result["recipe"].dump(2) + "\nhash " + result["hash"].toString() + "\n";
    std::vector<std::vector<std::string>> rows{{"preset", "what it does"}};
    for (const Json& preset : result["presets"].items())
        rows.push_back({preset["name"].toString(), preset["summary"].toString()});
    return textTable(rows);
}

Json paramToJson(const ParamSpec& spec) {
    static constexpr const char* kTypes[] = {"bool", "integer", "real", "choice"};
    Json out = Json::object({{"key", spec.key},
                             {"label", spec.label},
                             {"help", spec.help},
                             {"type", kTypes[static_cast<int>(spec.type)]},
                             {"default", paramsToJson({{"v", spec.defaultValue}})["v"]}});
    if (spec.type == ParamType::Integer || spec.type == ParamType::Real) {
        out.set("minimum", spec.minimum);
        out.set("maximum", spec.maximum);
    }
    if (spec.type == ParamType::Choice) {
        Json choices = Json::array();
        for (const std::string& choice : spec.choices)
            choices.push(choice);
        out.set("choices", choices);
    }
    return out;
}

Result<Json> plugins(Workspace& workspace, const Json&, RunControl&, const EventSink&) {
    Json methods = Json::array(), encodings = Json::array();
    for (const auto& method : workspace.methods->all()) {
        const MethodInfo& info = method->info();
        Json params = Json::array(), targets = Json::array();
        for (const ParamSpec& spec : info.params)
            params.push(paramToJson(spec));
        for (const auto& encoding : workspace.encodings.all())
            if (method->accepts(encoding->info(), {}, 4096, 4096))
                targets.push(encoding->info().id);
        methods.push(Json::object({{"id", info.id},
                                   {"title", info.title},
                                   {"summary", info.summary},
                                   {"reference", info.reference},
                                   {"params", params},
                                   {"encodings", targets}}));
    }
    for (const auto& encoding : workspace.encodings.all()) {
        const EncodingInfo& info = encoding->info();
        encodings.push(Json::object({{"id", info.id},
                                     {"title", info.title},
                                     {"help", info.help},
                                     {"block", info.blockSize},
                                     {"bits_per_weight", info.bitsPerWeight},
                                     {"stock_llama_cpp", info.runsInStockLlamaCpp}}));
    }
    return Json::object({{"methods", methods}, {"encodings", encodings}});
}

std::string pluginsText(const Json& result) {
    std::vector<std::vector<std::string>> methods{{"method", "", "encodings it can choose values for"}};
    for (const Json& method : result["methods"].items()) {
        std::string targets;
        for (const Json& id : method["encodings"].items())
            targets += (targets.empty() ? "" : ", ") + id.toString();
        methods.push_back({method["id"].toString(), method["title"].toString(), targets});
    }
    std::vector<std::vector<std::string>> encodings{{"encoding", "", "bits/weight", "stock llama.cpp"}};
    for (const Json& encoding : result["encodings"].items())
        encodings.push_back({encoding["id"].toString(), encoding["title"].toString(),
                             numberText(encoding["bits_per_weight"].toDouble(), 4),
                             encoding["stock_llama_cpp"].toBool() ? "yes" : "no"});
    return textTable(methods) + "\n" + textTable(encodings);
}

} // namespace

std::vector<CommandSpec> recipeVerbs() {
    return {
        {"recipe",
         "recipes that come with the program, or a check of a recipe file",
         {{"action", {}, ArgType::Text, false, "presets or show", {"presets", "show"}},
          {"file", {}, ArgType::Path, false, "a recipe file", {}}},
         recipe,
         recipeText},
        {"plugins", "methods and encodings at hand, and which goes with which", {}, plugins, pluginsText},
    };
}

} // namespace trilobit
