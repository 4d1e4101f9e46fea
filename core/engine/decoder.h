// Decoder: the one graph behind Engine, with every weight bound.
#pragma once

#include "core/engine/engine.h"
#include "core/engine/linear.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace trilobit {

/// x += o(subNorm(attention(norm(x)))), then x += down(subNorm(activation(gate(h)) * up(h))) with h = norm(x).
struct DecoderLayer {
    std::vector<float> attnNorm, ffnNorm;       ///< [hidden]
    std::vector<float> attnSubNorm, ffnSubNorm; ///< [heads * headDim], [ffn]; empty without sub-norms
    Linear q, k, v, o, gate, up, down;
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
    std::uint64_t ownedBytes() const override { return m_ownedBytes; }
    Result<std::unique_ptr<Session>> newSession(std::int64_t contextLength) const override;

    const ModelConfig& config() const { return m_model->config(); }
    const KernelSet& kernelSet() const { return *m_set; }
    const Tensor& embedding() const { return *m_embedding; }
    const std::vector<DecoderLayer>& layers() const { return m_layers; }
    const std::vector<float>& outputNorm() const { return m_outputNorm; }
    const Linear& output() const { return m_output; }
    /// Radians per position for each rotated pair, scaling and frequency factors included: [ropeDim / 2].
    const std::vector<double>& ropeFrequencies() const { return m_ropeFrequencies; }
    std::int64_t maxCols() const { return m_maxCols; }

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
    std::vector<double> m_ropeFrequencies;
    std::vector<KernelChoice> m_kernels;
    std::string m_path;
    std::uint64_t m_ownedBytes = 0;
    std::int64_t m_maxCols = 0;
};

/// Radians per position for each pair: base^(-2i / ropeDim), then frequency factors or the scaling of the config.
std::vector<double> ropeFrequencies(const ModelConfig& config);

} // namespace trilobit
