// BitNet b1.58: the llama block with two more norms, ternary matrices and 8-bit activations.
#pragma once

#include "core/model/architecture.h"

namespace trilobit {

Architecture bitnetArchitecture();

} // namespace trilobit
