// Ternary product with AVX2: sum of code * q by byte products, minus the sum of q.
#include "core/kernels/ops.h"

#include <immintrin.h>

namespace trilobit::kernels::avx2 {

namespace {

// One maddubs lane is two products: -512 <= 2 * (code * q) <= 508 with code <= 2. A block adds eight of them to each
// int16 lane, so eight blocks reach -32768 .. 32512, the exact limit; then they are widened.
constexpr std::int64_t kBlocksPerWidening = 8;

inline __m256i load(const void* p) noexcept { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }

inline std::int32_t reduce(__m256i a) noexcept {
    const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    const __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
    return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xB1)));
}

template <int T>
inline void row(const std::uint8_t* codes, const std::int8_t* q, std::int64_t qStride, std::int64_t blocks,
                std::int32_t (&sum)[T]) noexcept {
    const __m256i three = _mm256_set1_epi8(3);
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i wide[T];
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t)
        wide[t] = _mm256_setzero_si256();
    for (std::int64_t begin = 0; begin < blocks; begin += kBlocksPerWidening) {
        const std::int64_t end = begin + kBlocksPerWidening < blocks ? begin + kBlocksPerWidening : blocks;
        __m256i narrow[T];
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t)
            narrow[t] = _mm256_setzero_si256();
        for (std::int64_t half = 2 * begin; half < 2 * end; ++half) {
            __m256i packed = load(codes + 32 * half);
            const std::int8_t* qh = q + (half >> 1) * kTernaryBlock + (half & 1) * 32;
#pragma GCC unroll 4
            for (int f = 0; f < 4; ++f) {
                const __m256i code = _mm256_and_si256(packed, three);
                packed = _mm256_srli_epi16(packed, 2);
#pragma GCC unroll 4
                for (int t = 0; t < T; ++t)
                    narrow[t] = _mm256_add_epi16(narrow[t], _mm256_maddubs_epi16(code, load(qh + t * qStride + 64 * f)));
            }
        }
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t)
            wide[t] = _mm256_add_epi32(wide[t], _mm256_madd_epi16(narrow[t], ones));
    }
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t)
        sum[t] = reduce(wide[t]);
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

} // namespace trilobit::kernels::avx2
