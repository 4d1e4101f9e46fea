// IQ1_BN: ternary rows of ik_llama.cpp, a binary16 scale per row and 64 weights in 13 bytes.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// A row is its scale (binary16), then 13 bytes for every 64 weights: three bytes of five trits for the first 15 of
/// each sixteen, and byte 12 with the trits of the four sixteenth weights. The trits t = 0, 1, 2 of a byte, the first
/// least significant, form v, stored as ceil(v * 256 / 243); trit n is b = (byte * 3^(4 - n)) mod 256, then (b + b /
/// 2) / 128 in whole numbers. w = scale * (t - 1). See TernaryRowEncoding for the encoder.
std::shared_ptr<const Encoding> makeIq1_Bn();

} // namespace trilobit
