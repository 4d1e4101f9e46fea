// RMSNorm and LayerNorm, forward and backward. Rows are independent; shapes: x, y, dx, dy [rows, cols], w, dw [cols].
#pragma once

#include <cmath>
#include <cstdint>

namespace trilobit::ops {

/// y = x / sqrt(mean(x^2) + eps) * w. inverse[rows] keeps 1 / sqrt(...) for the backward pass.
template <class Real>
void rmsNorm(std::int64_t rows, std::int64_t cols, const Real* x, const Real* w, Real eps, Real* y, Real* inverse,
             int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < rows; ++r) {
        const Real* in = x + r * cols;
        Real sum = 0;
        for (std::int64_t c = 0; c < cols; ++c)
            sum += in[c] * in[c];
        const Real scale = Real(1) / std::sqrt(sum / static_cast<Real>(cols) + eps);
        inverse[r] = scale;
        for (std::int64_t c = 0; c < cols; ++c)
            y[r * cols + c] = in[c] * scale * w[c];
    }
}

/// dx is written, dw is added to. With n = x * inverse: dx = inverse * (w dy - n * mean(w dy n)), dw = sum dy n.
template <class Real>
void rmsNormBackward(std::int64_t rows, std::int64_t cols, const Real* x, const Real* w, const Real* inverse,
                     const Real* dy, Real* dx, Real* dw, int threads) {
#pragma omp parallel num_threads(threads)
    {
#pragma omp for schedule(static)
        for (std::int64_t r = 0; r < rows; ++r) {
            const Real* in = x + r * cols;
            const Real* up = dy + r * cols;
            Real mean = 0;
            for (std::int64_t c = 0; c < cols; ++c)
                mean += w[c] * up[c] * in[c];
            mean *= inverse[r] / static_cast<Real>(cols);
            for (std::int64_t c = 0; c < cols; ++c)
                dx[r * cols + c] = inverse[r] * (w[c] * up[c] - in[c] * inverse[r] * mean);
        }
        // Columns are divided, each summed over all rows in order: the same bits for any number of threads.
#pragma omp for schedule(static)
        for (std::int64_t block = 0; block < (cols + 15) / 16; ++block)
            for (std::int64_t r = 0; r < rows; ++r)
                for (std::int64_t c = block * 16; c < cols && c < block * 16 + 16; ++c)
                    dw[c] += dy[r * cols + c] * x[r * cols + c] * inverse[r];
    }
}

/// y = (x - mean) / sqrt(var + eps) * w, biased variance, no bias. mean[rows] and inverse[rows] are kept.
template <class Real>
void layerNorm(std::int64_t rows, std::int64_t cols, const Real* x, const Real* w, Real eps, Real* y, Real* mean,
               Real* inverse, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < rows; ++r) {
        const Real* in = x + r * cols;
        Real sum = 0, squares = 0;
        for (std::int64_t c = 0; c < cols; ++c)
            sum += in[c];
        const Real centre = sum / static_cast<Real>(cols);
        for (std::int64_t c = 0; c < cols; ++c)
            squares += (in[c] - centre) * (in[c] - centre);
        const Real scale = Real(1) / std::sqrt(squares / static_cast<Real>(cols) + eps);
        mean[r] = centre;
        inverse[r] = scale;
        for (std::int64_t c = 0; c < cols; ++c)
            y[r * cols + c] = (in[c] - centre) * scale * w[c];
    }
}

/// dx is written, dw is added to. With n = (x - mean) * inverse: dx = inverse * (w dy - mean(w dy) - n mean(w dy n)).
template <class Real>
void layerNormBackward(std::int64_t rows, std::int64_t cols, const Real* x, const Real* w, const Real* mean,
                       const Real* inverse, const Real* dy, Real* dx, Real* dw, int threads) {
#pragma omp parallel num_threads(threads)
    {
#pragma omp for schedule(static)
        for (std::int64_t r = 0; r < rows; ++r) {
            const Real* in = x + r * cols;
            const Real* up = dy + r * cols;
            Real plain = 0, along = 0;
            for (std::int64_t c = 0; c < cols; ++c) {
                plain += w[c] * up[c];
                along += w[c] * up[c] * (in[c] - mean[r]);
            }
            plain /= static_cast<Real>(cols);
            along *= inverse[r] / static_cast<Real>(cols);
            for (std::int64_t c = 0; c < cols; ++c)
                dx[r * cols + c] = inverse[r] * (w[c] * up[c] - plain - (in[c] - mean[r]) * inverse[r] * along);
        }
#pragma omp for schedule(static)
        for (std::int64_t block = 0; block < (cols + 15) / 16; ++block)
            for (std::int64_t r = 0; r < rows; ++r)
                for (std::int64_t c = block * 16; c < cols && c < block * 16 + 16; ++c)
                    dw[c] += dy[r * cols + c] * (x[r * cols + c] - mean[r]) * inverse[r];
    }
}

} // namespace trilobit::ops
