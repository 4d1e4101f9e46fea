// bench: what this machine can do, and how near training comes to it.
#include "core/base/machine.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/kernels/probe/probe.h"
#include "core/train/bench/trainbench.h"

namespace trilobit {

namespace {

constexpr std::uint64_t kReadBytes = std::uint64_t{512} << 20; // far beyond any cache

Json spreadToJson(const Spread& s, double unit) {
    return Json::object({{"median", s.median / unit}, {"min", s.min / unit}, {"max", s.max / unit}});
}

Json benchMachine(int threads, int repetitions, RunControl& control) {
    Json rows = Json::array();
    for (int n = 1; n <= threads; n = n == 1 && threads > 1 ? threads : n + threads) {
        std::vector<double> fma, read;
        for (int i = 0; i < repetitions && !control.isCancelled(); ++i) {
            fma.push_back(measureFmaRate(n, 0.3));
            read.push_back(measureReadRate(n, kReadBytes / static_cast<std::uint64_t>(n), 0.3));
        }
        rows.push(Json::object({{"threads", n},
                                {"fma_gflops", spreadToJson(spreadOf(fma), 1e9)},
                                {"read_gbps", spreadToJson(spreadOf(read), 1e9)}}));
    }
    return Json::object({{"probe", fmaProbeName()}, {"limits", rows}});
}

Result<Json> runBench(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    const bool train = args["train"].toBool(), machine = args["machine"].toBool();
    if (train == machine)
        return fail(ErrorCode::Usage, "bench wants one of --train and --machine");
    const auto repetitions = static_cast<int>(args["repetitions"].toInt(5));
    if (repetitions < 1 || repetitions > 1000)
        return fail(ErrorCode::Usage, "--repetitions is between 1 and 1000");
    const int threads = workspace.threads > 0 ? workspace.threads : defaultThreads();
    const auto work = [&](RunRecorder&) -> Result<Json> {
        Json out = Json::object({{"machine", machineToJson(threads)}, {"repetitions", repetitions}});
        if (machine) {
            const Json limits = benchMachine(threads, repetitions, control);
            for (const auto& [key, value] : limits.members())
                out.set(key, value);
            if (control.isCancelled())
                return cancelledError();
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
    return recordRun(workspace, "bench", args, {"probe", "limits", "parameters", "scheme", "kernel", "batch", "time", "train"},
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
    rows.push_back({"threads", "multiply-add GFLOP/s", "read GB/s"});
    for (const Json& t : result["limits"].items())
        rows.push_back({t["threads"].dump(), median(t["fma_gflops"], 1), median(t["read_gbps"], 1)});
    return textTable(rows);
}

} // namespace

std::vector<CommandSpec> benchVerbs() {
    return {
        {"bench",
         "measures speed: of training, or of the machine itself",
         {{"train", {"--train"}, ArgType::Flag, false, "a training step of a ten-million-weight model", {}},
          {"machine", {"--machine"}, ArgType::Flag, false, "multiply-adds and memory reads, at most", {}},
          {"scheme", {"--scheme"}, ArgType::Text, false, "with --train: plain, bitnet, ... (plain)", {}},
          {"repetitions", {"-r", "--repetitions"}, ArgType::Integer, false, "measurements after a warm-up (5)", {}}},
         runBench,
         benchText},
    };
}

} // namespace trilobit
