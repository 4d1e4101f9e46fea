// experiments: the store as a list, one row in full, or a file.
#include "core/base/safefile.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"

#include <algorithm>

namespace trilobit {

namespace {

std::string csvCell(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos)
        return text;
    std::string out = "\"";
    for (const char c : text)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

/// One line per run, one column per metric that any run has.
std::string toCsv(const std::vector<RunRecord>& runs) {
    std::vector<std::string> metrics;
    for (const RunRecord& run : runs)
        for (const auto& [key, value] : run.metrics.members())
            if (!value.isArray() && !value.isObject()
                && std::find(metrics.begin(), metrics.end(), key) == metrics.end())
                metrics.push_back(key);
    std::string out = "id,kind,started,seconds,status,model,model_hash,recipe,recipe_hash,seed,build";
    for (const std::string& key : metrics)
        out += "," + csvCell(key);
    out += "\n";
    for (const RunRecord& run : runs) {
        out += std::to_string(run.id) + "," + csvCell(run.kind) + "," + csvCell(run.started) + ","
               + numberText(run.seconds, 3) + "," + csvCell(run.status) + "," + csvCell(run.modelPath) + ","
               + run.modelHash + "," + csvCell(run.recipe["name"].toString()) + "," + run.recipeHash + ","
               + std::to_string(run.seed) + "," + csvCell(run.build);
        for (const std::string& key : metrics) {
            const Json& value = run.metrics[key];
            out += "," + (value.isString() ? csvCell(value.toString()) : value.isNull() ? std::string() : value.dump());
        }
        out += "\n";
    }
    return out;
}

Result<Json> experiments(Workspace& workspace, const Json& args, RunControl&, const EventSink&) {
    if (!workspace.store)
        return fail(ErrorCode::Usage, "no experiment store is open (--store none was given)");
    const std::string action = args["action"].toString("list");
    const auto id = [&]() -> Result<std::int64_t> {
        if (!args.contains("id"))
            return fail(ErrorCode::Usage, "experiments " + action + " needs the ID of a run");
        return args["id"].toInt();
    };
    if (action == "show") {
        TRILOBIT_TRY(const std::int64_t run, id());
        TRILOBIT_TRY(const RunRecord record, workspace.store->get(run));
        return Json::object({{"runs", Json(Json::Array{runToJson(record)})}});
    }
    if (action == "remove") {
        TRILOBIT_TRY(const std::int64_t run, id());
        TRILOBIT_CHECK(workspace.store->remove(run));
        return Json::object({{"removed", run}, {"runs", Json::array()}});
    }
    RunQuery query;
    query.kind = args["kind"].toString();
    query.text = args["contains"].toString();
    query.limit = args["limit"].toInt(0);
    TRILOBIT_TRY(const std::vector<RunRecord> runs, workspace.store->list(query));
    Json list = Json::array();
    for (const RunRecord& run : runs)
        list.push(runToJson(run));
    Json out = Json::object({{"runs", list}, {"store", workspace.store->path().toStdString()}});
    if (action == "export") {
        const Json* path = args.find("out");
        if (!path)
            return fail(ErrorCode::Usage, "experiments export needs --out FILE");
        const bool csv = args["format"].toString("json") == "csv";
        TRILOBIT_CHECK(writeFileSafely(path->toString(), csv ? toCsv(runs) : out.dump(2) + "\n"));
        out.set("output", *path);
    }
    return out;
}

std::string experimentsText(const Json& result) {
    if (result.contains("removed"))
        return "removed run " + result["removed"].dump() + "\n";
    if (result.contains("output"))
        return "wrote " + std::to_string(result["runs"].items().size()) + " runs to " + result["output"].toString() + "\n";
    if (!result.contains("store")) // a single run in full
        return result["runs"].items().front().dump(2) + "\n";
    std::vector<std::vector<std::string>> rows{{"id", "kind", "started", "status", "model", "recipe", "metrics"}};
    for (const Json& run : result["runs"].items()) {
        std::string metrics;
        for (const auto& [key, value] : run["metrics"].members())
            if (value.isNumber() && metrics.size() < 80)
                metrics += (metrics.empty() ? "" : ", ") + key + " " + value.dump();
        rows.push_back({run["id"].dump(), run["kind"].toString(), run["started"].toString(), run["status"].toString(),
                        run["model"].toString(), run["recipe"]["name"].toString(), metrics});
    }
    return textTable(rows);
}

} // namespace

std::vector<CommandSpec> experimentVerbs() {
    return {
        {"experiments",
         "everything that was run: list, show ID, export, remove ID",
         {{"action", {}, ArgType::Text, false, "list, show, export or remove", {"list", "show", "export", "remove"}},
          {"id", {}, ArgType::Integer, false, "the run's number", {}},
          {"kind", {"--kind"}, ArgType::Text, false, "only runs of this kind", {}},
          {"contains", {"--contains"}, ArgType::Text, false, "only runs whose model, recipe or metrics contain this", {}},
          {"limit", {"--limit"}, ArgType::Integer, false, "at most so many, newest first", {}},
          {"format", {"--format"}, ArgType::Text, false, "of the export (json)", {"json", "csv"}},
          {"out", {"--out"}, ArgType::OutputPath, false, "file to export to", {}}},
         experiments,
         experimentsText},
    };
}

} // namespace trilobit
