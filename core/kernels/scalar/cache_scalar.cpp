// Attention over keys and values, for any CPU: the reference.
#include "core/base/half.h"
#include "core/kernels/cache.h"

#include <cmath>
#include <cstring>

namespace trilobit::kernels::scalar {

namespace {

float halfAt(const std::uint8_t* p) noexcept {
    std::uint16_t bits;
    std::memcpy(&bits, p, sizeof bits);
    return halfToFloat(bits);
}

void putHalf(float x, std::uint8_t* p) noexcept {
    const std::uint16_t bits = floatToHalf(x);
    std::memcpy(p, &bits, sizeof bits);
}

struct Full {
    static constexpr CacheType type = CacheType::F32;
    static float at(const std::uint8_t* row, std::int64_t, std::int64_t k) noexcept {
        float value;
        std::memcpy(&value, row + 4 * k, sizeof value);
        return value;
    }
    static void store(const float* x, std::int64_t dim, std::uint8_t* row) noexcept {
        std::memcpy(row, x, static_cast<std::size_t>(4 * dim));
    }
};

struct Half {
    static constexpr CacheType type = CacheType::F16;
    static float at(const std::uint8_t* row, std::int64_t, std::int64_t k) noexcept { return halfAt(row + 2 * k); }
    static void store(const float* x, std::int64_t dim, std::uint8_t* row) noexcept {
        for (std::int64_t i = 0; i < dim; ++i)
            putHalf(x[i], row + 2 * i);
    }
};

struct Q8 {
    static constexpr CacheType type = CacheType::Q8_0;
    static float at(const std::uint8_t* row, std::int64_t dim, std::int64_t k) noexcept {
        return static_cast<float>(static_cast<std::int8_t>(row[k])) * halfAt(row + dim + k / kCacheBlock * 2);
    }
    static void store(const float* x, std::int64_t dim, std::uint8_t* row) noexcept {
        for (std::int64_t b = 0; b < dim / kCacheBlock; ++b) {
            const float* from = x + b * kCacheBlock;
            float largest = 0;
            bool finite = true;
            for (std::int64_t i = 0; i < kCacheBlock; ++i) {
                largest = std::fabs(from[i]) > largest ? std::fabs(from[i]) : largest;
                finite = finite && std::isfinite(from[i]);
            }
            const std::uint16_t scale = floatToHalf(largest / 127.0f);
            const float d = halfToFloat(scale);
            const bool usable = finite && std::isfinite(d);
            putHalf(usable ? d : std::nanf(""), row + dim + 2 * b);
            for (std::int64_t i = 0; i < kCacheBlock; ++i) {
                const float v = usable && d > 0 ? std::nearbyint(from[i] / d) : 0.0f;
                row[b * kCacheBlock + i] = static_cast<std::uint8_t>(static_cast<int>(v > 127 ? 127.0f : v < -127 ? -127.0f : v));
            }
        }
    }
};

template <class Row>
void scores(const std::uint8_t* rows, std::int64_t count, std::int64_t dim, const float* q, std::int64_t inputs, float* out,
            std::int64_t stride) noexcept {
    for (std::int64_t j = 0; j < count; ++j)
        for (std::int64_t i = 0; i < inputs; ++i) {
            const std::uint8_t* row = rows + j * cacheRowBytes(Row::type, dim);
            float a[kCacheLanes] = {};
            for (std::int64_t k = 0; k < (dim + kCacheLanes - 1) / kCacheLanes * kCacheLanes; ++k)
                a[k % kCacheLanes] = std::fma(k < dim ? Row::at(row, dim, k) : 0.0f, k < dim ? q[i * dim + k] : 0.0f, a[k % kCacheLanes]);
            for (std::int64_t half = kCacheLanes / 2; half > 0; half /= 2)
                for (std::int64_t l = 0; l < half; ++l)
                    a[l] += a[l + half];
            out[i * stride + j] = a[0];
        }
}

template <class Row>
void mix(const float* weights, std::int64_t stride, std::int64_t inputs, const std::uint8_t* rows, std::int64_t count,
         std::int64_t dim, float* out, std::int64_t outStride) noexcept {
    for (std::int64_t i = 0; i < inputs; ++i)
        for (std::int64_t c = 0; c < dim; ++c) {
            float sum = 0;
            for (std::int64_t j = 0; j < count; ++j)
                sum = std::fma(weights[i * stride + j], Row::at(rows + j * cacheRowBytes(Row::type, dim), dim, c), sum);
            out[i * outStride + c] = sum;
        }
}

template <class Row>
constexpr CacheOps opsOf() noexcept {
    return {scores<Row>, mix<Row>, Row::store};
}

} // namespace

extern const CacheOps kCacheOps[3] = {opsOf<Full>(), opsOf<Half>(), opsOf<Q8>()};

} // namespace trilobit::kernels::scalar
