// Writes a Model as a GGUF file that the rest of the ecosystem runs.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/model/model.h"

#include <string>
#include <vector>

namespace trilobit {

/// What stands in the way of stock llama.cpp running this model as it is; empty when nothing does.
std::vector<std::string> stockLlamaCppObstacles(const Model& model);

/// Encodings without a GGUF type (affine groups, plugins' own) are stored as I8 bytes with a "trilobit.encodings" key, and
/// loadModel reads them back. RoPE layout is converted where the container demands it (HF llama q/k rows). general.file_type
/// and quantization_version are set from the tensors. Errors: Io, Cancelled, Unsupported.
Result<void> writeModelGguf(const Model& model, const std::string& path, RunControl& control);

} // namespace trilobit
