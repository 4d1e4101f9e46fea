// DecoderSession: one sequence running through a Decoder, with its key/value cache.
#pragma once

#include "core/engine/decoder.h"

namespace trilobit {

class DecoderSession final : public Session {
public:
    /// Errors: OutOfMemory, Usage.
    static Result<std::unique_ptr<Session>> make(std::shared_ptr<const Decoder> decoder, std::int64_t contextLength);

    const Engine& engine() const override { return *m_decoder; }
    std::int64_t contextLength() const override { return m_context; }
    std::int64_t position() const override { return m_position; }
    std::uint64_t cacheBytes() const override { return (m_keys.size() + m_values.size()) * sizeof(float); }
    Result<void> evaluate(std::span<const TokenId> ids, Logits which, RunControl& control) override;
    Result<void> evaluateFrom(std::span<const TokenId> ids, std::size_t firstKept, RunControl& control) override;
    std::span<const float> logits() const override { return {m_logits.data(), m_logitCount}; }
    void truncate(std::int64_t position) override;

private:
    explicit DecoderSession(std::shared_ptr<const Decoder> decoder);
    Result<void> check(std::span<const TokenId> ids) const;
    void reserve(std::int64_t tokens, std::size_t logitRows);
    Result<void> forward(std::span<const TokenId> ids, std::size_t firstKept, RunControl& control);
    void embed(std::span<const TokenId> ids);
    void prepareRotation(std::int64_t position, std::int64_t tokens);
    Result<void> attentionBlock(std::size_t layer, std::int64_t position, std::int64_t tokens, RunControl& control);
    Result<void> attend(std::size_t layer, std::int64_t position, std::int64_t tokens, RunControl& control);
    void attendHead(std::size_t layer, std::int64_t position, std::int64_t token, std::int64_t kvHead,
                    float* scores) noexcept;
    Result<void> ffnBlock(std::size_t layer, std::int64_t tokens, RunControl& control);
    Result<void> outputRows(std::int64_t first, std::int64_t tokens, float* logits, RunControl& control);
    void normRows(const float* x, const std::vector<float>& weight, std::int64_t tokens, float* y);
    void addRows(const float* x, std::int64_t count, float* y) const;
    float* keys(std::size_t layer) noexcept { return m_keys.data() + layer * m_layerFloats; }
    float* values(std::size_t layer) noexcept { return m_values.data() + layer * m_layerFloats; }

    std::shared_ptr<const Decoder> m_decoder;
    const ModelConfig& m_config;
    Multiplier m_multiplier;
    std::int64_t m_context = 0, m_position = 0;
    std::int64_t m_qWidth, m_kvWidth; ///< heads * headDim, kvHeads * headDim
    std::size_t m_layerFloats = 0;    ///< of keys, and of values, per layer: [context, kvWidth]
    AlignedBuffer<float> m_keys, m_values;
    AlignedBuffer<float> m_scores;    ///< per thread: [heads per kv head, context]
    // Activations of the block being evaluated, [tokens, width].
    std::int64_t m_blockTokens = 0;
    AlignedBuffer<float> m_x, m_normed, m_q, m_attended, m_gate, m_up, m_projected, m_cosines, m_sines;
    AlignedBuffer<float> m_logits;
    std::size_t m_logitCount = 0;
};

} // namespace trilobit
