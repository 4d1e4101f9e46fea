#include <arm_neon.h>

#define TRILOBIT_PROBE_ISA neon

namespace trilobit::kernels::neon {
namespace {
struct Step {
    using Vector = int8x16_t;
    static constexpr int kProducts = 16;
    static void add(Vector& sum, Vector u, Vector s) noexcept {
        const int16x8_t low = vmlal_s8(vreinterpretq_s16_s8(sum), vget_low_s8(u), vget_low_s8(s));
        sum = vreinterpretq_s8_s16(vmlal_high_s8(low, u, s));
    }
};
} // namespace
} // namespace trilobit::kernels::neon

#include "core/kernels/probe/int8loop.inc"
