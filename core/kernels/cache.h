// What attention needs of keys and values, as float32 or in fewer bits. ISA files include this.
#pragma once

#include <cstdint>

namespace trilobit::kernels {

enum class CacheType {
    F32,
    F16,
    Q8_0, ///< int8 with a half precision scale per 32 values; the values of a row first, then its scales
};
constexpr std::int64_t kCacheBlock = 32; ///< dim must be whole blocks for Q8_0
constexpr std::int64_t kCacheLanes = 8;

/// Of one row: the key or value of one head at one position.
constexpr std::int64_t cacheRowBytes(CacheType type, std::int64_t dim) noexcept {
    return type == CacheType::F32 ? 4 * dim : type == CacheType::F16 ? 2 * dim : dim + dim / kCacheBlock * 2;
}

// A stored value is the float, float(half), or float(int8) * float(scale) rounded once. With those everything below has the same bits from
// every instruction set. Rows follow one another without a gap.

/// scores[i * stride + j] = dot(row_j, q + i * dim) for i < inputs, j < count. A dot product is that of ops.h but with eight
/// accumulators instead of sixteen: more of them would not stay in registers beside several rows and queries.
using CacheScores = void (*)(const std::uint8_t* rows, std::int64_t count, std::int64_t dim, const float* q, std::int64_t inputs,
                             float* scores, std::int64_t stride) noexcept;
/// out[i * outStride + c] = sum over j of weights[i * stride + j] * row_j[c] for c < dim, as fused multiply-adds in the order of
/// j, starting at +0.
using CacheMix = void (*)(const float* weights, std::int64_t stride, std::int64_t inputs, const std::uint8_t* rows,
                          std::int64_t count, std::int64_t dim, float* out, std::int64_t outStride) noexcept;
/// One row. F32: as it is. F16: to nearest, half to even. Q8_0: per block d = half(max|x| / 127), q = round(x / d) half to even within -127 and
/// 127, all zeros where d is zero; d is NaN where an x is not finite or too large for it.
using CacheStore = void (*)(const float* x, std::int64_t dim, std::uint8_t* row) noexcept;

struct CacheOps {
    CacheScores scores;
    CacheMix mix;
    CacheStore store;
};

// By CacheType.
namespace scalar {
extern const CacheOps kCacheOps[3];
}
namespace avx2 {
extern const CacheOps kCacheOps[3];
}
namespace neon {
extern const CacheOps kCacheOps[3];
}

} // namespace trilobit::kernels
