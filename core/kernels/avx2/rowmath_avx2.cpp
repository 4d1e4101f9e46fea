// Row operations with AVX2 and FMA.
#include "core/kernels/rowops.h"

namespace trilobit::kernels::avx2 {

namespace {

#include "core/kernels/rowmath.inc"

} // namespace

extern const RowOps kRowOps{rmsNorm, addRow, softmax, exponentials, siluGate, relu2Gate, geluTanhGate};

} // namespace trilobit::kernels::avx2
