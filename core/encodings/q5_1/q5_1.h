// Q5_1: blocks of 32 weights, a binary16 scale, a binary16 minimum and 32 five-bit codes.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 24 bytes per block: d, m (binary16), 32 fifth bits as in Q5_0, then the low nibbles in the order of Q4_0; w = d * q
/// + m. Encode: as Q4_1, with 31 in place of 15. As group codes the zero is -m / d, rounded once; pack finds m again.
/// A block of d = 0 and m != 0 is unpacked as scale 1, zero -m, codes 0: the same weights, other bytes when packed.
std::shared_ptr<const Encoding> makeQ5_1();

} // namespace trilobit
