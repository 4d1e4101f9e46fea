// Q1_0: blocks of 128 weights, a binary16 scale and one sign bit per weight.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 18 bytes per block: d (binary16), bits[16]; w = d where bit e % 8 of byte e / 8 is set, else -d. Encode: d = mean
/// |w| (the least-squares scale for the signs), bit = w >= 0.
std::shared_ptr<const Encoding> makeQ1_0();

} // namespace trilobit
