#include "core/commands/benchkernels.h"

#include "core/commands/support.h"
#include "core/eval/kernelbench/kernelbench.h"
#include "core/kernels/probe/probe.h"

#include <charconv>

namespace trilobit {

namespace {

Json spreadToJson(const Spread& s, double unit) {
    return Json::object({{"median", s.median * unit}, {"min", s.min * unit}, {"max", s.max * unit}});
}

/// Amount per second from the seconds it took.
Json rateToJson(double amount, const Spread& seconds) {
    return spreadToJson({amount / seconds.median, amount / seconds.max, amount / seconds.min}, 1e-9);
}

Json rateToJson(const std::optional<KernelRate>& rate) {
    if (!rate)
        return Json();
    const bool bound = rate->bound != KernelBound::None;
    return Json::object({{"tokens", rate->tokens},
                         {"us", spreadToJson(rate->seconds, 1e6)},
                         {"gbps", rateToJson(rate->bytes, rate->seconds)},
                         {"gops", rate->operations > 0 ? rateToJson(rate->operations, rate->seconds) : Json()},
                         {"bound", bound ? Json(kernelBoundName(rate->bound)) : Json()},
                         {"share", bound ? Json(rate->share) : Json()}});
}

Json resultToJson(const KernelBenchResult& result) {
    Json kernels = Json::array(), skipped = Json::array();
    for (const KernelFigures& k : result.kernels)
        kernels.push(Json::object({{"name", k.name},
                                   {"kernel", k.kernel},
                                   {"encoding", k.encoding},
                                   {"bytes", k.bytes},
                                   {"encoded_bytes", k.encodedBytes},
                                   {"one_token", rateToJson(k.one)},
                                   {"batch", rateToJson(k.batch)}}));
    for (const KernelBenchResult::Skipped& s : result.skipped)
        skipped.push(Json::object({{"name", s.name}, {"reason", s.reason}}));
    return Json::object({{"threads", result.threads},
                         {"read_gbps", spreadToJson(result.limits.read, 1e-9)},
                         {"fma_gflops", spreadToJson(result.limits.floatRate, 1e-9)},
                         {"int8_gops", spreadToJson(result.limits.int8Rate, 1e-9)},
                         {"kernels", kernels},
                         {"skipped", skipped}});
}

/// "2560x6912"
Result<void> readShape(const std::string& text, KernelBenchOptions& options) {
    const char *at = text.data(), *end = at + text.size();
    const auto rows = std::from_chars(at, end, options.rows);
    if (rows.ec == std::errc() && rows.ptr != end && *rows.ptr == 'x') {
        const auto cols = std::from_chars(rows.ptr + 1, end, options.cols);
        if (cols.ec == std::errc() && cols.ptr == end)
            return {};
    }
    return fail(ErrorCode::Usage, "--shape is ROWSxCOLUMNS (2560x6912), not \"" + text.substr(0, 40) + "\"");
}

} // namespace

Result<Json> benchKernelsVerb(Workspace& workspace, const Json& args, int threads, int repetitions, RunControl& control) {
    KernelBenchOptions options;
    options.repetitions = repetitions;
    options.batch = args["prompt_tokens"].toInt(options.batch);
    options.only = args["only"].toString();
    if (args.contains("shape"))
        TRILOBIT_CHECK(readShape(args["shape"].toString(), options));
    std::vector<int> counts{threads};
    if (workspace.threads == 0 && threads > 1)
        counts.insert(counts.begin(), 1);
    Json rows = Json::array();
    std::string set;
    for (const int n : counts) {
        options.threads = n;
        TRILOBIT_TRY(const KernelBenchResult result, benchKernels(workspace.encodings, options, control));
        set = result.set;
        rows.push(resultToJson(result));
    }
    Json shape = Json::array();
    shape.push(options.rows);
    shape.push(options.cols);
    return Json::object({{"kernel_set", set},
                         {"shape", shape},
                         {"batch_tokens", options.batch},
                         {"probe", fmaProbeName()},
                         {"int8_probe", int8ProbeName()},
                         {"kernel_bench", rows}});
}

std::string benchKernelsText(const Json& result) {
    const auto number = [](const Json& spread, const char* key, int decimals) { return numberText(spread[key].toDouble(), decimals); };
    const auto cells = [&](std::vector<std::string>& row, const Json& rate) {
        if (rate.isNull()) {
            row.insert(row.end(), 6, "-");
            return;
        }
        for (const char* key : {"median", "min", "max"})
            row.push_back(number(rate["us"], key, 1));
        row.push_back(number(rate["gbps"], "median", 2));
        row.push_back(rate["gops"].isNull() ? "-" : number(rate["gops"], "median", 1));
        row.push_back(rate["share"].isNull() ? "-" : numberText(rate["share"].toDouble() * 100, 1) + " % " + rate["bound"].toString());
    };
    const std::vector<Json>& shape = result["shape"].items();
    std::string out = "kernel set " + result["kernel_set"].toString() + ", matrices of " + shape.front().dump() + " x "
                      + shape.back().dump() + "; one token, then " + result["batch_tokens"].dump() + "\n";
    for (const Json& t : result["kernel_bench"].items()) {
        out += "\nthreads " + t["threads"].dump() + "; at most: read " + number(t["read_gbps"], "max", 1) + " GB/s, float "
               + number(t["fma_gflops"], "max", 1) + " GFLOP/s (" + result["probe"].toString() + "), int8 "
               + number(t["int8_gops"], "max", 1) + " GOP/s (" + result["int8_probe"].toString() + ")\n";
        std::vector<std::vector<std::string>> rows{{"kernel", "runs", "MB", "us", "min", "max", "GB/s", "GOP/s", "of limit", "us",
                                                    "min", "max", "GB/s", "GOP/s", "of limit"}};
        for (const Json& k : t["kernels"].items()) {
            std::vector<std::string> row{k["name"].toString(), k["kernel"].toString(), numberText(k["bytes"].toDouble() / 1e6, 2)};
            cells(row, k["one_token"]);
            cells(row, k["batch"]);
            rows.push_back(std::move(row));
        }
        out += textTable(rows);
        for (const Json& s : t["skipped"].items())
            out += "not measured: " + s["name"].toString() + " (" + s["reason"].toString() + ")\n";
    }
    return out;
}

} // namespace trilobit
