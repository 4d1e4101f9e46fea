// Q4_1: blocks of 32 weights, a binary16 scale, a binary16 minimum and 32 nibbles.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 20 bytes per block: d, m (binary16), then nibbles in the order of Q4_0; w = d * q + m. Encode: d = (max - min) / 15,
/// m = min, q = trunc((w - min) * (1 / d) + 0.5) up to 15. With importance: search over scales and minima with the
/// weights importance * sqrt(mean of w^2 over the row + w^2). Values beyond 65504 are stored as 65504.
///
/// As group codes the zero is -m / d, rounded once; pack finds m again. A block of d = 0 and m != 0 (constant weights)
/// is unpacked as scale 1, zero -m, codes 0: the same weights, other bytes when packed.
std::shared_ptr<const Encoding> makeQ4_1();

} // namespace trilobit
