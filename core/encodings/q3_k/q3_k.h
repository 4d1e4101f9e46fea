// Q3_K: super-blocks of 256 weights, sixteen 6-bit scales under one binary16 scale, 3-bit codes.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 110 bytes per super-block: third bits hmask[32], low bits qs[64], 12 bytes of 6-bit scales, d (binary16). For
/// weight e, h = e / 128, f = (e % 128) / 32, l = e % 32, j = e / 16: q = (qs[32 h + l] >> 2 f & 3) + 4 (hmask[l] >>
/// (e / 32) & 1) - 4; scale[j] has its low four bits in byte j % 8 (low nibble for j < 8) and the upper two in byte 8
/// + j % 4 from bit 2 (j / 4) on, and counts from -32; w = d * scale[j] * q. Encode: descent search per 16 weights
/// (with importance: symmetric search, weights importance * sqrt(2 mean x^2 + x^2)), the scales rounded to six bits,
/// then every weight again.
std::shared_ptr<const Encoding> makeQ3_K();

} // namespace trilobit
