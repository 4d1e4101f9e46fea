// Weighted sum of rows with AVX2 and FMA: a strip of columns stays in registers while j runs.
#include "core/kernels/ops.h"

#include <immintrin.h>

namespace trilobit::kernels::avx2 {

namespace {

/// 8 * N columns.
template <int N>
inline void strip(const float* weights, const float* v, std::int64_t vStride, std::int64_t count, float* out) noexcept {
    __m256 a[N];
#pragma GCC unroll 8
    for (int i = 0; i < N; ++i)
        a[i] = _mm256_setzero_ps();
    for (std::int64_t j = 0; j < count; ++j) {
        const __m256 p = _mm256_set1_ps(weights[j]);
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i)
            a[i] = _mm256_fmadd_ps(p, _mm256_loadu_ps(v + j * vStride + 8 * i), a[i]);
    }
#pragma GCC unroll 8
    for (int i = 0; i < N; ++i)
        _mm256_storeu_ps(out + 8 * i, a[i]);
}

} // namespace

void weightedSum(const float* weights, const float* v, std::int64_t vStride, std::int64_t count, std::int64_t cols,
                 float* out) noexcept {
    std::int64_t c = 0;
    for (; c + 64 <= cols; c += 64)
        strip<8>(weights, v + c, vStride, count, out + c);
    for (; c + 8 <= cols; c += 8)
        strip<1>(weights, v + c, vStride, count, out + c);
    for (; c < cols; ++c) {
        __m128 a = _mm_setzero_ps();
        for (std::int64_t j = 0; j < count; ++j)
            a = _mm_fmadd_ss(_mm_set_ss(weights[j]), _mm_set_ss(v[j * vStride + c]), a);
        out[c] = _mm_cvtss_f32(a);
    }
}

} // namespace trilobit::kernels::avx2
