// Row operations with NEON.
#include "core/kernels/rowops.h"

namespace trilobit::kernels::neon {

namespace {

#include "core/kernels/rowmath.inc"

} // namespace

extern const RowOps kRowOps{rmsNorm, addRow, softmax, exponentials, siluGate, relu2Gate, geluTanhGate};

} // namespace trilobit::kernels::neon
