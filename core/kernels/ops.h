// The operations every instruction set implements. ISA files include this header and nothing else of ours.
#pragma once

#include <cstdint>

namespace trilobit::kernels {

// Bit-identical by definition. Every dot product over `cols` values has one structure, whatever the instruction set, the
// tile or the number of threads: sixteen accumulators a[0..15] start at +0; a[k % 16] = fma(w[k], x[k], a[k % 16]) in the
// order of k, the last incomplete sixteen padded with zeros on both sides; then a[i] += a[i + 8], a[i] += a[i + 4],
// a[i] += a[i + 2], a[0] + a[1].
constexpr std::int64_t kLanes = 16;

/// y[t * yStride + r] = dot(w + r * wStride, x + t * xStride). Strides in floats; all counts >= 0; no alignment needed;
/// y must not overlap w or x.
using FloatProduct = void (*)(const float* w, std::int64_t wStride, std::int64_t rows, const float* x,
                              std::int64_t xStride, std::int64_t tokens, std::int64_t cols, float* y,
                              std::int64_t yStride) noexcept;

/// out[c] = sum over j of weights[j] * v[j * vStride + c], as fused multiply-adds in the order of j, starting at +0.
using WeightedSum = void (*)(const float* weights, const float* v, std::int64_t vStride, std::int64_t count,
                             std::int64_t cols, float* out) noexcept;

/// One row of an encoding to float32, the same bits as its decodeRows gives (NaN payloads aside). cols: whole blocks.
using RowDecode = void (*)(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;

/// floatProduct of rows in an encoding, at rowBytes, that are decoded in registers: the same bits. Pays for a token or two.
using RowProduct = void (*)(const std::uint8_t* w, std::int64_t rowBytes, std::int64_t rows, const float* x,
                            std::int64_t xStride, std::int64_t tokens, std::int64_t cols, float* y,
                            std::int64_t yStride) noexcept;

#define TRILOBIT_DECLARE_OPS(isa)                                                                                      \
    namespace isa {                                                                                                    \
    void floatProduct(const float* w, std::int64_t wStride, std::int64_t rows, const float* x, std::int64_t xStride,   \
                      std::int64_t tokens, std::int64_t cols, float* y, std::int64_t yStride) noexcept;                \
    void weightedSum(const float* weights, const float* v, std::int64_t vStride, std::int64_t count,                   \
                     std::int64_t cols, float* out) noexcept;                                                          \
    }

TRILOBIT_DECLARE_OPS(scalar)
TRILOBIT_DECLARE_OPS(avx2)
TRILOBIT_DECLARE_OPS(avx512)
TRILOBIT_DECLARE_OPS(neon)
#undef TRILOBIT_DECLARE_OPS
/// Decoders need F16C besides AVX2.
namespace avx2 {
void decodeF16(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void decodeBF16(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void decodeQ8_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void decodeQ4_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void decodeQ4_1(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void decodeTQ2_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void productF16(const std::uint8_t* w, std::int64_t rowBytes, std::int64_t rows, const float* x, std::int64_t xStride,
                std::int64_t tokens, std::int64_t cols, float* y, std::int64_t yStride) noexcept;
void productBF16(const std::uint8_t* w, std::int64_t rowBytes, std::int64_t rows, const float* x, std::int64_t xStride,
                 std::int64_t tokens, std::int64_t cols, float* y, std::int64_t yStride) noexcept;
}
namespace neon {
void decodeF16(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void decodeBF16(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void decodeQ8_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void decodeQ4_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void decodeQ4_1(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
void decodeTQ2_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept;
}

} // namespace trilobit::kernels
