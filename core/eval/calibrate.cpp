#include "core/eval/calibrate.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>

namespace trilobit {

namespace {

constexpr std::int64_t kUsualContext = 512, kMaxContext = 1 << 20;
/// Columns that one thread sums; and values below which one thread does all.
constexpr std::int64_t kStrip = 128, kWorthThreads = 1 << 16;

/// Sums of one input; in double and in the order of the text, so that they depend on neither threads nor batches.
struct Sums {
    std::vector<std::string> names; ///< of the tensors that see this input
    std::int64_t cols = 0, parts = 1;
    std::vector<double> tokens;     ///< [parts]
    std::vector<double> plain, magnitudes, squares; ///< [parts, cols]
    std::vector<float> largest;     ///< [parts, cols]
};

void addColumns(Sums& sums, std::size_t offset, const float* x, std::int64_t tokens, std::int64_t cols, std::int64_t begin,
                std::int64_t end) noexcept {
    double* plain = sums.plain.data() + offset;
    double* magnitudes = sums.magnitudes.data() + offset;
    double* squares = sums.squares.data() + offset;
    float* largest = sums.largest.data() + offset;
    for (std::int64_t t = 0; t < tokens; ++t) {
        const float* row = x + t * cols;
        for (std::int64_t c = begin; c < end; ++c) {
            const float magnitude = std::fabs(row[c]);
            const double value = static_cast<double>(row[c]);
            plain[c] += value;
            magnitudes[c] += static_cast<double>(magnitude);
            squares[c] += value * value;
            largest[c] = magnitude > largest[c] ? magnitude : largest[c]; // NaN is found in the sums
        }
    }
}

std::vector<float> rounded(const std::vector<double>& values) { return {values.begin(), values.end()}; }

class Collector : public InputObserver {
public:
    explicit Collector(const Engine& engine) : m_model(engine.model()), m_threads(engine.threads()) {}

    void see(std::span<const Tensor* const> matrices, const float* x, std::int64_t tokens, std::int64_t cols) override {
        Sums& sums = sumsOf(matrices, cols);
        const auto part = static_cast<std::size_t>(sums.parts > 1 ? std::max(matrices.front()->expert, 0) : 0);
        sums.tokens[part] += static_cast<double>(tokens);
        const std::size_t offset = part * static_cast<std::size_t>(cols);
        const std::int64_t strips = (cols + kStrip - 1) / kStrip;
#pragma omp parallel for num_threads(m_threads) schedule(static) if (tokens * cols >= kWorthThreads)
        for (std::int64_t strip = 0; strip < strips; ++strip)
            addColumns(sums, offset, x, tokens, cols, strip * kStrip, std::min(cols, (strip + 1) * kStrip));
    }

    Result<void> checkFinite() const {
        for (const Sums& sums : m_sums)
            for (std::size_t i = 0; i < sums.squares.size(); ++i)
                if (!std::isfinite(static_cast<float>(sums.squares[i])))
                    return Error{ErrorCode::Numeric,
                                 "what goes into input channel " + std::to_string(i % static_cast<std::size_t>(sums.cols))
                                     + " is not finite",
                                 {}, sums.names.front(), {}};
        return {};
    }

    Calibration finish() const {
        Calibration out;
        for (const Sums& sums : m_sums) {
            InputStatistics statistics;
            statistics.parts = sums.parts;
            statistics.tokens = sums.tokens;
            statistics.sumSquares = rounded(sums.squares);
            statistics.sums = rounded(sums.plain);
            statistics.magnitudes = rounded(sums.magnitudes);
            statistics.largest = sums.largest;
            for (const std::string& name : sums.names)
                out.tensors.emplace(name, statistics);
        }
        return out;
    }

private:
    Sums& sumsOf(std::span<const Tensor* const> matrices, std::int64_t cols) {
        const auto [found, isNew] = m_index.emplace(matrices.front()->name, m_sums.size());
        if (!isNew)
            return m_sums[found->second];
        Sums& sums = m_sums.emplace_back();
        for (const Tensor* matrix : matrices)
            sums.names.push_back(matrix->name);
        const Tensor* whole = m_model.find(matrices.front()->name); // an expert's matrix is a slice of it
        sums.parts = whole ? whole->stack : 1;
        sums.cols = cols;
        const auto count = static_cast<std::size_t>(sums.parts * cols);
        sums.tokens.resize(static_cast<std::size_t>(sums.parts));
        for (std::vector<double>* values : {&sums.plain, &sums.magnitudes, &sums.squares})
            values->resize(count);
        sums.largest.resize(count);
        return sums;
    }

    const Model& m_model;
    int m_threads;
    std::vector<Sums> m_sums;                   ///< in the order of the graph
    std::map<std::string, std::size_t> m_index; ///< by the first tensor that sees an input
};

/// Stops showing inputs to an observer that is about to go.
class Observed {
public:
    Observed(Session& session, InputObserver& observer) : m_session(session) { session.observe(&observer); }
    ~Observed() { m_session.observe(nullptr); }
    Observed(const Observed&) = delete;
    Observed& operator=(const Observed&) = delete;

private:
    Session& m_session;
};

Result<std::int64_t> chunkLength(const Engine& engine, const CalibrateOptions& options, std::size_t tokens) {
    const std::int64_t own = engine.model().config().contextLength;
    const std::int64_t usual = own > 1 ? std::min(own, kUsualContext) : kUsualContext;
    const std::int64_t length = options.contextLength > 0 ? options.contextLength : usual;
    if (options.contextLength < 0 || length < 2 || length > kMaxContext)
        return fail(ErrorCode::Usage, "the context is 2 to " + std::to_string(kMaxContext) + " tokens");
    return std::min(length, static_cast<std::int64_t>(tokens));
}

Result<CalibrationRun> collect(const Engine& engine, const std::string& text, const CalibrateOptions& options,
                               RunControl& control, const std::function<void(std::int64_t)>& onChunk) {
    const std::shared_ptr<const Tokenizer>& tokenizer = engine.model().tokenizer();
    if (!tokenizer)
        return fail(ErrorCode::Usage, "this model has no tokenizer, so it cannot read a text: " + engine.model().tokenizerNote());
    control.progress(0, 1, "tokenizing");
    std::vector<TokenId> ids = tokenizer->encode(text, {true, false});
    if (options.tokens > 0 && ids.size() > static_cast<std::size_t>(options.tokens))
        ids.resize(static_cast<std::size_t>(options.tokens));
    if (text.empty() || ids.empty())
        return fail(ErrorCode::Usage, "the text is empty");
    TRILOBIT_TRY(const std::int64_t length, chunkLength(engine, options, ids.size()));
    const std::int64_t available = static_cast<std::int64_t>(ids.size()) / length;
    const std::int64_t chunks = options.chunks > 0 ? std::min(options.chunks, available) : available;

    TRILOBIT_TRY(const std::unique_ptr<Session> session, engine.newSession(length));
    Collector collector(engine);
    const Observed observed(*session, collector);
    CalibrationRun run;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        const std::span<TokenId> tokens(ids.data() + chunk * length, static_cast<std::size_t>(length));
        if (tokenizer->data().addBos && tokenizer->data().bos != kNoToken)
            tokens.front() = tokenizer->data().bos;
        session->truncate(0);
        // Logits that nobody reads: with them the output matrix sees every token.
        TRILOBIT_CHECK(session->evaluate(tokens, options.output ? Session::Logits::All : Session::Logits::None, control));
        TRILOBIT_CHECK(collector.checkFinite());
        run.tokens += length;
        if (onChunk)
            onChunk(chunk + 1);
        control.progress(static_cast<double>(run.tokens), static_cast<double>(chunks * length), "reading the text");
        if (control.isCancelled())
            return cancelledError();
    }
    run.calibration = collector.finish();
    run.calibration.chunks = chunks;
    run.calibration.chunkTokens = length;
    run.calibration.model = engine.model().config().name;
    run.path = engine.pathDescription();
    return run;
}

} // namespace

Result<CalibrationRun> calibrate(const Engine& engine, const std::string& text, const CalibrateOptions& options,
                                 RunControl& control, const std::function<void(std::int64_t)>& onChunk) {
    const auto started = std::chrono::steady_clock::now();
    try {
        auto run = collect(engine, text, options, control, onChunk);
        if (run)
            run->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        return run;
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for the statistics of all inputs");
    }
}

} // namespace trilobit
