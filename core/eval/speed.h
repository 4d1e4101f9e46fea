// Speed of an engine: tokens per second of prompts and of single tokens.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/base/spread.h"
#include "core/engine/engine.h"

#include <cstdint>
#include <optional>

namespace trilobit {

struct SpeedOptions {
    std::int64_t promptTokens = 512;  ///< 0: not measured
    std::int64_t decodeTokens = 64;   ///< 0: not measured
    std::int64_t depth = 0;           ///< tokens in the cache before decoding starts
    int repetitions = 5;
    std::uint64_t seed = 1;           ///< of the random tokens
};

struct SpeedResult {
    Spread prefillTps, decodeTps;
    std::uint64_t bytesPerToken = 0;  ///< weights read for one token (WeightBytes::perToken)
    std::uint64_t cacheBytes = 0;
    std::uint64_t cacheBytesPerToken = 0; ///< keys and values read for a single token, the mean of those measured
    SessionTimes times;               ///< of single tokens, in a further round
    double firstTokenSeconds = 0;     ///< median: reading the prompt, its last logits included; 0: no prompt
    std::optional<double> joulesPerToken; ///< of single tokens, where the machine tells
};

/// One warm-up and `repetitions` measurements of each, prompt and single tokens in turn, on random tokens. Errors: Usage
/// (nothing to measure, longer than the context), OutOfMemory, Cancelled.
Result<SpeedResult> measureSpeed(const Engine& engine, const SpeedOptions& options, RunControl& control);

} // namespace trilobit
