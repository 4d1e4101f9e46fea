// Two models over one given text: what each would have said at every place, and how far apart they are there.
#pragma once

#include "core/eval/compare.h"

namespace trilobit {

/// One token of the text. The predictions are those after everything before it; the first token has none.
struct TextDiffToken {
    TokenId id = kNoToken;
    std::string text;
    double kl = 0;                             ///< KL(A || B) in nats
    double probabilityA = 0, probabilityB = 0; ///< of this very token
    double lossA = 0, lossB = 0;               ///< -log of them
    std::vector<CompareCandidate> topA, topB;  ///< best five, best first; empty for the first token
    bool agree() const noexcept { return topA.empty() || topB.empty() || topA.front().id == topB.front().id; }
};

/// `id` among what the logits [vocabulary] of A and B behind it say; without its text.
TextDiffToken diffToken(TokenId id, std::span<const float> logitsA, std::span<const float> logitsB);

struct TextDiff {
    std::vector<TextDiffToken> tokens;
    double meanKl = 0;                 ///< over the predicted tokens
    double pplA = 0, pplB = 0;         ///< perplexity of the text
    std::int64_t firstDivergence = -1; ///< first token whose best candidates differ; -1: none
    double agreement = 1;              ///< share of predicted tokens with the same best candidate
    std::string pathA, pathB;
};

/// Teacher-forced: both read `ids` as they are. onToken gets them in order, in batches. Errors: Usage (fewer than two
/// tokens, vocabularies that differ, longer than the context), OutOfMemory, Cancelled.
Result<TextDiff> diffText(const Engine& a, const Engine& b, std::span<const TokenId> ids, RunControl& control,
                          const std::function<void(const TextDiffToken&)>& onToken = {});

/// Both follow `forced` first, then A's greedy choices until `count` tokens were written (fewer at A's end token): the
/// text that A continues, diffed. Errors: as diffText.
Result<TextDiff> diffContinuation(const Engine& a, const Engine& b, std::span<const TokenId> forced, std::int64_t count,
                                  RunControl& control, const std::function<void(const TextDiffToken&)>& onToken = {});

} // namespace trilobit
