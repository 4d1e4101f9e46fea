// models, download: what is on this computer already, and what a repository has.
#include "core/base/mappedfile.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/hub/hubclient.h"
#include "core/hub/localmodels.h"

#include <algorithm>
#include <filesystem>

namespace trilobit {

namespace {

constexpr std::size_t kMaxTokenBytes = 4096;

Result<Json> models(Workspace&, const Json& args, RunControl&, const EventSink&) {
    std::vector<ModelPlace> places;
    if (const Json* folder = args.find("folder"))
        places.push_back({ModelPlace::Layout::Folders, folder->toString(), folder->toString()});
    else
        places = usualModelPlaces(processEnvironment());
    Json list = Json::array(), looked = Json::array();
    for (const ModelPlace& place : places)
        looked.push(place.path);
    for (const LocalModel& model : findLocalModels(places))
        list.push(Json::object({{"name", model.name}, {"path", model.path}, {"source", model.source}, {"kind", model.kind},
                                {"bytes", model.bytes}}));
    return Json::object({{"models", std::move(list)}, {"looked_in", std::move(looked)}});
}

std::string modelsText(const Json& result) {
    std::string out, source;
    for (const Json& model : result["models"].items()) {
        if (model["source"].toString() != source) {
            source = model["source"].toString();
            out += source + "\n";
        }
        out += "  " + model["name"].toString() + "  " + std::to_string(model["bytes"].toUInt(0) / 1'000'000) + " MB\n    "
               + model["path"].toString() + "\n";
    }
    if (!out.empty())
        return out;
    out = "No models found in\n";
    for (const Json& place : result["looked_in"].items())
        out += "  " + place.toString() + "\n";
    return out;
}

std::vector<std::string> listOf(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        if (end > begin)
            out.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

/// Never an argument: arguments are remembered in logs.
Result<std::string> readToken(const Json& args) {
    const Json* path = args.find("token_file");
    if (!path)
        return processEnvironment()("HF_TOKEN");
    TRILOBIT_TRY(std::string text, readFile(path->toString(), kMaxTokenBytes));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    return text;
}

Result<Json> download(Workspace&, const Json& args, RunControl& control, const EventSink&) {
    const std::string repository = args["repository"].toString();
    HubOptions options;
    const std::string mirror = processEnvironment()("HF_ENDPOINT");
    options.endpoint = args["endpoint"].toString(mirror.empty() ? options.endpoint : mirror);
    options.revision = args["revision"].toString(options.revision);
    TRILOBIT_TRY(options.token, readToken(args));
    TRILOBIT_TRY(const std::vector<HubFile> all, listHubFiles(repository, options, control));
    auto chosen = chooseHubFiles(all, listOf(args["file"].toString()));
    Json files = Json::array();
    const auto add = [&](const HubFile& file) {
        files.push(Json::object({{"path", file.path}, {"bytes", file.bytes}}));
    };
    if (args["list"].toBool()) {
        for (const HubFile& file : all) {
            const bool suggested = chosen && std::any_of(chosen->begin(), chosen->end(),
                                                         [&](const HubFile& c) { return c.path == file.path; });
            files.push(Json::object({{"path", file.path}, {"bytes", file.bytes}, {"suggested", suggested}}));
        }
        return Json::object({{"repository", repository}, {"files", std::move(files)}});
    }
    if (!chosen)
        return located(std::move(chosen).error(), repository);
    const std::size_t slash = repository.rfind('/');
    const std::string folder =
        args["output"].toString(slash == std::string::npos ? repository : repository.substr(slash + 1));
    TRILOBIT_TRY(const HubFetched fetched, fetchHubFiles(repository, *chosen, folder, options, control));
    for (const HubFile& file : *chosen)
        add(file);
    const bool single = chosen->size() == 1 && chosen->front().path.ends_with(".gguf");
    const std::string model = single ? (std::filesystem::path(folder) / chosen->front().path).string() : folder;
    return Json::object({{"repository", repository}, {"folder", folder}, {"model", model}, {"files", std::move(files)},
                         {"bytes_received", fetched.bytes}, {"bytes_resumed", fetched.resumed},
                         {"files_received", fetched.files}, {"files_already_there", fetched.alreadyThere}});
}

std::string downloadText(const Json& result) {
    std::string out;
    for (const Json& file : result["files"].items())
        out += file["path"].toString() + "  " + std::to_string(file["bytes"].toUInt(0)) + " bytes\n";
    if (result.contains("model"))
        out += "Open it with: trilobit-cli inspect " + result["model"].toString() + "\n";
    return out;
}

} // namespace

std::vector<CommandSpec> hubVerbs() {
    return {{"models",
             "lists models on this computer: the Hugging Face cache and the folders of LM Studio",
             {{"folder", {"--folder"}, ArgType::Path, false, "look in this folder instead"}},
             models,
             modelsText},
            {"download",
             "fetches a model from a Hugging Face repository; the one command that uses the network",
             {{"repository", {}, ArgType::Text, true, "ORG/NAME"},
              {"file", {"--file"}, ArgType::Text, false, "which files: names or patterns, with commas between them"},
              {"list", {"--list"}, ArgType::Flag, false, "only say which files there are"},
              {"output", {"-o", "--output"}, ArgType::OutputPath, false, "folder (default: NAME)"},
              {"revision", {"--revision"}, ArgType::Text, false, "branch, tag or commit (default: main)"},
              {"endpoint", {"--endpoint"}, ArgType::Text, false,
               "address of a mirror (default: HF_ENDPOINT, or https://huggingface.co)"},
              {"token_file", {"--token-file"}, ArgType::Path, false,
               "file with an access token (default: HF_TOKEN, which is sent to the endpoint only)"}},
             download,
             downloadText}};
}

} // namespace trilobit
