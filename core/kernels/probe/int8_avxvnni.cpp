#include <immintrin.h>

#define TRILOBIT_PROBE_ISA avxvnni

namespace trilobit::kernels::avxvnni {
namespace {
struct Step {
    using Vector = __m256i;
    static constexpr int kProducts = 32;
    static void add(Vector& sum, Vector u, Vector s) noexcept {
        sum = _mm256_dpbusd_avx_epi32(sum, u, s);
    }
};
} // namespace
} // namespace trilobit::kernels::avxvnni

#include "core/kernels/probe/int8loop.inc"
