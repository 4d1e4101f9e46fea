// DecoderSession: one sequence running through a Decoder, with its key/value cache.
#pragma once

#include "core/engine/attention.h"
#include "core/engine/decoder.h"
#include "core/engine/kvcache.h"

namespace trilobit {

class DecoderSession final : public Session {
public:
    /// Errors: OutOfMemory, Usage.
    static Result<std::unique_ptr<Session>> make(std::shared_ptr<const Decoder> decoder, std::int64_t contextLength);

    const Engine& engine() const override { return *m_decoder; }
    std::int64_t contextLength() const override { return m_context; }
    std::int64_t position() const override { return m_position; }
    void measure(SessionTimes* times) override;
    void observe(InputObserver* observer) override { m_multiplier.observe(observer); }
    std::uint64_t cacheBytes() const override { return m_cache.bytes(); }
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
    /// Sines and cosines of one kind of block for the tokens being evaluated, [tokens, ropeDim / 2].
    struct Turns {
        Rotation rotation;
        AlignedBuffer<float> cosines, sines;
    };
    void prepareRotation(std::int64_t position, std::int64_t tokens, Turns& turns) const;
    const Turns& turnsOf(const DecoderLayer& layer) const { return layer.sliding && m_slidingApart ? m_slidingTurns : m_turns; }
    Result<void> project(const DecoderLayer& layer, const float* x, std::int64_t tokens, float* newKeys, float* newValues,
                         RunControl& control);
    void normAndRotate(const DecoderLayer& layer, float* q, float* k, std::int64_t token) const noexcept;
    /// Adds what a part of the block made of m_x to m_x.
    void addToStream(const std::vector<float>& postNorm, std::int64_t tokens);
    Result<void> attentionBlock(std::size_t layer, std::int64_t position, std::int64_t tokens, RunControl& control);
    Result<void> ffnBlock(std::size_t layer, std::int64_t tokens, RunControl& control);
    void activate(std::int64_t tokens, std::int64_t width);
    Result<void> expertsBlock(const DecoderExperts& experts, const float* x, std::int64_t tokens, RunControl& control);
    void chooseExperts(std::int64_t tokens);
    Result<void> runExpert(const DecoderExperts& experts, std::int64_t expert, const float* x, RunControl& control);
    Result<void> outputRows(std::int64_t first, std::int64_t tokens, float* logits, RunControl& control);
    void normRows(const float* x, const std::vector<float>& weight, std::int64_t tokens, float* y);
    void addRows(const float* x, std::int64_t count, float* y) const;

    std::shared_ptr<const Decoder> m_decoder;
    const ModelConfig& m_config;
    Multiplier m_multiplier;
    SessionTimes* m_times = nullptr;
    std::int64_t m_context = 0, m_position = 0;
    std::int64_t m_qWidth, m_kvWidth; ///< heads * headDim, kvHeads * headDim
    KvCache m_cache;
    Attention m_attention;
    // Activations of the block being evaluated, [tokens, width].
    std::int64_t m_blockTokens = 0;
    AlignedBuffer<float> m_x, m_normed, m_q, m_attended, m_gate, m_up, m_projected;
    AlignedBuffer<float> m_fused;     ///< what a matrix with several parts gives
    Turns m_turns, m_slidingTurns;
    bool m_slidingApart = false;      ///< blocks with a window rotate differently
    // Experts: slot t * used + r is the choice of rank r of token t.
    AlignedBuffer<float> m_routed, m_slotWeights, m_slotOut, m_gathered; ///< [tokens, count], [slots], [slots, hidden] x 2
    std::vector<std::vector<std::int32_t>> m_slotsOf; ///< by expert, in order
    AlignedBuffer<float> m_logits;
    std::size_t m_logitCount = 0;
};

} // namespace trilobit
