// Q5_0: blocks of 32 weights, a binary16 scale and 32 five-bit codes around 16.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 22 bytes per block: d (binary16), 32 fifth bits (bit e of a little-endian word is bit 4 of code e), then the low
/// nibbles in the order of Q4_0; w = d * (q - 16). Encode: d = extreme / -16, extreme being the weight of largest
/// magnitude with its sign (the first of several), q = trunc(w * (1 / d) + 16.5) within 0..31. With importance:
/// symmetric search with the weights importance * sqrt(mean of w^2 over the row + w^2). Scales beyond 65504 are stored
/// as 65504.
std::shared_ptr<const Encoding> makeQ5_0();

} // namespace trilobit
