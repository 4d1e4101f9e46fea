// Rows of the common encodings to float32 with NEON: the operations of each encoding's decodeRows, eight at a time.
#include "core/kernels/ops.h"

#include <arm_neon.h>

namespace trilobit::kernels::neon {

namespace {

float32x4_t fourHalves(const std::uint8_t* p) noexcept { return vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(p))); }
float32x4_t fourBrains(const std::uint8_t* p) noexcept { return vreinterpretq_f32_u32(vshll_n_u16(vreinterpret_u16_u8(vld1_u8(p)), 16)); }

template <class Four>
void decode(Four four, const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    std::int64_t c = 0;
    for (; c + 4 <= cols; c += 4)
        vst1q_f32(out + c, four(row + 2 * c));
    if (c == cols)
        return;
    const auto left = static_cast<std::size_t>(cols - c);
    std::uint8_t last[8] = {};
    float values[4];
    __builtin_memcpy(last, row + 2 * c, 2 * left);
    vst1q_f32(values, four(last));
    __builtin_memcpy(out + c, values, left * sizeof(float));
}

float half(const std::uint8_t* p) noexcept {
    std::uint16_t bits;
    __builtin_memcpy(&bits, p, sizeof bits);
    return vgetq_lane_f32(vcvt_f32_f16(vreinterpret_f16_u16(vdup_n_u16(bits))), 0);
}

/// Eight codes: out = d * code + m, without the addition when Minimum is false.
template <bool Minimum>
inline void store8(int16x8_t codes, float d, float m, float* out) noexcept {
    float32x4_t low = vmulq_n_f32(vcvtq_f32_s32(vmovl_s16(vget_low_s16(codes))), d);
    float32x4_t high = vmulq_n_f32(vcvtq_f32_s32(vmovl_s16(vget_high_s16(codes))), d);
    if (Minimum) { // rounded once more, not fused
        low = vaddq_f32(low, vdupq_n_f32(m));
        high = vaddq_f32(high, vdupq_n_f32(m));
    }
    vst1q_f32(out, low);
    vst1q_f32(out + 4, high);
}

/// Sixteen unsigned codes: out = d * (code - zero) + m.
template <bool Minimum>
inline void store16(uint8x16_t codes, float d, std::int16_t zero, float m, float* out) noexcept {
    const int16x8_t zeros = vdupq_n_s16(zero);
    store8<Minimum>(vsubq_s16(vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(codes))), zeros), d, m, out);
    store8<Minimum>(vsubq_s16(vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(codes))), zeros), d, m, out + 8);
}

/// 32 codes in the halves of sixteen bytes.
template <bool Minimum>
inline void storeNibbles(uint8x16_t packed, float d, std::int16_t zero, float m, float* out) noexcept {
    store16<Minimum>(vandq_u8(packed, vdupq_n_u8(15)), d, zero, m, out);
    store16<Minimum>(vshrq_n_u8(packed, 4), d, zero, m, out + 16);
}

} // namespace

void decodeF16(const std::uint8_t* row, std::int64_t cols, float* out) noexcept { decode(fourHalves, row, cols, out); }
void decodeBF16(const std::uint8_t* row, std::int64_t cols, float* out) noexcept { decode(fourBrains, row, cols, out); }

void decodeQ8_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    for (std::int64_t c = 0; c < cols; c += 32, row += 34) {
        const float d = half(row);
        for (int i = 0; i < 4; ++i)
            store8<false>(vmovl_s8(vreinterpret_s8_u8(vld1_u8(row + 2 + 8 * i))), d, 0, out + c + 8 * i);
    }
}

void decodeQ4_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    for (std::int64_t c = 0; c < cols; c += 32, row += 18)
        storeNibbles<false>(vld1q_u8(row + 2), half(row), 8, 0, out + c);
}

void decodeQ4_1(const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    for (std::int64_t c = 0; c < cols; c += 32, row += 20)
        storeNibbles<true>(vld1q_u8(row + 4), half(row), 0, half(row + 2), out + c);
}

void decodeTQ2_0(const std::uint8_t* row, std::int64_t cols, float* out) noexcept {
    const uint8x16_t three = vdupq_n_u8(3);
    for (std::int64_t c = 0; c < cols; c += 256, row += 66) {
        const float d = half(row + 64);
        for (int piece = 0; piece < 4; ++piece) { // sixteen bytes hold columns 16 apart in fields 32 apart
            const uint8x16_t packed = vld1q_u8(row + 16 * piece);
            float* first = out + c + 128 * (piece >> 1) + 16 * (piece & 1);
            store16<false>(vandq_u8(packed, three), d, 1, 0, first);
            store16<false>(vandq_u8(vshrq_n_u8(packed, 2), three), d, 1, 0, first + 32);
            store16<false>(vandq_u8(vshrq_n_u8(packed, 4), three), d, 1, 0, first + 64);
            store16<false>(vshrq_n_u8(packed, 6), d, 1, 0, first + 96);
        }
    }
}

} // namespace trilobit::kernels::neon
