// What I2_S and the packed Hugging Face form share: ternary codes under one scale for the whole tensor.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/pluginapi/grid.h"
#include "core/tensor/matrixview.h"

#include <cstdint>

namespace trilobit::encodings {

/// Stored codes 0, 1, 2 stand for -scale, 0, +scale.
constexpr int kTernaryZero = 1;

EncodingInfo ternaryTensorInfo();

struct TernaryTensor {
    float scale = 0;
    int shift = 0; ///< to be added to the codes
};

/// Whether `codes` are ternary codes with one finite scale. Errors: Unsupported, naming what fails; Internal.
Result<TernaryTensor> ternaryTensor(const GroupCodes& codes, const EncodingInfo& info);

/// The magnitude of the first weight that is not zero; 0 when all are.
float firstMagnitude(MatrixView weight) noexcept;

/// Whether every weight is -scale, 0 or +scale. Errors: Unsupported, naming the first that is not; Cancelled.
Result<void> checkTernary(MatrixView weight, float scale, const EncodingInfo& info, RunControl& control);

/// The code of a weight that passed checkTernary; a negative scale is allowed.
inline unsigned ternaryCode(float weight, float scale) noexcept {
    return weight == 0.0f ? 1u : weight == scale ? 2u : 0u;
}

/// Group codes for the whole tensor, the codes still to be filled in. Errors: OutOfMemory.
Result<GroupCodes> wholeTensorCodes(std::int64_t rows, std::int64_t cols, float scale);

} // namespace trilobit::encodings
