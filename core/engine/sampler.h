// Sampler: chooses the next token from logits.
#pragma once

#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/tokenizer/tokenizer.h"

#include <cstdint>
#include <span>
#include <vector>

namespace trilobit {

/// Applied in this order: repetition penalty, top-k, temperature, top-p, min-p. temperature 0 is greedy.
struct SamplerConfig {
    double temperature = 0;           ///< >= 0
    std::int64_t topK = 0;            ///< 0: off
    double topP = 1;                  ///< (0, 1]; 1: off
    double minP = 0;                  ///< [0, 1); 0: off
    double repetitionPenalty = 1;     ///< > 0; 1: off. Divides positive, multiplies negative logits of recent tokens
    std::int64_t repetitionWindow = 64;
    std::uint64_t seed = 0;
};

/// Errors: Usage naming the field and its range.
Result<void> checkSampler(const SamplerConfig& config);

class Sampler {
public:
    explicit Sampler(const SamplerConfig& config) : m_config(config), m_rng(config.seed) {}
    /// Equal logits resolve to the lowest id. `history`: all tokens so far, the prompt included.
    TokenId next(std::span<const float> logits, std::span<const TokenId> history);

private:
    SamplerConfig m_config;
    Rng m_rng;
    std::vector<std::pair<float, TokenId>> m_candidates; // kept to avoid an allocation per token
};

/// Index of the largest value, the lowest one on ties; NaN never wins.
TokenId argmax(std::span<const float> logits);

} // namespace trilobit
