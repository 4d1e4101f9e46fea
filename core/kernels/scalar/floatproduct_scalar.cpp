// Reference float product: the definition in ops.h, written as plain loops.
#include "core/kernels/ops.h"

#include <cmath>

namespace trilobit::kernels::scalar {

namespace {

float dot(const float* w, const float* x, std::int64_t cols) noexcept {
    float a[kLanes] = {};
    std::int64_t k = 0;
    for (; k + kLanes <= cols; k += kLanes)
        for (std::int64_t i = 0; i < kLanes; ++i)
            a[i] = std::fma(w[k + i], x[k + i], a[i]);
    if (k < cols)
        for (std::int64_t i = 0; i < kLanes; ++i) {
            // The padding lanes take part: it turns a -0 left by an underflow into +0, as in the vector code.
            const bool inside = k + i < cols;
            a[i] = std::fma(inside ? w[k + i] : 0.0f, inside ? x[k + i] : 0.0f, a[i]);
        }
    for (std::int64_t half = kLanes / 2; half > 0; half /= 2)
        for (std::int64_t i = 0; i < half; ++i)
            a[i] += a[i + half];
    return a[0];
}

} // namespace

void floatProduct(const float* w, std::int64_t wStride, std::int64_t rows, const float* x, std::int64_t xStride,
                  std::int64_t tokens, std::int64_t cols, float* y, std::int64_t yStride) noexcept {
    for (std::int64_t t = 0; t < tokens; ++t)
        for (std::int64_t r = 0; r < rows; ++r)
            y[t * yStride + r] = dot(w + r * wStride, x + t * xStride, cols);
}

void weightedSum(const float* weights, const float* v, std::int64_t vStride, std::int64_t count, std::int64_t cols,
                 float* out) noexcept {
    for (std::int64_t c = 0; c < cols; ++c) {
        float sum = 0;
        for (std::int64_t j = 0; j < count; ++j)
            sum = std::fma(weights[j], v[j * vStride + c], sum);
        out[c] = sum;
    }
}

} // namespace trilobit::kernels::scalar
