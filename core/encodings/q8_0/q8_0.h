// Q8_0: blocks of 32 weights, a binary16 scale and 32 signed bytes.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 34 bytes per block: d (binary16), then 32 int8 codes; w = d * q. Encode: d = max|w| / 127, q = round(w * (1 / d))
/// with the single-precision d, halves away from zero; importance is ignored. Scales beyond 65504 are stored as 65504.
std::shared_ptr<const Encoding> makeQ8_0();

} // namespace trilobit
