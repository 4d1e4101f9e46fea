// Attention over keys and values with AVX2.
#include "core/kernels/avx2/registers256.h"
#include "core/kernels/cache.h"

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

    static float reduce(const Floats (&a)[1]) noexcept {
        const __m128 four = _mm_add_ps(_mm256_castps256_ps128(a[0]), _mm256_extractf128_ps(a[0], 1));
        const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
    }
    /// For that many queries: at most twelve sums, which with the rows and a query fill the registers.
    static constexpr int scoreRows(int queries) noexcept { return queries == 4 ? 3 : 4; }
    /// The same additions for eight times eight lanes.
    static void reduceEight(const float* lanes, float* sums) noexcept {
        __m256 a[4], b[2];
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) { // four lanes of sum i, four of sum i + 4
            const __m256 first = _mm256_load_ps(lanes + 8 * i), second = _mm256_load_ps(lanes + 8 * (i + 4));
            a[i] = _mm256_add_ps(_mm256_permute2f128_ps(first, second, 0x20), _mm256_permute2f128_ps(first, second, 0x31));
        }
#pragma GCC unroll 2
        for (int i = 0; i < 2; ++i) // two lanes each of sums 2 i and 2 i + 1
            b[i] = _mm256_add_ps(_mm256_shuffle_ps(a[2 * i], a[2 * i + 1], 0x44), _mm256_shuffle_ps(a[2 * i], a[2 * i + 1], 0xEE));
        _mm256_storeu_ps(sums, _mm256_add_ps(_mm256_shuffle_ps(b[0], b[1], 0x88), _mm256_shuffle_ps(b[0], b[1], 0xDD)));
    }
    /// Registers of columns for that many outputs: twelve sums, more than hide the time of an addition.
    static constexpr int stripWidth(int outputs) noexcept { return outputs == 4 ? 3 : 4; }
};

#include "core/kernels/cacherows.inc"

} // namespace

extern const CacheOps kCacheOps[3] = {opsOf<Full>(), opsOf<Half>(), opsOf<Q8>()};

} // namespace trilobit::kernels::avx2
