// TQ2_0: blocks of 256 ternary weights in two bits each, and a binary16 scale.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 66 bytes per block: 64 bytes of codes, d (binary16). Weight e, h = e / 128, f = (e % 128) / 32, l = e % 32: bits 2 f
/// of byte 32 h + l; w = d * (code - 1). No encoder writes code 3, which decodes to 2 d. Encode: d = max|w|, code =
/// round(w * (1 / d)), halves away from zero, plus 1: exact for ternary weights with a binary16 scale, and nearly
/// useless for others.
std::shared_ptr<const Encoding> makeTq2_0();

} // namespace trilobit
