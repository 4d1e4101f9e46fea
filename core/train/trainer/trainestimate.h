// TrainEstimate: what a plan will need and make, before anything is allocated.
#pragma once

#include "core/encodings/encodingregistry.h"
#include "core/train/trainer/trainplan.h"

#include <cstdint>
#include <string>

namespace trilobit {

struct TrainEstimate {
    std::uint64_t parameters = 0;      ///< of the model, without the scheme's extras
    std::uint64_t floatBytes = 0;      ///< of the tensors with every matrix as F16
    std::uint64_t resultBytes = 0;     ///< of the tensors as they will be deployed
    std::string resultEncoding;        ///< of most block weights
    std::uint64_t memoryBytes = 0;     ///< weights, gradients, moments, activations, teacher; without data and vocabulary
    std::uint64_t tokensPerStep = 0;
};

/// `config`: plan.shape, or the start model's. Errors: Usage naming the member of a shape that cannot be built, the scheme
/// or setting; Unsupported when the result could not be written.
Result<TrainEstimate> estimateTraining(const TrainPlan& plan, const ModelConfig& config, const EncodingRegistry& encodings);

} // namespace trilobit
