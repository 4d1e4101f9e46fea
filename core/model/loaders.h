// The loaders behind loadModel, one per container; used inside core/model only.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/encodings/encodingregistry.h"
#include "core/model/architecture.h"
#include "core/model/model.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace trilobit {

Result<Model::Parts> loadGgufModel(const std::string& path, const EncodingRegistry& encodings);
/// `file` is a .safetensors file of the folder, or empty: what the folder's index says.
Result<Model::Parts> loadHfModel(const std::string& folder, const std::string& file, const EncodingRegistry& encodings);

/// What config.json says about quantized weights.
struct HfQuantization {
    enum class Kind { None, Online, Offline } kind = Kind::None;
    bool scaleMultiplies = false; ///< weight_scale is the scale itself ("autobitlinear"), not its inverse
};
Result<HfQuantization> readHfQuantization(const Json& hfConfig);
/// GGUF keys for a config.json in the old or the new spelling, everything llama.cpp asks for. Errors: Format,
/// Unsupported, naming the field.
Result<Metadata> metadataFromHf(const Json& hfConfig, const Architecture& architecture, const std::string& name);
/// Rotary scaling, exactly as the fields say it. Errors: as above.
Result<RopeScaling> ropeScalingFromHf(const Json& hfConfig);
/// The factors for short and long texts where out.ropeScaling asks for them. Errors: as above.
Result<void> readRopeFactorsFromHf(const Json& hfConfig, ModelConfig& out);

/// The member of config.json in which folders of ours keep the general.* keys of the GGUF file that they were made of.
constexpr std::string_view kGeneralKeys = "gguf_general";
/// General keys that follow from the model and are not kept: its architecture, type, alignment and versions.
bool isDerivedKey(std::string_view key);

/// Gives `tensor` its encoding and bytes; `available` may be longer than needed. Errors: Format when it is shorter or the
/// shape does not suit the encoding.
Result<void> attachBytes(Tensor& tensor, std::shared_ptr<const Encoding> encoding,
                         std::span<const std::byte> available, std::shared_ptr<const void> owner);

/// Unsupported: a tensor that no part of the architecture is made of.
Error unexpectedTensor(const std::string& name, const std::string& architecture);

/// Sets tokenizer, or tokenizerNote with the reason why there is none.
void setTokenizer(Model::Parts& parts, Result<TokenizerData> data);

} // namespace trilobit
