// Weighted sum of rows with AVX-512: a strip of columns stays in registers while j runs.
#include "core/kernels/ops.h"

#include <immintrin.h>

namespace trilobit::kernels::avx512 {

namespace {

/// 16 * N columns; `mask` names the columns of the last sixteen that exist.
template <int N>
inline void strip(const float* weights, const float* v, std::int64_t vStride, std::int64_t count, float* out,
                  __mmask16 mask) noexcept {
    __m512 a[N];
#pragma GCC unroll 8
    for (int i = 0; i < N; ++i)
        a[i] = _mm512_setzero_ps();
    for (std::int64_t j = 0; j < count; ++j) {
        const __m512 p = _mm512_set1_ps(weights[j]);
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i)
            a[i] = _mm512_fmadd_ps(p, _mm512_maskz_loadu_ps(i + 1 < N ? 0xFFFF : mask, v + j * vStride + 16 * i), a[i]);
    }
#pragma GCC unroll 8
    for (int i = 0; i < N; ++i)
        _mm512_mask_storeu_ps(out + 16 * i, i + 1 < N ? 0xFFFF : mask, a[i]);
}

} // namespace

void weightedSum(const float* weights, const float* v, std::int64_t vStride, std::int64_t count, std::int64_t cols,
                 float* out) noexcept {
    std::int64_t c = 0;
    for (; c + 64 <= cols; c += 64)
        strip<4>(weights, v + c, vStride, count, out + c, 0xFFFF);
    for (; c < cols; c += 16) {
        const std::int64_t left = cols - c;
        const unsigned bits = left >= 16 ? 0xFFFFu : (1u << left) - 1u;
        strip<1>(weights, v + c, vStride, count, out + c, static_cast<__mmask16>(bits));
    }
}

} // namespace trilobit::kernels::avx512
