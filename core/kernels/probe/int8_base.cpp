// Products of 16-bit lanes, which every compiler has: there is no product of bytes without more instructions.
#define TRILOBIT_PROBE_ISA scalar

namespace trilobit::kernels::scalar {
namespace {
struct Step {
    using Vector = unsigned short __attribute__((vector_size(16)));
    static constexpr int kProducts = 8;
    static void add(Vector& sum, Vector u, Vector s) noexcept { sum += u * s; }
};
} // namespace
} // namespace trilobit::kernels::scalar

#include "core/kernels/probe/int8loop.inc"
