// The likeliest tokens of a row of logits.
#pragma once

#include "core/eval/compare.h"

#include <span>
#include <vector>

namespace trilobit {

/// The best five, best first; equally likely ones in the order of their ids.
std::vector<CompareCandidate> topCandidates(std::span<const float> logits);

} // namespace trilobit
