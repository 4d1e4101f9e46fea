#include "core/train/bench/trainbench.h"

#include "core/base/rng.h"
#include "core/kernels/probe/probe.h"
#include "core/train/state/trainstate.h"

#include <algorithm>
#include <chrono>

namespace trilobit {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kBatch = 8, kTime = 256;
constexpr double kProbeSeconds = 0.2;

ModelConfig tenMillion() {
    ModelConfig c;
    c.architecture = "llama";
    c.vocabSize = 2048;
    c.contextLength = kTime;
    c.hiddenSize = 384;
    c.layers = 6;
    c.heads = c.kvHeads = 6;
    c.headDim = c.ropeDim = 64;
    c.ffnSize = 1024;
    c.rope = RopeKind::SplitHalves;
    c.tiedOutput = true;
    return c;
}

double seconds(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

struct Shape {
    std::int64_t out, in, count;
};

/// The products of one step by shape, the output included.
std::vector<Shape> shapesOf(const ModelConfig& c) {
    const std::int64_t wide = c.heads * c.headDim;
    return {{wide, c.hiddenSize, 4 * c.layers}, {c.ffnSize, c.hiddenSize, 2 * c.layers},
            {c.hiddenSize, c.ffnSize, c.layers}, {c.vocabSize, c.hiddenSize, 1}};
}

double productFlops(const ModelConfig& c, std::int64_t rows) {
    double flops = 0;
    for (const Shape& s : shapesOf(c))
        flops += 6.0 * static_cast<double>(rows * s.out * s.in * s.count);
    return flops;
}

/// Scores and weighted sums below the diagonal, forward once and backward twice.
double attentionFlops(const ModelConfig& c, std::int64_t rows) {
    return 6.0 * static_cast<double>(rows * c.layers * c.heads * c.headDim) * static_cast<double>(kTime);
}

/// One pass over the model's products: forward, gradient of the input, gradient of the matrix.
double timeProducts(Gemm<float>& gemm, const ModelConfig& c, std::int64_t rows, float* x, float* w, float* y) {
    const auto start = Clock::now();
    for (const Shape& s : shapesOf(c))
        for (std::int64_t i = 0; i < s.count; ++i) {
            gemm.linear(rows, s.in, s.out, x, w, y);
            gemm.linearInputGradient(rows, s.in, s.out, y, w, x, false);
            gemm.linearWeightGradient(rows, s.in, s.out, y, x, w, false);
            std::fill_n(w, 64, 0.01f); // keeps the numbers in range
        }
    return seconds(start);
}

} // namespace

Result<TrainBenchResult> benchTraining(const std::string& scheme, int threads, int repetitions, RunControl& control) {
    const ModelConfig config = tenMillion();
    TrainBenchResult result;
    result.scheme = scheme;
    result.batch = kBatch;
    result.time = kTime;
    result.probe = fmaProbeName();
    std::vector<int> counts{1};
    if (threads > 1)
        counts.push_back(threads);
    const std::int64_t rows = kBatch * kTime;
    Rng rng(1);
    std::vector<std::int32_t> ids(static_cast<std::size_t>(rows)), targets(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        ids[i] = static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(config.vocabSize)));
        targets[i] = static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(config.vocabSize)));
    }
    const std::int64_t widest = std::max({config.ffnSize, config.hiddenSize, config.vocabSize});
    for (const int n : counts) {
        TRILOBIT_TRY(auto made, makeLinearScheme<float>(scheme, Json::object()));
        TrainState<float> state(config, std::move(made), NormKind::Rms, kBatch, kTime, n);
        state.decoder().initialize(1);
        result.parameters = 0;
        for (const ParameterInfo& info : state.decoder().layout().list)
            result.parameters += static_cast<std::int64_t>(info.count());
        Gemm<float> gemm(n);
        result.kernel = gemm.kernelName();
        AlignedBuffer<float> x(static_cast<std::size_t>(rows * widest)), y(x.size()),
            w(static_cast<std::size_t>(widest * widest));
        for (AlignedBuffer<float>* buffer : {&x, &y, &w})
            for (float& value : *buffer)
                value = static_cast<float>(rng.uniform()) * 0.01f;
        std::vector<double> fma, products, steps, tokens;
        for (int i = -1; i < repetitions; ++i) {
            if (control.isCancelled())
                return cancelledError();
            const double peak = measureFmaRate(n, kProbeSeconds);
            const double product = productFlops(config, rows) / timeProducts(gemm, config, rows, x.data(), w.data(), y.data());
            const auto start = Clock::now();
            TRILOBIT_TRY(const StepReport report, state.step(ids.data(), targets.data(), rows, {}));
            (void)report;
            const double elapsed = seconds(start);
            control.progress(i + 2, repetitions + 1, "measuring");
            if (i < 0)
                continue; // warm-up
            fma.push_back(peak);
            products.push_back(product);
            steps.push_back((productFlops(config, rows) + attentionFlops(config, rows)) / elapsed);
            tokens.push_back(static_cast<double>(rows) / elapsed);
        }
        result.threads.push_back({n, spreadOf(fma), spreadOf(products), spreadOf(steps), spreadOf(tokens)});
    }
    return result;
}

} // namespace trilobit
