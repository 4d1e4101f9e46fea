// Perplexity, and KL divergence against a baseline, by llama.cpp's protocol with exact logits.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/engine/engine.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace trilobit {

struct PerplexityOptions {
    std::int64_t contextLength = 512;
    std::int64_t chunks = 0;  ///< 0: all
};

struct PerplexityResult {
    double ppl = 0, pplStderr = 0;
    std::int64_t tokens = 0;  ///< scored
    std::int64_t chunks = 0;
    std::string path;         ///< Engine::pathDescription()
    double seconds = 0;
    struct Kl {
        double mean = 0, standardError = 0, median = 0, p99 = 0, max = 0, top1Agreement = 0;
        double baselinePpl = 0;
        std::string baselinePath;
    };
    std::optional<Kl> kl;     ///< natural logarithm (nats), KL(baseline || model)
};

/// The text as one string, cut in chunks; predictions from contextLength/2 on are scored (schemes, section H).
/// KL sums are in double from float32 logits; both models must share the vocabulary. Progress in tokens; onChunk gets the
/// running perplexity. Errors: Usage (text shorter than one chunk, vocabularies that differ), Cancelled.
Result<PerplexityResult> perplexity(const Engine& engine, const Engine* baseline, const std::string& text,
                                    const PerplexityOptions& options, RunControl& control,
                                    const std::function<void(std::int64_t chunk, double runningPpl)>& onChunk = {});

} // namespace trilobit
