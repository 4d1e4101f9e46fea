// Float product with AVX-512: one register is the sixteen accumulators of one output.
#include "core/kernels/ops.h"

#include <immintrin.h>

namespace trilobit::kernels::avx512 {

namespace {

inline float reduce(__m512 a) noexcept {
    const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps(a, 1));
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/// A loaded vector that stays one: otherwise g++ loads it again for each use, and the load ports become the limit.
inline __m512 loadOnce(const float* p) noexcept {
    __m512 v = _mm512_loadu_ps(p);
    asm("" : "+v"(v));
    return v;
}

/// R rows times T tokens.
template <int R, int T>
inline void tile(const float* w, std::int64_t wStride, const float* x, std::int64_t xStride, std::int64_t cols, float* y,
                 std::int64_t yStride) noexcept {
    __m512 a[R][T];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
        for (int t = 0; t < T; ++t)
            a[r][t] = _mm512_setzero_ps();
    std::int64_t k = 0;
    for (; k + kLanes <= cols; k += kLanes) {
        __m512 wv[R];
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r)
            wv[r] = loadOnce(w + r * wStride + k);
#pragma GCC unroll 8
        for (int t = 0; t < T; ++t) {
            const __m512 xv = loadOnce(x + t * xStride + k);
#pragma GCC unroll 8
            for (int r = 0; r < R; ++r)
                a[r][t] = _mm512_fmadd_ps(wv[r], xv, a[r][t]);
        }
    }
    if (k < cols) {
        const __mmask16 mask = static_cast<__mmask16>((1u << (cols - k)) - 1u);
#pragma GCC unroll 8
        for (int t = 0; t < T; ++t) {
            const __m512 xv = _mm512_maskz_loadu_ps(mask, x + t * xStride + k);
#pragma GCC unroll 8
            for (int r = 0; r < R; ++r)
                a[r][t] = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(mask, w + r * wStride + k), xv, a[r][t]);
        }
    }
#pragma GCC unroll 8
    for (int t = 0; t < T; ++t)
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r)
            y[t * yStride + r] = reduce(a[r][t]);
}

/// T tokens against all rows, RowTile rows at a time.
template <int RowTile, int T>
inline void tokens(const float* w, std::int64_t wStride, std::int64_t rows, const float* x, std::int64_t xStride,
                   std::int64_t cols, float* y, std::int64_t yStride) noexcept {
    std::int64_t r = 0;
    for (; r + RowTile <= rows; r += RowTile)
        tile<RowTile, T>(w + r * wStride, wStride, x, xStride, cols, y + r, yStride);
    for (; r < rows; ++r)
        tile<1, T>(w + r * wStride, wStride, x, xStride, cols, y + r, yStride);
}

} // namespace

void floatProduct(const float* w, std::int64_t wStride, std::int64_t rows, const float* x, std::int64_t xStride,
                  std::int64_t tokenCount, std::int64_t cols, float* y, std::int64_t yStride) noexcept {
    std::int64_t t = 0;
    for (; t + 4 <= tokenCount; t += 4)
        tokens<4, 4>(w, wStride, rows, x + t * xStride, xStride, cols, y + t * yStride, yStride);
    const float* xt = x + t * xStride;
    float* yt = y + t * yStride;
    if (tokenCount - t == 3)
        tokens<4, 3>(w, wStride, rows, xt, xStride, cols, yt, yStride);
    else if (tokenCount - t == 2)
        tokens<4, 2>(w, wStride, rows, xt, xStride, cols, yt, yStride);
    else if (tokenCount - t == 1)
        tokens<8, 1>(w, wStride, rows, xt, xStride, cols, yt, yStride);
}

} // namespace trilobit::kernels::avx512
