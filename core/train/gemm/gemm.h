// Gemm: blocked matrix products for training, float and double, with memory planned once.
#pragma once

#include "core/base/alignedbuffer.h"
#include "core/train/gemm/microkernel.h"

#include <cstdint>
#include <string>

namespace trilobit {

enum class Trans { No, Yes };

/// Reuses its buffers between calls: no allocation once the largest shape was seen (or reserved). One thread uses an object
/// at a time; the work inside is spread over `threads` and gives the same bits for any number of them, because only rows
/// and columns of the result are divided, never a sum.
template <class Real>
class Gemm {
public:
    explicit Gemm(int threads);

    /// C[m,n] = A[m,k] B[k,n] (+ C when `accumulate`). Trans::Yes: the matrix is stored transposed, row-major [k,m] or
    /// [n,k]. lda, ldb, ldc: row strides as stored. A, B and C must not overlap. Sizes may be 0.
    void run(Trans transA, Trans transB, std::int64_t m, std::int64_t n, std::int64_t k, const Real* a, std::int64_t lda,
             const Real* b, std::int64_t ldb, Real* c, std::int64_t ldc, bool accumulate);

    /// y[rows, out] = x[rows, in] W[out, in]^T
    void linear(std::int64_t rows, std::int64_t in, std::int64_t out, const Real* x, const Real* w, Real* y) {
        run(Trans::No, Trans::Yes, rows, out, in, x, in, w, in, y, out, false);
    }
    /// dx[rows, in] (+)= dy[rows, out] W[out, in]
    void linearInputGradient(std::int64_t rows, std::int64_t in, std::int64_t out, const Real* dy, const Real* w, Real* dx,
                             bool accumulate) {
        run(Trans::No, Trans::No, rows, in, out, dy, out, w, in, dx, in, accumulate);
    }
    /// dW[out, in] (+)= dy[rows, out]^T x[rows, in]
    void linearWeightGradient(std::int64_t rows, std::int64_t in, std::int64_t out, const Real* dy, const Real* x, Real* dw,
                              bool accumulate) {
        run(Trans::Yes, Trans::No, out, in, rows, dy, out, x, in, dw, in, accumulate);
    }

    int threads() const { return m_threads; }
    const std::string& kernelName() const { return m_kernelName; } ///< "avx512", "avx2" or "base"

private:
    MicroKernel<Real> m_kernel;
    std::string m_kernelName;
    int m_threads;
    AlignedBuffer<Real> m_packedB, m_packedA; ///< whole B slice; one A block per thread
};

extern template class Gemm<float>;
extern template class Gemm<double>;

} // namespace trilobit
