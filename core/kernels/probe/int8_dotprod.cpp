#include <arm_neon.h>

#define TRILOBIT_PROBE_ISA neondotprod

namespace trilobit::kernels::neondotprod {
namespace {
struct Step {
    using Vector = int8x16_t;
    static constexpr int kProducts = 16;
    static void add(Vector& sum, Vector u, Vector s) noexcept {
        sum = vreinterpretq_s8_s32(vdotq_s32(vreinterpretq_s32_s8(sum), u, s));
    }
};
} // namespace
} // namespace trilobit::kernels::neondotprod

#include "core/kernels/probe/int8loop.inc"
