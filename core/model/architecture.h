// Architecture: what a model family looks like in a file: its names, tensors and keys. A new family is a new description in
// architectures/ and one line in architecture.cpp.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/formats/metadata.h"
#include "core/model/model.h"
#include "core/model/modelconfig.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

/// Sizes that a tensor's rows and columns are made of.
enum class Extent { One, Hidden, Ffn, Vocab, Queries, KeyValues, HalfRope };
std::int64_t extentOf(Extent extent, const ModelConfig& config) noexcept;

/// Optional tensors of a block must be in all blocks or in none; Ignored ones carry nothing the graph needs.
enum class Need { Required, Optional, Ignored };

struct TensorSpec {
    std::string_view name;   ///< GGUF name; '%' stands for the block number: "blk.%.attn_q.weight"
    std::string_view hfName; ///< Hugging Face name: "model.layers.%.self_attn.q_proj.weight"; empty: never there
    TensorRole role = TensorRole::Other;
    Extent rows = Extent::One; ///< One: a 1-D tensor
    Extent cols = Extent::Hidden;
    Need need = Need::Required;
};

struct Architecture {
    std::vector<std::string_view> names;    ///< general.architecture of GGUF files
    std::string_view hfModelType;           ///< model_type of config.json; empty: not published that way
    std::string_view nameForHf;             ///< the GGUF name that such a folder gets
    double hfDefaultRopeBase = 10000;       ///< when config.json does not say it
    RopeKind ggufRope = RopeKind::Interleaved; ///< row order of q and k in GGUF files; HF folders have SplitHalves
    std::vector<TensorSpec> tensors;
    /// Completes what the common keys said. Errors: Format, Unsupported, naming the key.
    Result<void> (*configure)(const Metadata& metadata, ModelConfig& config) = nullptr;
    /// Checks config.json and adds keys beyond the common ones. Errors: Format, Unsupported, naming the field.
    Result<void> (*fromHf)(const Json& hfConfig, Metadata& metadata) = nullptr;
};

std::span<const Architecture> architectures();
const Architecture* findArchitecture(std::string_view ggufName);
const Architecture* findArchitectureForHf(std::string_view modelType);

/// The tensors that every decoder of the llama kind has: embedding, norms, q/k/v/o, gate/up/down, optional output and biases.
std::vector<TensorSpec> commonDecoderTensors();

struct TensorMatch {
    const TensorSpec* spec = nullptr;
    int layer = -1;
};
enum class Naming { Gguf, HuggingFace };
/// Finds the description of a tensor by its name in the file.
std::optional<TensorMatch> matchTensor(const Architecture& architecture, std::string_view name, Naming naming);
/// "blk.%.attn_q.weight", 3 -> "blk.3.attn_q.weight"
std::string tensorName(std::string_view pattern, int layer);

/// Checks number of dimensions and sizes; `ne` has the innermost first. The result lacks encoding and bytes.
/// Errors: Format, with the tensor's name and the expected shape.
Result<Tensor> placeTensor(const TensorMatch& match, std::string_view sourceName, std::span<const std::int64_t> ne,
                           const ModelConfig& config);

/// Every required tensor is there, optional ones are in all blocks or in none; sets tiedOutput, qkvBias and
/// ropeFreqFactors from what is there. Errors: Format naming the tensor.
Result<void> completeConfig(const Architecture& architecture, const std::vector<Tensor>& tensors, ModelConfig& config);

/// ModelConfig from GGUF keys, `embeddingRows` being the vocabulary's size. Errors: Format, Unsupported, naming the key.
Result<ModelConfig> readConfig(const Architecture& architecture, const Metadata& metadata, std::int64_t embeddingRows,
                               std::vector<std::string>& warnings);

/// Keys of our own for what GGUF has no key for.
inline constexpr std::string_view kEncodingsKey = "trilobit.encodings";
inline constexpr std::string_view kActivationQuantKey = "trilobit.activation_quant"; ///< "int8-per-token", "none"
inline constexpr std::string_view kTernarizationKey = "trilobit.ternarization";      ///< "online-absmean"

} // namespace trilobit
