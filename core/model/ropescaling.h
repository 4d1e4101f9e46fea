// Stretched rotary positions, as GGUF files and as Hugging Face folders describe them.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/modelconfig.h"

#include <vector>

namespace trilobit {

/// Llama 3's scaling as the divisor of each frequency [ropeDim / 2], which is how GGUF files carry it.
std::vector<float> llama3Factors(const RopeScaling& scaling, double ropeBase, std::int64_t ropeDim);

/// "rope_scaling" of a config.json; null where nothing is stretched. Divisors without settings (from a GGUF file) are traced
/// back to the settings of the published Llama 3 models. Errors: Unsupported for divisors of another origin.
Result<Json> ropeScalingToHf(const ModelConfig& config);

} // namespace trilobit
