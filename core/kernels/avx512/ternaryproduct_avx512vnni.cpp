// Ternary product with AVX-512 VNNI: four byte products are added straight into int32, minus the sum of q.
#include "core/kernels/ops.h"

#include <immintrin.h>

namespace trilobit::kernels::avx512vnni {

namespace {

inline __m512i load(const void* p) noexcept { return _mm512_loadu_si512(p); }

template <int T>
inline void tokens(const std::uint8_t* codes, std::int64_t codeStride, std::int64_t rows, const std::int8_t* q,
                   std::int64_t qStride, const std::int32_t* qSum, std::int64_t qSumStride, std::int64_t blocks,
                   std::int32_t* y, std::int64_t yStride) noexcept {
    const __m512i three = _mm512_set1_epi8(3);
    for (std::int64_t r = 0; r < rows; ++r) {
        __m512i wide[T];
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t)
            wide[t] = _mm512_setzero_si512();
        for (std::int64_t b = 0; b < blocks; ++b) {
            __m512i packed = load(codes + r * codeStride + b * kTernaryBlockBytes);
            const std::int8_t* qb = q + b * kTernaryBlock;
#pragma GCC unroll 4
            for (int f = 0; f < 4; ++f) {
                const __m512i code = _mm512_and_si512(packed, three);
                packed = _mm512_srli_epi16(packed, 2);
#pragma GCC unroll 4
                for (int t = 0; t < T; ++t)
                    wide[t] = _mm512_dpbusd_epi32(wide[t], code, load(qb + t * qStride + 64 * f));
            }
        }
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t)
            y[t * yStride + r] = _mm512_reduce_add_epi32(wide[t]) - qSum[t * qSumStride];
    }
}

} // namespace

void ternaryProduct(const std::uint8_t* codes, std::int64_t codeStride, std::int64_t rows, const std::int8_t* q,
                    std::int64_t qStride, const std::int32_t* qSum, std::int64_t qSumStride, std::int64_t tokenCount,
                    std::int64_t blocks, std::int32_t* y, std::int64_t yStride) noexcept {
    std::int64_t t = 0;
    for (; t + 4 <= tokenCount; t += 4)
        tokens<4>(codes, codeStride, rows, q + t * qStride, qStride, qSum + t * qSumStride, qSumStride, blocks,
                  y + t * yStride, yStride);
    for (; t < tokenCount; ++t)
        tokens<1>(codes, codeStride, rows, q + t * qStride, qStride, qSum + t * qSumStride, qSumStride, blocks,
                  y + t * yStride, yStride);
}

} // namespace trilobit::kernels::avx512vnni
