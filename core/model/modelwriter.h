// Writes a Model as a GGUF file that the rest of the ecosystem runs.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/model/model.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace trilobit {

/// What stands in the way of stock llama.cpp running this model as it is; empty when nothing does.
std::vector<std::string> stockLlamaCppObstacles(const Model& model);

/// Encodings without a GGUF type (affine groups, plugins' own) are stored as I8 bytes with a "trilobit.encodings" key, and
/// loadModel reads them back. RoPE layout is converted where the container demands it (HF llama q/k rows). general.file_type
/// and quantization_version are set from the tensors. Errors: Io, Cancelled, Unsupported.
/// Before a tensor is written and again in the finished file its weights are looked at: one that is not finite refuses the
/// file (Format, with tensor, row, column and block). Memory is bounded by the largest tensor that must be held whole.
Result<void> writeModelGguf(const Model& model, const std::string& path, RunControl& control);

struct ModelWriteOptions {
    /// What each tensor of the model is stored as, null for as it is; empty: all as they are.
    std::vector<std::shared_ptr<const Encoding>> targets;
    /// Brings a tensor, or rows of one from `firstRow` on, into its target without loss. Needed with targets.
    std::function<Result<Tensor>(const Tensor& rows, const std::shared_ptr<const Encoding>& target, std::int64_t firstRow,
                                 RunControl&)>
        convert;
    std::uint64_t maxPartBytes = 0; ///< of tensor data in one file; 0: one file
    bool keepNonFinite = false;     ///< report weights that are not finite instead of refusing
};

struct ModelWritten {
    std::vector<std::string> files;     ///< in order
    std::uint64_t bytes = 0;            ///< of all files
    std::vector<std::string> nonFinite; ///< one sentence per tensor
};

Result<ModelWritten> writeModelGguf(const Model& model, const std::string& path, const ModelWriteOptions& options,
                                    RunControl& control);

} // namespace trilobit
