// What verbs share.
#include "core/commands/support.h"

#include "core/base/machine.h"
#include "core/base/mappedfile.h"
#include "core/base/sha256.h"
#include "core/calib/imatrixfile.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>

namespace trilobit {

std::string nowText(double secondsAgo) {
    const auto now = std::chrono::system_clock::now()
                     - std::chrono::milliseconds(static_cast<std::int64_t>(1000 * secondsAgo));
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char buffer[40];
    const std::size_t length = std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%S", &utc);
    char tail[8];
    std::snprintf(tail, sizeof tail, ".%03dZ", static_cast<int>(millis));
    return std::string(buffer, length) + tail;
}

ArgSpec modelArg(bool required) {
    return {"model", {}, ArgType::Path, required, "GGUF file, safetensors file or model folder", {}};
}

ArgSpec readAsArg() {
    return {"read_as", {"--read-as"}, ArgType::Text, false,
            "what a type number that several programs use stands for in this file (I2_S_ARM, TL1-160-64-32, ...)", {}};
}

ArgSpec activationsArg() {
    return {"activations", {"--activations"}, ArgType::Text, false,
            "what matrix products see: auto (as the model defines it), float, int8 (per token) or fast (int8 wherever there are products for it)", {"auto", "float", "int8", "fast"}};
}

ArgSpec cacheArg() {
    return {"cache", {"--cache"}, ArgType::Text, false,
            "how keys and values are kept: auto (f16 with fast activations, else f32), f32, f16 or q8_0", {"auto", "f32", "f16", "q8_0"}};
}

Result<std::shared_ptr<const Model>> modelFrom(Workspace& workspace, const Json& args, std::string_view key) {
    if (const Json* path = args.find(key)) {
        const Json* layout = args.find("read_as");
        if (!layout)
            return loadModel(path->toString(), workspace.encodings);
        EncodingRegistry encodings = workspace.encodings;
        TRILOBIT_CHECK(encodings.prefer(layout->toString()));
        return loadModel(path->toString(), encodings);
    }
    if (auto model = workspace.snapshot().model)
        return model;
    return fail(ErrorCode::Usage, "no model is open and none is named");
}

std::vector<ArgSpec> samplingArgs(int tokens) {
    return {{"n", {"-n", "--tokens"}, ArgType::Integer, false,
             "tokens to write at most (" + std::to_string(tokens) + ")", {}},
            {"temp", {"--temp"}, ArgType::Real, false, "temperature; 0 is greedy (0)", {}},
            {"top_k", {"--top-k"}, ArgType::Integer, false, "keep the k most likely tokens; 0 is off (0)", {}},
            {"top_p", {"--top-p"}, ArgType::Real, false, "keep the most likely tokens up to this probability (1)", {}},
            {"min_p", {"--min-p"}, ArgType::Real, false, "drop tokens below this share of the best one (0)", {}},
            {"repeat_penalty", {"--repeat-penalty"}, ArgType::Real, false, "above 1 avoids repetition (1)", {}},
            {"repeat_window", {"--repeat-window"}, ArgType::Integer, false, "tokens the penalty looks back (64)", {}},
            {"seed", {"--seed"}, ArgType::Integer, false, "the same seed gives the same text (0)", {}},
            {"ignore_end", {"--ignore-end"}, ArgType::Flag, false, "go on after an end token", {}}};
}

Result<GenerateOptions> samplingFrom(const Json& args, int tokens) {
    GenerateOptions options;
    options.maxTokens = args["n"].toInt(tokens);
    options.stopAtEnd = !args["ignore_end"].toBool();
    SamplerConfig& sampler = options.sampler;
    sampler.temperature = args["temp"].toDouble(0);
    sampler.topK = args["top_k"].toInt(0);
    sampler.topP = args["top_p"].toDouble(1);
    sampler.minP = args["min_p"].toDouble(0);
    sampler.repetitionPenalty = args["repeat_penalty"].toDouble(1);
    sampler.repetitionWindow = args["repeat_window"].toInt(64);
    sampler.seed = args["seed"].toUInt(0);
    TRILOBIT_CHECK(checkSampler(sampler));
    if (options.maxTokens < 0)
        return fail(ErrorCode::Usage, "-n must be 0 or more");
    return options;
}

void setSampling(Json& args, const GenerateOptions& options) {
    const SamplerConfig& sampler = options.sampler;
    args.set("n", options.maxTokens);
    const auto unless = [&](const char* key, auto value, auto usual) {
        if (value != usual)
            args.set(key, value);
    };
    unless("temp", sampler.temperature, 0.0);
    unless("top_k", sampler.topK, std::int64_t{0});
    unless("top_p", sampler.topP, 1.0);
    unless("min_p", sampler.minP, 0.0);
    unless("repeat_penalty", sampler.repetitionPenalty, 1.0);
    unless("repeat_window", sampler.repetitionWindow, std::int64_t{64});
    unless("seed", sampler.seed, std::uint64_t{0});
    if (!options.stopAtEnd)
        args.set("ignore_end", true);
}

Result<std::shared_ptr<const Model>> openOrLoaded(Workspace& workspace, const Json& args) {
    const auto open = workspace.snapshot().model;
    if (const Json* path = args.find("model"); path && open && open->path() == path->toString())
        return open;
    return modelFrom(workspace, args);
}

Result<std::shared_ptr<const Calibration>> calibrationFor(Workspace& workspace, const Model& model, const std::string& path) {
    const Workspace::State state = workspace.snapshot();
    if (state.calibration && state.calibration->path == path && state.model.get() == &model)
        return state.calibration;
    TRILOBIT_TRY(Calibration read, readCalibration(path));
    std::size_t known = 0;
    for (const Tensor& tensor : model.tensors())
        if (const InputStatistics* statistics = read.find(tensor.name)) {
            ++known;
            if (auto fits = importanceOf(*statistics, tensor.cols, tensor.stack); !fits) {
                Error error = std::move(fits).error();
                error.file = path;
                error.field = tensor.name;
                return error;
            }
        }
    if (known == 0)
        return Error{ErrorCode::Usage, "none of its tensors is one of the model's: it was made with another model", path, {}, {}};
    return std::make_shared<const Calibration>(std::move(read));
}

ActivationPath activationsFrom(const Json& args) {
    const std::string& path = args["activations"].toString();
    return path == "float"  ? ActivationPath::Float
           : path == "int8" ? ActivationPath::Int8PerToken
           : path == "fast" ? ActivationPath::Fast
                            : ActivationPath::Auto;
}

CacheChoice cacheFrom(const Json& args) {
    const std::string& type = args["cache"].toString();
    return type == "f32"    ? CacheChoice::F32
           : type == "f16"  ? CacheChoice::F16
           : type == "q8_0" ? CacheChoice::Q8_0
                            : CacheChoice::Auto;
}

Result<std::shared_ptr<const Engine>> engineFor(Workspace& workspace, std::shared_ptr<const Model> model,
                                                const Json& args, RunControl& control) {
    EngineOptions options;
    options.threads = workspace.threads;
    options.activations = activationsFrom(args);
    options.cache = cacheFrom(args);
    return Engine::create(std::move(model), options, control);
}

std::string modelLabel(const Model& model) {
    if (model.path().empty())
        return model.config().name;
    const std::filesystem::path path(model.path());
    return path.has_filename() ? path.filename().string() : path.parent_path().filename().string();
}

std::string buildDescription() {
    return std::string("trilobit " TRILOBIT_VERSION ", ") + describeMachine().compiler;
}

Json machineToJson(int threads) {
    const Machine machine = describeMachine();
    Json features = Json::array();
    for (const std::string& feature : machine.cpuFeatures)
        features.push(feature);
    return Json::object({{"cpu", machine.cpuModel},
                         {"features", features},
                         {"cpus", machine.logicalCpus},
                         {"threads", threads > 0 ? threads : machine.logicalCpus},
                         {"memory_bytes", machine.memoryBytes},
                         {"system", machine.system}});
}

void RunRecorder::begin(std::string kind, const Json& args) {
    if (!m_workspace.store)
        return;
    m_run.kind = kind;
    m_run.started = nowText();
    m_run.status = "running";
    m_run.command = Command{std::move(kind), args}.toJson();
    m_run.machine = machineToJson(m_workspace.threads);
    m_run.build = buildDescription();
    auto id = m_workspace.store->add(m_run);
    if (id) {
        m_run.id = *id;
        m_open = true;
    } else if (m_workspace.log) {
        m_workspace.log(LogLevel::Warning, "the run cannot be recorded: " + id.error().text());
    }
}

void RunRecorder::end(Result<Json>& result, std::initializer_list<const char*> metricKeys) {
    if (!m_open)
        return;
    m_run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    m_run.metrics = Json::object();
    if (result) {
        m_run.status = "done";
        for (const char* key : metricKeys)
            if (const Json* value = result->find(key))
                m_run.metrics.set(key, *value);
    } else {
        m_run.status = result.error().code == ErrorCode::Cancelled ? "cancelled" : "failed";
        m_run.error = result.error().text();
    }
    if (auto done = m_workspace.store->update(m_run); !done && m_workspace.log)
        m_workspace.log(LogLevel::Warning, "the run cannot be recorded: " + done.error().text());
    if (result)
        result->set("run", m_run.id);
}

Result<Json> recordRun(Workspace& workspace, std::string kind, const Json& args,
                       std::initializer_list<const char*> metricKeys,
                       const std::function<Result<Json>(RunRecorder&)>& work) {
    RunRecorder recorder(workspace);
    recorder.begin(std::move(kind), args);
    Result<Json> result = work(recorder);
    recorder.end(result, metricKeys);
    return result;
}

Result<void> RunRecorder::setModel(const Model& model, RunControl& control) {
    std::string unknown;
    return setModel(model, unknown, control);
}

Result<void> RunRecorder::setModel(const Model& model, std::string& hash, RunControl& control) {
    m_run.modelPath = model.path().empty() ? model.config().name : model.path();
    if (!m_open)
        return {};
    const Workspace::State state = m_workspace.snapshot();
    if (hash.empty() && state.model.get() == &model)
        hash = state.modelHash;
    if (hash.empty()) {
        TRILOBIT_TRY(hash, weightsHash(model, control));
    }
    m_run.modelHash = hash;
    return {};
}

void RunRecorder::setTook(double seconds) {
    m_start = std::chrono::steady_clock::now() - std::chrono::milliseconds(static_cast<std::int64_t>(1000 * seconds));
    m_run.started = nowText(seconds);
}

void RunRecorder::setRecipe(const Recipe& recipe) {
    m_run.recipe = recipe.toJson();
    m_run.recipeHash = recipe.hash();
    m_run.seed = recipe.seed;
}

Result<void> RunRecorder::addArtefact(const std::string& path, RunControl& control) {
    if (!m_open)
        return {};
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    Sha256 hash;
    const auto bytes = file->bytes();
    constexpr std::size_t kPiece = 4u << 20;
    for (std::size_t from = 0; from < bytes.size(); from += kPiece) {
        hash.add(bytes.subspan(from, std::min(kPiece, bytes.size() - from)));
        control.progress(static_cast<double>(from), static_cast<double>(bytes.size()), "checking the written file");
    }
    std::error_code ignored;
    m_run.artefacts.push(Json::object({{"path", std::filesystem::absolute(path, ignored).string()},
                                       {"bytes", static_cast<std::uint64_t>(bytes.size())},
                                       {"sha256", hash.finish()}}));
    return {};
}

std::string textTable(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> width;
    const auto length = [](const std::string& text) { // characters, not bytes
        return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    };
    for (const auto& row : rows) {
        width.resize(std::max(width.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            width[i] = std::max(width[i], length(row[i]));
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string& cell = row[i];
            // The head stands over its column: it aligns as the first row below it does.
            const std::string& like = &row == &rows.front() && rows.size() > 1 && i < rows[1].size() ? rows[1][i] : cell;
            const bool number = !like.empty() && (std::isdigit(static_cast<unsigned char>(like[0])) || like[0] == '-'
                                                  || like[0] == '+');
            const std::string padding(width[i] - length(cell), ' ');
            line += number ? padding + cell : cell + padding;
            if (i + 1 < row.size())
                line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string bytesText(std::uint64_t bytes) {
    static constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < std::size(kUnits)) {
        value /= 1024;
        ++unit;
    }
    return numberText(value, unit == 0 ? 0 : 1) + " " + kUnits[unit];
}

std::string numberText(double value, int decimals) {
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value > 0 ? "inf" : "-inf";
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    return buffer;
}

} // namespace trilobit
