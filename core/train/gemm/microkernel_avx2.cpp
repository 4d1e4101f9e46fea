// Micro-kernels for avx2 (compiled with its flags; nothing but the tile may live here).
#include "core/train/gemm/microkernel.h"

#include "core/train/gemm/microkernel.inc"

namespace trilobit {

MicroKernel<float> microKernelAvx2F32() noexcept { return makeKernel<float, 32, 6, 2>(); }
MicroKernel<double> microKernelAvx2F64() noexcept { return makeKernel<double, 32, 6, 2>(); }

} // namespace trilobit
