// Float product and weighted sum with AVX2 and FMA: the sixteen accumulators are two registers.
#include "core/kernels/avx2/registers256.h"
#include "core/kernels/ops.h"

namespace trilobit::kernels::avx2 {

namespace {

struct V : Registers256 {
    /// A loaded vector that stays one: otherwise g++ loads it again for each use, and the load ports become the limit (measured:
    /// 23 instead of 40 billion multiply-adds a second).
    static Floats loadOnce(const float* p) noexcept {
        __m256 v = _mm256_loadu_ps(p);
        asm("" : "+x"(v));
        return v;
    }
    static Floats some(const float* p, std::int64_t n) noexcept {
        const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        return _mm256_maskload_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n < 8 ? n : 8)), index));
    }
    static float reduce(const Floats (&a)[2]) noexcept { return kernels::reduce(a[0], a[1]); }
};

#include "core/kernels/floatproducts.inc"

} // namespace

void floatProduct(const float* w, std::int64_t wStride, std::int64_t rows, const float* x, std::int64_t xStride,
                  std::int64_t tokenCount, std::int64_t cols, float* y, std::int64_t yStride) noexcept {
    product(w, wStride, rows, x, xStride, tokenCount, cols, y, yStride);
}

void weightedSum(const float* weights, const float* v, std::int64_t vStride, std::int64_t count, std::int64_t cols,
                 float* out) noexcept {
    sumOfRows(weights, v, vStride, count, cols, out);
}

} // namespace trilobit::kernels::avx2
