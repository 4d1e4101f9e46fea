// Panel products and activation rounding with AVX2: byte products in pairs, added as int16 for as long as that is exact.
#include "core/kernels/avx2/registers256.h"
#include "core/kernels/panel/panel.h"

namespace trilobit::kernels::avx2 {

namespace {

struct V : Registers256 {
    static constexpr int kTile = 6, kBlockTile = 3, kSignedBias = 0, kCellsOf63 = 2;
    using Sums = __m256i; ///< sixteen int16: |pair| <= 512 (codes to 2), 3810 (to 15), 16002 (to 63), 1020 (base-3 digits)

    static Sums none() noexcept { return _mm256_setzero_si256(); }
    /// sum += u * s, pair by pair. In assembly: g++ otherwise loads a whole tile first and keeps the sums on the stack, or copies
    /// them after every addition (measured: 75 instead of 100 billion multiply-adds a second).
    static Sums dot(Sums sum, Codes u, Codes s) noexcept {
        __m256i pairs;
        asm volatile("vpmaddubsw %[s], %[u], %[pairs]\n\tvpaddw %[pairs], %[sum], %[sum]"
                     : [sum] "+x"(sum), [pairs] "=&x"(pairs)
                     : [u] "x"(u), [s] "x"(s));
        return sum;
    }
    static Ints widen(Sums sum) noexcept { return _mm256_madd_epi16(sum, _mm256_set1_epi16(1)); }
    /// s is never -128, so its sign can be changed; |w| * |s| * 2 <= 32512.
    static Ints dotSigned(Ints sum, Codes w, Codes s) noexcept {
        const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(s, w));
        __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
        asm volatile("vpaddd %[fours], %[sum], %[sum]" : [sum] "+x"(sum) : [fours] "x"(fours));
        return sum;
    }
};

namespace lookup = avx2;
#include "core/kernels/panel/panelproducts.inc"

inline __m256i rounded(const float* x, __m256 r) noexcept {
    return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x), r)); // half to even
}

/// 32 values to int8, saturated; the sums of the two sixteens.
inline void roundBlock(const float* x, __m256 r, std::int8_t* q, std::int32_t* halfSums) noexcept {
    const __m256i a = rounded(x, r), b = rounded(x + 8, r), c = rounded(x + 16, r), d = rounded(x + 24, r);
    const auto total = [](__m256i v, __m256i w) noexcept {
        const __m256i both = _mm256_add_epi32(v, w);
        const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
        const __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
        return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xB1)));
    };
    halfSums[0] = total(a, b);
    halfSums[1] = total(c, d);
    const __m256i packed = _mm256_packs_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(q), _mm256_permutevar8x32_epi32(packed, order));
}

/// The largest |x| as bits, which order like the numbers with infinity and NaN on top.
inline std::uint32_t topBits(const float* x, std::int64_t count) noexcept {
    const __m256i magnitude = _mm256_set1_epi32(0x7FFFFFFF);
    __m256i top = _mm256_setzero_si256();
    std::int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        top = _mm256_max_epi32(top, _mm256_and_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + i)), magnitude));
    __m128i four = _mm_max_epi32(_mm256_castsi256_si128(top), _mm256_extracti128_si256(top, 1));
    four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0x4E));
    four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0xB1));
    std::uint32_t largest = static_cast<std::uint32_t>(_mm_cvtsi128_si32(four));
    for (; i < count; ++i) {
        std::uint32_t bits;
        __builtin_memcpy(&bits, x + i, sizeof bits);
        bits &= 0x7FFFFFFFu;
        largest = bits > largest ? bits : largest;
    }
    return largest;
}

constexpr std::uint32_t kInfinity = 0x7F800000u;

float quantizeToken(const float* x, std::int64_t cols, std::int8_t* q, std::int32_t* blockSums) noexcept {
    const std::uint32_t top = topBits(x, cols);
    for (std::int64_t b = 0; b < scaleBlocks(cols); ++b)
        blockSums[b] = 0;
    if (top >= kInfinity) {
        __builtin_memset(q, 0, static_cast<std::size_t>(paddedCols(cols)));
        return __builtin_nanf("");
    }
    float largest;
    __builtin_memcpy(&largest, &top, sizeof largest);
    const float r = 127.0f / (largest > 1e-5f ? largest : 1e-5f);
    const __m256 factor = _mm256_set1_ps(r);
    std::int64_t i = 0;
    for (; i + 32 <= cols; i += 32) {
        std::int32_t sums[2];
        roundBlock(x + i, factor, q + i, sums);
        blockSums[i / kScaleCols] += sums[0] + sums[1];
    }
    if (i < cols) {
        float last[32] = {};
        for (std::int64_t k = i; k < cols; ++k)
            last[k - i] = x[k];
        std::int32_t sums[2];
        roundBlock(last, factor, q + i, sums);
        blockSums[i / kScaleCols] += sums[0] + sums[1];
        i += 32;
    }
    __builtin_memset(q + i, 0, static_cast<std::size_t>(paddedCols(cols) - i));
    return r;
}

void quantizeBlocks(const float* x, std::int64_t cols, std::int8_t* q, float* d, std::int32_t* halfSums) noexcept {
    for (std::int64_t b = 0; b * kBlockCols < cols; ++b) {
        const std::uint32_t top = topBits(x + b * kBlockCols, kBlockCols);
        float largest;
        __builtin_memcpy(&largest, &top, sizeof largest);
        const bool finite = top < kInfinity;
        d[b] = finite ? largest / 127.0f : __builtin_nanf("");
        // Below this 127 / largest is not finite; such values are zeros beside any others.
        const float r = finite && largest > 1e-36f ? 127.0f / largest : 0.0f;
        if (!finite) {
            __builtin_memset(q + b * kBlockCols, 0, kBlockCols);
            halfSums[2 * b] = halfSums[2 * b + 1] = 0;
            continue;
        }
        roundBlock(x + b * kBlockCols, _mm256_set1_ps(r), q + b * kBlockCols, halfSums + 2 * b);
    }
}

} // namespace

extern const PanelOps kPanelOps{ternaryProduct, blockProduct};
extern const RoundingOps kRoundingOps{quantizeToken, quantizeBlocks, makeTables};

} // namespace trilobit::kernels::avx2
