// Keys and values in fewer bits with NEON: a row is widened once for all queries of its head.
#include "core/kernels/cache.h"
#include "core/kernels/neon/registers128.h"
#include "core/kernels/ops.h"

namespace trilobit::kernels::neon {

namespace {

float halfAt(const std::uint8_t* p) noexcept {
    std::uint16_t bits;
    __builtin_memcpy(&bits, p, sizeof bits);
    return vgetq_lane_f32(vcvt_f32_f16(vreinterpret_f16_u16(vdup_n_u16(bits))), 0);
}

std::uint16_t toHalf(float x) noexcept { return vget_lane_u16(vreinterpret_u16_f16(vcvt_f16_f32(vdupq_n_f32(x))), 0); }

struct Half {
    static constexpr CacheType type = CacheType::F16;
    static float32x4_t four(const std::uint8_t* row, std::int64_t, std::int64_t k) noexcept {
        return vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(row + 2 * k)));
    }
    static float at(const std::uint8_t* row, std::int64_t, std::int64_t k) noexcept { return halfAt(row + 2 * k); }
    static void store(const float* x, std::int64_t dim, std::uint8_t* row) noexcept {
        std::int64_t i = 0;
        for (; i + 4 <= dim; i += 4)
            vst1_u8(row + 2 * i, vreinterpret_u8_f16(vcvt_f16_f32(vld1q_f32(x + i))));
        for (; i < dim; ++i) {
            const std::uint16_t half = toHalf(x[i]);
            __builtin_memcpy(row + 2 * i, &half, sizeof half);
        }
    }
};

struct Q8 {
    static constexpr CacheType type = CacheType::Q8_0;
    static float32x4_t four(const std::uint8_t* row, std::int64_t dim, std::int64_t k) noexcept {
        std::uint32_t bits;
        __builtin_memcpy(&bits, row + k, sizeof bits);
        const int32x4_t ints = vmovl_s16(vget_low_s16(vmovl_s8(vreinterpret_s8_u32(vdup_n_u32(bits)))));
        return vmulq_f32(vcvtq_f32_s32(ints), vdupq_n_f32(halfAt(row + dim + k / kCacheBlock * 2)));
    }
    static float at(const std::uint8_t* row, std::int64_t dim, std::int64_t k) noexcept {
        return static_cast<float>(static_cast<std::int8_t>(row[k])) * halfAt(row + dim + k / kCacheBlock * 2);
    }
    static void store(const float* x, std::int64_t dim, std::uint8_t* row) noexcept {
        for (std::int64_t b = 0; b < dim / kCacheBlock; ++b) {
            const float* from = x + b * kCacheBlock;
            float32x4_t largest = vdupq_n_f32(0);
            for (int i = 0; i < 8; ++i)
                largest = vmaxq_f32(largest, vabsq_f32(vld1q_f32(from + 4 * i))); // NaN stays
            std::uint16_t scale = toHalf(vmaxvq_f32(largest) / 127.0f);
            const bool usable = (scale & 0x7C00) != 0x7C00;
            if (!usable)
                scale = 0x7E00;
            __builtin_memcpy(row + dim + 2 * b, &scale, sizeof scale);
            if (!usable || scale == 0) {
                __builtin_memset(row + b * kCacheBlock, 0, kCacheBlock);
                continue;
            }
            const float32x4_t d = vcvt_f32_f16(vreinterpret_f16_u16(vdup_n_u16(scale)));
            const float32x4_t limit = vdupq_n_f32(127.0f);
            for (int i = 0; i < 4; ++i) {
                int16x4_t part[2];
                for (int h = 0; h < 2; ++h) {
                    const float32x4_t v = vdivq_f32(vld1q_f32(from + 8 * i + 4 * h), d);
                    part[h] = vmovn_s32(vcvtnq_s32_f32(vmaxq_f32(vminq_f32(v, limit), vnegq_f32(limit))));
                }
                vst1_u8(row + b * kCacheBlock + 8 * i, vreinterpret_u8_s8(vmovn_s16(vcombine_s16(part[0], part[1]))));
            }
        }
    }
};

/// T queries against one row.
template <class Row, int T>
inline void scoreRow(const std::uint8_t* row, std::int64_t dim, const float* q, float* out, std::int64_t stride) noexcept {
    float32x4_t a[4][T];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t)
            a[i][t] = vdupq_n_f32(0);
    std::int64_t k = 0;
    for (; k + kLanes <= dim; k += kLanes)
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
            const float32x4_t v = Row::four(row, dim, k + 4 * i);
#pragma GCC unroll 4
            for (int t = 0; t < T; ++t)
                a[i][t] = vfmaq_f32(a[i][t], v, vld1q_f32(q + t * dim + k + 4 * i));
        }
    if (k < dim) {
        float last[kLanes] = {}, asked[kLanes];
        for (std::int64_t i = k; i < dim; ++i)
            last[i - k] = Row::at(row, dim, i);
        for (int t = 0; t < T; ++t) {
            for (std::int64_t i = 0; i < kLanes; ++i)
                asked[i] = k + i < dim ? q[t * dim + k + i] : 0.0f;
            for (int i = 0; i < 4; ++i)
                a[i][t] = vfmaq_f32(a[i][t], vld1q_f32(last + 4 * i), vld1q_f32(asked + 4 * i));
        }
    }
    for (int t = 0; t < T; ++t)
        out[t * stride] = reduce(a[0][t], a[1][t], a[2][t], a[3][t]);
}

template <class Row>
void scores(const std::uint8_t* rows, std::int64_t count, std::int64_t dim, const float* q, std::int64_t inputs, float* out,
            std::int64_t stride) noexcept {
    const std::int64_t rowBytes = cacheRowBytes(Row::type, dim);
    for (std::int64_t j = 0; j < count; ++j) {
        const std::uint8_t* row = rows + j * rowBytes;
        std::int64_t t = 0;
        for (; t + 4 <= inputs; t += 4)
            scoreRow<Row, 4>(row, dim, q + t * dim, out + t * stride + j, stride);
        for (; t < inputs; ++t)
            scoreRow<Row, 1>(row, dim, q + t * dim, out + t * stride + j, stride);
    }
}

/// 4 * N columns of `count` rows for T outputs, on top of what is in out.
template <class Row, int T, int N>
inline void strip(const float* weights, std::int64_t stride, const std::uint8_t* rows, std::int64_t rowBytes, std::int64_t count,
                  std::int64_t dim, std::int64_t column, float* out, std::int64_t outStride) noexcept {
    float32x4_t a[T][N];
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t)
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i)
            a[t][i] = vld1q_f32(out + t * outStride + 4 * i);
    for (std::int64_t j = 0; j < count; ++j) {
        float32x4_t v[N];
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i)
            v[i] = Row::four(rows + j * rowBytes, dim, column + 4 * i);
#pragma GCC unroll 4
        for (int t = 0; t < T; ++t) {
            const float32x4_t p = vdupq_n_f32(weights[t * stride + j]);
#pragma GCC unroll 8
            for (int i = 0; i < N; ++i)
                a[t][i] = vfmaq_f32(a[t][i], p, v[i]);
        }
    }
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t)
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i)
            vst1q_f32(out + t * outStride + 4 * i, a[t][i]);
}

/// All columns of a few rows for T outputs.
template <class Row, int T>
inline void mixRows(const float* weights, std::int64_t stride, const std::uint8_t* rows, std::int64_t count, std::int64_t dim,
                    std::int64_t first, std::int64_t cols, float* out, std::int64_t outStride) noexcept {
    const std::int64_t rowBytes = cacheRowBytes(Row::type, dim);
    std::int64_t c = 0;
    for (; c + 16 <= cols; c += 16)
        strip<Row, T, 4>(weights, stride, rows, rowBytes, count, dim, first + c, out + c, outStride);
    for (; c + 4 <= cols; c += 4)
        strip<Row, T, 1>(weights, stride, rows, rowBytes, count, dim, first + c, out + c, outStride);
    for (; c < cols; ++c)
        for (int t = 0; t < T; ++t) {
            float sum = out[t * outStride + c];
            for (std::int64_t j = 0; j < count; ++j)
                sum = __builtin_fmaf(weights[t * stride + j], Row::at(rows + j * rowBytes, dim, first + c), sum);
            out[t * outStride + c] = sum;
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
        std::int64_t t = 0;
        for (; t + 4 <= inputs; t += 4)
            mixRows<Row, 4>(weights + t * stride + j, stride, at, n, dim, first, cols, out + t * outStride, outStride);
        for (; t < inputs; ++t)
            mixRows<Row, 1>(weights + t * stride + j, stride, at, n, dim, first, cols, out + t * outStride, outStride);
    }
}

} // namespace

extern const CacheOps kHalfCache{scores<Half>, mix<Half>, Half::store};
extern const CacheOps kQ8Cache{scores<Q8>, mix<Q8>, Q8::store};

} // namespace trilobit::kernels::neon
