// quantizeTensor: one whole tensor carried out, for views that look at single weights.
#pragma once

#include "core/quant/quantizer.h"

namespace trilobit {

struct QuantizedTensor {
    Tensor tensor;      ///< bytes owned in memory
    ErrorMetrics error; ///< of the stored bytes against the source
    std::string note;   ///< why another encoding is used than asked for; empty otherwise
};

/// The bytes that quantizeModel would store for this tensor. `choice` must not keep. Errors: Usage for unknown ids and
/// parameters; Unsupported when the method refuses or a recipe may not change this tensor; Cancelled; OutOfMemory;
/// Format for weights that are not finite.
Result<QuantizedTensor> quantizeTensor(const Tensor& tensor, const Choice& choice, std::uint64_t recipeSeed,
                                       const QuantServices& services, RunControl& control);

} // namespace trilobit
