// Between a trained decoder and a Model: which parameter is which tensor, and what the schemes' codes become.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/model/model.h"
#include "core/train/graph/decoder.h"

#include <memory>
#include <string>
#include <vector>

namespace trilobit {

enum class TrainedForm {
    Latent,   ///< the float weights that training moves
    Deployed, ///< what the scheme makes of them: TQ2_0, I2_S, affine groups, merged adapters
};

struct TrainedExport {
    TrainedForm form = TrainedForm::Deployed;
    std::string floatEncoding = "F16";   ///< of matrices that stay floats, embedding and output included ("F32", "F16", "BF16")
    std::string ternaryEncoding = "TQ2_0"; ///< or "I2_S"
    std::string name;                    ///< general.name
    std::string description;             ///< general.description
};

/// The model that `decoder` stands for, in memory. `base` gives metadata and vocabulary; its config must have the decoder's
/// shape. Where the wished ternary blocks do not fit the rows, I2_S, then groups of the same codes. Errors: Unsupported
/// naming the tensor when a scheme's codes fit no encoding; OutOfMemory, Cancelled.
Result<std::shared_ptr<const Model>> exportTrained(const TrainDecoder<float>& decoder, const Metadata& metadata,
                                                   std::shared_ptr<const Tokenizer> tokenizer,
                                                   const EncodingRegistry& encodings, const TrainedExport& options,
                                                   RunControl& control);

/// Encodings to try in turn for codes of that grid in rows of `cols` weights, by id.
std::vector<std::string> encodingWishes(const SchemeGrid& grid, std::int64_t cols, const std::string& ternaryEncoding);

/// Copies a model's weights, decoded, into a decoder of its shape. Errors: Unsupported or Format naming the tensor.
Result<void> importWeights(const Model& model, TrainDecoder<float>& decoder, RunControl& control);

/// "model.layers.3.mlp.up_proj.weight" -> "blk.3.ffn_up.weight"; empty when the architecture has no such tensor.
std::string ggufNameOf(const ModelConfig& config, std::string_view parameterName);

} // namespace trilobit
