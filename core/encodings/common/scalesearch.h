// The scale searches behind the reference encoders of the block formats and of the K-quants.
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

/// The scales that minimumSearch tries: (maxCode + first + step k) / range for k = 0..steps, and which error decides.
struct MinimumTrials {
    float first = 0, step = 0;
    int steps = 0;
    bool absoluteError = false; ///< compare sums of weight * |error| instead of weight * error^2
};

/// Asymmetric: codes in [0, maxCode] (at most 32 weights) with small sum weight * (x - scale code - minimum)^2. Starts
/// from the range of x with 0 in it; each trial's scale and minimum are the least-squares answer to its rounded codes.
MinimumFit minimumSearch(int count, int maxCode, const float* x, const float* weight, std::uint8_t* codes,
                         const MinimumTrials& trials) noexcept;

/// For values of zero or more (the scales of sub-blocks): codes in [0, maxCode] with small sum weight * (x - s code)^2.
/// Tries nine scales around max / maxCode, then moves single codes while that helps, up to five rounds. Returns the
/// least-squares scale, 0 when nothing carries weight.
float positiveSearch(int count, int maxCode, const float* x, const float* weight, std::uint8_t* codes) noexcept;

/// Symmetric, with the weights x^2: codes l in [-levels, levels - 1] from the scale that puts the largest magnitude on
/// -levels, then single codes are moved while that helps, up to five rounds. `codes` gets l + levels. At most 32
/// weights. Returns the least-squares scale, 0 for a group of (nearly) zeros.
float descentSearch(int count, int levels, const float* x, std::uint8_t* codes) noexcept;

} // namespace trilobit::encodings
