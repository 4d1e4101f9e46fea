// What the panel products need of 128-bit NEON registers, but for the integer dot products; the sum of sixteen lanes.
#pragma once

#include <arm_neon.h>

#include <cstdint>

namespace trilobit::kernels {

// Every file that includes this has its own: compiled for CPUs with more instructions it must not stand in for this one.
namespace {

struct Registers128 {
    static constexpr int kRows = 4, kHalves = 4;
    static constexpr bool kBothSigned = true;
    using Codes = int8x16_t;
    using Ints = int32x4_t;
    using Floats = float32x4_t;

    static Codes load(const std::uint8_t* p) noexcept { return vreinterpretq_s8_u8(vld1q_u8(p)); }
    static void storeCodes(std::uint8_t* p, Codes v) noexcept { vst1q_u8(p, vreinterpretq_u8_s8(v)); }
    static Codes codes(int byte) noexcept { return vdupq_n_s8(static_cast<std::int8_t>(byte)); }
    /// Four activations in every cell.
    static Codes activations(const std::int8_t* p) noexcept {
        std::int32_t four;
        __builtin_memcpy(&four, p, sizeof four);
        return vreinterpretq_s8_s32(vdupq_n_s32(four));
    }
    static Codes both(Codes a, Codes b) noexcept { return vandq_s8(a, b); }
    static Codes either(Codes a, Codes b) noexcept { return vorrq_s8(a, b); }
    static Codes flip(Codes a, Codes b) noexcept { return veorq_s8(a, b); }
    template <int N>
    static Codes shiftRight(Codes a) noexcept { return vreinterpretq_s8_u8(vshrq_n_u8(vreinterpretq_u8_s8(a), N)); }
    template <int N>
    static Codes shiftLeft(Codes a) noexcept { return vshlq_n_s8(a, N); }
    static Codes addBytes(Codes a, Codes b) noexcept { return vaddq_s8(a, b); }
    static Codes negateBytes(Codes a) noexcept { return vnegq_s8(a); }
    /// 0, -1, -2 for the leading base-3 digit of v + 128.
    static Codes base3Digit(Codes v) noexcept {
        return vreinterpretq_s8_u8(vaddq_u8(vcgtq_s8(v, vdupq_n_s8(-43)), vcgtq_s8(v, vdupq_n_s8(42))));
    }
    static void prefetch(const std::uint8_t* p) noexcept { __builtin_prefetch(p + kAhead); }

    static Ints ints(std::int32_t v) noexcept { return vdupq_n_s32(v); }
    static Ints loadInts(const std::int32_t* p) noexcept { return vld1q_s32(p); }
    static Ints loadIntBits(const float* p) noexcept { return vreinterpretq_s32_f32(vld1q_f32(p)); }
    static void storeIntBits(float* p, Ints v) noexcept { vst1q_f32(p, vreinterpretq_f32_s32(v)); }
    static Ints add(Ints a, Ints b) noexcept { return vaddq_s32(a, b); }
    static Ints sub(Ints a, Ints b) noexcept { return vsubq_s32(a, b); }
    template <int N>
    static Ints shiftLeftInts(Ints a) noexcept { return vshlq_n_s32(a, N); }
    static Ints bytes(const std::uint8_t* p) noexcept {
        return vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(vmovl_u8(four(p)))));
    }
    static Ints signedBytes(const std::uint8_t* p) noexcept {
        return vmovl_s16(vget_low_s16(vmovl_s8(vreinterpret_s8_u8(four(p)))));
    }

    static Floats floats(float v) noexcept { return vdupq_n_f32(v); }
    static Floats loadFloats(const float* p) noexcept { return vld1q_f32(p); }
    static Floats halves(const std::uint8_t* p) noexcept {
        return vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(p)));
    }
    static void store(float* p, Floats v) noexcept { vst1q_f32(p, v); }
    static Floats toFloats(Ints v) noexcept { return vcvtq_f32_s32(v); }
    static Floats sub(Floats a, Floats b) noexcept { return vsubq_f32(a, b); }
    static Floats mul(Floats a, Floats b) noexcept { return vmulq_f32(a, b); }
    static Floats div(Floats a, Floats b) noexcept { return vdivq_f32(a, b); }
    static Floats fma(Floats a, Floats b, Floats c) noexcept { return vfmaq_f32(c, a, b); }

    static constexpr int kAhead = 1024; ///< bytes that are asked for early

private:
    static uint8x8_t four(const std::uint8_t* p) noexcept {
        std::uint32_t bits;
        __builtin_memcpy(&bits, p, sizeof bits);
        return vreinterpret_u8_u32(vdup_n_u32(bits));
    }
};

/// Sixteen lanes to one as ops.h says it: a[i] += a[i + 8], a[i] += a[i + 4], a[i] += a[i + 2], a[0] + a[1].
inline float reduce(float32x4_t a, float32x4_t b, float32x4_t c, float32x4_t d) noexcept {
    const float32x4_t four = vaddq_f32(vaddq_f32(a, c), vaddq_f32(b, d));
    const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
    return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}

} // namespace

} // namespace trilobit::kernels
