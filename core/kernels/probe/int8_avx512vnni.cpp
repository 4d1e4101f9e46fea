#include <immintrin.h>

#define TRILOBIT_PROBE_ISA avx512vnni

namespace trilobit::kernels::avx512vnni {
namespace {
struct Step {
    using Vector = __m512i;
    static constexpr int kProducts = 64;
    static void add(Vector& sum, Vector u, Vector s) noexcept {
        sum = _mm512_dpbusd_epi32(sum, u, s);
    }
};
} // namespace
} // namespace trilobit::kernels::avx512vnni

#include "core/kernels/probe/int8loop.inc"
