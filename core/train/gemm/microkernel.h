// MicroKernel: the innermost tile of a matrix product, one per instruction set. Plain C types only.
#pragma once

namespace trilobit {

/// c[mr][nr] += sum over k of a[k][mr] * b[k][nr]; a and b are packed panels, c has row stride ldc. k in order.
template <class Real>
struct MicroKernel {
    int mr, nr;
    void (*run)(long count, const Real* a, const Real* b, Real* c, long ldc) noexcept;
};

constexpr int kMaxTileRows = 14, kMaxTileCols = 32; ///< of any kernel

MicroKernel<float> microKernelBaseF32() noexcept;
MicroKernel<double> microKernelBaseF64() noexcept;
#if defined(__x86_64__)
MicroKernel<float> microKernelAvx2F32() noexcept;
MicroKernel<double> microKernelAvx2F64() noexcept;
MicroKernel<float> microKernelAvx512F32() noexcept;
MicroKernel<double> microKernelAvx512F64() noexcept;
#endif

} // namespace trilobit
