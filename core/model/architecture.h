// Architecture: what a model family looks like in a file: its names, tensors and keys. A new family is a new folder in
// architectures/ and its name in the list of CMakeLists.txt.
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
enum class Extent { One, Hidden, Ffn, Vocab, Queries, KeyValues, HalfRope, HeadDim, Qkv, TwoFfn, ExpertFfn, ExpertCount };
std::int64_t extentOf(Extent extent, const ModelConfig& config) noexcept;

/// Optional tensors of a block must be in all blocks or in none; Ignored ones carry nothing the graph needs. Of those that
/// say Either, exactly one of each role must be there.
enum class Need { Required, Optional, Ignored, Either };

struct TensorSpec {
    /// GGUF name; '%' stands for the block number, a second one for the expert's: "blk.%.attn_q.weight",
    /// "blk.%.ffn_up.%.weight". Several descriptions may lead from other Hugging Face names to one name here.
    std::string_view name;
    std::string_view hfName; ///< Hugging Face name: "model.layers.%.self_attn.q_proj.weight"; empty: never there
    TensorRole role = TensorRole::Other;
    Extent rows = Extent::One; ///< One: a 1-D tensor
    Extent cols = Extent::Hidden;
    Need need = Need::Required;
    Extent stack = Extent::One; ///< how many such matrices one tensor holds (a third dimension)

    bool perBlock() const noexcept { return name.find('%') != std::string_view::npos; }
    bool perExpert() const noexcept { return name.find('%') != name.rfind('%'); }
};

struct Architecture {
    std::vector<std::string_view> names;    ///< general.architecture of GGUF files
    std::vector<std::string_view> hfModelTypes; ///< model_type of config.json; empty: not published that way
    std::string_view hfClass;               ///< entry of "architectures" in config.json that wins over model_type
    std::string_view nameForHf;             ///< the GGUF name that such a folder gets
    double hfDefaultRopeBase = 10000;       ///< when config.json does not say it
    std::int64_t hfDefaultHeadDim = 0;      ///< when config.json does not say it; 0: hidden size / heads
    double hfNormOffset = 0;                ///< what the norm weights of such a folder lack; GGUF files hold it
    bool inStockLlamaCpp = true;            ///< stock llama.cpp knows the GGUF names
    RopeKind ggufRope = RopeKind::Interleaved; ///< row order of q and k in GGUF files; HF folders have SplitHalves
    std::vector<TensorSpec> tensors;
    /// Completes what the common keys said. Errors: Format, Unsupported, naming the key.
    Result<void> (*configure)(const Metadata& metadata, ModelConfig& config) = nullptr;
    /// Checks config.json and adds keys beyond the common ones. Errors: Format, Unsupported, naming the field.
    Result<void> (*fromHf)(const Json& hfConfig, Metadata& metadata) = nullptr;
    /// config.json of a model of this kind beyond the common fields; null: such folders are not written.
    void (*toHf)(const ModelConfig& config, Json& hfConfig) = nullptr;
};

std::span<const Architecture> architectures();
const Architecture* findArchitecture(std::string_view ggufName);
const Architecture* findArchitectureForHf(const Json& hfConfig);

struct TensorMatch {
    const TensorSpec* spec = nullptr;
    int layer = -1, expert = -1;
};
enum class Naming { Gguf, HuggingFace };
/// Finds the description of a tensor by its name in the file.
std::optional<TensorMatch> matchTensor(const Architecture& architecture, std::string_view name, Naming naming);
/// "blk.%.attn_q.weight", 3 -> "blk.3.attn_q.weight"
std::string tensorName(std::string_view pattern, int layer, int expert = -1);

/// Checks number of dimensions and sizes; `ne` has the innermost first. The result lacks encoding and bytes.
/// Errors: Format, with the tensor's name and the expected shape.
Result<Tensor> placeTensor(const TensorMatch& match, std::string_view sourceName, std::span<const std::int64_t> ne,
                           const ModelConfig& config);

/// Every required tensor is there, optional ones are in all blocks or in none; sets tiedOutput, qkvBias and the rotary
/// factors from what is there. Errors: Format naming the tensor.
Result<void> completeConfig(const Architecture& architecture, const std::vector<Tensor>& tensors, ModelConfig& config);

/// ModelConfig from GGUF keys, `embeddingRows` being the vocabulary's size. Errors: Format, Unsupported, naming the key.
Result<ModelConfig> readConfig(const Architecture& architecture, const Metadata& metadata, std::int64_t embeddingRows,
                               std::vector<std::string>& warnings);

/// Keys of our own for what GGUF has no key for.
inline constexpr std::string_view kEncodingsKey = "trilobit.encodings";
inline constexpr std::string_view kActivationQuantKey = "trilobit.activation_quant"; ///< "int8-per-token", "none"
inline constexpr std::string_view kTernarizationKey = "trilobit.ternarization";      ///< "online-absmean"
inline constexpr std::string_view kStillLayersKey = "trilobit.layers_without_rotation"; ///< one 0 or 1 per block

} // namespace trilobit
