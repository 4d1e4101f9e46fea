// Models of well-known ternary shapes with random weights: for measuring speed without a download.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/model/model.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

struct SyntheticShape {
    std::string name, summary;
    std::int64_t layers = 0, hidden = 0, ffn = 0, heads = 0, kvHeads = 0, headDim = 0, vocabulary = 0;
};
const std::vector<SyntheticShape>& syntheticShapes();

/// A llama graph of that shape in memory: block matrices of random -d, 0, +d (TQ2_0, or I2_S where the rows do not divide by
/// 256, or when `encoding` names it), a random Q6_K (or Q8_0) embedding that is also the output, unit norms, and a vocabulary of made-up
/// tokens so that other programs load the file. What it says has no meaning. Errors: Usage with the names there are;
/// Unsupported, OutOfMemory, Cancelled.
Result<std::shared_ptr<const Model>> makeSyntheticModel(std::string_view shape, const std::string& encoding,
                                                        const EncodingRegistry& encodings, std::uint64_t seed,
                                                        RunControl& control);

} // namespace trilobit
