// IQ2_BN_R4: IQ2_BN with four rows interleaved, as ik_llama.cpp repacks it for its kernels.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// Rows come in fours: four floats, the scales of the rows, then for each 64 columns 64 bytes; byte 16 l + 4 k + i holds
/// columns 16 l + i + {0, 4, 8, 12} of row k from the lowest bits up, codes 0, 1, 2 for -1, 0, +1. rows: a multiple of 4,
/// columns: of 64. Encode: the scale of a row is max|w|; weights below half of it become 0.
std::shared_ptr<const Encoding> makeIq2_BnR4();

} // namespace trilobit
