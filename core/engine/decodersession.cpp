#include "core/engine/decodersession.h"

#include "core/kernels/rowops.h"
#include "core/tensor/shape.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <new>

namespace trilobit {

namespace {

/// Tokens that go through a layer together: enough to share the decoding of weights, few enough to bound memory.
constexpr std::int64_t kBlockTokens = 512;
constexpr std::int64_t kMaxContext = std::int64_t{1} << 24;
constexpr std::int64_t kDefaultContext = 4096;
/// Values below which row operations stay on one thread.
constexpr std::int64_t kWorthThreads = 1 << 15;

AlignedBuffer<float> floats(std::int64_t count) { return AlignedBuffer<float>(static_cast<std::size_t>(count)); }

} // namespace

Result<std::unique_ptr<Session>> Decoder::newSession(std::int64_t contextLength) const {
    return DecoderSession::make(shared_from_this(), contextLength);
}

DecoderSession::DecoderSession(std::shared_ptr<const Decoder> decoder)
    : m_decoder(std::move(decoder)), m_config(m_decoder->config()),
      m_multiplier(m_decoder->kernelSet(), m_decoder->threads()), m_qWidth(m_config.heads * m_config.headDim),
      m_kvWidth(m_config.kvHeads * m_config.headDim) {}

Result<std::unique_ptr<Session>> DecoderSession::make(std::shared_ptr<const Decoder> decoder, std::int64_t contextLength) {
    if (contextLength < 0 || contextLength > kMaxContext)
        return fail(ErrorCode::Usage, "the context length must be 0 (the model's own) to " + std::to_string(kMaxContext));
    const std::int64_t own = decoder->config().contextLength;
    if (contextLength == 0)
        contextLength = own > 0 ? std::min(own, kDefaultContext) : kDefaultContext;
    try {
        std::unique_ptr<DecoderSession> session(new DecoderSession(std::move(decoder)));
        const ModelConfig& c = session->m_config;
        session->m_context = contextLength;
        session->m_layerFloats = static_cast<std::size_t>(contextLength * session->m_kvWidth);
        const auto total = checkedMul(session->m_layerFloats, static_cast<std::uint64_t>(c.layers));
        if (!total)
            throw std::bad_alloc();
        session->m_keys = AlignedBuffer<float>(*total);
        session->m_values = AlignedBuffer<float>(*total);
        session->m_scores = floats(session->m_decoder->threads() * (c.heads / c.kvHeads) * contextLength);
        session->m_multiplier.reserve(session->m_decoder->maxCols());
        return std::unique_ptr<Session>(std::move(session));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory,
                    "not enough memory for a context of " + std::to_string(contextLength) + " tokens");
    }
}

Result<void> DecoderSession::evaluate(std::span<const TokenId> ids, Logits which, RunControl& control) {
    const std::size_t keep = which == Logits::All ? ids.size() : which == Logits::Last ? std::min<std::size_t>(1, ids.size()) : 0;
    return evaluateFrom(ids, ids.size() - keep, control);
}

Result<void> DecoderSession::evaluateFrom(std::span<const TokenId> ids, std::size_t firstKept, RunControl& control) {
    m_logitCount = 0;
    TRILOBIT_CHECK(check(ids));
    firstKept = std::min(firstKept, ids.size());
    try {
        reserve(std::min<std::int64_t>(static_cast<std::int64_t>(ids.size()), kBlockTokens), ids.size() - firstKept);
        TRILOBIT_CHECK(forward(ids, firstKept, control));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory to evaluate " + std::to_string(ids.size()) + " tokens");
    }
    m_position += static_cast<std::int64_t>(ids.size());
    m_logitCount = (ids.size() - firstKept) * static_cast<std::size_t>(m_config.vocabSize);
    return {};
}

void DecoderSession::truncate(std::int64_t position) {
    m_position = std::clamp<std::int64_t>(position, 0, m_position);
    m_logitCount = 0;
}

Result<void> DecoderSession::check(std::span<const TokenId> ids) const {
    if (ids.empty())
        return fail(ErrorCode::Usage, "there are no tokens to evaluate");
    if (ids.size() > static_cast<std::size_t>(m_context - m_position))
        return fail(ErrorCode::Usage, "the context is full: " + std::to_string(m_position) + " + "
                                          + std::to_string(ids.size()) + " tokens do not fit into "
                                          + std::to_string(m_context));
    for (const TokenId id : ids)
        if (id < 0 || id >= m_config.vocabSize)
            return fail(ErrorCode::Usage, "token id " + std::to_string(id) + " is outside the vocabulary of "
                                              + std::to_string(m_config.vocabSize));
    return {};
}

void DecoderSession::reserve(std::int64_t tokens, std::size_t logitRows) {
    if (tokens > m_blockTokens) {
        m_blockTokens = 0; // stays so if an allocation fails
        m_x = floats(tokens * m_config.hiddenSize);
        m_normed = floats(tokens * m_config.hiddenSize);
        m_projected = floats(tokens * m_config.hiddenSize);
        m_q = floats(tokens * m_qWidth);
        m_attended = floats(tokens * m_qWidth);
        m_gate = floats(tokens * m_config.ffnSize);
        m_up = floats(tokens * m_config.ffnSize);
        m_cosines = floats(tokens * m_config.ropeDim / 2);
        m_sines = floats(tokens * m_config.ropeDim / 2);
        m_blockTokens = tokens;
    }
    const std::size_t logitFloats = logitRows * static_cast<std::size_t>(m_config.vocabSize);
    if (logitFloats > m_logits.size())
        m_logits = AlignedBuffer<float>(logitFloats);
}

Result<void> DecoderSession::forward(std::span<const TokenId> ids, std::size_t firstKept, RunControl& control) {
    for (std::size_t begin = 0; begin < ids.size(); begin += kBlockTokens) {
        const std::size_t count = std::min<std::size_t>(kBlockTokens, ids.size() - begin);
        const std::int64_t tokens = static_cast<std::int64_t>(count);
        const std::int64_t position = m_position + static_cast<std::int64_t>(begin);
        embed(ids.subspan(begin, count));
        prepareRotation(position, tokens);
        for (std::size_t layer = 0; layer < m_decoder->layers().size(); ++layer) {
            TRILOBIT_CHECK(attentionBlock(layer, position, tokens, control));
            TRILOBIT_CHECK(ffnBlock(layer, tokens, control));
        }
        const std::size_t first = std::clamp(firstKept, begin, begin + count);
        const std::size_t kept = begin + count - first;
        if (kept > 0) {
            float* logits = m_logits.data() + (first - firstKept) * static_cast<std::size_t>(m_config.vocabSize);
            TRILOBIT_CHECK(outputRows(static_cast<std::int64_t>(first - begin), static_cast<std::int64_t>(kept), logits,
                                      control));
        }
    }
    return {};
}

void DecoderSession::embed(std::span<const TokenId> ids) {
    const Tensor& table = m_decoder->embedding();
    for (std::size_t t = 0; t < ids.size(); ++t)
        table.encoding->decodeRows(table.bytes, table.rows, table.cols, ids[t], 1,
                                   m_x.data() + t * static_cast<std::size_t>(m_config.hiddenSize));
}

void DecoderSession::prepareRotation(std::int64_t position, std::int64_t tokens) {
    const std::vector<double>& frequencies = m_decoder->ropeFrequencies();
    for (std::int64_t t = 0; t < tokens; ++t)
        for (std::size_t i = 0; i < frequencies.size(); ++i) {
            const double angle = static_cast<double>(position + t) * frequencies[i];
            const std::size_t at = static_cast<std::size_t>(t) * frequencies.size() + i;
            m_cosines[at] = static_cast<float>(std::cos(angle));
            m_sines[at] = static_cast<float>(std::sin(angle));
        }
}

Result<void> DecoderSession::attentionBlock(std::size_t index, std::int64_t position, std::int64_t tokens,
                                            RunControl& control) {
    const DecoderLayer& layer = m_decoder->layers()[index];
    normRows(m_x.data(), layer.attnNorm, tokens, m_normed.data());
    const ProductInput input{m_normed.data(), tokens, m_config.hiddenSize};
    // Keys and values go straight into the cache; nothing counts until the position moves.
    float* newKeys = keys(index) + position * m_kvWidth;
    float* newValues = values(index) + position * m_kvWidth;
    const ProductTarget targets[] = {{&layer.q, m_q.data(), m_qWidth},
                                     {&layer.k, newKeys, m_kvWidth},
                                     {&layer.v, newValues, m_kvWidth}};
    TRILOBIT_CHECK(m_multiplier.multiply(input, targets, control));

    const std::int64_t half = m_config.ropeDim / 2;
    const bool interleaved = m_config.rope == RopeKind::Interleaved;
    m_multiplier.team().run(tokens, tokens * m_qWidth >= kWorthThreads, [&](std::int64_t t, int) noexcept {
        const float* cosines = m_cosines.data() + t * half;
        const float* sines = m_sines.data() + t * half;
        kernels::rotate(m_q.data() + t * m_qWidth, m_config.heads, m_config.headDim, m_config.ropeDim, interleaved,
                        cosines, sines);
        kernels::rotate(newKeys + t * m_kvWidth, m_config.kvHeads, m_config.headDim, m_config.ropeDim, interleaved,
                        cosines, sines);
    });
    TRILOBIT_CHECK(attend(index, position, tokens, control));
    if (m_config.subNorms)
        normRows(m_attended.data(), layer.attnSubNorm, tokens, m_attended.data());
    const ProductInput attended{m_attended.data(), tokens, m_qWidth};
    const ProductTarget out[] = {{&layer.o, m_projected.data(), m_config.hiddenSize}};
    TRILOBIT_CHECK(m_multiplier.multiply(attended, out, control));
    addRows(m_projected.data(), tokens * m_config.hiddenSize, m_x.data());
    return {};
}

Result<void> DecoderSession::attend(std::size_t layer, std::int64_t position, std::int64_t tokens, RunControl& control) {
    const std::int64_t scoreFloats = m_config.heads / m_config.kvHeads * m_context;
    const std::int64_t work = tokens * (position + tokens) * m_qWidth;
    std::atomic<bool> cancelled{false};
    // Late tokens see more: hand the expensive ones out first.
    const std::int64_t tasks = tokens * m_config.kvHeads;
    m_multiplier.team().run(tasks, work >= kWorthThreads, [&](std::int64_t task, int worker) noexcept {
        if (cancelled.load(std::memory_order_relaxed))
            return;
        if (control.isCancelled()) {
            cancelled = true;
            return;
        }
        attendHead(layer, position, tokens - 1 - task / m_config.kvHeads, task % m_config.kvHeads,
                   m_scores.data() + scoreFloats * worker);
    });
    if (cancelled)
        return cancelledError();
    return {};
}

void DecoderSession::attendHead(std::size_t layer, std::int64_t position, std::int64_t token, std::int64_t kvHead,
                                float* scores) noexcept {
    const KernelSet& set = m_multiplier.set();
    const std::int64_t dim = m_config.headDim, group = m_config.heads / m_config.kvHeads;
    const std::int64_t seen = position + token + 1;
    const float* q = m_q.data() + token * m_qWidth + kvHead * group * dim;
    float* out = m_attended.data() + token * m_qWidth + kvHead * group * dim;
    // All heads of the group share the keys: one product of `seen` rows with `group` inputs.
    set.floatProduct(keys(layer) + kvHead * dim, m_kvWidth, seen, q, dim, group, dim, scores, m_context);
    const float scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(dim)));
    for (std::int64_t h = 0; h < group; ++h) {
        kernels::softmax(scores + h * m_context, seen, scale);
        set.weightedSum(scores + h * m_context, values(layer) + kvHead * dim, m_kvWidth, seen, dim, out + h * dim);
    }
}

Result<void> DecoderSession::ffnBlock(std::size_t index, std::int64_t tokens, RunControl& control) {
    const DecoderLayer& layer = m_decoder->layers()[index];
    const std::int64_t width = m_config.ffnSize;
    normRows(m_x.data(), layer.ffnNorm, tokens, m_normed.data());
    const ProductInput input{m_normed.data(), tokens, m_config.hiddenSize};
    const ProductTarget targets[] = {{&layer.gate, m_gate.data(), width}, {&layer.up, m_up.data(), width}};
    TRILOBIT_CHECK(m_multiplier.multiply(input, targets, control));
    m_multiplier.team().run(tokens, tokens * width >= kWorthThreads, [&](std::int64_t t, int) noexcept {
        float* gate = m_gate.data() + t * width;
        const float* up = m_up.data() + t * width;
        switch (m_config.activation) {
        case Activation::Silu: kernels::siluGate(gate, up, width); break;
        case Activation::Relu2: kernels::relu2Gate(gate, up, width); break;
        case Activation::GeluTanh: kernels::geluTanhGate(gate, up, width); break;
        }
    });
    if (m_config.subNorms)
        normRows(m_gate.data(), layer.ffnSubNorm, tokens, m_gate.data());
    const ProductInput inner{m_gate.data(), tokens, width};
    const ProductTarget out[] = {{&layer.down, m_projected.data(), m_config.hiddenSize}};
    TRILOBIT_CHECK(m_multiplier.multiply(inner, out, control));
    addRows(m_projected.data(), tokens * m_config.hiddenSize, m_x.data());
    return {};
}

Result<void> DecoderSession::outputRows(std::int64_t first, std::int64_t tokens, float* logits, RunControl& control) {
    normRows(m_x.data() + first * m_config.hiddenSize, m_decoder->outputNorm(), tokens, m_normed.data());
    const ProductInput input{m_normed.data(), tokens, m_config.hiddenSize};
    const ProductTarget out[] = {{&m_decoder->output(), logits, m_config.vocabSize}};
    return m_multiplier.multiply(input, out, control);
}

void DecoderSession::normRows(const float* x, const std::vector<float>& weight, std::int64_t tokens, float* y) {
    const std::int64_t width = static_cast<std::int64_t>(weight.size());
    m_multiplier.team().run(tokens, tokens * width >= kWorthThreads, [&](std::int64_t t, int) noexcept {
        kernels::rmsNorm(x + t * width, weight.data(), width, m_config.rmsEps, y + t * width);
    });
}

void DecoderSession::addRows(const float* x, std::int64_t count, float* y) const {
    kernels::addRow(x, count, y);
}

} // namespace trilobit
