// Keys and values in fewer bits with AVX2: a row is widened once for all queries of its head.
#include "core/kernels/cache.h"
#include "core/kernels/ops.h"

#include <immintrin.h>

namespace trilobit::kernels::avx2 {

namespace {

float halfAt(const std::uint8_t* p) noexcept {
    unsigned short bits;
    __builtin_memcpy(&bits, p, sizeof bits);
    return _cvtsh_ss(bits);
}

struct Half {
    static constexpr CacheType type = CacheType::F16;
    static __m256 eight(const std::uint8_t* row, std::int64_t, std::int64_t k) noexcept {
        return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row + 2 * k)));
    }
    static float at(const std::uint8_t* row, std::int64_t, std::int64_t k) noexcept { return halfAt(row + 2 * k); }
    static void store(const float* x, std::int64_t dim, std::uint8_t* row) noexcept {
        std::int64_t i = 0;
        for (; i + 8 <= dim; i += 8)
            _mm_storeu_si128(reinterpret_cast<__m128i*>(row + 2 * i), _mm256_cvtps_ph(_mm256_loadu_ps(x + i), _MM_FROUND_TO_NEAREST_INT));
        for (; i < dim; ++i) {
            const unsigned short half = _cvtss_sh(x[i], _MM_FROUND_TO_NEAREST_INT);
            __builtin_memcpy(row + 2 * i, &half, sizeof half);
        }
    }
};

struct Q8 {
    static constexpr CacheType type = CacheType::Q8_0;
    static __m256 eight(const std::uint8_t* row, std::int64_t dim, std::int64_t k) noexcept {
        const __m256i ints = _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(row + k)));
        return _mm256_mul_ps(_mm256_cvtepi32_ps(ints), _mm256_set1_ps(halfAt(row + dim + k / kCacheBlock * 2)));
    }
    static float at(const std::uint8_t* row, std::int64_t dim, std::int64_t k) noexcept {
        return static_cast<float>(static_cast<std::int8_t>(row[k])) * halfAt(row + dim + k / kCacheBlock * 2);
    }
    static void store(const float* x, std::int64_t dim, std::uint8_t* row) noexcept {
        const __m256 sign = _mm256_set1_ps(-0.0f), limit = _mm256_set1_ps(127.0f);
        for (std::int64_t b = 0; b < dim / kCacheBlock; ++b) {
            const float* from = x + b * kCacheBlock;
            __m256 largest = _mm256_setzero_ps(), strange = _mm256_setzero_ps();
            for (int i = 0; i < 4; ++i) {
                const __m256 v = _mm256_loadu_ps(from + 8 * i);
                largest = _mm256_max_ps(_mm256_andnot_ps(sign, v), largest);
                strange = _mm256_or_ps(strange, _mm256_sub_ps(v, v)); // NaN for what is not finite, else +0
            }
            __m128 four = _mm_max_ps(_mm256_castps256_ps128(largest), _mm256_extractf128_ps(largest, 1));
            four = _mm_max_ps(four, _mm_movehl_ps(four, four));
            const float top = _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
            const bool finite = _mm256_movemask_ps(_mm256_cmp_ps(strange, strange, _CMP_UNORD_Q)) == 0;
            unsigned short scale = _cvtss_sh(top / 127.0f, _MM_FROUND_TO_NEAREST_INT);
            const float d = _cvtsh_ss(scale);
            const bool usable = finite && (scale & 0x7C00) != 0x7C00;
            if (!usable)
                scale = 0x7E00;
            __builtin_memcpy(row + dim + 2 * b, &scale, sizeof scale);
            if (!usable || !(d > 0)) {
                __builtin_memset(row + b * kCacheBlock, 0, kCacheBlock);
                continue;
            }
            __m256i ints[4];
            for (int i = 0; i < 4; ++i) {
                const __m256 v = _mm256_div_ps(_mm256_loadu_ps(from + 8 * i), _mm256_set1_ps(d));
                ints[i] = _mm256_cvtps_epi32(_mm256_max_ps(_mm256_min_ps(v, limit), _mm256_sub_ps(_mm256_setzero_ps(), limit)));
            }
            const __m256i packed = _mm256_packs_epi16(_mm256_packs_epi32(ints[0], ints[1]), _mm256_packs_epi32(ints[2], ints[3]));
            const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(row + b * kCacheBlock), _mm256_permutevar8x32_epi32(packed, order));
        }
    }
};

inline __m128 fold(__m256 low, __m256 high) noexcept {
    const __m256 eight = _mm256_add_ps(low, high);
    return _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
}

/// T queries against one row.
template <class Row, int T>
inline void scoreRow(const std::uint8_t* row, std::int64_t dim, const float* q, float* out, std::int64_t stride) noexcept {
    __m256 a[2][T];
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t)
        a[0][t] = a[1][t] = _mm256_setzero_ps();
    std::int64_t k = 0;
    for (; k + kLanes <= dim; k += kLanes) {
        const __m256 low = Row::eight(row, dim, k), high = Row::eight(row, dim, k + 8);
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t) {
            a[0][t] = _mm256_fmadd_ps(low, _mm256_loadu_ps(q + t * dim + k), a[0][t]);
            a[1][t] = _mm256_fmadd_ps(high, _mm256_loadu_ps(q + t * dim + k + 8), a[1][t]);
        }
    }
    if (k < dim) {
        alignas(32) float last[kLanes] = {}, asked[kLanes];
        for (std::int64_t i = k; i < dim; ++i)
            last[i - k] = Row::at(row, dim, i);
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t) {
            for (std::int64_t i = 0; i < kLanes; ++i)
                asked[i] = k + i < dim ? q[t * dim + k + i] : 0.0f;
            a[0][t] = _mm256_fmadd_ps(_mm256_load_ps(last), _mm256_load_ps(asked), a[0][t]);
            a[1][t] = _mm256_fmadd_ps(_mm256_load_ps(last + 8), _mm256_load_ps(asked + 8), a[1][t]);
        }
    }
    if constexpr (T == 4) { // the same additions for four queries at once
        const __m128 f0 = fold(a[0][0], a[1][0]), f1 = fold(a[0][1], a[1][1]), f2 = fold(a[0][2], a[1][2]), f3 = fold(a[0][3], a[1][3]);
        const __m128 ab = _mm_unpacklo_ps(f0, f1), cd = _mm_unpacklo_ps(f2, f3), ef = _mm_unpackhi_ps(f0, f1), gh = _mm_unpackhi_ps(f2, f3);
        const __m128 zero = _mm_movelh_ps(ab, cd), one = _mm_movehl_ps(cd, ab), two = _mm_movelh_ps(ef, gh), three = _mm_movehl_ps(gh, ef);
        alignas(16) float sums[4];
        _mm_store_ps(sums, _mm_add_ps(_mm_add_ps(zero, two), _mm_add_ps(one, three)));
        for (int t = 0; t < 4; ++t)
            out[t * stride] = sums[t];
    } else {
        for (int t = 0; t < T; ++t) {
            const __m128 four = fold(a[0][t], a[1][t]), two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            out[t * stride] = _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
        }
    }
}

template <class Row>
void scores(const std::uint8_t* rows, std::int64_t count, std::int64_t dim, const float* q, std::int64_t inputs, float* out,
            std::int64_t stride) noexcept {
    const std::int64_t rowBytes = cacheRowBytes(Row::type, dim);
    for (std::int64_t j = 0; j < count; ++j) {
        const std::uint8_t* row = rows + j * rowBytes;
        for (std::int64_t i = 0; i < rowBytes; i += 64)
            _mm_prefetch(reinterpret_cast<const char*>(row) + 1024 + i, _MM_HINT_T0);
        std::int64_t t = 0;
        for (; t + 4 <= inputs; t += 4)
            scoreRow<Row, 4>(row, dim, q + t * dim, out + t * stride + j, stride);
        for (; t + 2 <= inputs; t += 2)
            scoreRow<Row, 2>(row, dim, q + t * dim, out + t * stride + j, stride);
        if (t < inputs)
            scoreRow<Row, 1>(row, dim, q + t * dim, out + t * stride + j, stride);
    }
}

/// 8 * N columns of `count` rows for T outputs, on top of what is in out.
template <class Row, int T, int N>
inline void strip(const float* weights, std::int64_t stride, const std::uint8_t* rows, std::int64_t rowBytes, std::int64_t count,
                  std::int64_t dim, std::int64_t column, float* out, std::int64_t outStride) noexcept {
    __m256 a[T][N];
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t)
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i)
            a[t][i] = _mm256_loadu_ps(out + t * outStride + 8 * i);
    for (std::int64_t j = 0; j < count; ++j) {
        __m256 v[N];
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i)
            v[i] = Row::eight(rows + j * rowBytes, dim, column + 8 * i);
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t) {
            const __m256 p = _mm256_broadcast_ss(weights + t * stride + j);
#pragma GCC unroll 8
            for (int i = 0; i < N; ++i)
                a[t][i] = _mm256_fmadd_ps(p, v[i], a[t][i]);
        }
    }
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t)
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i)
            _mm256_storeu_ps(out + t * outStride + 8 * i, a[t][i]);
}

/// All columns of a few rows for T outputs.
template <class Row, int T>
inline void mixRows(const float* weights, std::int64_t stride, const std::uint8_t* rows, std::int64_t count, std::int64_t dim,
                    std::int64_t first, std::int64_t cols, float* out, std::int64_t outStride) noexcept {
    const std::int64_t rowBytes = cacheRowBytes(Row::type, dim);
    constexpr int kWide = T == 4 ? 2 : 4; // eight sums hide the time of an addition
    std::int64_t c = 0;
    for (; c + 8 * kWide <= cols; c += 8 * kWide)
        strip<Row, T, kWide>(weights, stride, rows, rowBytes, count, dim, first + c, out + c, outStride);
    for (; c + 8 <= cols; c += 8)
        strip<Row, T, 1>(weights, stride, rows, rowBytes, count, dim, first + c, out + c, outStride);
    for (; c < cols; ++c)
        for (int t = 0; t < T; ++t) {
            __m128 a = _mm_set_ss(out[t * outStride + c]);
            for (std::int64_t j = 0; j < count; ++j)
                a = _mm_fmadd_ss(_mm_set_ss(weights[t * stride + j]), _mm_set_ss(Row::at(rows + j * rowBytes, dim, first + c)), a);
            out[t * outStride + c] = _mm_cvtss_f32(a);
        }
}

template <class Row>
void mix(const float* weights, std::int64_t stride, std::int64_t inputs, const std::uint8_t* rows, std::int64_t count,
         std::int64_t dim, std::int64_t first, std::int64_t cols, float* out, std::int64_t outStride) noexcept {
    for (std::int64_t i = 0; i < inputs; ++i)
        for (std::int64_t c = 0; c < cols; ++c)
            out[i * outStride + c] = 0;
    // A few rows at a time stay in the nearest cache for all strips.
    constexpr std::int64_t kRows = 64;
    const std::int64_t rowBytes = cacheRowBytes(Row::type, dim);
    for (std::int64_t j = 0; j < count; j += kRows) {
        const std::int64_t n = j + kRows < count ? kRows : count - j;
        const std::uint8_t* at = rows + j * rowBytes;
        if (j + kRows < count) // the strips go down the columns: fetch the next rows while these are used
            for (std::int64_t b = 0; b < kRows * rowBytes; b += 64)
                _mm_prefetch(reinterpret_cast<const char*>(at) + kRows * rowBytes + b, _MM_HINT_T1);
        std::int64_t t = 0;
        for (; t + 4 <= inputs; t += 4)
            mixRows<Row, 4>(weights + t * stride + j, stride, at, n, dim, first, cols, out + t * outStride, outStride);
        for (; t + 2 <= inputs; t += 2)
            mixRows<Row, 2>(weights + t * stride + j, stride, at, n, dim, first, cols, out + t * outStride, outStride);
        if (t < inputs)
            mixRows<Row, 1>(weights + t * stride + j, stride, at, n, dim, first, cols, out + t * outStride, outStride);
    }
}

} // namespace

extern const CacheOps kHalfCache{scores<Half>, mix<Half>, Half::store};
extern const CacheOps kQ8Cache{scores<Q8>, mix<Q8>, Q8::store};

} // namespace trilobit::kernels::avx2
