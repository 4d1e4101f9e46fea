// Rows of 16-bit floats to float32 with NEON.
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

} // namespace

void decodeF16(const std::uint8_t* row, std::int64_t cols, float* out) noexcept { decode(fourHalves, row, cols, out); }
void decodeBF16(const std::uint8_t* row, std::int64_t cols, float* out) noexcept { decode(fourBrains, row, cols, out); }

} // namespace trilobit::kernels::neon
