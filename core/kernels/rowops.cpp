#include "core/kernels/rowops.h"

#include <cmath>
#include <limits>

namespace trilobit::kernels {

void rmsNorm(const float* x, const float* weight, std::int64_t cols, double eps, float* y) noexcept {
    double sum = 0;
    for (std::int64_t i = 0; i < cols; ++i)
        sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    const float factor = static_cast<float>(1.0 / std::sqrt(sum / static_cast<double>(cols) + eps));
    for (std::int64_t i = 0; i < cols; ++i)
        y[i] = x[i] * factor * weight[i];
}

void addRow(const float* x, std::int64_t cols, float* y) noexcept {
    for (std::int64_t i = 0; i < cols; ++i)
        y[i] += x[i];
}

void rotate(float* x, std::int64_t heads, std::int64_t headDim, std::int64_t ropeDim, bool interleaved,
            const float* cosines, const float* sines) noexcept {
    const std::int64_t half = ropeDim / 2;
    const std::int64_t step = interleaved ? 2 : 1;
    const std::int64_t apart = interleaved ? 1 : half;
    for (std::int64_t h = 0; h < heads; ++h)
        for (std::int64_t i = 0; i < half; ++i) {
            float* pair = x + h * headDim + i * step;
            const float a = pair[0], b = pair[apart];
            pair[0] = a * cosines[i] - b * sines[i];
            pair[apart] = a * sines[i] + b * cosines[i];
        }
}

void softmax(float* scores, std::int64_t count, float scale) noexcept {
    float largest = -std::numeric_limits<float>::infinity();
    for (std::int64_t i = 0; i < count; ++i) {
        scores[i] *= scale;
        largest = scores[i] > largest ? scores[i] : largest;
    }
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        scores[i] = std::exp(scores[i] - largest);
        sum += static_cast<double>(scores[i]);
    }
    const float factor = static_cast<float>(1.0 / sum);
    for (std::int64_t i = 0; i < count; ++i)
        scores[i] *= factor;
}

void siluGate(float* gate, const float* up, std::int64_t cols) noexcept {
    for (std::int64_t i = 0; i < cols; ++i)
        gate[i] = gate[i] / (1.0f + std::exp(-gate[i])) * up[i];
}

void relu2Gate(float* gate, const float* up, std::int64_t cols) noexcept {
    for (std::int64_t i = 0; i < cols; ++i) {
        const float positive = gate[i] > 0 ? gate[i] : gate[i] != gate[i] ? gate[i] : 0.0f; // NaN stays NaN
        gate[i] = positive * positive * up[i];
    }
}

void geluTanhGate(float* gate, const float* up, std::int64_t cols) noexcept {
    constexpr float kRootTwoOverPi = 0.79788456080286535588f;
    for (std::int64_t i = 0; i < cols; ++i) {
        const float x = gate[i];
        gate[i] = 0.5f * x * (1.0f + std::tanh(kRootTwoOverPi * (x + 0.044715f * x * x * x))) * up[i];
    }
}

} // namespace trilobit::kernels
