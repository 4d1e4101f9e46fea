// Q2_K: super-blocks of 256 weights, sixteen 4-bit scales and minimums under two binary16 numbers, 2-bit codes.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 84 bytes per super-block: 16 bytes of scale (low nibble) and minimum (high nibble), 2-bit codes qs[64], d, dmin
/// (binary16). For weight e, h = e / 128, f = (e % 128) / 32, l = e % 32: q = qs[32 h + l] >> 2 f & 3; w = d * scale[e
/// / 16] * q - dmin * minimum[e / 16]. Encode: see fitMinimumBlock; without importance the search compares absolute
/// errors, weighted by |w|.
std::shared_ptr<const Encoding> makeQ2_K();

} // namespace trilobit
