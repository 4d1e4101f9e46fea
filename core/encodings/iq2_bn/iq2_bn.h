// IQ2_BN: ternary rows of ik_llama.cpp, a binary32 scale per row and 64 weights in 16 bytes.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// A row is its scale (binary32), then 16 bytes for every 64 weights; byte j holds the codes of weights j, j + 16, j +
/// 32 and j + 48, lowest bits first. w = scale * (code - 1); no encoder writes code 3. See TernaryRowEncoding for the
/// encoder.
std::shared_ptr<const Encoding> makeIq2_Bn();

} // namespace trilobit
