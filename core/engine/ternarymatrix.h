// Turns a weight matrix into panels of ternary codes when it is ternary, or makes it so.
#pragma once

#include "core/engine/linear.h"

namespace trilobit {

/// Fills codes, scales and kind when every value is 0, s or -s, with one s for the matrix or one per row and block of 256
/// columns. The form is the one asked for, or two bits where that needs one scale and there are several. False, with `linear`
/// unchanged, when the weights are anything else. Errors: OutOfMemory, Cancelled.
Result<bool> packIfTernary(Linear& linear, const LinearOptions& options, RunControl& control);

/// BitNet b1.58: m = max(mean|W|, 1e-5) over the whole matrix, t = clamp(round(W / m), -1, 1), half to even.
/// Errors: OutOfMemory, Cancelled, Format when W is not finite.
Result<void> ternarizeByAbsmean(Linear& linear, const LinearOptions& options, RunControl& control);

} // namespace trilobit
