// NF4: blocks of 64 weights, a float scale and nibbles that name one of sixteen quantiles of the normal distribution.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 36 bytes per block: c (binary32), then 32 bytes, of each pair of neighbours the first weight in the high nibble; w
/// = c * level[q]. Levels and nibble order are those of QLoRA (Dettmers et al. 2023, appendix E); the scale beside its
/// block is this program's own arrangement. Encode: c = max|w|, the nearest level to w / c, halfway the lower one.
std::shared_ptr<const Encoding> makeNf4();

} // namespace trilobit
