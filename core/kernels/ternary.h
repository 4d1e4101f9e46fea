// Ternary rows: packing into the kernels' 2-bit layout, decode, and int8 activations per token.
#pragma once

#include "core/kernels/ops.h"

#include <cstdint>

namespace trilobit::kernels {

/// Blocks and bytes of a packed row (ops.h: 256 columns in 64 bytes).
constexpr std::int64_t ternaryBlocks(std::int64_t cols) noexcept { return (cols + kTernaryBlock - 1) / kTernaryBlock; }
constexpr std::int64_t ternaryRowBytes(std::int64_t cols) noexcept { return ternaryBlocks(cols) * kTernaryBlockBytes; }

/// Packs `count` (1..256) values that are all 0, s or -s for one s > 0 into a block of 64 bytes and sets `scale` to s (0 when
/// all are zero). False, with the block undefined, when the values are anything else.
bool packTernaryBlock(const float* values, std::int64_t count, std::uint8_t* block, float& scale) noexcept;

/// Packs `count` (1..256) trits (-1, 0, 1) into a block of 64 bytes.
void packTrits(const std::int8_t* trits, std::int64_t count, std::uint8_t* block) noexcept;

/// out[c] = scale * trit for c in [0, cols), block b using scales[b * scaleStride] (stride 0: one scale for all).
void decodeTernaryRow(const std::uint8_t* row, std::int64_t cols, const float* scales, std::int64_t scaleStride,
                      float* out) noexcept;

/// One token's activations as int8 (BitNet b1.58): r = 127 / max(max|x|, 1e-5), q = clamp(round(x * r), -128, 127), half to
/// even, in float32. q: 256 * ternaryBlocks(cols) values, zero beyond cols; blockSums: one sum per block. Returns r, NaN
/// when an x is NaN or infinite (products divided by it are then NaN, as they would be in float).
float quantizeToken(const float* x, std::int64_t cols, std::int8_t* q, std::int32_t* blockSums) noexcept;

} // namespace trilobit::kernels
