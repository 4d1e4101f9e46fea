// ModelConfig: a decoder as data. A new architecture is a new description, not a new graph.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trilobit {

enum class RopeKind { Interleaved, SplitHalves }; ///< pairs (2i, 2i+1) (GGUF llama) or (i, i + d/2) (Hugging Face)
enum class Activation { Silu, Relu2, GeluTanh };
enum class ActivationQuant { None, Int8PerToken };       ///< what the model's own definition says
enum class WeightTernarization { None, OnlineAbsmean };  ///< OnlineAbsmean: float weights ternarized at load (BitNet)

struct RopeScaling {
    enum class Kind { None, Linear, Llama3 } kind = Kind::None;
    double factor = 1, lowFreqFactor = 1, highFreqFactor = 4;
    std::int64_t originalContext = 0;
};

struct ModelConfig {
    std::string architecture;      ///< GGUF name: "llama", "bitnet-b1.58", ...
    std::string name;              ///< general.name or the folder's name
    std::int64_t vocabSize = 0, contextLength = 0, hiddenSize = 0, layers = 0, ffnSize = 0;
    std::int64_t heads = 0, kvHeads = 0, headDim = 0, ropeDim = 0;
    double rmsEps = 1e-5, ropeBase = 10000;
    RopeKind rope = RopeKind::Interleaved;
    RopeScaling ropeScaling;
    std::vector<float> ropeFreqFactors; ///< rope_freqs.weight: divides each frequency; empty or ropeDim / 2 values
    Activation activation = Activation::Silu;
    bool subNorms = false;         ///< BitNet: attn_sub_norm before o, ffn_sub_norm before down
    bool qkvBias = false;
    bool tiedOutput = false;       ///< the output matrix is the embedding
    ActivationQuant activationQuant = ActivationQuant::None;
    WeightTernarization ternarization = WeightTernarization::None;

    bool isBitNet() const noexcept { return activationQuant == ActivationQuant::Int8PerToken; }
};

} // namespace trilobit
