// Rows of the common encodings to float32 with AVX2 and F16C: the operations of each encoding's decodeRows, eight at a time.
#include "core/kernels/ops.h"

#include <immintrin.h>

namespace trilobit::kernels::avx2 {

namespace {

inline float half(const std::uint8_t* p) noexcept {
    return _cvtsh_ss(static_cast<unsigned short>(p[0] | (p[1] << 8)));
}

inline __m128i load16(const std::uint8_t* p) noexcept { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }

/// Sixteen unsigned codes: out = d * (code - zero) + m, without the addition when Minimum is false.
template <bool Minimum>
inline void store16(__m128i codes, __m256 d, __m256i zero, __m256 m, float* out) noexcept {
#pragma GCC unroll 2
    for (int i = 0; i < 2; ++i) {
        const __m256i wide = _mm256_cvtepu8_epi32(i == 0 ? codes : _mm_srli_si128(codes, 8));
        __m256 w = _mm256_mul_ps(d, _mm256_cvtepi32_ps(_mm256_sub_epi32(wide, zero)));
        if (Minimum)
            w = _mm256_add_ps(w, m);
        _mm256_storeu_ps(out + 8 * i, w);
    }
}

} // namespace

void decodeF16(const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    std::int64_t c = 0;
    for (; c + 8 <= cols; c += 8)
        _mm256_storeu_ps(out + c, _mm256_cvtph_ps(load16(row + 2 * c)));
    for (; c < cols; ++c)
        out[c] = half(row + 2 * c);
}

void decodeBF16(const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    std::int64_t c = 0;
    for (; c + 8 <= cols; c += 8) {
        const __m256i high = _mm256_slli_epi32(_mm256_cvtepu16_epi32(load16(row + 2 * c)), 16);
        _mm256_storeu_ps(out + c, _mm256_castsi256_ps(high));
    }
    for (; c < cols; ++c)
        out[c] = _mm_cvtss_f32(_mm_castsi128_ps(_mm_cvtsi32_si128((row[2 * c] << 16) | (row[2 * c + 1] << 24))));
}

void decodeQ8_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    for (std::int64_t c = 0; c < cols; c += 32, row += 34) {
        const __m256 d = _mm256_set1_ps(half(row));
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
            const __m128i codes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(row + 2 + 8 * i));
            _mm256_storeu_ps(out + c + 8 * i, _mm256_mul_ps(d, _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(codes))));
        }
    }
}

void decodeQ4_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    const __m128i fifteen = _mm_set1_epi8(15);
    const __m256i eight = _mm256_set1_epi32(8);
    for (std::int64_t c = 0; c < cols; c += 32, row += 18) {
        const __m256 d = _mm256_set1_ps(half(row));
        const __m128i packed = load16(row + 2);
        store16<false>(_mm_and_si128(packed, fifteen), d, eight, d, out + c);
        store16<false>(_mm_and_si128(_mm_srli_epi16(packed, 4), fifteen), d, eight, d, out + c + 16);
    }
}

void decodeQ4_1(const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    const __m128i fifteen = _mm_set1_epi8(15);
    const __m256i zero = _mm256_setzero_si256();
    for (std::int64_t c = 0; c < cols; c += 32, row += 20) {
        const __m256 d = _mm256_set1_ps(half(row)), m = _mm256_set1_ps(half(row + 2));
        const __m128i packed = load16(row + 4);
        store16<true>(_mm_and_si128(packed, fifteen), d, zero, m, out + c);
        store16<true>(_mm_and_si128(_mm_srli_epi16(packed, 4), fifteen), d, zero, m, out + c + 16);
    }
}

void decodeTQ2_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    const __m128i three = _mm_set1_epi8(3);
    const __m256i one = _mm256_set1_epi32(1);
    for (std::int64_t c = 0; c < cols; c += 256, row += 66) {
        const __m256 d = _mm256_set1_ps(half(row + 64));
        for (int piece = 0; piece < 4; ++piece) { // sixteen bytes hold columns 16 apart in fields 32 apart
            const __m128i packed = load16(row + 16 * piece);
            float* first = out + c + 128 * (piece >> 1) + 16 * (piece & 1);
            store16<false>(_mm_and_si128(packed, three), d, one, d, first);
            store16<false>(_mm_and_si128(_mm_srli_epi16(packed, 2), three), d, one, d, first + 32);
            store16<false>(_mm_and_si128(_mm_srli_epi16(packed, 4), three), d, one, d, first + 64);
            store16<false>(_mm_and_si128(_mm_srli_epi16(packed, 6), three), d, one, d, first + 96);
        }
    }
}

} // namespace trilobit::kernels::avx2
