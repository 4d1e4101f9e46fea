// The product of two thin matrices added to a large one, and its gradients; the inner rank is small.
#pragma once

#include <cstdint>

namespace trilobit {

/// target[out, in] += scale * left[out, rank] * right[rank, in]
template <class Real>
void addLowRank(std::int64_t out, std::int64_t in, std::int64_t rank, Real scale, const Real* left, const Real* right,
                Real* target, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t o = 0; o < out; ++o)
        for (std::int64_t r = 0; r < rank; ++r) {
            const Real factor = scale * left[o * rank + r];
            for (std::int64_t i = 0; i < in; ++i)
                target[o * in + i] += factor * right[r * in + i];
        }
}

/// dleft += scale * d right^T, dright += scale * left^T d, for d [out, in].
template <class Real>
void lowRankGradient(std::int64_t out, std::int64_t in, std::int64_t rank, Real scale, const Real* left,
                     const Real* right, const Real* d, Real* dleft, Real* dright, int threads) {
#pragma omp parallel num_threads(threads)
    {
#pragma omp for schedule(static)
        for (std::int64_t o = 0; o < out; ++o)
            for (std::int64_t r = 0; r < rank; ++r) {
                Real sum = 0;
                for (std::int64_t i = 0; i < in; ++i)
                    sum += d[o * in + i] * right[r * in + i];
                dleft[o * rank + r] += scale * sum;
            }
        // Columns in blocks, rows in order: the same bits for any number of threads.
#pragma omp for schedule(static)
        for (std::int64_t block = 0; block < (in + 63) / 64; ++block) {
            const std::int64_t begin = block * 64, end = begin + 64 < in ? begin + 64 : in;
            for (std::int64_t o = 0; o < out; ++o)
                for (std::int64_t r = 0; r < rank; ++r) {
                    const Real factor = scale * left[o * rank + r];
                    for (std::int64_t i = begin; i < end; ++i)
                        dright[r * in + i] += factor * d[o * in + i];
                }
        }
    }
}

} // namespace trilobit
