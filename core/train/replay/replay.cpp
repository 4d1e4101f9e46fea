#include "core/train/replay/replay.h"

#include "core/base/half.h"
#include "core/base/jsonfile.h"
#include "core/base/mappedfile.h"
#include "core/formats/safetensors/safetensorsreader.h"
#include "core/model/architecture.h"
#include "core/model/loaders.h"
#include "core/tensor/shape.h"
#include "core/train/ops/losses.h"
#include "core/train/state/trainstate.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>

namespace trilobit {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxJson = std::size_t{64} << 20;
constexpr std::int64_t kMaxSteps = 1'000'000, kMaxRows = 1 << 20;

Error formatError(const std::string& file, std::string field, std::string message) {
    return Error{ErrorCode::Format, std::move(message), file, std::move(field)};
}

Result<Json> readJson(const std::string& path) {
    return readJsonFile(path, kMaxJson);
}

std::string inFolder(const std::string& folder, const std::string& name) {
    return (fs::path(folder) / name).lexically_normal().string();
}

/// "../a/init.safetensors + init-scales.safetensors": files in order, words after a name are remarks.
std::vector<std::string> fileList(const std::string& folder, const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('+', begin), text.size());
        std::string part = text.substr(begin, end - begin);
        part.erase(0, part.find_first_not_of(' '));
        part = part.substr(0, part.find(' '));
        if (!part.empty())
            out.push_back(inFolder(folder, part));
        begin = end + 1;
    }
    return out;
}

struct Batches {
    std::int64_t steps = 0, rows = 0, time = 0;
    std::vector<std::int32_t> inputs, targets;
    std::int64_t perStep() const { return rows * time; }
};

Result<std::vector<std::int32_t>> readInts(const std::string& path, std::uint64_t count) {
    TRILOBIT_TRY(const auto file, MappedFile::open(path));
    if (file->bytes().size() != count * 4)
        return formatError(path, "", "has " + std::to_string(file->bytes().size()) + " bytes; expected "
                           + std::to_string(count * 4) + " (int32, as data.json says)");
    std::vector<std::int32_t> values(static_cast<std::size_t>(count));
    std::memcpy(values.data(), file->bytes().data(), file->bytes().size());
    return values;
}

Result<Batches> readBatches(const std::string& folder, std::int64_t vocabulary) {
    const std::string path = inFolder(folder, "data.json");
    TRILOBIT_TRY(const Json json, readJson(path));
    const Json::Array& shape = json["shape"].items();
    Batches batches;
    if (shape.size() != 3)
        return formatError(path, "shape", "expected [steps, rows, positions]");
    batches.steps = shape[0].toInt(-1);
    batches.rows = shape[1].toInt(-1);
    batches.time = shape[2].toInt(-1);
    if (batches.steps < 1 || batches.steps > kMaxSteps || batches.rows < 1 || batches.rows > kMaxRows || batches.time < 1
        || batches.time > kMaxRows)
        return formatError(path, "shape", "expected three sizes of at least 1");
    const auto perStep = checkedMul(static_cast<std::uint64_t>(batches.rows), static_cast<std::uint64_t>(batches.time));
    const auto count = perStep ? checkedMul(*perStep, static_cast<std::uint64_t>(batches.steps)) : perStep;
    if (!count || *count > (1ull << 40))
        return formatError(path, "shape", "is too large");
    const auto fileNamed = [&](const char* key, const char* usual) {
        const std::string& name = json["files"][key].toString();
        return inFolder(folder, name.empty() ? usual : name);
    };
    const std::string inputs = fileNamed("inputs", "inputs.i32"), targets = fileNamed("targets", "targets.i32");
    TRILOBIT_TRY(batches.inputs, readInts(inputs, *count));
    TRILOBIT_TRY(batches.targets, readInts(targets, *count));
    const auto ignored = static_cast<std::int32_t>(json["ignore_index"].toInt(ops::kIgnoredTarget));
    for (std::size_t i = 0; i < batches.inputs.size(); ++i) {
        if (batches.inputs[i] < 0 || batches.inputs[i] >= vocabulary)
            return formatError(inputs, "", "number " + std::to_string(i) + " is " + std::to_string(batches.inputs[i])
                               + "; expected a token from 0 to " + std::to_string(vocabulary - 1));
        if (batches.targets[i] == ignored)
            batches.targets[i] = ops::kIgnoredTarget;
        else if (batches.targets[i] < 0 || batches.targets[i] >= vocabulary)
            return formatError(targets, "", "number " + std::to_string(i) + " is " + std::to_string(batches.targets[i])
                               + "; expected a token or " + std::to_string(ignored) + " for an ignored one");
    }
    return batches;
}

Result<ModelConfig> readTrainConfig(const std::string& path) {
    TRILOBIT_TRY(Json json, readJson(path));
    const std::string type = json["model_type"].toString("llama");
    json.set("model_type", type);
    const Architecture* architecture = findArchitectureForHf(json);
    if (!architecture)
        return Error{ErrorCode::Unsupported, "is \"" + type + "\", which this program does not train", path, "model_type"};
    const auto read = [&]() -> Result<ModelConfig> {
        TRILOBIT_TRY(Metadata metadata, metadataFromHf(json, *architecture, "replay"));
        if (architecture->fromHf)
            TRILOBIT_CHECK(architecture->fromHf(json, metadata));
        std::vector<std::string> warnings;
        TRILOBIT_TRY(ModelConfig config, readConfig(*architecture, metadata, json["vocab_size"].toInt(), warnings));
        if (architecture->configure)
            TRILOBIT_CHECK(architecture->configure(metadata, config));
        // As float32 it would be another number than the one in the file.
        config.rmsEps = json["rms_norm_eps"].toDouble(config.rmsEps);
        config.ropeBase = json["rope_theta"].toDouble(config.ropeBase);
        config.rope = RopeKind::SplitHalves;
        config.tiedOutput = json["tie_word_embeddings"].toBool(false);
        return config;
    };
    auto config = read();
    if (!config)
        return located(std::move(config).error(), path);
    return config;
}

template <class Real>
Result<void> copyValues(const SafetensorsTensor& tensor, const std::string& path, std::span<Real> out) {
    std::uint64_t count = 1;
    for (const std::int64_t n : tensor.shape)
        count *= static_cast<std::uint64_t>(n);
    if (count != out.size())
        return formatError(path, tensor.name, "has " + std::to_string(count) + " values; expected " + std::to_string(out.size()));
    const std::byte* from = tensor.bytes.data();
    const auto each = [&](auto sample) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            decltype(sample) value;
            std::memcpy(&value, from + i * sizeof value, sizeof value);
            out[i] = static_cast<Real>(value);
        }
    };
    if (tensor.dtype == "F32")
        each(0.0f);
    else if (tensor.dtype == "F64")
        each(0.0);
    else
        return formatError(path, tensor.name, "is stored as " + tensor.dtype + "; expected F32 or F64");
    return {};
}

struct Setup {
    std::string folder, runPath;
    Json run;                         ///< run.json
    ModelConfig config;
    std::vector<std::string> init;    ///< files, later ones win
    std::string schemeName = "plain";
    Json schemeSettings = Json::object();
    NormKind norms = NormKind::Rms;
};

bool isRun(const Json& json) { return json.isObject() && json["lr"].isArray(); }

/// What the folder says of scheme, norms and start values for the run of that name.
Result<Setup> setUp(const std::string& folder, const Json& runJson, const std::string& name) {
    Setup s;
    s.folder = folder;
    s.runPath = inFolder(folder, "run.json");
    s.run = runJson;
    const std::string configText = runJson["config"].toString("config.json");
    TRILOBIT_TRY(s.config, readTrainConfig(fileList(folder, configText).front()));
    if (runJson["init"].isString())
        s.init = fileList(folder, runJson["init"].toString());
    else if (runJson["base"].isObject())
        s.init = fileList(folder, runJson["base"]["lora"].toString());
    else
        s.init = {inFolder(folder, "init.safetensors")};
    const bool weightOnly = name.find("weight_only") != std::string::npos;
    if (const Json& scheme = runJson["scheme"]; scheme.isObject()) {
        s.schemeName = scheme["name"].toString();
        s.schemeSettings = scheme;
        s.schemeSettings.remove("name");
    } else if (runJson["rank"].isInteger()) {
        s.schemeName = "lora";
        s.schemeSettings.set("rank", runJson["rank"]).set("alpha", runJson["alpha"]);
        s.init.push_back(inFolder(folder, "init-adapter.safetensors"));
        if (name == "qlora")
            s.init.push_back(inFolder(folder, "nf4-dequantized.safetensors"));
    } else if (runJson["group"].isInteger()) {
        s.schemeName = "dlt";
        s.schemeSettings.set("group", runJson["group"]).set("centred", name == "centred");
    } else if (name.starts_with("rmsnorm") || name.starts_with("layernorm")) {
        s.schemeName = "b1";
        s.schemeSettings.set("activations", !weightOnly);
        s.norms = name.starts_with("layernorm") ? NormKind::Layer : NormKind::Rms;
    } else if (s.config.isBitNet()) {
        s.schemeName = "bitnet";
        s.schemeSettings.set("activations", !weightOnly);
    }
    if (runJson["norms"].toString() == "layernorm")
        s.norms = NormKind::Layer;
    return s;
}

template <class Real>
Result<void> loadInit(const Setup& setup, TrainDecoder<Real>& decoder) {
    std::vector<bool> found(decoder.layout().list.size());
    for (const std::string& path : setup.init) {
        TRILOBIT_TRY(const SafetensorsFile file, readSafetensors(path));
        std::map<std::string_view, const SafetensorsTensor*> byName;
        for (const SafetensorsTensor& tensor : file.tensors)
            byName[tensor.name] = &tensor;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const std::string& name = decoder.layout().list[i].name;
            auto it = byName.find(name);
            if (it == byName.end()) // adapters are sometimes named with a further ".weight"
                it = byName.find(name + ".weight");
            if (it == byName.end())
                continue;
            TRILOBIT_CHECK(copyValues<Real>(*it->second, path, decoder.parameter(i)));
            found[i] = true;
        }
    }
    for (std::size_t i = 0; i < found.size(); ++i)
        if (!found[i])
            return formatError(setup.init.front(), decoder.layout().list[i].name, "is missing, but the run needs it");
    return {};
}

Result<std::vector<double>> learningRates(const Setup& setup, const Json& run, std::int64_t available) {
    std::vector<double> rates;
    for (const Json& rate : run["lr"].items()) {
        if (!rate.isNumber() || !(rate.toDouble() >= 0 && rate.toDouble() < 1e6))
            return formatError(setup.runPath, "lr", "expected numbers of 0 or more");
        rates.push_back(rate.toDouble());
    }
    const auto steps = run["steps"].toInt(static_cast<std::int64_t>(rates.size()));
    if (steps < 1 || steps > static_cast<std::int64_t>(rates.size()))
        return formatError(setup.runPath, "steps", "expected 1 to " + std::to_string(rates.size()) + ", one for each rate in lr");
    if (steps > available)
        return formatError(setup.runPath, "steps", "asks for " + std::to_string(steps) + " batches, but the data has "
                           + std::to_string(available));
    rates.resize(static_cast<std::size_t>(steps));
    return rates;
}

Result<StepSettings> stepSettings(const Setup& setup, const Json& run) {
    const Json& o = run["optimizer"];
    StepSettings settings;
    const Json::Array& betas = o["betas"].items();
    settings.adam.beta1 = betas.size() == 2 ? betas[0].toDouble(-1) : 0.9;
    settings.adam.beta2 = betas.size() == 2 ? betas[1].toDouble(-1) : 0.95;
    settings.adam.eps = o["eps"].toDouble(1e-8);
    settings.weightDecay = o["decay"].toString() == "none" ? 0 : o["weight_decay"].toDouble(0.1);
    settings.clipNorm = o["clip_norm"].toDouble(o.contains("clip_norm") ? 0 : 1);
    const auto inUnit = [](double v) { return v >= 0 && v < 1; };
    if (!inUnit(settings.adam.beta1) || !inUnit(settings.adam.beta2))
        return formatError(setup.runPath, "optimizer.betas", "expected two numbers from 0 to below 1");
    if (!(settings.adam.eps > 0) || !(settings.weightDecay >= 0) || !(settings.clipNorm >= 0))
        return formatError(setup.runPath, "optimizer", "expected eps above 0, weight_decay and clip_norm of 0 or more");
    return settings;
}

template <class Real>
Result<ReplayRun> replayOne(const Setup& setup, const Json& run, const std::string& name, int threads, RunControl& control) {
    auto scheme = makeLinearScheme<Real>(setup.schemeName, setup.schemeSettings);
    if (!scheme)
        return located(std::move(scheme).error(), setup.runPath);
    TRILOBIT_TRY(const Batches batches, readBatches(inFolder(setup.folder, "../data"), setup.config.vocabSize));
    TRILOBIT_TRY(const std::vector<double> rates, learningRates(setup, run, batches.steps));
    TRILOBIT_TRY(StepSettings settings, stepSettings(setup, run));
    TrainState<Real> state(setup.config, *std::move(scheme), setup.norms, batches.rows, batches.time, threads);
    TRILOBIT_CHECK(loadInit(setup, state.decoder()));
    ReplayRun out;
    out.name = name;
    for (std::size_t t = 0; t < rates.size(); ++t) {
        if (control.isCancelled())
            return cancelledError();
        settings.learningRate = rates[t];
        const auto at = static_cast<std::int64_t>(t) * batches.perStep();
        TRILOBIT_TRY(const StepReport report,
                     state.step(batches.inputs.data() + at, batches.targets.data() + at, batches.perStep(), settings));
        out.losses.push_back(report.loss);
        out.gradNorms.push_back(report.gradNorm);
        out.clipScales.push_back(report.clipScale);
        control.progress(static_cast<double>(t + 1), static_cast<double>(rates.size()), "training");
    }
    out.lossBatch1After =
        static_cast<double>(state.evaluate(batches.inputs.data(), batches.targets.data(), batches.perStep()));
    return out;
}

} // namespace

Result<std::vector<ReplayRun>> replayTraining(const std::string& folder, const ReplayOptions& options, RunControl& control) {
    const std::string path = inFolder(folder, "run.json");
    TRILOBIT_TRY(const Json json, readJson(path));
    std::vector<std::pair<std::string, const Json*>> runs;
    std::string known;
    if (isRun(json) && options.run.empty())
        runs.emplace_back("", &json);
    for (const auto& [name, value] : json.members())
        if (isRun(value)) {
            known += (known.empty() ? "" : ", ") + name;
            if (name == options.run || (options.run.empty() && !isRun(json)))
                runs.emplace_back(name, &value);
        }
    if (runs.empty())
        return formatError(path, options.run.empty() ? "lr" : options.run,
                           options.run.empty() ? std::string("expected learning rates, or runs by name that have them")
                                               : "is not a run of this file" + (known.empty() ? "" : "; it has " + known));
    std::vector<ReplayRun> out;
    for (const auto& [name, run] : runs) {
        TRILOBIT_TRY(const Setup setup, setUp(folder, json, name));
        auto done = options.inDouble ? replayOne<double>(setup, *run, name, options.threads, control)
                                     : replayOne<float>(setup, *run, name, options.threads, control);
        if (!done)
            return done.error();
        out.push_back(*std::move(done));
    }
    return out;
}

} // namespace trilobit
