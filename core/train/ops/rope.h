// Rotary positions on [rows, heads * headDim], forward and (rotating back) backward.
#pragma once

#include "core/model/modelconfig.h"

#include <cmath>
#include <cstdint>
#include <vector>

namespace trilobit::ops {

/// cos and sin of position * theta^(-2i/headDim), [positions, headDim / 2] each, computed in Real.
template <class Real>
struct RopeTable {
    std::int64_t positions = 0, half = 0;
    std::vector<Real> cosine, sine;

    RopeTable(std::int64_t count, std::int64_t headDim, double theta) : positions(count), half(headDim / 2) {
        cosine.resize(static_cast<std::size_t>(count * half));
        sine.resize(cosine.size());
        for (std::int64_t p = 0; p < count; ++p)
            for (std::int64_t i = 0; i < half; ++i) {
                const Real angle = static_cast<Real>(
                    static_cast<double>(p) * std::pow(theta, -2.0 * static_cast<double>(i) / static_cast<double>(headDim)));
                cosine[static_cast<std::size_t>(p * half + i)] = std::cos(angle);
                sine[static_cast<std::size_t>(p * half + i)] = std::sin(angle);
            }
    }
};

/// In place. Row r is at position r % time. `backward` turns the other way: the rotation is orthogonal, so that is its
/// transpose and the gradient.
template <class Real>
void rope(RopeKind kind, const RopeTable<Real>& table, std::int64_t rows, std::int64_t time, std::int64_t heads, Real* x,
          bool backward, int threads) {
    const std::int64_t half = table.half;
    const std::int64_t step = kind == RopeKind::SplitHalves ? 1 : 2, apart = kind == RopeKind::SplitHalves ? half : 1;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < rows; ++r) {
        const Real* cosine = table.cosine.data() + (r % time) * half;
        const Real* sine = table.sine.data() + (r % time) * half;
        for (std::int64_t h = 0; h < heads; ++h) {
            Real* head = x + (r * heads + h) * half * 2;
            for (std::int64_t i = 0; i < half; ++i) {
                Real& a = head[i * step];
                Real& b = head[i * step + apart];
                const Real s = backward ? -sine[i] : sine[i];
                const Real turned = a * cosine[i] - b * s;
                b = b * cosine[i] + a * s;
                a = turned;
            }
        }
    }
}

} // namespace trilobit::ops
