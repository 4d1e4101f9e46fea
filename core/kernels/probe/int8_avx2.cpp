#include <immintrin.h>

#define TRILOBIT_PROBE_ISA avx2

namespace trilobit::kernels::avx2 {
namespace {
struct Step {
    using Vector = __m256i;
    static constexpr int kProducts = 32;
    static void add(Vector& sum, Vector u, Vector s) noexcept {
        sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(u, s));
    }
};
} // namespace
} // namespace trilobit::kernels::avx2

#include "core/kernels/probe/int8loop.inc"
