// What Q2_K, Q4_K and Q5_K share: super-blocks of 256 weights whose sub-blocks have a scale and a minimum, both stored
// as small integers under one binary16 number each.
#pragma once

#include "core/encodings/common/scalesearch.h"

#include <cstdint>

namespace trilobit::encodings {

constexpr int kSuperBlock = 256;
constexpr int kMaxSubBlocks = 16;

struct MinimumBlockShape {
    int subSize = 32;    ///< weights per sub-block: 16 or 32
    int maxCode = 15;    ///< codes are 0..maxCode
    int maxScale = 63;   ///< stored scales and minimums are 0..maxScale
    MinimumTrials plain; ///< the search without importance
    bool rough = false;  ///< Q2_K: weights |x| without importance, and half the smoothing with it

    int subs() const noexcept { return kSuperBlock / subSize; }
};

/// w = scale * scales[sub] * code - minimum * minimums[sub].
struct MinimumBlock {
    float scale = 0, minimum = 0; ///< binary16 values
    std::uint8_t scales[kMaxSubBlocks] = {};
    std::uint8_t minimums[kMaxSubBlocks] = {};
    std::uint8_t codes[kSuperBlock] = {};
};

/// The reference encoder's fit of 256 finite weights; `importance` [256] or null. Each sub-block is searched with the
/// weights sqrt(mean x^2) + |x|, or importance * sqrt(2 mean x^2 of the super-block + x^2); then scales and minimums
/// are rounded to integers and every weight is rounded again with what is stored.
void fitMinimumBlock(const MinimumBlockShape& shape, const float* x, const float* importance,
                     MinimumBlock& out) noexcept;

/// 12 bytes for eight pairs of 6-bit numbers. The first four scales are the low six bits of bytes 0..3, the first four
/// minimums those of bytes 4..7; of the others bytes 8..11 hold the low nibbles (scale below, minimum above), and the
/// upper two bits of bytes 0..3 and 4..7 the rest.
void storeSixBitPairs(const std::uint8_t* scales, const std::uint8_t* minimums, std::uint8_t* out) noexcept;
inline void loadSixBitPairs(const std::uint8_t* in, std::uint8_t* scales, std::uint8_t* minimums) noexcept {
    for (int j = 0; j < 4; ++j) {
        scales[j] = in[j] & 63;
        minimums[j] = in[4 + j] & 63;
        scales[4 + j] = static_cast<std::uint8_t>((in[8 + j] & 15) | ((in[j] >> 6) << 4));
        minimums[4 + j] = static_cast<std::uint8_t>((in[8 + j] >> 4) | ((in[4 + j] >> 6) << 4));
    }
}

} // namespace trilobit::encodings
