// Q4_K: super-blocks of 256 weights, eight 6-bit scales and minimums under two binary16 numbers, 4-bit codes.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 144 bytes per super-block: d, dmin (binary16), 12 bytes of 6-bit scales and minimums (see storeSixBitPairs),
/// nibbles qs[128]. For weight e, j = e / 32, l = e % 32: q = qs[32 (j / 2) + l] >> 4 (j & 1) & 15; w = d * scale[j] *
/// q - dmin * minimum[j]. Encode: see fitMinimumBlock.
std::shared_ptr<const Encoding> makeQ4_K();

} // namespace trilobit
