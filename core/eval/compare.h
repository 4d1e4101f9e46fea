// Lock-step comparison of two models on one prompt.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/engine/engine.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace trilobit {

struct CompareCandidate {
    TokenId id = kNoToken;
    double probability = 0;
};

/// One step: both models saw the same tokens (A's own choices), each says what it would continue with.
struct CompareToken {
    TokenId idA = kNoToken, idB = kNoToken; ///< greedy choice of each
    std::string textA, textB;
    double kl = 0;                          ///< KL(A || B) in nats at this position
    std::vector<CompareCandidate> topA, topB; ///< best five, best first
};

struct CompareResult {
    std::vector<CompareToken> tokens;
    std::int64_t firstDivergence = -1;      ///< first index with idA != idB; -1: none
    double meanKl = 0;
    std::string pathA, pathB;
};

/// Both follow A's greedy choices for `count` tokens (fewer at A's end token). Errors: Usage (vocabularies differ, prompt
/// empty), Cancelled.
Result<CompareResult> compareModels(const Engine& a, const Engine& b, std::span<const TokenId> prompt,
                                    std::int64_t count, RunControl& control,
                                    const std::function<void(const CompareToken&)>& onToken = {});

/// KL(p || q) in nats of two rows of logits, in double with exact normalisers; and p's and q's log-normalisers.
double klDivergence(std::span<const float> logitsP, std::span<const float> logitsQ);

} // namespace trilobit
