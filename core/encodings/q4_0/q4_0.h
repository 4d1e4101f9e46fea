// Q4_0: blocks of 32 weights, a binary16 scale and 32 nibbles around 8.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 18 bytes per block: d (binary16), then 16 bytes, whose low nibbles are weights 0..15 and high nibbles 16..31;
/// w = d * (q - 8). Encode: d = extreme / -8, extreme being the weight of largest magnitude with its sign (the first of
/// several), q = trunc(w * (1 / d) + 8.5) within 0..15. With importance: symmetric search with the weights
/// importance * sqrt(mean of w^2 over the row + w^2). Scales beyond 65504 are stored as 65504.
std::shared_ptr<const Encoding> makeQ4_0();

} // namespace trilobit
