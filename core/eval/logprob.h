// Log-probabilities from float32 logits, summed in double.
#pragma once

#include <span>

namespace trilobit {

/// log(sum(exp(logits))), stable, in double; the same value for the same bits on every machine of one libm.
double logNormalizer(std::span<const float> logits);
/// KL(p || q) in nats from two rows of logits and their normalizers; rows have equal length.
double klDivergence(std::span<const float> logitsP, double normalizerP, std::span<const float> logitsQ,
                    double normalizerQ);

} // namespace trilobit
