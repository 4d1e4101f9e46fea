// unfinished: quantizations that were cut short, and what would go on with them.
#include "core/commands/resume.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/quant/workfolder.h"

#include <filesystem>

namespace trilobit {

Result<Command> resumeCommand(const UnfinishedWork& work) {
    const auto wrong = [&](const std::string& what) { return Error{ErrorCode::Format, what, work.folder, "job.json"}; };
    auto command = Command::fromJson(work.job["command"]);
    if (!command)
        return wrong(command.error().message);
    if (command->verb != "quantize" || !command->args["recipe_json"].isObject())
        return wrong("expected a quantize command with its recipe");
    for (const auto& [key, value] : command->args.members())
        if (key != "model" && key != "recipe_json" && key != "output")
            return wrong("expected model, recipe_json and output, found " + key);
    if (const Json* output = command->args.find("output")) {
        std::error_code failed;
        const bool beside = std::filesystem::equivalent(output->toString() + ".part", work.folder, failed);
        if (failed || !beside)
            return wrong("names an output that is not beside it");
    }
    return command;
}

namespace {

Json workToJson(const UnfinishedWork& work) {
    const auto command = resumeCommand(work);
    return Json::object({{"folder", work.folder},
                         {"model", work.job["model"]},
                         {"recipe", work.job["recipe"]},
                         {"started", work.job["started"]},
                         {"tensors", work.tensors},
                         {"tensors_total", work.job["tensors"]},
                         {"bytes", work.bytes},
                         {"running", work.running},
                         {"command", command ? command->toJson() : Json()},
                         {"problem", command ? Json() : Json(command.error().message)},
                         {"command_line", command ? Json(commandLine(*command)) : Json()}});
}

Result<Json> unfinished(Workspace& workspace, const Json& args, RunControl&, const EventSink&) {
    const Json* folder = args.find("folder");
    if (args["discard"].toBool()) {
        if (!folder)
            return fail(ErrorCode::Usage, "--discard needs the folder (a name that ends in .part)");
        TRILOBIT_CHECK(discardUnfinished(folder->toString()));
        return Json::object({{"discarded", *folder}, {"unfinished", Json::array()}});
    }
    Json found = Json::array();
    for (const UnfinishedWork& work : findUnfinished(folder ? folder->toString() : "."))
        found.push(workToJson(work));
    if (!folder && !workspace.workFolder.empty())
        for (const UnfinishedWork& work : findUnfinished(workspace.workFolder))
            found.push(workToJson(work));
    return Json::object({{"unfinished", found}});
}

std::string unfinishedText(const Json& result) {
    if (result.contains("discarded"))
        return "discarded " + result["discarded"].toString() + "\n";
    std::string out;
    for (const Json& work : result["unfinished"].items())
        out += work["folder"].toString() + ": " + work["tensors"].dump() + " of " + work["tensors_total"].dump()
               + " tensors, " + bytesText(work["bytes"].toUInt()) + (work["running"].toBool() ? ", running" : "") + "\n  "
               + (work["problem"].isNull() ? work["command_line"].toString() : work["problem"].toString()) + "\n";
    return out.empty() ? "nothing was left unfinished\n" : out;
}

} // namespace

std::vector<CommandSpec> unfinishedVerbs() {
    return {{"unfinished",
             "lists quantizations that were cut short, with the command that goes on with each, or throws one away",
             {{"folder", {}, ArgType::Path, false, "where to look, or the work folder itself (this folder)", {}},
              {"discard", {"--discard"}, ArgType::Flag, false, "remove what FOLDER keeps", {}}},
             unfinished,
             unfinishedText}};
}

} // namespace trilobit
