// Panel products and activation rounding with NEON as every ARMv8-A CPU has it: byte products added as int16 for as long as that
// is exact.
#include "core/kernels/neon/registers128.h"
#include "core/kernels/panel/panel.h"

namespace trilobit::kernels::neon {

namespace {

struct V : Registers128 {
    static constexpr int kTile = 3, kBlockTile = 2, kSignedBias = 0, kCellsOf63 = 4;
    /// An int16 for every byte of four cells: |product| <= 256 (codes to 2), 1905 (to 15), 8001 (to 63).
    struct Sums {
        int16x8_t low, high;
    };

    static Sums none() noexcept { return {vdupq_n_s16(0), vdupq_n_s16(0)}; }
    static Sums dot(Sums sum, Codes u, Codes s) noexcept {
        return {vmlal_s8(sum.low, vget_low_s8(u), vget_low_s8(s)), vmlal_high_s8(sum.high, u, s)};
    }
    static Ints widen(Sums sum) noexcept { return vpaddq_s32(vpaddlq_s16(sum.low), vpaddlq_s16(sum.high)); }
    /// s is never -128: a pair is at most 2 * 128 * 127 = 32512.
    static Ints dotSigned(Ints sum, Codes w, Codes s) noexcept {
        return vpadalq_s16(sum, vpaddq_s16(vmull_s8(vget_low_s8(w), vget_low_s8(s)), vmull_high_s8(w, s)));
    }
};

namespace lookup = neon;
#include "core/kernels/panel/panelproducts.inc"

/// 16 values to int8, half to even, saturated; their sum.
inline std::int32_t roundHalf(const float* x, float32x4_t r, std::int8_t* q) noexcept {
    int32x4_t v[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
        v[i] = vcvtnq_s32_f32(vmulq_f32(vld1q_f32(x + 4 * i), r));
    const int16x8_t low = vcombine_s16(vqmovn_s32(v[0]), vqmovn_s32(v[1])), high = vcombine_s16(vqmovn_s32(v[2]), vqmovn_s32(v[3]));
    const int8x16_t all = vcombine_s8(vqmovn_s16(low), vqmovn_s16(high));
    vst1q_s8(q, all);
    return vaddlvq_s8(all);
}

/// The largest |x| as bits, which order like the numbers with infinity and NaN on top.
inline std::uint32_t topBits(const float* x, std::int64_t count) noexcept {
    uint32x4_t top = vdupq_n_u32(0);
    std::int64_t i = 0;
    for (; i + 4 <= count; i += 4)
        top = vmaxq_u32(top, vandq_u32(vreinterpretq_u32_f32(vld1q_f32(x + i)), vdupq_n_u32(0x7FFFFFFFu)));
    std::uint32_t largest = vmaxvq_u32(top);
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
    const float32x4_t factor = vdupq_n_f32(r);
    std::int64_t i = 0;
    for (; i + 16 <= cols; i += 16)
        blockSums[i / kScaleCols] += roundHalf(x + i, factor, q + i);
    if (i < cols) {
        float last[16] = {};
        for (std::int64_t k = i; k < cols; ++k)
            last[k - i] = x[k];
        blockSums[i / kScaleCols] += roundHalf(last, factor, q + i);
        i += 16;
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
        if (!finite) {
            __builtin_memset(q + b * kBlockCols, 0, kBlockCols);
            halfSums[2 * b] = halfSums[2 * b + 1] = 0;
            continue;
        }
        // Below this 127 / largest is not finite; such values are zeros beside any others.
        const float32x4_t factor = vdupq_n_f32(largest > 1e-36f ? 127.0f / largest : 0.0f);
        for (std::int64_t half = 0; half < 2; ++half)
            halfSums[2 * b + half] = roundHalf(x + b * kBlockCols + 16 * half, factor, q + b * kBlockCols + 16 * half);
    }
}

} // namespace

extern const PanelOps kPanelOps{ternaryProduct, blockProduct};
extern const RoundingOps kRoundingOps{quantizeToken, quantizeBlocks, makeTables};

} // namespace trilobit::kernels::neon
