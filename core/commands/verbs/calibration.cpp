// calibrate: what goes into each matrix while the model reads a text; calibration: such a file shown; use-calibration and
// drop-calibration: the workspace's.
#include "core/base/glob.h"
#include "core/base/mappedfile.h"
#include "core/calib/imatrixfile.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/eval/calibrate.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace trilobit {

namespace {

Json numbers(const std::vector<double>& values) {
    Json out = Json::array();
    for (const double value : values)
        out.push(value);
    return out;
}

Json statisticsJson(const Calibration& calibration, const std::string& pattern, bool channels) {
    Json rows = Json::array();
    for (const auto& [name, statistics] : calibration.tensors) {
        if (!globMatch(pattern, name))
            continue;
        const ChannelMagnitudes magnitudes = channelMagnitudes(statistics);
        const ChannelSummary summary = summarizeChannels(magnitudes.rms);
        Json outliers = Json::array();
        for (const std::int64_t channel : summary.outliers)
            outliers.push(channel);
        Json row = Json::object({{"name", name},
                                 {"channels", statistics.channels()},
                                 {"parts", statistics.parts},
                                 {calibration.countsTokens ? "tokens" : "runs", std::llround(statistics.totalTokens())},
                                 {"rms", summary.rms},
                                 {"median_rms", summary.medianRms},
                                 {"max_rms", summary.strongestRms},
                                 {"max_channel", summary.strongest},
                                 {"outliers", outliers}});
        if (!magnitudes.meanAbs.empty()) {
            double sum = 0;
            for (const double value : magnitudes.meanAbs)
                sum += value;
            row.set("mean_abs", sum / static_cast<double>(magnitudes.meanAbs.size()));
        }
        if (!magnitudes.largest.empty())
            row.set("max_abs", *std::max_element(magnitudes.largest.begin(), magnitudes.largest.end()));
        if (channels)
            row.set("by_channel", Json::object({{"rms", numbers(magnitudes.rms)},
                                                {"mean_abs", numbers(magnitudes.meanAbs)},
                                                {"max_abs", numbers(magnitudes.largest)}}));
        rows.push(std::move(row));
    }
    return rows;
}

Json calibrationJson(const Calibration& calibration) {
    Json datasets = Json::array();
    for (const std::string& name : calibration.datasets)
        datasets.push(name);
    return Json::object({{"file", calibration.path},
                         {"form", calibration.form},
                         {"model", calibration.model},
                         {"datasets", datasets},
                         {"chunks", calibration.chunks},
                         {"ctx", calibration.chunkTokens},
                         {"tokens", calibration.tokens()},
                         {"tensors", static_cast<std::uint64_t>(calibration.tensors.size())}});
}

/// A file of this name must not be what the model is read from.
Result<void> checkOutput(const std::string& output, const Model& model) {
    const auto is = [&](const std::string& path) {
        std::error_code ignored;
        return !path.empty() && std::filesystem::equivalent(output, path, ignored);
    };
    if (is(model.path())
        || std::any_of(model.files().begin(), model.files().end(), [&](const auto& file) { return is(file->path()); }))
        return Error{ErrorCode::Usage, "this is the model's own file; give the calibration another name", output, {}, {}};
    return {};
}

Result<Json> runCalibrate(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    CalibrateOptions options;
    options.contextLength = args["ctx"].toInt(0);
    options.tokens = args["tokens"].toInt(0);
    options.chunks = args["chunks"].toInt(0);
    options.output = args["output_layer"].toBool();
    if (options.tokens < 0 || options.chunks < 0 || options.contextLength < 0)
        return fail(ErrorCode::Usage, "--tokens, --context and --chunks are numbers of zero (all, or the usual) or more");
    const std::string& output = args["output"].toString();
    TRILOBIT_TRY(const std::string text, readFile(args["text"].toString(), std::size_t{1} << 30));
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, openOrLoaded(workspace, args));
    TRILOBIT_CHECK(checkOutput(output, *model));
    TRILOBIT_TRY(const std::shared_ptr<const Engine> engine, engineFor(workspace, model, args, control));
    TRILOBIT_TRY(CalibrationRun run, calibrate(*engine, text, options, control, [&](std::int64_t chunk) {
                     if (events)
                         events(Json::object({{"event", "chunk"}, {"chunk", chunk}}));
                 }));
    run.calibration.datasets = {args["text"].toString()};
    run.calibration.path = output;
    run.calibration.form = "imatrix GGUF";
    TRILOBIT_CHECK(writeCalibration(run.calibration, output, control));
    Json result = calibrationJson(run.calibration);
    result.remove("file");
    result.set("output", output)
        .set("path", run.path)
        .set("threads", engine->threads())
        .set("seconds", run.seconds)
        .set("statistics", statisticsJson(run.calibration, "*", false));
    const auto calibration = std::make_shared<const Calibration>(std::move(run.calibration));
    workspace.change([&](Workspace::State& state) {
        if (state.model == model) // another model may have been opened meanwhile
            state.calibration = calibration;
    });
    return result;
}

Result<Json> showCalibration(Workspace&, const Json& args, RunControl&, const EventSink&) {
    const std::string pattern = args["tensor"].toString("*");
    TRILOBIT_CHECK(globCheck(pattern));
    TRILOBIT_TRY(const Calibration calibration, readCalibration(args["file"].toString()));
    Json result = calibrationJson(calibration);
    Json rows = statisticsJson(calibration, pattern, args["channels"].toBool());
    if (rows.items().empty())
        return fail(ErrorCode::Usage, "no tensor of the calibration matches \"" + pattern + "\"");
    result.set("statistics", std::move(rows));
    return result;
}

Result<Json> useCalibration(Workspace& workspace, const Json& args, RunControl&, const EventSink&) {
    const Workspace::State state = workspace.snapshot();
    if (!state.model)
        return fail(ErrorCode::Usage, "no model is open");
    TRILOBIT_TRY(const std::shared_ptr<const Calibration> calibration,
                 calibrationFor(workspace, *state.model, args["file"].toString()));
    workspace.change([&](Workspace::State& now) {
        if (now.model == state.model)
            now.calibration = calibration;
    });
    return calibrationJson(*calibration);
}

Result<Json> dropCalibration(Workspace& workspace, const Json&, RunControl&, const EventSink&) {
    workspace.change([](Workspace::State& state) { state.calibration.reset(); });
    return Json::object({{"file", Json()}});
}

std::string tableOf(const Json& result) {
    std::vector<std::vector<std::string>> rows{{"tensor", "channels", "rms", "largest rms", "in channel", "outliers"}};
    for (const Json& row : result["statistics"].items())
        rows.push_back({row["name"].toString(), row["channels"].dump(), numberText(row["rms"].toDouble(), 4),
                        numberText(row["max_rms"].toDouble(), 4), row["max_channel"].dump(),
                        std::to_string(row["outliers"].items().size())});
    return textTable(rows);
}

std::string calibrateText(const Json& result) {
    return tableOf(result) + "wrote " + result["output"].toString() + ": the inputs of " + result["tensors"].dump()
           + " tensors over " + result["tokens"].dump() + " tokens (" + result["chunks"].dump() + " chunks of "
           + result["ctx"].dump() + ", " + result["path"].toString() + " path, "
           + numberText(result["seconds"].toDouble(), 1) + " s)\n";
}

std::string calibrationText(const Json& result) {
    std::string out = result["form"].toString() + ", " + result["tensors"].dump() + " tensors, " + result["chunks"].dump()
                      + " chunks of " + result["ctx"].dump() + " tokens\n";
    for (const Json& name : result["datasets"].items())
        out += "text: " + name.toString() + "\n";
    return out + tableOf(result);
}

} // namespace

std::vector<CommandSpec> calibrationVerbs() {
    const ArgSpec file{"file", {}, ArgType::Path, true, "a file that calibrate wrote, or an imatrix of llama.cpp", {}};
    return {
        {"calibrate",
         "lets the model read a text and writes what went into each of its matrices, channel by channel, as an imatrix",
         {modelArg(),
          {"text", {"-f", "--text"}, ArgType::Path, true, "the text file", {}},
          {"output", {"-o", "--output"}, ArgType::OutputPath, true, "the calibration file to write (imatrix GGUF)", {}},
          {"tokens", {"--tokens"}, ArgType::Integer, false, "only so many tokens of the text; 0 is all (0)", {}},
          {"ctx", {"--ctx", "--context"}, ArgType::Integer, false,
           "tokens per chunk (512, or the model's own context if that is less)", {}},
          {"chunks", {"--chunks"}, ArgType::Integer, false, "only so many chunks; 0 is all (0)", {}},
          {"output_layer", {"--output-layer"}, ArgType::Flag, false, "the output matrix, too", {}},
          activationsArg()},
         runCalibrate,
         calibrateText,
         [](const Json& event) {
             return event["event"].toString() == "chunk" ? "chunk " + event["chunk"].dump() : std::string();
         }},
        {"calibration",
         "shows a calibration file: magnitudes of each tensor's inputs and channels that stand out",
         {file,
          {"tensor", {"--tensor"}, ArgType::Text, false, "only tensors whose name matches this pattern", {}},
          {"channels", {"--channels"}, ArgType::Flag, false, "the numbers of every channel, too (with --json)", {}}},
         showCalibration,
         calibrationText},
        {"use-calibration", "the workspace's model is quantized with this calibration from now on", {file}, useCalibration,
         calibrationText},
        {"drop-calibration", "the workspace's model is quantized without a calibration from now on", {}, dropCalibration,
         [](const Json&) { return std::string("no calibration\n"); }},
    };
}

} // namespace trilobit
