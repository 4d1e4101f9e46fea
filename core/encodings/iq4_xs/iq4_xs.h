// IQ4_XS: super-blocks of 256 weights, eight 6-bit scales under one binary16 scale, nibbles that name uneven levels.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 136 bytes per super-block: d (binary16), upper two bits of the scales (16-bit word, from bit 2 j on), their low
/// nibbles scales_l[4] (two per byte, the first below), then for each of the eight sub-blocks of 32 weights 16 bytes
/// of nibbles in the order of Q4_0; w = d * (scale[j] - 32) * kIq4Levels[q]. Encode: iq4Search per sub-block, with
/// importance weighted by importance * sqrt(2 mean x^2 of the super-block + x^2); d so that the largest scale becomes
/// -32; then the nearest levels for d (still a float) times the rounded scale.
std::shared_ptr<const Encoding> makeIQ4_XS();

} // namespace trilobit
