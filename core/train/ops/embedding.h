// Embedding lookup and its gradient.
#pragma once

#include <algorithm>
#include <cstdint>

namespace trilobit::ops {

/// y[rows, cols] = w[ids[r]]
template <class Real>
void embedding(std::int64_t rows, std::int64_t cols, const std::int32_t* ids, const Real* w, Real* y, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < rows; ++r)
        std::copy_n(w + ids[r] * cols, cols, y + r * cols);
}

/// dw[ids[r]] += dy[r]; columns are divided among threads, rows in order: the same bits for any number of threads.
template <class Real>
void embeddingBackward(std::int64_t rows, std::int64_t cols, const std::int32_t* ids, const Real* dy, Real* dw,
                       int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t block = 0; block < (cols + 15) / 16; ++block)
        for (std::int64_t r = 0; r < rows; ++r)
            for (std::int64_t c = block * 16; c < std::min(cols, block * 16 + 16); ++c)
                dw[ids[r] * cols + c] += dy[r * cols + c];
}

} // namespace trilobit::ops
