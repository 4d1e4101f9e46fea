// Ternary product with AVX-512BW: sum of code * q by byte products, minus the sum of q.
#include "core/kernels/ops.h"

#include <immintrin.h>

namespace trilobit::kernels::avx512 {

namespace {

// A block adds four maddubs results (each -512 .. 508) to every int16 lane; sixteen blocks reach -32768 .. 32512.
constexpr std::int64_t kBlocksPerWidening = 16;

inline __m512i load(const void* p) noexcept { return _mm512_loadu_si512(p); }

template <int T>
inline void row(const std::uint8_t* codes, const std::int8_t* q, std::int64_t qStride, std::int64_t blocks,
                std::int32_t (&sum)[T]) noexcept {
    const __m512i three = _mm512_set1_epi8(3);
    const __m512i ones = _mm512_set1_epi16(1);
    __m512i wide[T];
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t)
        wide[t] = _mm512_setzero_si512();
    for (std::int64_t begin = 0; begin < blocks; begin += kBlocksPerWidening) {
        const std::int64_t end = begin + kBlocksPerWidening < blocks ? begin + kBlocksPerWidening : blocks;
        __m512i narrow[T];
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t)
            narrow[t] = _mm512_setzero_si512();
        for (std::int64_t b = begin; b < end; ++b) {
            __m512i packed = load(codes + b * kTernaryBlockBytes);
            const std::int8_t* qb = q + b * kTernaryBlock;
#pragma GCC unroll 4
            for (int f = 0; f < 4; ++f) {
                const __m512i code = _mm512_and_si512(packed, three);
                packed = _mm512_srli_epi16(packed, 2);
#pragma GCC unroll 4
                for (int t = 0; t < T; ++t)
                    narrow[t] = _mm512_add_epi16(narrow[t], _mm512_maddubs_epi16(code, load(qb + t * qStride + 64 * f)));
            }
        }
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t)
            wide[t] = _mm512_add_epi32(wide[t], _mm512_madd_epi16(narrow[t], ones));
    }
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t)
        sum[t] = _mm512_reduce_add_epi32(wide[t]);
}

template <int T>
inline void tokens(const std::uint8_t* codes, std::int64_t codeStride, std::int64_t rows, const std::int8_t* q,
                   std::int64_t qStride, const std::int32_t* qSum, std::int64_t qSumStride, std::int64_t blocks,
                   std::int32_t* y, std::int64_t yStride) noexcept {
    for (std::int64_t r = 0; r < rows; ++r) {
        std::int32_t sum[T];
        row<T>(codes + r * codeStride, q, qStride, blocks, sum);
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t)
            y[t * yStride + r] = sum[t] - qSum[t * qSumStride];
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

} // namespace trilobit::kernels::avx512
