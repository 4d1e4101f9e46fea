// IQ4_NL: blocks of 32 weights, a binary16 scale and 32 nibbles that name one of sixteen uneven levels.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 18 bytes per block: d (binary16), then nibbles in the order of Q4_0; w = d * kIq4Levels[q]. Encode: see iq4Search,
/// with importance weighted by importance * sqrt(2 mean x^2 of the block + x^2); then the nearest levels for the scale
/// found, before it is rounded to binary16.
std::shared_ptr<const Encoding> makeIQ4_NL();

} // namespace trilobit
