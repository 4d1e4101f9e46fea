// Attention over keys and values with NEON.
#include "core/kernels/cache.h"
#include "core/kernels/neon/registers128.h"

namespace trilobit::kernels::neon {

namespace {

struct V : Registers128 {
    static float half(const std::uint8_t* p) noexcept {
        std::uint16_t bits;
        __builtin_memcpy(&bits, p, sizeof bits);
        return vgetq_lane_f32(vcvt_f32_f16(vreinterpret_f16_u16(vdup_n_u16(bits))), 0);
    }
    static std::uint16_t toHalf(float x) noexcept { return vget_lane_u16(vreinterpret_u16_f16(vcvt_f16_f32(vdupq_n_f32(x))), 0); }
    static void storeHalves(std::uint8_t* p, Floats v) noexcept { vst1_u8(p, vreinterpret_u8_f16(vcvt_f16_f32(v))); }

    /// 32 values of Q8_0; returns their scale.
    static std::uint16_t storeBlock(const float* x, std::uint8_t* codes) noexcept {
        float32x4_t largest = vdupq_n_f32(0);
        for (int i = 0; i < 8; ++i)
            largest = vmaxq_f32(largest, vabsq_f32(vld1q_f32(x + 4 * i))); // NaN stays
        const std::uint16_t scale = toHalf(vmaxvq_f32(largest) / 127.0f);
        const bool usable = (scale & 0x7C00) != 0x7C00;
        if (!usable || scale == 0) {
            __builtin_memset(codes, 0, kCacheBlock);
            return usable ? scale : std::uint16_t{0x7E00};
        }
        const float32x4_t d = vcvt_f32_f16(vreinterpret_f16_u16(vdup_n_u16(scale)));
        const float32x4_t limit = vdupq_n_f32(127.0f);
        for (int i = 0; i < 4; ++i) {
            int16x4_t part[2];
            for (int h = 0; h < 2; ++h) {
                const float32x4_t v = vdivq_f32(vld1q_f32(x + 8 * i + 4 * h), d);
                part[h] = vmovn_s32(vcvtnq_s32_f32(vmaxq_f32(vminq_f32(v, limit), vnegq_f32(limit))));
            }
            vst1_u8(codes + 8 * i, vreinterpret_u8_s8(vmovn_s16(vcombine_s16(part[0], part[1]))));
        }
        return scale;
    }

    static float reduce(const Floats (&a)[2]) noexcept {
        const float32x4_t four = vaddq_f32(a[0], a[1]);
        const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
        return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
    }
    /// The same additions for eight times eight lanes.
    static void reduceEight(const float* lanes, float* sums) noexcept {
        for (int i = 0; i < 8; ++i) {
            const Floats a[2] = {vld1q_f32(lanes + 8 * i), vld1q_f32(lanes + 8 * i + 4)};
            sums[i] = reduce(a);
        }
    }
    /// For that many queries: at most 24 registers of sums.
    static constexpr int scoreRows(int queries) noexcept { return queries == 4 ? 3 : 4; }
    static constexpr int stripWidth(int) noexcept { return 4; }
};

#include "core/kernels/cacherows.inc"

} // namespace

extern const CacheOps kCacheOps[3] = {opsOf<Full>(), opsOf<Half>(), opsOf<Q8>()};

} // namespace trilobit::kernels::neon
