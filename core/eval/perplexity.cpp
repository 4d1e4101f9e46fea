// Perplexity by llama.cpp's protocol, and KL against a baseline on the same positions.
#include "core/eval/perplexity.h"

#include "core/engine/sampler.h"
#include "core/eval/logprob.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

namespace trilobit {

namespace {

/// Sums of one run; everything in double and in the order of the text.
struct Sums {
    double nll = 0, nllSquared = 0;
    std::int64_t count = 0;

    void add(double value) {
        nll += value;
        nllSquared += value * value;
        ++count;
    }
    double mean() const { return nll / static_cast<double>(count); }
    /// Standard error of the mean.
    double standardError() const {
        if (count < 2)
            return 0;
        const double n = static_cast<double>(count);
        return std::sqrt(std::max(0.0, nllSquared / n - mean() * mean()) / (n - 1));
    }
};

/// Everything about one scored position; the parts are computed in parallel and summed in order.
struct Position {
    double nll = 0, baselineNll = 0, kl = 0;
    bool agree = false;
};

void scorePositions(std::span<const float> logits, std::span<const float> baseline, std::span<const TokenId> targets,
                    std::size_t vocabulary, int threads, std::vector<Position>& out) {
    out.resize(targets.size());
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const auto row = logits.subspan(i * vocabulary, vocabulary);
        const auto target = static_cast<std::size_t>(targets[i]);
        const double normalizer = logNormalizer(row);
        out[i].nll = normalizer - static_cast<double>(row[target]);
        if (baseline.empty())
            continue;
        const auto base = baseline.subspan(i * vocabulary, vocabulary);
        const double baseNormalizer = logNormalizer(base);
        out[i].baselineNll = baseNormalizer - static_cast<double>(base[target]);
        out[i].kl = klDivergence(base, baseNormalizer, row, normalizer);
        out[i].agree = argmax(base) == argmax(row);
    }
}

/// Nearest-rank on a sorted list, 0 < share <= 1.
double percentile(const std::vector<double>& sorted, double share) {
    const double rank = std::ceil(share * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

PerplexityResult::Kl summarizeKl(std::vector<double> values, std::int64_t agreements) {
    PerplexityResult::Kl kl;
    Sums sums;
    for (const double value : values)
        sums.add(value);
    kl.mean = sums.mean();
    kl.standardError = sums.standardError();
    kl.top1Agreement = static_cast<double>(agreements) / static_cast<double>(values.size());
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    kl.median = n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
    kl.p99 = percentile(values, 0.99);
    kl.max = values.back();
    return kl;
}

} // namespace

Result<PerplexityResult> perplexity(const Engine& engine, const Engine* baseline, const std::string& text,
                                    const PerplexityOptions& options, RunControl& control,
                                    const std::function<void(std::int64_t, double)>& onChunk) {
    const auto started = std::chrono::steady_clock::now();
    const std::shared_ptr<const Tokenizer>& tokenizer = engine.model().tokenizer();
    if (!tokenizer)
        return fail(ErrorCode::Usage, "this model has no tokenizer, so a text cannot be scored: "
                                          + engine.model().tokenizerNote());
    if (options.contextLength < 4)
        return fail(ErrorCode::Usage, "the context must be at least 4 tokens");
    const std::int64_t vocabulary = engine.model().config().vocabSize;
    if (baseline && baseline->model().config().vocabSize != vocabulary)
        return fail(ErrorCode::Usage, "the baseline has a vocabulary of "
                                          + std::to_string(baseline->model().config().vocabSize) + " tokens, the model of "
                                          + std::to_string(vocabulary) + "; KL needs the same one");

    control.progress(0, 1, "tokenizing");
    const std::vector<TokenId> ids = tokenizer->encode(text, {true, false});
    const std::int64_t available = static_cast<std::int64_t>(ids.size()) / options.contextLength;
    if (available == 0)
        return fail(ErrorCode::Usage, "the text has " + std::to_string(ids.size()) + " tokens, less than one chunk of "
                                          + std::to_string(options.contextLength));
    const std::int64_t chunks = options.chunks > 0 ? std::min(options.chunks, available) : available;

    TRILOBIT_TRY(const std::unique_ptr<Session> session, engine.newSession(options.contextLength));
    std::unique_ptr<Session> baseSession;
    if (baseline) {
        TRILOBIT_TRY(baseSession, baseline->newSession(options.contextLength));
    }

    Sums nll, baseNll;
    std::vector<double> klValues;
    std::int64_t agreements = 0;
    std::vector<Position> positions;
    const auto length = static_cast<std::size_t>(options.contextLength);
    const std::size_t first = length / 2; // predictions from here on are scored
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        std::vector<TokenId> tokens(ids.begin() + chunk * options.contextLength,
                                    ids.begin() + (chunk + 1) * options.contextLength);
        if (tokenizer->data().addBos && tokenizer->data().bos != kNoToken)
            tokens.front() = tokenizer->data().bos;
        // The last token predicts nothing that is scored, so it need not be run.
        const std::span<const TokenId> inputs(tokens.data(), length - 1);
        session->truncate(0);
        TRILOBIT_CHECK(session->evaluateFrom(inputs, first, control));
        std::span<const float> base;
        if (baseSession) {
            baseSession->truncate(0);
            TRILOBIT_CHECK(baseSession->evaluateFrom(inputs, first, control));
            base = baseSession->logits();
        }
        const std::span<const TokenId> targets(tokens.data() + first + 1, length - first - 1);
        scorePositions(session->logits(), base, targets, static_cast<std::size_t>(vocabulary), engine.threads(),
                       positions);
        for (const Position& position : positions) {
            nll.add(position.nll);
            if (baseSession) {
                baseNll.add(position.baselineNll);
                klValues.push_back(position.kl);
                agreements += position.agree;
            }
        }
        if (onChunk)
            onChunk(chunk + 1, std::exp(nll.mean()));
        control.progress(static_cast<double>((chunk + 1) * options.contextLength),
                         static_cast<double>(chunks * options.contextLength), "scoring the text");
        if (control.isCancelled())
            return cancelledError();
    }

    PerplexityResult result;
    result.ppl = std::exp(nll.mean());
    result.pplStderr = result.ppl * nll.standardError();
    result.tokens = nll.count;
    result.chunks = chunks;
    result.path = engine.pathDescription();
    if (baseSession) {
        result.kl = summarizeKl(std::move(klValues), agreements);
        result.kl->baselinePpl = std::exp(baseNll.mean());
        result.kl->baselinePath = baseline->pathDescription();
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return result;
}

} // namespace trilobit
