#include "core/kernels/rowops.h"

#include <cmath>

namespace trilobit::kernels {

void capRow(float* x, std::int64_t count, double scale, double limit) noexcept {
    const float inner = static_cast<float>(scale / limit), c = static_cast<float>(limit);
    for (std::int64_t i = 0; i < count; ++i)
        x[i] = c * std::tanh(x[i] * inner);
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

} // namespace trilobit::kernels
