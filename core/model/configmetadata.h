// The GGUF keys of a model that is made here, not read from a file.
#pragma once

#include "core/formats/metadata.h"
#include "core/model/modelconfig.h"

namespace trilobit {

/// Architecture, name and every size that readers of GGUF ask for; no vocabulary.
Metadata metadataFromConfig(const ModelConfig& config);

} // namespace trilobit
