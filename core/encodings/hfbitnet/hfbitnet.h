// Ternary weights as Hugging Face BitNet checkpoints pack them; the scale stands in another tensor of the file.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// uint8 [rows / 4, cols]: bits 2 i of byte (r, c) are the code of row r + i * rows / 4, column c; w = scale * (code -
/// 1). rows must be a multiple of 4. Not in the registry, because two tensors with the same bytes and other scales are
/// different encodings; id "hf-bitnet". Encode and pack take ternary weights of exactly this scale.
std::shared_ptr<const Encoding> makeHfBitnet(float scale);

} // namespace trilobit
