// quantize: a recipe carried out; convert: container and lossless changes; export: the workspace's model as a file.
#include "core/base/jsonfile.h"
#include "core/base/mappedfile.h"
#include "core/base/sha256.h"
#include "core/commands/budgeting.h"
#include "core/commands/presets.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/model/hfwriter.h"
#include "core/model/metadataedit.h"
#include "core/model/modelwriter.h"
#include "core/quant/keptwork.h"
#include "core/quant/quantizer.h"

#include <charconv>
#include <cmath>
#include <filesystem>

namespace trilobit {

namespace {

std::uint64_t fileSize(const std::string& path) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path, ignored);
    return ignored ? 0 : static_cast<std::uint64_t>(size);
}

Result<void> checkOutput(const std::string& path) {
    if (std::filesystem::path(path).extension() != ".gguf") {
        Error error = fail(ErrorCode::Usage, "the output is written as GGUF; give it a name that ends in .gguf");
        error.file = path;
        return error;
    }
    return {};
}

Result<Recipe> recipeFrom(Workspace& workspace, const Json& args, const std::shared_ptr<const Model>& model,
                          RunControl& control) {
    const int ways = args.contains("recipe") + args.contains("recipe_json") + args.contains("preset")
                     + args.contains("encoding") + args.contains("budget");
    if (ways > 1)
        return fail(ErrorCode::Usage, "choose one of --encoding, --preset, --recipe, --recipe-json and --budget");
    Recipe recipe;
    if (const Json* path = args.find("recipe")) {
        TRILOBIT_TRY(const Json json, readJsonFile(path->toString(), 16u << 20));
        auto parsed = Recipe::fromJson(json);
        if (!parsed)
            return located(std::move(parsed).error(), path->toString());
        recipe = *std::move(parsed);
    } else if (const Json* json = args.find("recipe_json")) {
        TRILOBIT_TRY(recipe, Recipe::fromJson(*json));
    } else if (const Json* name = args.find("preset")) {
        const Preset* found = nullptr;
        std::string names;
        for (const Preset& preset : presets()) {
            names += (names.empty() ? "" : ", ") + preset.name;
            if (preset.name == name->toString())
                found = &preset;
        }
        if (!found)
            return fail(ErrorCode::Usage, "there is no preset \"" + name->toString() + "\"; there are " + names);
        recipe = found->recipe;
    } else if (const Json* encoding = args.find("encoding")) {
        Choice choice{args["method"].toString("rtn"), encoding->toString(), {}};
        if (const Json* params = args.find("params")) {
            TRILOBIT_TRY(choice.params, paramsFromJson(*params));
        }
        TRILOBIT_TRY(recipe, recipeForEncoding(*model, workspace.encodings, choice, args["tensors"].toString()));
    } else if (args.contains("budget")) {
        TRILOBIT_TRY(SolvedBudget solved, solveBudget(workspace, model, args, control));
        recipe = std::move(solved.answer.recipe);
    } else {
        recipe = workspace.snapshot().recipe;
    }
    if ((args.contains("method") || args.contains("params") || args.contains("tensors")) && !args.contains("encoding"))
        return fail(ErrorCode::Usage, "--method, --params and --tensors go with --encoding");
    if (const Json* seed = args.find("seed"))
        recipe.seed = seed->toUInt();
    if (recipe.rules.empty())
        return fail(ErrorCode::Usage, "nothing to do: choose --encoding, --preset or --recipe");
    return recipe;
}

Json strings(const std::vector<std::string>& list) {
    Json out = Json::array();
    for (const std::string& text : list)
        out.push(text);
    return out;
}

Json planToJson(const Model& model, const Plan& plan) {
    Json tensors = Json::array();
    for (const TensorPlan& row : plan.tensors) {
        const Tensor& tensor = model.tensors()[row.tensor];
        tensors.push(Json::object({{"name", tensor.name},
                                   {"method", row.choice.keeps() ? "keep" : row.choice.method},
                                   {"requested", row.requested},
                                   {"encoding", row.applied},
                                   {"bytes_before", row.bytesBefore},
                                   {"bytes", row.bytesAfter},
                                   {"refused", row.refused},
                                   {"importance", row.importance},
                                   {"note", row.note}}));
    }
    return Json::object({{"dry_run", true},
                         {"bytes_before", plan.bytesBefore},
                         {"bytes", plan.bytesAfter},
                         {"bits_per_weight_before", plan.bitsPerWeightBefore},
                         {"bits_per_weight", plan.bitsPerWeightAfter},
                         {"seconds", 0.0},
                         {"refused", plan.refused},
                         {"expectations", strings(plan.expectations)},
                         {"tensors", tensors}});
}

Json reportToJson(const TensorReport& report) {
    Json row = Json::object({{"name", report.name},
                             {"method", report.method.empty() ? "keep" : report.method},
                             {"requested", report.requested},
                             {"encoding", report.applied},
                             {"sqnr_db", std::isfinite(report.error.sqnrDb) ? Json(report.error.sqnrDb) : Json()},
                             {"rmse", report.error.rmse},
                             {"relative_squared_error", report.error.relativeSquared},
                             {"max_error", report.error.maxAbs},
                             {"bytes_before", report.bytesBefore},
                             {"bytes", report.bytesAfter},
                             {"calibrated", report.calibrated},
                             {"seconds", report.seconds},
                             {"reused", report.reused}});
    if (!report.note.empty())
        row.set("note", report.note);
    return row;
}

/// Where finished tensors wait until the result is whole, and what is said there about the work.
KeepOptions keepOptions(const Workspace& workspace, const Model& model, const Recipe& recipe, const Plan& plan,
                        const Json& args) {
    KeepOptions keep;
    keep.afterSeconds = args["keep_after"].toDouble(workspace.keepAfterSeconds);
    keep.program = buildDescription();
    keep.log = workspace.log;
    std::error_code ignored;
    const auto whole = [&](const std::string& path) { return std::filesystem::absolute(path, ignored).string(); };
    const std::string source = model.path().empty() ? std::string() : whole(model.path());
    // The command that goes on with it from anywhere, whatever files its recipe came from.
    Command command{"quantize", Json::object({{"model", source}, {"recipe_json", recipe.toJson()}})};
    if (const Json* output = args.find("output")) {
        keep.folder = output->toString() + ".part";
        command.args.set("output", whole(output->toString()));
    } else if (!workspace.workFolder.empty() && !source.empty()) {
        keep.folder = (std::filesystem::path(workspace.workFolder) / sha256Hex(source).substr(0, 16)).string();
    }
    std::uint64_t tensors = 0;
    for (const TensorPlan& row : plan.tensors)
        tensors += !row.choice.keeps();
    keep.job = Json::object({{"command", command.toJson()},
                             {"model", source},
                             {"recipe", recipe.name},
                             {"started", nowText()},
                             {"tensors", tensors}});
    return keep;
}

Result<Json> quantize(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    const Json* output = args.find("output");
    if (output) {
        TRILOBIT_CHECK(checkOutput(output->toString()));
        // Said now, not after hours of work.
        const std::filesystem::path folder = std::filesystem::path(output->toString()).parent_path();
        if (std::error_code ignored; !folder.empty() && !std::filesystem::is_directory(folder, ignored))
            return Error{ErrorCode::Io, "there is no such folder to write to", folder.string()};
    }
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, openOrLoaded(workspace, args));
    const bool intoWorkspace = model == workspace.snapshot().model;
    if (!output && !intoWorkspace && !args["dry_run"].toBool())
        return fail(ErrorCode::Usage, "quantize needs -o FILE.gguf (or --dry-run)");
    QuantServices services = workspace.quantServices();
    if (!intoWorkspace)
        services.calibration.reset();
    if (const Json* path = args.find("calibration")) {
        TRILOBIT_TRY(services.calibration, calibrationFor(workspace, *model, path->toString()));
    }
    TRILOBIT_TRY(const Recipe recipe, recipeFrom(workspace, args, model, control));
    TRILOBIT_TRY(const Plan plan, planQuantization(*model, recipe, services));
    if (args["dry_run"].toBool())
        return planToJson(*model, plan);

    const auto work = [&](RunRecorder& recorder) -> Result<Json> {
        recorder.setRecipe(recipe);
        TRILOBIT_CHECK(recorder.setModel(*model, control));
        KeptWork kept(keepOptions(workspace, *model, recipe, plan, args), services);
        const auto onTensor = [&](const TensorReport& report) {
            if (!events)
                return;
            Json event = reportToJson(report);
            event.set("event", "tensor");
            events(event);
        };
        TRILOBIT_TRY(QuantizedModel made,
                     quantizeModel(model, recipe, services, control, onTensor, &kept));
        const auto quantized = std::make_shared<const QuantizedModel>(std::move(made));
        std::uint64_t bytes = quantized->bytesAfter;
        if (output) {
            TRILOBIT_CHECK(writeModelGguf(*quantized->model, output->toString(), control));
            kept.done();
            TRILOBIT_CHECK(recorder.addArtefact(output->toString(), control));
            bytes = fileSize(output->toString());
        }
        kept.done();
        std::int64_t calibrated = 0;
        double squaredError = 0, squared = 0;
        for (const TensorReport& report : quantized->tensors) {
            calibrated += report.calibrated;
            if (!report.method.empty()) {
                squaredError += report.error.sumSquaredError;
                squared += report.error.sumSquared;
            }
        }
        Json tensors = Json::array();
        std::uint64_t reused = 0;
        for (const TensorReport& report : quantized->tensors) {
            Json row = reportToJson(report);
            if (!report.method.empty())
                row.set("error_share", squaredError > 0 ? report.error.sumSquaredError / squaredError : 0.0);
            tensors.push(std::move(row));
            reused += report.reused;
        }
        if (intoWorkspace)
            workspace.change([&](Workspace::State& state) {
                if (state.model == model) // another model may have been opened meanwhile
                    state.quantized = quantized;
            });
        return Json::object({{"bytes", bytes},
                             {"bytes_before", quantized->bytesBefore},
                             {"tensor_bytes", quantized->bytesAfter},
                             {"bits_per_weight", quantized->bitsPerWeight},
                             {"relative_squared_error", squared > 0 ? squaredError / squared : 0.0},
                             {"mean_relative_error", meanRelativeError(*model, quantized->tensors)},
                             {"seconds", quantized->seconds},
                             {"reused", reused},
                             {"output", output ? *output : Json()},
                             {"calibration", services.calibration ? Json(services.calibration->path) : Json()},
                             {"calibrated_tensors", calibrated},
                             {"stock_llama_cpp", stockLlamaCppObstacles(*quantized->model).empty()},
                             {"obstacles", strings(stockLlamaCppObstacles(*quantized->model))},
                             {"expectations", strings(quantized->expectations)},
                             {"tensors", tensors}});
    };
    return recordRun(workspace, "quantize", args,
                     {"bytes", "bytes_before", "tensor_bytes", "bits_per_weight", "relative_squared_error", "mean_relative_error",
                      "seconds"},
                     work);
}

std::string noteText(const Json& tensor) {
    const std::string& note = tensor["note"].toString();
    const bool calibrated = tensor["calibrated"].toBool() || tensor["importance"].toBool();
    return (tensor["refused"].toBool() ? "REFUSED: " : "") + note
           + (calibrated ? std::string(note.empty() ? "" : "; ") + "calibrated" : std::string());
}

std::string quantizeText(const Json& result) {
    std::vector<std::vector<std::string>> rows{{"tensor", "method", "encoding", "bytes before", "bytes", "SQNR dB", "note"}};
    for (const Json& tensor : result["tensors"].items()) {
        if (tensor["method"].toString() == "keep")
            continue;
        const Json& sqnr = tensor["sqnr_db"];
        rows.push_back({tensor["name"].toString(), tensor["method"].toString(), tensor["encoding"].toString(),
                        tensor["bytes_before"].dump(), tensor["bytes"].dump(),
                        sqnr.isNumber() ? numberText(sqnr.toDouble(), 2) : "",
                        noteText(tensor)});
    }
    std::string out = textTable(rows) + bytesText(result["bytes_before"].toUInt()) + " -> "
                      + bytesText(result["bytes"].toUInt()) + ", " + numberText(result["bits_per_weight"].toDouble(), 3)
                      + " bits per weight, " + numberText(result["seconds"].toDouble(), 1) + " s\n";
    if (const std::uint64_t reused = result["reused"].toUInt(); reused > 0)
        out += std::to_string(reused) + " tensors were finished by an earlier run and not computed again\n";
    if (result["calibration"].isString())
        out += result["calibrated_tensors"].dump() + " tensors calibrated by " + result["calibration"].toString() + "\n";
    for (const Json& text : result["expectations"].items())
        out += "expect: " + text.toString() + "\n";
    for (const Json& text : result["obstacles"].items())
        out += "stock llama.cpp will not run this: " + text.toString() + "\n";
    return out;
}

std::string weightsInFolder(const std::string& folder) {
    return (std::filesystem::path(folder) / "model.safetensors").string();
}

FolderLayout layoutFrom(const Json& args) {
    const std::string& format = args["format"].toString();
    return format == "gptq" ? FolderLayout::Gptq
           : format == "awq" ? FolderLayout::Awq
           : format == "hqq" ? FolderLayout::Hqq
                             : FolderLayout::Auto;
}

/// --format, or what the name says: a folder (it exists, or ends with a slash) becomes safetensors.
bool wantsFolder(const Json& args) {
    const std::string& output = args["output"].toString();
    std::error_code ignored;
    if (args.contains("format"))
        return args["format"].toString() != "gguf";
    return output.ends_with('/') || std::filesystem::is_directory(output, ignored);
}

/// "2GiB", "500MB", "1000000": bytes. Errors: Usage.
Result<std::uint64_t> sizeFrom(const std::string& text) {
    constexpr std::pair<const char*, double> kUnits[] = {
        {"GiB", 0x1p30}, {"MiB", 0x1p20}, {"KiB", 0x1p10}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}, {"", 1}};
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string unit(end, text.data() + text.size());
    for (const auto& [name, factor] : kUnits)
        if (error == std::errc() && unit == name && number * factor >= 1 && number * factor < 1e18)
            return static_cast<std::uint64_t>(number * factor);
    return fail(ErrorCode::Usage, "--split expects a size as in 2GiB or 500MB, found \"" + text.substr(0, 40) + "\"");
}

/// Bytes of the weights' file.
Result<std::uint64_t> writeModel(const Model& model, const Json& args, RunControl& control) {
    const std::string& output = args["output"].toString();
    if (wantsFolder(args)) {
        TRILOBIT_CHECK(writeModelHf(model, output, control, layoutFrom(args)));
        return fileSize(weightsInFolder(output));
    }
    TRILOBIT_CHECK(writeModelGguf(model, output, control));
    return fileSize(output);
}

/// From the file as it is now: what a person gets.
Result<Json> convertedJson(Workspace& workspace, const Model& source, const ModelWritten& written, const Json& args) {
    TRILOBIT_TRY(const auto made, loadModel(written.files.front(), workspace.encodings));
    Json tensors = Json::array();
    for (const Tensor& tensor : made->tensors()) {
        const Tensor* before = source.find(tensor.name);
        tensors.push(Json::object({{"name", tensor.name},
                                   {"from", before ? Json(before->encoding->info().id) : Json()},
                                   {"encoding", tensor.encoding->info().id},
                                   {"bytes", static_cast<std::uint64_t>(tensor.bytes.size())}}));
    }
    return Json::object({{"bytes", written.bytes},
                         {"lossless", true}, // everything else was refused
                         {"bits_per_weight", made->bitsPerWeight()},
                         {"output", args["output"]},
                         {"files", strings(written.files)},
                         {"tensors", tensors},
                         {"non_finite", strings(written.nonFinite)},
                         {"stock_llama_cpp", stockLlamaCppObstacles(*made).empty()},
                         {"obstacles", strings(stockLlamaCppObstacles(*made))}});
}

Result<Json> convertToFolder(Workspace& workspace, std::shared_ptr<const Model> model, const Json& args,
                             RunControl& control) {
    if (const Json* encoding = args.find("encoding")) {
        TRILOBIT_TRY(model, convertLossless(model, encoding->toString(), workspace.quantServices(), control));
    }
    ModelWritten written;
    TRILOBIT_TRY(written.bytes, writeModel(*model, args, control));
    written.files = {args["output"].toString()};
    return convertedJson(workspace, *model, written, args);
}

Result<Json> convert(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    const bool folder = wantsFolder(args);
    if (!folder)
        TRILOBIT_CHECK(checkOutput(args["output"].toString()));
    ModelWriteOptions options;
    options.keepNonFinite = args["keep_nonfinite"].toBool();
    if (const Json* split = args.find("split")) {
        TRILOBIT_TRY(options.maxPartBytes, sizeFrom(split->toString()));
    }
    TRILOBIT_TRY(std::shared_ptr<const Model> model,
                 args.contains("read_as") ? modelFrom(workspace, args) : openOrLoaded(workspace, args));
    std::vector<std::string> edits;
    for (const Json& edit : args["set"].items())
        edits.push_back(edit.toString());
    TRILOBIT_TRY(model, withMetadata(model, edits));
    if (folder)
        return convertToFolder(workspace, model, args, control);
    if (const Json* encoding = args.find("encoding")) {
        TRILOBIT_TRY(options.targets, planConversion(*model, encoding->toString(), workspace.quantServices()));
        options.convert = convertTensor;
    }
    TRILOBIT_TRY(const ModelWritten written, writeModelGguf(*model, args["output"].toString(), options, control));
    return convertedJson(workspace, *model, written, args);
}

Result<Json> exportModel(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    if (!wantsFolder(args))
        TRILOBIT_CHECK(checkOutput(args["output"].toString()));
    const Workspace::State state = workspace.snapshot();
    if (!state.model)
        return fail(ErrorCode::Usage, "no model is open");
    const std::shared_ptr<const Model> model = state.quantized ? state.quantized->model : state.model;
    const auto work = [&](RunRecorder& recorder) -> Result<Json> {
        if (state.quantized)
            recorder.setRecipe(state.quantized->recipe);
        TRILOBIT_CHECK(recorder.setModel(*state.model, control));
        const std::string& output = args["output"].toString();
        TRILOBIT_TRY(const std::uint64_t bytes, writeModel(*model, args, control));
        TRILOBIT_CHECK(recorder.addArtefact(wantsFolder(args) ? weightsInFolder(output) : output, control));
        return Json::object({{"bytes", bytes},
                             {"tensor_bytes", model->tensorBytes()},
                             {"bits_per_weight", model->bitsPerWeight()},
                             {"output", args["output"]},
                             {"stock_llama_cpp", stockLlamaCppObstacles(*model).empty()},
                             {"obstacles", strings(stockLlamaCppObstacles(*model))}});
    };
    return recordRun(workspace, "export", args, {"bytes", "tensor_bytes", "bits_per_weight"}, work);
}

std::string writtenText(const Json& result) {
    std::string out = "wrote " + result["output"].toString() + ", " + bytesText(result["bytes"].toUInt()) + ", "
                      + numberText(result["bits_per_weight"].toDouble(), 3) + " bits per weight\n";
    for (const Json& file : result["files"].items())
        if (result["files"].items().size() > 1)
            out += "  " + file.toString() + "\n";
    for (const Json& text : result["non_finite"].items())
        out += "not finite: " + text.toString() + "\n";
    for (const Json& text : result["obstacles"].items())
        out += "stock llama.cpp will not run this: " + text.toString() + "\n";
    return out;
}

} // namespace

std::vector<CommandSpec> quantizeVerbs() {
    const ArgSpec output{"output", {"-o", "--output"}, ArgType::OutputPath, false, "the GGUF file to write", {}};
    const ArgSpec folderOrFile{"output", {"-o", "--output"}, ArgType::OutputPath, true,
                               "the GGUF file to write, or a folder (a name with a slash at its end)", {}};
    const ArgSpec format{"format", {"--format"}, ArgType::Text, false,
                         "what to write; by default the name says it. gptq, awq and hqq are folders whose groups of codes are "
                         "stored that way; safetensors takes the first that fits",
                         {"gguf", "safetensors", "gptq", "awq", "hqq"}};
    return {
        {"quantize",
         "carries out a recipe: chooses values with a method, stores them with an encoding, reports the error",
         {modelArg(false), output,
          {"encoding", {"--encoding"}, ArgType::Text, false, "encoding for the weight matrices (Q8_0, TQ2_0, affine-g64-b4, ...)", {}},
          {"method", {"--method"}, ArgType::Text, false, "how values are chosen (rtn)", {}},
          {"params", {"--params"}, ArgType::JsonText, false, "parameters of the method", {}},
          {"tensors", {"--tensors"}, ArgType::Text, false, "only tensors whose name matches this pattern", {}},
          {"preset", {"--preset"}, ArgType::Text, false, "a recipe that comes with the program", {}},
          {"recipe", {"--recipe"}, ArgType::Path, false, "a recipe file", {}},
          {"recipe_json", {"--recipe-json"}, ArgType::JsonText, false, "a recipe as JSON text", {}},
          {"budget", {"--budget"}, ArgType::Text, false, "the recipe of least error for a size: 4.25bpw, 90MB", {}},
          {"lock", {"--lock"}, ArgType::Text, false, "with --budget: PATTERN=ENCODING or PATTERN=keep", {}},
          {"calibration", {"--calibration"}, ArgType::Path, false,
           "a file that calibrate wrote, or an imatrix: which input channels count most", {}},
          {"seed", {"--seed"}, ArgType::Integer, false, "seed for methods that draw numbers", {}},
          {"keep_after", {"--keep-after"}, ArgType::Real, false,
           "after so many seconds finished tensors are kept in OUTPUT.part, so that the same command goes on there when it "
           "was cut short; takes disk space of the size of the result until that is whole; negative: never (5)", {}},
          {"dry_run", {"--dry-run"}, ArgType::Flag, false, "only say what would happen and what it would save", {}}},
         quantize,
         quantizeText},
        {"convert",
         "changes the container or the encoding where nothing is lost; refuses otherwise",
         {modelArg(), folderOrFile,
          {"encoding", {"--encoding"}, ArgType::Text, false, "encoding for the weight matrices", {}},
          format, readAsArg(),
          {"set", {"--set"}, ArgType::TextList, false,
           "changes a key of the file: key=value, key=u32:5 for a new one, -key to take it away; may be repeated", {}},
          {"split", {"--split"}, ArgType::Text, false, "several files with at most this much data each (2GiB, 500MB)", {}},
          {"keep_nonfinite", {"--keep-nonfinite"}, ArgType::Flag, false,
           "write weights that are NaN or infinite and list them instead of refusing", {}}},
         convert,
         writtenText},
        {"export",
         "writes the workspace's quantized model (or the open one) as GGUF or as a Hugging Face folder",
         {folderOrFile, format},
         exportModel,
         writtenText},
    };
}

} // namespace trilobit
