// Float product and weighted sum with NEON: the sixteen accumulators are four registers.
#include "core/kernels/neon/registers128.h"
#include "core/kernels/ops.h"

namespace trilobit::kernels::neon {

namespace {

struct V : Registers128 {
    static Floats loadOnce(const float* p) noexcept { return vld1q_f32(p); }
    static Floats some(const float* p, std::int64_t n) noexcept {
        float values[4] = {};
        for (std::int64_t i = 0; i < n && i < 4; ++i)
            values[i] = p[i];
        return vld1q_f32(values);
    }
    static float reduce(const Floats (&a)[4]) noexcept { return kernels::reduce(a[0], a[1], a[2], a[3]); }
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

} // namespace trilobit::kernels::neon
