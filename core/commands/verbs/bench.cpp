// bench: what this machine can do, and how near its kernels, a model and training come to it.
#include "core/base/machine.h"
#include "core/commands/benchkernels.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/eval/speed.h"
#include "core/kernels/probe/probe.h"
#include "core/model/modelwriter.h"
#include "core/model/syntheticmodel.h"
#include "core/train/bench/trainbench.h"

#include <algorithm>
#include <map>

namespace trilobit {

namespace {

constexpr std::uint64_t kReadBytes = std::uint64_t{512} << 20; // far beyond any cache

TernaryLayout ternaryLayoutFrom(const Json& args) {
    const std::string& layout = args["ternary"].toString();
    return layout == "2bit"     ? TernaryLayout::TwoBits
           : layout == "base3"  ? TernaryLayout::Base3
           : layout == "lookup" ? TernaryLayout::Lookup
                                : TernaryLayout::Auto;
}

Json spreadToJson(const Spread& s, double unit) {
    return Json::object({{"median", s.median / unit}, {"min", s.min / unit}, {"max", s.max / unit}});
}

Json benchMachine(int threads, int repetitions, RunControl& control) {
    Json rows = Json::array();
    for (int n = 1; n <= threads; n = n == 1 && threads > 1 ? threads : n + threads) {
        std::vector<double> fma, int8, read;
        for (int i = 0; i < repetitions && !control.isCancelled(); ++i) {
            fma.push_back(measureFmaRate(n, 0.3));
            int8.push_back(measureInt8Rate(n, 0.3));
            read.push_back(measureReadRate(n, kReadBytes / static_cast<std::uint64_t>(n), 0.3));
        }
        rows.push(Json::object({{"threads", n},
                                {"fma_gflops", spreadToJson(spreadOf(fma), 1e9)},
                                {"int8_gops", spreadToJson(spreadOf(int8), 1e9)},
                                {"read_gbps", spreadToJson(spreadOf(read), 1e9)}}));
    }
    return Json::object({{"probe", fmaProbeName()}, {"int8_probe", int8ProbeName()}, {"limits", rows}});
}

/// Microseconds of one token.
Json timesToJson(const SessionTimes& times) {
    const double unit = times.tokens > 0 ? 1e6 / static_cast<double>(times.tokens) : 0;
    Json layers = Json::array();
    for (const SessionTimes::Layer& layer : times.layers)
        layers.push(Json::object({{"attention_us", layer.attention * unit}, {"ffn_us", layer.ffn * unit}}));
    return Json::object({{"layers", layers}, {"output_us", times.output * unit}});
}

/// Which kernel runs how many tensors, most first.
Json kernelsToJson(const Engine& engine) {
    std::map<std::string, int> counts;
    for (const KernelChoice& choice : engine.kernels())
        ++counts[choice.encoding + ": " + choice.kernel];
    std::vector<std::pair<int, std::string>> order;
    for (const auto& [name, count] : counts)
        order.emplace_back(count, name);
    std::sort(order.rbegin(), order.rend());
    Json out = Json::array();
    for (const auto& [count, name] : order)
        out.push(Json::object({{"kernel", name}, {"tensors", count}}));
    return out;
}

Result<Json> benchModel(Workspace& workspace, const Json& args, int threads, int repetitions, RunRecorder& run,
                        RunControl& control) {
    std::shared_ptr<const Model> model;
    if (args.contains("synthetic")) {
        TRILOBIT_TRY(model, makeSyntheticModel(args["synthetic"].toString(), args["encoding"].toString(), workspace.encodings,
                                               args["seed"].toUInt(1), control));
    } else if (args["quantized"].toBool()) {
        const auto made = workspace.snapshot().quantized;
        if (!made)
            return fail(ErrorCode::Usage, "no quantized model is open");
        model = made->model;
    } else {
        TRILOBIT_TRY(model, modelFrom(workspace, args));
        TRILOBIT_CHECK(run.setModel(*model, control));
    }
    if (args.contains("output")) {
        TRILOBIT_CHECK(writeModelGguf(*model, args["output"].toString(), control));
        return Json::object({{"model", model->config().name}, {"output", args["output"]}, {"bytes", model->tensorBytes()}});
    }
    SpeedOptions options;
    options.promptTokens = args["prompt_tokens"].toInt(512);
    options.decodeTokens = args["decode_tokens"].toInt(64);
    options.depth = args["depth"].toInt(0);
    options.repetitions = repetitions;
    if (options.promptTokens < 0 || options.decodeTokens < 0 || options.depth < 0)
        return fail(ErrorCode::Usage, "-p, -n and --depth are 0 or more");
    std::vector<int> counts{threads};
    if (workspace.threads == 0 && threads > 1)
        counts.insert(counts.begin(), 1);
    Json rows = Json::array();
    Json kernels, tensors;
    std::string path;
    for (const int n : counts) {
        EngineOptions engineOptions;
        engineOptions.threads = n;
        engineOptions.activations = args.contains("activations") ? activationsFrom(args) : ActivationPath::Fast;
        engineOptions.ternary = ternaryLayoutFrom(args);
        engineOptions.cache = cacheFrom(args);
        TRILOBIT_TRY(const std::shared_ptr<const Engine> engine, Engine::create(model, engineOptions, control));
        TRILOBIT_TRY(const SpeedResult speed, measureSpeed(*engine, options, control));
        const double read = measureReadRate(n, kReadBytes / static_cast<std::uint64_t>(n), 0.3);
        rows.push(Json::object({{"threads", n},
                                {"prefill_tps", spreadToJson(speed.prefillTps, 1)},
                                {"decode_tps", spreadToJson(speed.decodeTps, 1)},
                                {"bytes_per_token", speed.bytesPerToken},
                                {"read_gbps", read / 1e9},
                                {"bandwidth_share",
                                 speed.decodeTps.median * static_cast<double>(speed.bytesPerToken + speed.cacheBytesPerToken) / read},
                                {"owned_bytes", engine->weightBytes().owned},
                                {"mapped_bytes", engine->weightBytes().mapped},
                                {"cache_bytes", speed.cacheBytes},
                                {"cache_bytes_per_token", speed.cacheBytesPerToken},
                                {"first_token_seconds", speed.firstTokenSeconds},
                                {"joules_per_token", speed.joulesPerToken ? Json(*speed.joulesPerToken) : Json()},
                                {"times", timesToJson(speed.times)}}));
        kernels = kernelsToJson(*engine);
        tensors = Json::array();
        for (const KernelChoice& choice : engine->kernels())
            tensors.push(Json::object({{"tensor", choice.tensor}, {"encoding", choice.encoding}, {"kernel", choice.kernel}}));
        path = engine->pathDescription();
    }
    return Json::object({{"model", model->config().name},
                         {"path", path},
                         {"bits_per_weight", model->bitsPerWeight()},
                         {"prompt_tokens", options.promptTokens},
                         {"decode_tokens", options.decodeTokens},
                         {"depth", options.depth},
                         {"kernels", kernels},
                         {"kernel_of", tensors},
                         {"speed", rows}});
}

Result<Json> runBench(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    const bool train = args["train"].toBool(), machine = args["machine"].toBool(), kernels = args["kernels"].toBool();
    if (train + machine + kernels > 1)
        return fail(ErrorCode::Usage, "bench wants one of --train, --machine and --kernels");
    const auto repetitions = static_cast<int>(args["repetitions"].toInt(5));
    if (repetitions < 1 || repetitions > 1000)
        return fail(ErrorCode::Usage, "--repetitions is between 1 and 1000");
    const int threads = workspace.threads > 0 ? workspace.threads : defaultThreads();
    const auto work = [&](RunRecorder& run) -> Result<Json> {
        Json out = Json::object({{"machine", machineToJson(threads)}, {"repetitions", repetitions}});
        if (machine) {
            const Json limits = benchMachine(threads, repetitions, control);
            for (const auto& [key, value] : limits.members())
                out.set(key, value);
            if (control.isCancelled())
                return cancelledError();
            return out;
        }
        if (!train) {
            TRILOBIT_TRY(const Json measured, kernels ? benchKernelsVerb(workspace, args, threads, repetitions, control)
                                                      : benchModel(workspace, args, threads, repetitions, run, control));
            for (const auto& [key, value] : measured.members())
                out.set(key, value);
            return out;
        }
        TRILOBIT_TRY(const TrainBenchResult result,
                     benchTraining(args["scheme"].toString("plain"), threads, repetitions, control));
        Json rows = Json::array();
        for (const TrainBenchThreads& t : result.threads)
            rows.push(Json::object({{"threads", t.threads},
                                    {"fma_gflops", spreadToJson(t.fmaRate, 1e9)},
                                    {"product_gflops", spreadToJson(t.productRate, 1e9)},
                                    {"product_share", t.productRate.median / t.fmaRate.median},
                                    {"step_gflops", spreadToJson(t.stepRate, 1e9)},
                                    {"step_share", t.stepRate.median / t.fmaRate.median},
                                    {"tokens_per_second", spreadToJson(t.tokensPerSecond, 1)}}));
        out.set("parameters", result.parameters).set("scheme", result.scheme).set("kernel", result.kernel);
        out.set("probe", result.probe).set("batch", result.batch).set("time", result.time).set("train", rows);
        return out;
    };
    return recordRun(workspace, "bench", args, {"probe", "limits", "parameters", "scheme", "kernel", "batch", "time", "train", "model", "path",
                      "prompt_tokens", "decode_tokens", "depth", "kernels", "speed", "int8_probe", "kernel_set", "shape",
                      "batch_tokens", "kernel_bench"},
                     work);
}

std::string benchText(const Json& result) {
    std::vector<std::vector<std::string>> rows;
    const auto median = [](const Json& json, int decimals) { return numberText(json["median"].toDouble(), decimals); };
    const auto percent = [](const Json& share) { return numberText(share.toDouble() * 100, 1) + " %"; };
    if (result.contains("train")) {
        rows.push_back({"threads", "peak GFLOP/s", "products", "share", "steps", "share", "tokens/s"});
        for (const Json& t : result["train"].items())
            rows.push_back({t["threads"].dump(), median(t["fma_gflops"], 1), median(t["product_gflops"], 1),
                            percent(t["product_share"]), median(t["step_gflops"], 1), percent(t["step_share"]),
                            median(t["tokens_per_second"], 0)});
        return result["parameters"].dump() + " parameters, " + result["scheme"].toString() + ", kernel "
               + result["kernel"].toString() + "\n" + textTable(rows);
    }
    if (result.contains("output"))
        return result["model"].toString() + " -> " + result["output"].toString() + "\n";
    if (result.contains("kernel_bench"))
        return benchKernelsText(result);
    if (result.contains("speed")) {
        rows.push_back({"threads", "prefill t/s", "min", "max", "decode t/s", "min", "max", "MB/token", "of bandwidth"});
        const auto of = [](const Json& json, const char* key) { return numberText(json[key].toDouble(), 2); };
        for (const Json& t : result["speed"].items())
            rows.push_back({t["threads"].dump(), of(t["prefill_tps"], "median"), of(t["prefill_tps"], "min"),
                            of(t["prefill_tps"], "max"), of(t["decode_tps"], "median"), of(t["decode_tps"], "min"),
                            of(t["decode_tps"], "max"),
                            numberText((t["bytes_per_token"].toDouble() + t["cache_bytes_per_token"].toDouble()) / 1e6, 1),
                            percent(t["bandwidth_share"])});
        std::string out = result["model"].toString() + ", " + result["path"].toString() + "\n" + textTable(rows);
        const Json& last = result["speed"].items().back();
        double attention = 0, ffn = 0;
        for (const Json& layer : last["times"]["layers"].items()) {
            attention += layer["attention_us"].toDouble();
            ffn += layer["ffn_us"].toDouble();
        }
        if (const double output = last["times"]["output_us"].toDouble(), all = attention + ffn + output; all > 0)
            out += "one token: attention " + numberText(attention / all * 100, 1) + " %, feed-forward "
                   + numberText(ffn / all * 100, 1) + " %, output " + numberText(output / all * 100, 1) + " %; energy "
                   + (last["joules_per_token"].isNull() ? std::string("not available here")
                                                        : numberText(last["joules_per_token"].toDouble() * 1000, 1) + " mJ")
                   + "\n";
        for (const Json& kernel : result["kernels"].items())
            out += kernel["kernel"].toString() + " (" + kernel["tensors"].dump() + " tensors)\n";
        return out;
    }
    rows.push_back({"threads", "multiply-add GFLOP/s", "bytes GOP/s", "read GB/s"});
    for (const Json& t : result["limits"].items())
        rows.push_back({t["threads"].dump(), median(t["fma_gflops"], 1), median(t["int8_gops"], 1), median(t["read_gbps"], 1)});
    return textTable(rows);
}

} // namespace

std::vector<CommandSpec> benchVerbs() {
    return {
        {"bench",
         "measures speed: of a model, of training, of every kernel, or of the machine itself",
         {modelArg(false),
          {"synthetic", {"--synthetic"}, ArgType::Text, false, "instead of MODEL: random ternary weights in this shape (2b4t, 3b, 8b)", {}},
          {"quantized", {"--quantized"}, ArgType::Flag, false, "the quantized model that is open", {}},
          {"encoding", {"--encoding"}, ArgType::Text, false, "of the synthetic model's matrices: TQ2_0 or I2_S", {}},
          {"seed", {"--seed"}, ArgType::Integer, false, "of the synthetic weights (1)", {}},
          {"output", {"-o", "--output"}, ArgType::OutputPath, false, "only write the (synthetic) model as GGUF, for other programs", {}},
          {"ternary", {"--ternary"}, ArgType::Text, false, "how ternary matrices lie in memory: auto, 2bit, base3 (1.6 bits a weight) or lookup (1.67)", {"auto", "2bit", "base3", "lookup"}},
          {"prompt_tokens", {"-p"}, ArgType::Integer, false, "tokens of a prompt, or of a batch with --kernels; 0: not measured (512; 128)", {}},
          {"decode_tokens", {"-n"}, ArgType::Integer, false, "single tokens; 0: not measured (64)", {}},
          {"depth", {"--depth"}, ArgType::Integer, false, "tokens in the cache before single ones (0)", {}},
          activationsArg(), cacheArg(),
          {"train", {"--train"}, ArgType::Flag, false, "a training step of a ten-million-weight model", {}},
          {"machine", {"--machine"}, ArgType::Flag, false, "multiply-adds and memory reads, at most", {}},
          {"kernels", {"--kernels"}, ArgType::Flag, false, "every kernel of this CPU's set alone, beside what the machine can do", {}},
          {"only", {"--only"}, ArgType::Text, false, "with --kernels: only those whose name fits this pattern, \"q4*\"", {}},
          {"shape", {"--shape"}, ArgType::Text, false, "with --kernels: ROWSxCOLUMNS of the matrices (2560x6912)", {}},
          {"scheme", {"--scheme"}, ArgType::Text, false, "with --train: plain, bitnet, ... (plain)", {}},
          {"repetitions", {"-r", "--repetitions"}, ArgType::Integer, false, "measurements after a warm-up (5)", {}}},
         runBench,
         benchText},
    };
}

} // namespace trilobit
