// TQ1_0: blocks of 256 ternary weights, five to a byte, and a binary16 scale.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 54 bytes per block: qs[48], qh[4], d (binary16). Bytes 0..31 hold the trits of weights b, b + 32, .. b + 128; bytes
/// 32..47 those of 160 + b, + 16, .. (b counted from byte 32); qh those of 240 + b, + 4, + 8, + 12. The trits t = 0,
/// 1, 2 of a byte, the first most significant, form v (four trits count as five with a last 0), stored as ceil(v * 256
/// / 243): trit n is then the integer part of 3 * ((byte * 3^n) mod 256) / 256. w = d * (t - 1). Encode: d = max|w|, t
/// = round(w * (1 / d)) + 1, halves away from zero.
std::shared_ptr<const Encoding> makeTq1_0();

} // namespace trilobit
