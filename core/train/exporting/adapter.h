// Low-rank adapters as a GGUF file beside the model they were trained on.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/train/graph/decoder.h"

#include <string>

namespace trilobit {

/// general.type "adapter", adapter.type "lora": per matrix "<name>.lora_a" [in, rank] and "<name>.lora_b" [rank, out] in F32,
/// adapter.lora.alpha as the scheme has it, so that a program adds (alpha / rank) B A. Rows of B follow the base file's order
/// of rotary pairs. Errors: Unsupported when the scheme trains no adapters; Io, Cancelled.
Result<void> writeLoraAdapter(const TrainDecoder<float>& decoder, const std::string& name, const std::string& path,
                              RunControl& control);

} // namespace trilobit
