// Float product with AVX2 and FMA: the sixteen accumulators are two registers; a tile shares loads between its outputs.
#include "core/kernels/ops.h"

#include <immintrin.h>

namespace trilobit::kernels::avx2 {

namespace {

/// Lanes [0, n) on, n in 0..8.
inline __m256i laneMask(std::int64_t n) noexcept {
    const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), index);
}

inline float reduce(__m256 low, __m256 high) noexcept {
    const __m256 eight = _mm256_add_ps(low, high);
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/// A loaded vector that stays one: otherwise g++ loads it again for each use, and the load ports become the limit (measured:
/// 23 instead of 40 billion multiply-adds a second).
inline __m256 loadOnce(const float* p) noexcept {
    __m256 v = _mm256_loadu_ps(p);
    asm("" : "+x"(v));
    return v;
}

/// R rows times T tokens.
template <int R, int T>
inline void tile(const float* w, std::int64_t wStride, const float* x, std::int64_t xStride, std::int64_t cols, float* y,
                 std::int64_t yStride) noexcept {
    __m256 a[2][R][T];
#pragma GCC unroll 2
    for (int h = 0; h < 2; ++h)
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
            for (int t = 0; t < T; ++t)
                a[h][r][t] = _mm256_setzero_ps();
    std::int64_t k = 0;
    for (; k + kLanes <= cols; k += kLanes) {
#pragma GCC unroll 2
        for (int h = 0; h < 2; ++h) {
            __m256 wv[R];
#pragma GCC unroll 8
            for (int r = 0; r < R; ++r)
                wv[r] = loadOnce(w + r * wStride + k + 8 * h);
#pragma GCC unroll 8
            for (int t = 0; t < T; ++t) {
                const __m256 xv = loadOnce(x + t * xStride + k + 8 * h);
#pragma GCC unroll 8
                for (int r = 0; r < R; ++r)
                    a[h][r][t] = _mm256_fmadd_ps(wv[r], xv, a[h][r][t]);
            }
        }
    }
    if (k < cols) {
        const std::int64_t left = cols - k;
#pragma GCC unroll 2
        for (int h = 0; h < 2; ++h) {
            const std::int64_t n = left - 8 * h;
            const __m256i mask = laneMask(n < 0 ? 0 : n > 8 ? 8 : n);
#pragma GCC unroll 8
            for (int r = 0; r < R; ++r) {
                const __m256 wv = _mm256_maskload_ps(w + r * wStride + k + 8 * h, mask);
#pragma GCC unroll 8
                for (int t = 0; t < T; ++t)
                    a[h][r][t] = _mm256_fmadd_ps(wv, _mm256_maskload_ps(x + t * xStride + k + 8 * h, mask), a[h][r][t]);
            }
        }
    }
#pragma GCC unroll 8
    for (int t = 0; t < T; ++t)
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r)
            y[t * yStride + r] = reduce(a[0][r][t], a[1][r][t]);
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
    for (; t + 3 <= tokenCount; t += 3)
        tokens<2, 3>(w, wStride, rows, x + t * xStride, xStride, cols, y + t * yStride, yStride);
    if (tokenCount - t == 2)
        tokens<2, 2>(w, wStride, rows, x + t * xStride, xStride, cols, y + t * yStride, yStride);
    else if (tokenCount - t == 1)
        tokens<4, 1>(w, wStride, rows, x + t * xStride, xStride, cols, y + t * yStride, yStride);
}

} // namespace trilobit::kernels::avx2
