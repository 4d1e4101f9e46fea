// Turns a weight matrix of a block encoding into panels.
#pragma once

#include "core/engine/linear.h"

namespace trilobit {

/// Fills codes, block scales, form and kind when the encoding has a panel form (kernels/panel/repack.h) and rows are whole
/// blocks; `linear` is unchanged otherwise. Errors: OutOfMemory, Cancelled.
Result<void> packIfBlocks(Linear& linear, const LinearOptions& options, RunControl& control);

} // namespace trilobit
