// Half precision weights with float activations, widened in registers. The same bits as on widened rows.
#include "core/kernels/avx2/registers256.h"
#include "core/kernels/ops.h"

namespace trilobit::kernels::avx2 {

namespace {

template <bool Brain>
inline __m256 widen(const std::uint8_t* p) noexcept {
    const __m128i halves = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    if constexpr (Brain)
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16));
    return _mm256_cvtph_ps(halves);
}

/// R rows times one token.
template <bool Brain, int R>
inline void rowsOf(const std::uint8_t* w, std::int64_t rowBytes, const float* x, std::int64_t cols, float* y) noexcept {
    __m256 a[2][R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r)
        a[0][r] = a[1][r] = _mm256_setzero_ps();
    std::int64_t k = 0;
    for (; k + kLanes <= cols; k += kLanes) {
        const __m256 low = _mm256_loadu_ps(x + k), high = _mm256_loadu_ps(x + k + 8);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            const std::uint8_t* at = w + r * rowBytes + 2 * k;
            if ((k & 31) == 0) // the same place in the next rows: short rows end before the hardware has understood
                _mm_prefetch(reinterpret_cast<const char*>(at + R * rowBytes), _MM_HINT_T0);
            a[0][r] = _mm256_fmadd_ps(widen<Brain>(at), low, a[0][r]);
            a[1][r] = _mm256_fmadd_ps(widen<Brain>(at + 16), high, a[1][r]);
        }
    }
    if (k < cols) {
        alignas(32) float last[kLanes] = {};
        for (std::int64_t i = k; i < cols; ++i)
            last[i - k] = x[i];
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            alignas(32) std::uint8_t halves[2 * kLanes] = {};
            __builtin_memcpy(halves, w + r * rowBytes + 2 * k, static_cast<std::size_t>(2 * (cols - k)));
            a[0][r] = _mm256_fmadd_ps(widen<Brain>(halves), _mm256_load_ps(last), a[0][r]);
            a[1][r] = _mm256_fmadd_ps(widen<Brain>(halves + 16), _mm256_load_ps(last + 8), a[1][r]);
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r)
        y[r] = reduce(a[0][r], a[1][r]);
}

template <bool Brain>
void product(const std::uint8_t* w, std::int64_t rowBytes, std::int64_t rows, const float* x, std::int64_t xStride,
             std::int64_t tokens, std::int64_t cols, float* y, std::int64_t yStride) noexcept {
    std::int64_t r = 0;
    for (; r + 4 <= rows; r += 4)
        for (std::int64_t t = 0; t < tokens; ++t)
            rowsOf<Brain, 4>(w + r * rowBytes, rowBytes, x + t * xStride, cols, y + t * yStride + r);
    for (; r < rows; ++r)
        for (std::int64_t t = 0; t < tokens; ++t)
            rowsOf<Brain, 1>(w + r * rowBytes, rowBytes, x + t * xStride, cols, y + t * yStride + r);
}

} // namespace

void productF16(const std::uint8_t* w, std::int64_t rowBytes, std::int64_t rows, const float* x, std::int64_t xStride,
                std::int64_t tokens, std::int64_t cols, float* y, std::int64_t yStride) noexcept {
    product<false>(w, rowBytes, rows, x, xStride, tokens, cols, y, yStride);
}

void productBF16(const std::uint8_t* w, std::int64_t rowBytes, std::int64_t rows, const float* x, std::int64_t xStride,
                 std::int64_t tokens, std::int64_t cols, float* y, std::int64_t yStride) noexcept {
    product<true>(w, rowBytes, rows, x, xStride, tokens, cols, y, yStride);
}

} // namespace trilobit::kernels::avx2
