// Half precision keys and values, for any CPU.
#include "core/base/half.h"
#include "core/kernels/ops.h"

#include <cmath>
#include <cstring>

namespace trilobit::kernels::scalar {

namespace {

float at(const std::uint8_t* p) noexcept {
    std::uint16_t bits;
    std::memcpy(&bits, p, sizeof bits);
    return halfToFloat(bits);
}

} // namespace

void productF16(const std::uint8_t* w, std::int64_t rowBytes, std::int64_t rows, const float* x, std::int64_t xStride,
                std::int64_t tokens, std::int64_t cols, float* y, std::int64_t yStride) noexcept {
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t t = 0; t < tokens; ++t) {
            float a[kLanes] = {};
            for (std::int64_t k = 0; k < (cols + kLanes - 1) / kLanes * kLanes; ++k)
                a[k % kLanes] = std::fma(k < cols ? at(w + r * rowBytes + 2 * k) : 0.0f, k < cols ? x[t * xStride + k] : 0.0f,
                                         a[k % kLanes]);
            for (std::int64_t half = kLanes / 2; half > 0; half /= 2)
                for (std::int64_t i = 0; i < half; ++i)
                    a[i] += a[i + half];
            y[t * yStride + r] = a[0];
        }
}

void weightedSumF16(const float* weights, std::int64_t weightStride, std::int64_t outputs, const std::uint8_t* v,
                    std::int64_t rowBytes, std::int64_t count, std::int64_t cols, float* out, std::int64_t outStride) noexcept {
    for (std::int64_t o = 0; o < outputs; ++o)
        for (std::int64_t c = 0; c < cols; ++c) {
            float sum = 0;
            for (std::int64_t j = 0; j < count; ++j)
                sum = std::fma(weights[o * weightStride + j], at(v + j * rowBytes + 2 * c), sum);
            out[o * outStride + c] = sum;
        }
}

void toF16(const float* x, std::int64_t count, std::uint8_t* out) noexcept {
    for (std::int64_t i = 0; i < count; ++i) {
        const std::uint16_t half = floatToHalf(x[i]);
        std::memcpy(out + 2 * i, &half, sizeof half);
    }
}

} // namespace trilobit::kernels::scalar
