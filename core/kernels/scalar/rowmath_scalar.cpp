// Row operations for any CPU.
#include "core/kernels/rowops.h"

namespace trilobit::kernels::scalar {

namespace {

#include "core/kernels/rowmath.inc"

} // namespace

extern const RowOps kRowOps{rmsNorm, addRow, softmax, exponentials, siluGate, relu2Gate, geluTanhGate};

} // namespace trilobit::kernels::scalar
