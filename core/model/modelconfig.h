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

enum class NormPlaces { Before, After, BeforeAndAfter }; ///< of attention and of the feed-forward part
enum class QkNorm { None, PerHead, WholeRow };           ///< RMS norm of q and k before the rotation

struct RopeScaling {
    enum class Kind { None, Linear, Llama3, Yarn, Longrope } kind = Kind::None;
    double factor = 1, lowFreqFactor = 1, highFreqFactor = 4;
    std::int64_t originalContext = 0;
    double betaFast = 32, betaSlow = 1; ///< Yarn: turns within the original context that are kept, that are stretched
    double magnitude = 1;               ///< sines and cosines are multiplied by it (Yarn, Longrope)

    bool operator==(const RopeScaling&) const = default;
};

/// What sets one block apart from the others.
struct LayerTraits {
    bool sliding = false; ///< attention sees the last slidingWindow tokens only
    bool rotates = true;  ///< false: no rotary positions (NoPE)

    bool operator==(const LayerTraits&) const = default;
};

/// A feed-forward part of which each token uses a few of many copies.
struct Experts {
    std::int64_t count = 0, used = 0, ffnSize = 0; ///< count 0: not a mixture of experts
    bool normalized = true;                        ///< the weights of the chosen ones add up to 1

    bool operator==(const Experts&) const = default;
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
    std::vector<float> ropeShortFactors, ropeLongFactors; ///< Longrope: the same up to and beyond originalContext
    double slidingRopeBase = 0;    ///< base of blocks with a sliding window, without scaling; 0: as the others
    std::int64_t slidingWindow = 0; ///< tokens that blocks with a sliding window see, the newest included; 0: all
    std::vector<LayerTraits> layerTraits; ///< one per block, or empty: all blocks as the default says
    Activation activation = Activation::Silu;
    NormPlaces norms = NormPlaces::Before;
    double normOffset = 0;         ///< added to every stored norm weight (Gemma's folders hold w - 1)
    QkNorm qkNorm = QkNorm::None;
    bool fusedQkv = false;         ///< one matrix with the rows of q, k and v
    bool fusedGateUp = false;      ///< ffn_up holds the rows of gate and up
    Experts experts;
    double embeddingScale = 1;     ///< multiplies the embedding
    double residualScale = 1;      ///< multiplies what a block adds
    double attentionScale = 0;     ///< multiplies q k; 0: 1 / sqrt(headDim)
    double logitScale = 1;         ///< multiplies the logits
    double attentionCap = 0, logitCap = 0; ///< c tanh(x / c) on scores and on logits; 0: none
    bool subNorms = false;         ///< BitNet: attn_sub_norm before o, ffn_sub_norm before down
    bool qkvBias = false;
    bool tiedOutput = false;       ///< the output matrix is the embedding
    ActivationQuant activationQuant = ActivationQuant::None;
    WeightTernarization ternarization = WeightTernarization::None;

    LayerTraits traits(std::int64_t layer) const {
        return layerTraits.empty() ? LayerTraits() : layerTraits[static_cast<std::size_t>(layer)];
    }
    /// Nothing of what came after the llama and BitNet graphs, for code that knows those alone.
    bool isBasicGraph() const;
    bool isBitNet() const noexcept { return activationQuant == ActivationQuant::Int8PerToken; }
};

} // namespace trilobit
