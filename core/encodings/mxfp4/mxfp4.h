// MXFP4: blocks of 32 weights, a power of two and 32 four-bit floats.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 17 bytes per block: e, then nibbles in the order of Q4_0. A nibble is a float with a sign, two bits of exponent and
/// one of mantissa: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives (code 8 is zero again); w = 2^(e - 127) times it.
/// Every byte e is a scale; the largest overflow to infinity. Encode: e = floor(log2 max|w|) + 125, so that the
/// largest weight falls between 4 and 8; each weight gets the nearest value, of two equally near the one with the
/// smaller code. Blocks below 2^-125 are stored as zeros.
std::shared_ptr<const Encoding> makeMxfp4();

} // namespace trilobit
