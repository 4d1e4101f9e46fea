// The llama family: RMSNorm, RoPE, grouped-query attention, SwiGLU. Also Mistral, SmolLM2, TinyLlama, ...
#pragma once

#include "core/model/architecture.h"

namespace trilobit {

Architecture llamaArchitecture();

} // namespace trilobit
