// Float product and weighted sum with NEON: the sixteen accumulators are four registers; a tile shares loads between its outputs.
#include "core/kernels/neon/registers128.h"
#include "core/kernels/ops.h"

namespace trilobit::kernels::neon {

namespace {

/// R rows times T tokens of sixteen columns.
template <int R, int T>
inline void step(const float* w, std::int64_t wStride, const float* x, std::int64_t xStride, float32x4_t (&a)[4][R][T]) noexcept {
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        float32x4_t wv[R];
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r)
            wv[r] = vld1q_f32(w + r * wStride + 4 * i);
#pragma GCC unroll 8
        for (int t = 0; t < T; ++t) {
            const float32x4_t xv = vld1q_f32(x + t * xStride + 4 * i);
#pragma GCC unroll 8
            for (int r = 0; r < R; ++r)
                a[i][r][t] = vfmaq_f32(a[i][r][t], wv[r], xv);
        }
    }
}

template <int R, int T>
inline void tile(const float* w, std::int64_t wStride, const float* x, std::int64_t xStride, std::int64_t cols, float* y,
                 std::int64_t yStride) noexcept {
    float32x4_t a[4][R][T];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
            for (int t = 0; t < T; ++t)
                a[i][r][t] = vdupq_n_f32(0);
    std::int64_t k = 0;
    for (; k + kLanes <= cols; k += kLanes)
        step<R, T>(w + k, wStride, x + k, xStride, a);
    if (k < cols) {
        float lastW[R][kLanes] = {}, lastX[T][kLanes] = {};
        for (std::int64_t i = k; i < cols; ++i) {
            for (int r = 0; r < R; ++r)
                lastW[r][i - k] = w[r * wStride + i];
            for (int t = 0; t < T; ++t)
                lastX[t][i - k] = x[t * xStride + i];
        }
        step<R, T>(lastW[0], kLanes, lastX[0], kLanes, a);
    }
#pragma GCC unroll 8
    for (int t = 0; t < T; ++t)
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r)
            y[t * yStride + r] = reduce(a[0][r][t], a[1][r][t], a[2][r][t], a[3][r][t]);
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

/// 4 * N columns.
template <int N>
inline void strip(const float* weights, const float* v, std::int64_t vStride, std::int64_t count, float* out) noexcept {
    float32x4_t a[N];
#pragma GCC unroll 16
    for (int i = 0; i < N; ++i)
        a[i] = vdupq_n_f32(0);
    for (std::int64_t j = 0; j < count; ++j) {
        const float32x4_t p = vdupq_n_f32(weights[j]);
#pragma GCC unroll 16
        for (int i = 0; i < N; ++i)
            a[i] = vfmaq_f32(a[i], p, vld1q_f32(v + j * vStride + 4 * i));
    }
#pragma GCC unroll 16
    for (int i = 0; i < N; ++i)
        vst1q_f32(out + 4 * i, a[i]);
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

void weightedSum(const float* weights, const float* v, std::int64_t vStride, std::int64_t count, std::int64_t cols,
                 float* out) noexcept {
    std::int64_t c = 0;
    for (; c + 64 <= cols; c += 64)
        strip<16>(weights, v + c, vStride, count, out + c);
    for (; c + 4 <= cols; c += 4)
        strip<1>(weights, v + c, vStride, count, out + c);
    for (; c < cols; ++c) {
        float sum = 0;
        for (std::int64_t j = 0; j < count; ++j)
            sum = __builtin_fmaf(weights[j], v[j * vStride + c], sum);
        out[c] = sum;
    }
}

} // namespace trilobit::kernels::neon
