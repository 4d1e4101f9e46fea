// Row operations of a decoder between its matrix products, in float32 with a fixed order of every sum.
#pragma once

#include <cstdint>

namespace trilobit::kernels {

struct ExpSum {
    float top, sum;
};

struct RowOps {
    /// y[i] = x[i] / sqrt(mean(x^2) + eps) * weight[i]; the sum of squares in double. y may be x.
    void (*rmsNorm)(const float* x, const float* weight, std::int64_t cols, double eps, float* y) noexcept;
    /// y[i] += x[i].
    void (*addRow)(const float* x, std::int64_t cols, float* y) noexcept;
    /// scores[i] = exp(scale * scores[i] - max) / sum, the sum in double. count >= 1, scale > 0.
    void (*softmax)(float* scores, std::int64_t count, float scale) noexcept;
    /// scores[i] = exp(scale * scores[i] - top) with top the largest scale * scores[i]; count >= 1, scale > 0. The sum of the
    /// results is taken in sixteen float32 lanes.
    ExpSum (*exponentials)(float* scores, std::int64_t count, float scale) noexcept;
    // gate[i] = f(gate[i]) * up[i].
    void (*siluGate)(float* gate, const float* up, std::int64_t cols) noexcept;     ///< f(x) = x / (1 + exp(-x))
    void (*relu2Gate)(float* gate, const float* up, std::int64_t cols) noexcept;    ///< f(x) = max(x, 0)^2
    void (*geluTanhGate)(float* gate, const float* up, std::int64_t cols) noexcept; ///< the tanh form of GELU
};

// The same bits from every instruction set.
namespace scalar {
extern const RowOps kRowOps;
}
namespace avx2 {
extern const RowOps kRowOps;
}
namespace neon {
extern const RowOps kRowOps;
}

/// x[i] = limit tanh(scale x[i] / limit): keeps the values within -limit and limit.
void capRow(float* x, std::int64_t count, double scale, double limit) noexcept;

/// Rotates the first `ropeDim` values of each head: the pair (a, b) becomes (a cos - b sin, a sin + b cos). Pairs are
/// (2i, 2i + 1) when `interleaved`, else (i, i + ropeDim / 2). cosines, sines: [ropeDim / 2]; ropeDim even.
void rotate(float* x, std::int64_t heads, std::int64_t headDim, std::int64_t ropeDim, bool interleaved,
            const float* cosines, const float* sines) noexcept;

} // namespace trilobit::kernels
