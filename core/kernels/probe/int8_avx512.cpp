#include <immintrin.h>

#define TRILOBIT_PROBE_ISA avx512

namespace trilobit::kernels::avx512 {
namespace {
struct Step {
    using Vector = __m512i;
    static constexpr int kProducts = 64;
    static void add(Vector& sum, Vector u, Vector s) noexcept {
        sum = _mm512_add_epi16(sum, _mm512_maddubs_epi16(u, s));
    }
};
} // namespace
} // namespace trilobit::kernels::avx512

#include "core/kernels/probe/int8loop.inc"
