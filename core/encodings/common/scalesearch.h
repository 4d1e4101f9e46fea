// The two scale searches behind the reference encoders of Q4_0, Q4_1 (with importance) and Q6_K.
// Float sums run in element order and products from left to right: the result has the same bits everywhere.
#pragma once

#include <cstdint>

namespace trilobit::encodings {

/// Symmetric: finds the scale s and the codes l in [-levels, levels - 1] with small sum weight * (x - s l)^2. Starts
/// from the scale that puts the largest magnitude on code -levels and tries 18 neighbours of it; each time s is the
/// least-squares answer to the rounded codes. `codes` gets l + levels. weight null: x^2. Returns s, 0 for a group of
/// (nearly) zeros.
float symmetricSearch(int count, int levels, const float* x, const float* weight, std::uint8_t* codes) noexcept;

struct MinimumFit {
    float scale = 0, minimum = 0; ///< x is about scale * code + minimum, minimum <= 0
};

/// Asymmetric: codes in [0, maxCode] (at most 32 weights) with small sum weight * (x - scale code - minimum)^2. Starts
/// from the range of x with 0 in it and tries maxCode / range scaled by (maxCode + first + step k) / maxCode, k =
/// 0..steps.
MinimumFit minimumSearch(int count, int maxCode, const float* x, const float* weight, std::uint8_t* codes, float first,
                         float step, int steps) noexcept;

} // namespace trilobit::encodings
