// Q6_K: super-blocks of 256 weights, 16 int8 scales under one binary16 scale, 6-bit codes.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 210 bytes per super-block: low nibbles ql[128], high bits qh[64], int8 scales[16] of 16 weights each, d (binary16).
/// For weight e, h = e / 128, f = (e % 128) / 32, l = e % 32: low nibble ql[64 h + l + 32 (f & 1)] >> 4 (f >> 1), two
/// high bits qh[32 h + l] >> 2 f; w = d * scales[e / 16] * (q - 32). Encode: symmetric search per 16 weights (weights
/// w^2, or the importance), d so that the largest scale becomes -128, then every weight is rounded again with what was
/// stored.
std::shared_ptr<const Encoding> makeQ6_K();

} // namespace trilobit
