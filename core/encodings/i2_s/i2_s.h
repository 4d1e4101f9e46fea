// I2_S: ternary weights of the BitNet runtime, two bits each, one scale for the whole tensor.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// The layout of x86 builds. The n = rows * cols weights (a multiple of 128, row after row, blocks may cross rows) take
/// n / 4 bytes: byte p of a block of 32 holds weights p (bits 7:6), p + 32 (5:4), p + 64 (3:2) and p + 96 (1:0); then
/// the scale (float32) and 28 zero bytes. w = scale * (code - 1); code 3, which nothing writes, decodes to 2 * scale.
/// Encode takes ternary weights only and keeps them exactly.
std::shared_ptr<const Encoding> makeI2_S();

} // namespace trilobit
