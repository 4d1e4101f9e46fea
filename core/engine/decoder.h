// Decoder: the one graph behind Engine, with every weight bound.
#pragma once

#include "core/engine/engine.h"
#include "core/engine/linear.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace trilobit {

/// The experts of one block; each a gated feed-forward part of its own.
struct DecoderExperts {
    Linear router; ///< [experts, hidden]
    std::vector<Linear> gate, up, down;
};

/// x += after(o(subNorm(attention(before(x))))), then x += after(down(subNorm(activation(gate(h)) * up(h)))) with
/// h = before(x). Norms that the model does not have are empty and skipped; so are matrices.
struct DecoderLayer {
    std::vector<float> attnNorm, ffnNorm;         ///< [hidden]
    std::vector<float> attnPostNorm, ffnPostNorm; ///< [hidden]
    std::vector<float> attnSubNorm, ffnSubNorm;   ///< [heads * headDim], [ffn]
    std::vector<float> qNorm, kNorm;              ///< [headDim], or the whole rows of q and of k
    Linear q, k, v, o, gate, up, down;
    Linear qkv, gateUp;     ///< in place of q, k, v and of gate, up where the model has them in one
    DecoderExperts experts; ///< in place of gate, up, down
    bool rotates = true;
    bool sliding = false;
};

/// What positions do to the rotated pairs.
struct Rotation {
    std::vector<double> frequencies; ///< radians per position for each pair, scaling and factors included: [ropeDim / 2]
    double magnitude = 1;            ///< sines and cosines are multiplied by it
};

class Decoder final : public Engine, public std::enable_shared_from_this<Decoder> {
public:
    /// See Engine::create.
    static Result<std::shared_ptr<const Engine>> make(std::shared_ptr<const Model> model, const EngineOptions& options,
                                                      RunControl& control);

    const Model& model() const override { return *m_model; }
    std::shared_ptr<const Model> sharedModel() const override { return m_model; }
    int threads() const override { return m_threads; }
    const std::vector<KernelChoice>& kernels() const override { return m_kernels; }
    std::string pathDescription() const override { return m_path; }
    const WeightBytes& weightBytes() const override { return m_bytes; }
    Result<std::unique_ptr<Session>> newSession(std::int64_t contextLength) const override;

    const ModelConfig& config() const { return m_model->config(); }
    const KernelSet& kernelSet() const { return *m_set; }
    const Tensor& embedding() const { return *m_embedding; }
    const std::vector<DecoderLayer>& layers() const { return m_layers; }
    const std::vector<float>& outputNorm() const { return m_outputNorm; }
    const Linear& output() const { return m_output; }
    std::int64_t maxCols() const { return m_maxCols; }
    kernels::CacheType cacheType() const { return m_cacheType; }

private:
    Result<void> bind(const EngineOptions& options, RunControl& control);
    void describe();

    std::shared_ptr<const Model> m_model;
    const KernelSet* m_set = nullptr;
    int m_threads = 1;
    const Tensor* m_embedding = nullptr;
    std::vector<DecoderLayer> m_layers;
    std::vector<float> m_outputNorm;
    Linear m_output;
    std::deque<Tensor> m_slices; ///< parts of stacked tensors; their addresses stay
    std::vector<KernelChoice> m_kernels;
    std::string m_path;
    WeightBytes m_bytes;
    std::int64_t m_maxCols = 0;
    kernels::CacheType m_cacheType = {};
};

/// Frequencies base^(-2i / ropeDim), then factors or the scaling of the config. Longrope has one set of factors for contexts
/// up to the original one and another beyond; `contextLength` is that of the session. Blocks with a sliding window may have
/// a base of their own, without scaling.
Rotation rotationOf(const ModelConfig& config, std::int64_t contextLength, bool sliding);

} // namespace trilobit
