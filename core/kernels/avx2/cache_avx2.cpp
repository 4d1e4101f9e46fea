// Keys and values in fewer bits with AVX2.
#include "core/kernels/avx2/registers256.h"
#include "core/kernels/cache.h"
#include "core/kernels/ops.h"

namespace trilobit::kernels::avx2 {

namespace {

struct V : Registers256 {
    static float half(const std::uint8_t* p) noexcept {
        std::uint16_t bits;
        __builtin_memcpy(&bits, p, sizeof bits);
        return _cvtsh_ss(bits);
    }
    static std::uint16_t toHalf(float x) noexcept { return _cvtss_sh(x, _MM_FROUND_TO_NEAREST_INT); }
    static void storeHalves(std::uint8_t* p, Floats v) noexcept {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
    }

    /// 32 values of Q8_0; returns their scale.
    static std::uint16_t storeBlock(const float* x, std::uint8_t* codes) noexcept {
        const __m256 sign = _mm256_set1_ps(-0.0f), limit = _mm256_set1_ps(127.0f);
        __m256 largest = _mm256_setzero_ps(), strange = _mm256_setzero_ps();
        for (int i = 0; i < 4; ++i) {
            const __m256 v = _mm256_loadu_ps(x + 8 * i);
            largest = _mm256_max_ps(_mm256_andnot_ps(sign, v), largest);
            strange = _mm256_or_ps(strange, _mm256_sub_ps(v, v)); // NaN for what is not finite, else +0
        }
        __m128 four = _mm_max_ps(_mm256_castps256_ps128(largest), _mm256_extractf128_ps(largest, 1));
        four = _mm_max_ps(four, _mm_movehl_ps(four, four));
        const float top = _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
        const bool finite = _mm256_movemask_ps(_mm256_cmp_ps(strange, strange, _CMP_UNORD_Q)) == 0;
        const std::uint16_t scale = toHalf(top / 127.0f);
        const float d = _cvtsh_ss(scale);
        const bool usable = finite && (scale & 0x7C00) != 0x7C00;
        if (!usable || !(d > 0)) {
            __builtin_memset(codes, 0, kCacheBlock);
            return usable ? scale : std::uint16_t{0x7E00};
        }
        __m256i ints[4];
        for (int i = 0; i < 4; ++i) {
            const __m256 v = _mm256_div_ps(_mm256_loadu_ps(x + 8 * i), _mm256_set1_ps(d));
            ints[i] = _mm256_cvtps_epi32(_mm256_max_ps(_mm256_min_ps(v, limit), _mm256_sub_ps(_mm256_setzero_ps(), limit)));
        }
        const __m256i packed = _mm256_packs_epi16(_mm256_packs_epi32(ints[0], ints[1]), _mm256_packs_epi32(ints[2], ints[3]));
        const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes), _mm256_permutevar8x32_epi32(packed, order));
        return scale;
    }

    static float reduce(const Floats (&a)[2]) noexcept { return kernels::reduce(a[0], a[1]); }
    static constexpr int kScoreRows = 3; ///< with four queries: twelve sums, three rows and a query fill the registers
    using Folded = __m256;
    static Folded fold(const Floats (&a)[2]) noexcept { return _mm256_add_ps(a[0], a[1]); }
    /// The same additions for four queries and two rows at once: sums of the first row, then of the second.
    static void reducePair(const Folded (&a)[4], const Folded (&b)[4], float* sums) noexcept {
        __m256 f[4]; // four lanes of the first row, four of the second
#pragma GCC unroll 4
        for (int t = 0; t < 4; ++t)
            f[t] = _mm256_add_ps(_mm256_permute2f128_ps(a[t], b[t], 0x20), _mm256_permute2f128_ps(a[t], b[t], 0x31));
        const __m256 ab = _mm256_unpacklo_ps(f[0], f[1]), cd = _mm256_unpacklo_ps(f[2], f[3]);
        const __m256 ef = _mm256_unpackhi_ps(f[0], f[1]), gh = _mm256_unpackhi_ps(f[2], f[3]);
        const __m256 zero = _mm256_shuffle_ps(ab, cd, 0x44), one = _mm256_shuffle_ps(ab, cd, 0xEE);
        const __m256 two = _mm256_shuffle_ps(ef, gh, 0x44), three = _mm256_shuffle_ps(ef, gh, 0xEE);
        _mm256_store_ps(sums, _mm256_add_ps(_mm256_add_ps(zero, two), _mm256_add_ps(one, three)));
    }
    /// Eight sums hide the time of an addition.
    static constexpr int stripWidth(int outputs) noexcept { return outputs == 4 ? 2 : 4; }
};

#include "core/kernels/cacherows.inc"

} // namespace

extern const CacheOps kHalfCache{scores<Half>, mix<Half>, Half::store};
extern const CacheOps kQ8Cache{scores<Q8>, mix<Q8>, Q8::store};

} // namespace trilobit::kernels::avx2
