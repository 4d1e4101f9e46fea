#include "core/eval/kernelbench/kernelbench.h"

#include "core/base/glob.h"
#include "core/eval/kernelbench/kernelwork.h"
#include "core/kernels/probe/probe.h"

#include <algorithm>
#include <chrono>
#include <new>

namespace trilobit {

namespace {

using Clock = std::chrono::steady_clock;

/// Kernels between two looks at what the machine can do.
constexpr std::size_t kCasesPerProbe = 8;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Result<void> checkOptions(const KernelBenchOptions& o) {
    constexpr std::int64_t kMaxSide = 1 << 20, kMaxWeights = std::int64_t{1} << 28, kMaxTokens = 8192;
    const auto within = [](std::int64_t v, std::int64_t low, std::int64_t top) { return v >= low && v <= top; };
    if (!within(o.rows, 16, kMaxSide) || !within(o.cols, 256, kMaxSide) || o.rows % 16 != 0 || o.cols % 256 != 0
        || o.rows * o.cols > kMaxWeights)
        return fail(ErrorCode::Usage, "the matrix to be measured has a multiple of 16 rows and of 256 columns, at most 2^28 weights");
    if (!within(o.batch, 0, kMaxTokens) || o.batch == 1)
        return fail(ErrorCode::Usage, "a batch has 2 to " + std::to_string(kMaxTokens) + " tokens, or 0 for none");
    if (!within(o.context, 1, kMaxSide) || o.threads < 1 || o.repetitions < 1 || !(o.seconds >= 0))
        return fail(ErrorCode::Usage, "threads, repetitions and context are 1 or more");
    return o.only.empty() ? Result<void>() : globCheck(o.only);
}

/// What was seen of the limits so far.
class LimitProbe {
public:
    explicit LimitProbe(const KernelBenchOptions& options) : m_options(options) {}

    Result<void> measure(int times, RunControl& control) {
        const int n = m_options.threads;
        const double seconds = 4 * m_options.seconds;
        const std::uint64_t bytes = 2 * m_options.memory / static_cast<std::uint64_t>(n);
        for (int i = 0; i < times; ++i) {
            if (control.isCancelled())
                return cancelledError();
            m_float.push_back(measureFmaRate(n, seconds));
            m_int8.push_back(measureInt8Rate(n, seconds));
            m_read.push_back(measureReadRate(n, bytes, seconds));
        }
        return {};
    }
    MachineLimits limits() const { return {spreadOf(m_read), spreadOf(m_float), spreadOf(m_int8)}; }

private:
    const KernelBenchOptions& m_options;
    std::vector<double> m_read, m_float, m_int8;
};

/// Seconds of a call.
Result<Spread> timeCalls(KernelWork& work, std::int64_t tokens, const KernelBenchOptions& options, RunControl& control) {
    std::vector<double> times;
    for (int i = 0; i <= options.repetitions; ++i) { // the first warms up
        double total = 0;
        std::int64_t calls = 0;
        do {
            if (control.isCancelled())
                return cancelledError();
            work.refresh();
            const auto start = Clock::now();
            TRILOBIT_CHECK(work.run(tokens, control));
            total += secondsSince(start);
            calls += work.calls(tokens);
        } while (total < options.seconds);
        if (i > 0)
            times.push_back(total / static_cast<double>(calls));
    }
    return spreadOf(times);
}

Result<KernelRate> rateOf(KernelWork& work, std::int64_t tokens, const KernelBenchOptions& options, RunControl& control) {
    KernelRate rate;
    rate.tokens = tokens;
    TRILOBIT_TRY(rate.seconds, timeCalls(work, tokens, options, control));
    rate.bytes = work.bytesOfCall(tokens);
    rate.operations = work.operations(tokens);
    rate.bound = work.unit();
    return rate;
}

Result<KernelFigures> measureCase(const KernelCase& one, const KernelBenchOptions& options, RunControl& control) {
    TRILOBIT_TRY(const std::unique_ptr<KernelWork> work, one.make(control));
    KernelFigures figures{one.name, work->kernel(), one.encoding, work->bytes(), work->encodedBytes(), {}, {}};
    TRILOBIT_TRY(figures.one, rateOf(*work, 1, options, control));
    if (options.batch > 0) {
        TRILOBIT_TRY(figures.batch, rateOf(*work, options.batch, options, control));
    }
    return figures;
}

/// rate.bound says the unit that multiplies; afterwards whichever of it and the memory takes longer.
void compareWithLimits(KernelRate& rate, const MachineLimits& limits) {
    const double unit = rate.bound == KernelBound::Int8 ? limits.int8Rate.max : limits.floatRate.max;
    if (rate.bound == KernelBound::None || !(unit > 0) || !(limits.read.max > 0) || !(rate.seconds.median > 0)) {
        rate.bound = KernelBound::None;
        return;
    }
    const double memory = rate.bytes / limits.read.max, compute = rate.operations / unit;
    if (memory > compute)
        rate.bound = KernelBound::Memory;
    rate.share = std::max(memory, compute) / rate.seconds.median;
}

Result<KernelCases> casesFor(const EncodingRegistry& encodings, const KernelSet& set, const KernelBenchOptions& options) {
    KernelCases cases;
    addMatrixCases(encodings, set, options, cases);
    addCacheCases(set, options, cases);
    addRowCases(set, options, cases);
    if (options.only.empty())
        return cases;
    std::string names;
    for (const KernelCase& one : cases)
        names += (names.empty() ? "" : ", ") + one.name;
    std::erase_if(cases, [&](const KernelCase& one) { return !globMatch(options.only, one.name); });
    if (cases.empty())
        return fail(ErrorCode::Usage, "no kernel is called \"" + options.only + "\"; there are " + names);
    return cases;
}

} // namespace

const char* kernelBoundName(KernelBound bound) noexcept {
    switch (bound) {
    case KernelBound::Memory: return "memory";
    case KernelBound::Int8: return "int8";
    case KernelBound::Float: return "float";
    case KernelBound::None: break;
    }
    return "";
}

Result<KernelBenchResult> benchKernels(const EncodingRegistry& encodings, const KernelBenchOptions& options, RunControl& control) {
    TRILOBIT_CHECK(checkOptions(options));
    TRILOBIT_TRY(const KernelSet* set, selectKernelSet());
    TRILOBIT_TRY(const KernelCases cases, casesFor(encodings, *set, options));
    KernelBenchResult result;
    result.set = set->name;
    result.threads = options.threads;
    try {
        LimitProbe probe(options);
        control.progress(0, static_cast<double>(cases.size()), "what the machine can do");
        TRILOBIT_CHECK(probe.measure(options.repetitions, control));
        for (std::size_t i = 0; i < cases.size(); ++i) {
            if (i % kCasesPerProbe == 0) // others may use the machine, too
                TRILOBIT_CHECK(probe.measure(1, control));
            control.progress(static_cast<double>(i), static_cast<double>(cases.size()), cases[i].name);
            Result<KernelFigures> figures = measureCase(cases[i], options, control);
            if (figures)
                result.kernels.push_back(*std::move(figures));
            else if (figures.error().code == ErrorCode::Unsupported)
                result.skipped.push_back({cases[i].name, figures.error().message});
            else
                return std::move(figures).error();
        }
        result.limits = probe.limits();
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory to measure kernels");
    }
    for (KernelFigures& figures : result.kernels)
        for (std::optional<KernelRate>* rate : {&figures.one, &figures.batch})
            if (*rate)
                compareWithLimits(**rate, result.limits);
    return result;
}

} // namespace trilobit
