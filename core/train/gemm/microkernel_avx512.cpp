// Micro-kernels for avx512 (compiled with its flags; nothing but the tile may live here).
#include "core/train/gemm/microkernel.h"

#include "core/train/gemm/microkernel.inc"

namespace trilobit {

MicroKernel<float> microKernelAvx512F32() noexcept { return makeKernel<float, 64, 14, 2>(); }
MicroKernel<double> microKernelAvx512F64() noexcept { return makeKernel<double, 64, 14, 2>(); }

} // namespace trilobit
