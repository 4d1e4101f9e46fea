// Micro-kernels for the baseline instruction set.
#include "core/train/gemm/microkernel.h"

#include "core/train/gemm/microkernel.inc"

namespace trilobit {

MicroKernel<float> microKernelBaseF32() noexcept { return makeKernel<float, 16, 4, 2>(); }
MicroKernel<double> microKernelBaseF64() noexcept { return makeKernel<double, 16, 4, 2>(); }

} // namespace trilobit
