// The measured error of many choices on a tensor: what else it could be, and what a budget is solved from.
#pragma once

#include "core/quant/quantizer.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace trilobit {

/// Every encoding at hand with plain rounding, in the registry's order. Those that store each weight on its own in 32
/// bits or more are left out. `allMethods`: also every other method with its default parameters wherever it accepts the
/// encoding.
std::vector<Choice> candidateChoices(const QuantServices& services, bool allMethods);

struct MeasuredOption {
    Choice choice;       ///< keeps(): the tensor as it is, without error
    std::string applied; ///< encoding that would really be used; empty when refused
    std::string note;    ///< why it differs or is refused
    bool refused = false;
    std::uint64_t bytes = 0; ///< of the whole tensor
    double bitsPerWeight = 0;
    ErrorMetrics error;      ///< of the rows looked at
    double squaredError = 0; ///< of the whole tensor: the sum over the rows looked at, scaled up
    std::int64_t rows = 0, totalRows = 0;
};

/// One entry per choice, in the same order; refusals are entries, not errors. At most `maxRows` evenly spread rows are
/// tried (0: all). Progress in choices. Errors: Usage for unknown ids; Cancelled; OutOfMemory.
Result<std::vector<MeasuredOption>> measureOptions(const Tensor& tensor, const std::vector<Choice>& choices,
                                                   std::uint64_t seed, std::int64_t maxRows,
                                                   const QuantServices& services, RunControl& control,
                                                   const std::function<void(const MeasuredOption&)>& onOption = {});

/// Rows of a tensor that make up about `weights` weights, at least two, at most all.
std::int64_t rowsForSample(const Tensor& tensor, std::int64_t weights) noexcept;

} // namespace trilobit
