// Q2_0: blocks of 64 (in an older layout 128) weights in two bits each, and a binary16 scale.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 18 bytes per block: d (binary16), qs[16]; code = qs[e / 4] >> 2 (e % 4) & 3, w = d * (code - 1): -d, 0, d, 2 d.
/// Encode: d = max|w|, code = round(w * (1 / d)) + 1, halves away from zero, so that 2 d is never used: exact for
/// ternary weights with a binary16 scale.
std::shared_ptr<const Encoding> makeQ2_0();

/// The same with blocks of 128 in 34 bytes: files of the PrismML fork, under the type number of Q2_0.
std::shared_ptr<const Encoding> makeQ2_0G128();

} // namespace trilobit
