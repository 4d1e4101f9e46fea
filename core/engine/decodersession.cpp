#include "core/engine/decodersession.h"

#include "core/kernels/rowops.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>
#include <numeric>

namespace trilobit {

namespace {

/// Tokens that go through a layer together: enough to share the decoding of weights, few enough to bound memory.
constexpr std::int64_t kBlockTokens = 512;
constexpr std::int64_t kMaxContext = std::int64_t{1} << 24;
constexpr std::int64_t kDefaultContext = 4096;
/// Values below which row operations stay on one thread.
constexpr std::int64_t kWorthThreads = 1 << 15;

AlignedBuffer<float> floats(std::int64_t count) { return AlignedBuffer<float>(static_cast<std::size_t>(count)); }

void scale(float* x, std::int64_t count, double factor) noexcept {
    const float f = static_cast<float>(factor);
    for (std::int64_t i = 0; i < count; ++i)
        x[i] *= f;
}

/// Adds the time of its life to `seconds`, if there is something to add to.
class Stopwatch {
public:
    explicit Stopwatch(double* seconds) : m_seconds(seconds), m_start(seconds ? Clock::now() : Clock::time_point()) {}
    ~Stopwatch() {
        if (m_seconds)
            *m_seconds += std::chrono::duration<double>(Clock::now() - m_start).count();
    }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

private:
    using Clock = std::chrono::steady_clock;
    double* m_seconds;
    Clock::time_point m_start;
};

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
        session->m_cache = KvCache(c.layers, contextLength, c.kvHeads, c.headDim, session->m_decoder->cacheType());
        const double scale = c.attentionScale > 0 ? c.attentionScale : 1.0 / std::sqrt(static_cast<double>(c.headDim));
        session->m_attention = Attention({c.heads, c.kvHeads, c.headDim, scale, c.attentionCap}, contextLength,
                                         session->m_decoder->threads());
        session->m_multiplier.reserve(session->m_decoder->maxCols());
        session->m_turns.rotation = rotationOf(c, contextLength, false);
        session->m_slidingTurns.rotation = rotationOf(c, contextLength, true);
        session->m_slidingApart = c.slidingRopeBase > 0;
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

void DecoderSession::measure(SessionTimes* times) {
    m_times = times;
    if (times)
        times->layers.resize(m_decoder->layers().size());
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
        m_cache.reserve(tokens);
        const Experts& e = m_config.experts;
        m_gate = floats(tokens * std::max(m_config.ffnSize, e.ffnSize));
        m_up = floats(tokens * std::max(m_config.ffnSize, e.ffnSize));
        m_fused = floats(tokens * std::max(m_config.fusedQkv ? m_qWidth + 2 * m_kvWidth : 0,
                                           m_config.fusedGateUp ? 2 * m_config.ffnSize : 0));
        for (Turns* turns : {&m_turns, &m_slidingTurns}) {
            turns->cosines = floats(tokens * m_config.ropeDim / 2);
            turns->sines = floats(tokens * m_config.ropeDim / 2);
        }
        m_routed = floats(tokens * e.count);
        m_slotWeights = floats(tokens * e.used);
        m_slotOut = floats(tokens * e.used * m_config.hiddenSize);
        m_gathered = floats(e.count > 0 ? tokens * m_config.hiddenSize : 0);
        m_slotsOf.resize(static_cast<std::size_t>(e.count));
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
        prepareRotation(position, tokens, m_turns);
        if (m_slidingApart)
            prepareRotation(position, tokens, m_slidingTurns);
        for (std::size_t layer = 0; layer < m_decoder->layers().size(); ++layer) {
            SessionTimes::Layer* times = m_times ? &m_times->layers[layer] : nullptr;
            {
                const Stopwatch watch(times ? &times->attention : nullptr);
                TRILOBIT_CHECK(attentionBlock(layer, position, tokens, control));
            }
            const Stopwatch watch(times ? &times->ffn : nullptr);
            TRILOBIT_CHECK(ffnBlock(layer, tokens, control));
        }
        if (m_times)
            m_times->tokens += tokens;
        const std::size_t first = std::clamp(firstKept, begin, begin + count);
        const std::size_t kept = begin + count - first;
        if (kept > 0) {
            const Stopwatch watch(m_times ? &m_times->output : nullptr);
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
    if (m_config.embeddingScale != 1)
        scale(m_x.data(), static_cast<std::int64_t>(ids.size()) * m_config.hiddenSize, m_config.embeddingScale);
}

void DecoderSession::prepareRotation(std::int64_t position, std::int64_t tokens, Turns& turns) const {
    const std::vector<double>& frequencies = turns.rotation.frequencies;
    const double magnitude = turns.rotation.magnitude;
    for (std::int64_t t = 0; t < tokens; ++t)
        for (std::size_t i = 0; i < frequencies.size(); ++i) {
            const double angle = static_cast<double>(position + t) * frequencies[i];
            const std::size_t at = static_cast<std::size_t>(t) * frequencies.size() + i;
            turns.cosines[at] = static_cast<float>(std::cos(angle) * magnitude);
            turns.sines[at] = static_cast<float>(std::sin(angle) * magnitude);
        }
}

/// q into m_q; keys and values where they are asked for.
Result<void> DecoderSession::project(const DecoderLayer& layer, const float* x, std::int64_t tokens, float* newKeys,
                                     float* newValues, RunControl& control) {
    const ProductInput input{x, tokens, m_config.hiddenSize};
    if (!m_config.fusedQkv) {
        const ProductTarget targets[] = {{&layer.q, m_q.data(), m_qWidth},
                                         {&layer.k, newKeys, m_kvWidth},
                                         {&layer.v, newValues, m_kvWidth}};
        return m_multiplier.multiply(input, targets, control);
    }
    const std::int64_t width = m_qWidth + 2 * m_kvWidth;
    const ProductTarget targets[] = {{&layer.qkv, m_fused.data(), width}};
    TRILOBIT_CHECK(m_multiplier.multiply(input, targets, control));
    for (std::int64_t t = 0; t < tokens; ++t) {
        const float* from = m_fused.data() + t * width;
        std::copy_n(from, m_qWidth, m_q.data() + t * m_qWidth);
        std::copy_n(from + m_qWidth, m_kvWidth, newKeys + t * m_kvWidth);
        std::copy_n(from + m_qWidth + m_kvWidth, m_kvWidth, newValues + t * m_kvWidth);
    }
    return {};
}

void DecoderSession::normAndRotate(const DecoderLayer& layer, float* q, float* k, std::int64_t token) const noexcept {
    const auto norm = [&](float* row, std::int64_t heads, const std::vector<float>& weight) {
        const std::int64_t width = static_cast<std::int64_t>(weight.size());
        for (std::int64_t at = 0; width > 0 && at < heads * m_config.headDim; at += width)
            m_multiplier.set().rows->rmsNorm(row + at, weight.data(), width, m_config.rmsEps, row + at);
    };
    norm(q, m_config.heads, layer.qNorm);
    norm(k, m_config.kvHeads, layer.kNorm);
    if (!layer.rotates)
        return;
    const bool interleaved = m_config.rope == RopeKind::Interleaved;
    const Turns& turns = turnsOf(layer);
    const std::int64_t at = token * (m_config.ropeDim / 2);
    kernels::rotate(q, m_config.heads, m_config.headDim, m_config.ropeDim, interleaved, turns.cosines.data() + at,
                    turns.sines.data() + at);
    kernels::rotate(k, m_config.kvHeads, m_config.headDim, m_config.ropeDim, interleaved, turns.cosines.data() + at,
                    turns.sines.data() + at);
}

void DecoderSession::addToStream(const std::vector<float>& postNorm, std::int64_t tokens) {
    if (!postNorm.empty())
        normRows(m_projected.data(), postNorm, tokens, m_projected.data());
    if (m_config.residualScale != 1)
        scale(m_projected.data(), tokens * m_config.hiddenSize, m_config.residualScale);
    addRows(m_projected.data(), tokens * m_config.hiddenSize, m_x.data());
}

Result<void> DecoderSession::attentionBlock(std::size_t index, std::int64_t position, std::int64_t tokens,
                                            RunControl& control) {
    const DecoderLayer& layer = m_decoder->layers()[index];
    const float* x = m_x.data();
    if (!layer.attnNorm.empty()) {
        normRows(m_x.data(), layer.attnNorm, tokens, m_normed.data());
        x = m_normed.data();
    }
    // Nothing in the cache counts until the position moves.
    const auto at = static_cast<std::int64_t>(index);
    float* newKeys = m_cache.newKeys();
    TRILOBIT_CHECK(project(layer, x, tokens, newKeys, m_cache.newValues(), control));
    m_multiplier.team().run(tokens, tokens * m_qWidth >= kWorthThreads, [&](std::int64_t t, int) noexcept {
        normAndRotate(layer, m_q.data() + t * m_qWidth, newKeys + t * m_kvWidth, t);
    });
    m_cache.commit(m_multiplier.set(), at, position, tokens);
    TRILOBIT_CHECK(m_attention.run(m_multiplier.set(), m_multiplier.team(), m_cache,
                                   {at, layer.sliding ? m_config.slidingWindow : 0, position, tokens, m_q.data(), m_attended.data()},
                                   control));
    if (m_config.subNorms)
        normRows(m_attended.data(), layer.attnSubNorm, tokens, m_attended.data());
    const ProductInput attended{m_attended.data(), tokens, m_qWidth};
    const ProductTarget out[] = {{&layer.o, m_projected.data(), m_config.hiddenSize}};
    TRILOBIT_CHECK(m_multiplier.multiply(attended, out, control));
    addToStream(layer.attnPostNorm, tokens);
    return {};
}

void DecoderSession::activate(std::int64_t tokens, std::int64_t width) {
    // A single token's row is shared out too: half of it lies in the other core's cache.
    constexpr std::int64_t kPart = 2048, kWorthParts = 2 * kPart;
    const std::int64_t all = tokens * width;
    m_multiplier.team().run((all + kPart - 1) / kPart, all >= kWorthParts, [&](std::int64_t part, int) noexcept {
        float* gate = m_gate.data() + part * kPart;
        const float* up = m_up.data() + part * kPart;
        const std::int64_t count = std::min(kPart, all - part * kPart);
        switch (m_config.activation) {
        case Activation::Silu: m_multiplier.set().rows->siluGate(gate, up, count); break;
        case Activation::Relu2: m_multiplier.set().rows->relu2Gate(gate, up, count); break;
        case Activation::GeluTanh: m_multiplier.set().rows->geluTanhGate(gate, up, count); break;
        }
    });
}

Result<void> DecoderSession::ffnBlock(std::size_t index, std::int64_t tokens, RunControl& control) {
    const DecoderLayer& layer = m_decoder->layers()[index];
    const std::int64_t width = m_config.ffnSize;
    const float* x = m_x.data();
    if (!layer.ffnNorm.empty()) {
        normRows(m_x.data(), layer.ffnNorm, tokens, m_normed.data());
        x = m_normed.data();
    }
    if (m_config.experts.count > 0) {
        TRILOBIT_CHECK(expertsBlock(layer.experts, x, tokens, control));
        addToStream(layer.ffnPostNorm, tokens);
        return {};
    }
    const ProductInput input{x, tokens, m_config.hiddenSize};
    if (m_config.fusedGateUp) {
        const ProductTarget targets[] = {{&layer.gateUp, m_fused.data(), 2 * width}};
        TRILOBIT_CHECK(m_multiplier.multiply(input, targets, control));
        for (std::int64_t t = 0; t < tokens; ++t) {
            std::copy_n(m_fused.data() + t * 2 * width, width, m_gate.data() + t * width);
            std::copy_n(m_fused.data() + t * 2 * width + width, width, m_up.data() + t * width);
        }
    } else {
        const ProductTarget targets[] = {{&layer.gate, m_gate.data(), width}, {&layer.up, m_up.data(), width}};
        TRILOBIT_CHECK(m_multiplier.multiply(input, targets, control));
    }
    activate(tokens, width);
    if (m_config.subNorms)
        normRows(m_gate.data(), layer.ffnSubNorm, tokens, m_gate.data());
    const ProductInput inner{m_gate.data(), tokens, width};
    const ProductTarget out[] = {{&layer.down, m_projected.data(), m_config.hiddenSize}};
    TRILOBIT_CHECK(m_multiplier.multiply(inner, out, control));
    addToStream(layer.ffnPostNorm, tokens);
    return {};
}

/// Into m_projected. Sums run over the ranks of a token's choice, so that they do not depend on what it came with.
Result<void> DecoderSession::expertsBlock(const DecoderExperts& experts, const float* x, std::int64_t tokens,
                                          RunControl& control) {
    const Experts& e = m_config.experts;
    const std::int64_t hidden = m_config.hiddenSize;
    const ProductInput input{x, tokens, hidden};
    const ProductTarget routed[] = {{&experts.router, m_routed.data(), e.count}};
    TRILOBIT_CHECK(m_multiplier.multiply(input, routed, control));
    chooseExperts(tokens);
    for (std::int64_t expert = 0; expert < e.count; ++expert)
        if (!m_slotsOf[static_cast<std::size_t>(expert)].empty())
            TRILOBIT_CHECK(runExpert(experts, expert, x, control));
    m_multiplier.team().run(tokens, tokens * hidden >= kWorthThreads, [&](std::int64_t t, int) noexcept {
        float* sum = m_projected.data() + t * hidden;
        std::fill_n(sum, hidden, 0.0f);
        for (std::int64_t slot = t * e.used; slot < (t + 1) * e.used; ++slot) {
            const float weight = m_slotWeights[static_cast<std::size_t>(slot)];
            const float* out = m_slotOut.data() + slot * hidden;
            for (std::int64_t i = 0; i < hidden; ++i)
                sum[i] += weight * out[i];
        }
    });
    return {};
}

void DecoderSession::chooseExperts(std::int64_t tokens) {
    const Experts& e = m_config.experts;
    for (auto& slots : m_slotsOf)
        slots.clear();
    std::vector<std::int32_t> order(static_cast<std::size_t>(e.count));
    for (std::int64_t t = 0; t < tokens; ++t) {
        float* weights = m_routed.data() + t * e.count;
        m_multiplier.set().rows->softmax(weights, e.count, 1.0f);
        std::iota(order.begin(), order.end(), 0);
        // NaN must not break the order of the sort.
        const auto rank = [&](std::int32_t i) { return std::isnan(weights[i]) ? -1.0f : weights[i]; };
        std::partial_sort(order.begin(), order.begin() + e.used, order.end(), [&](std::int32_t a, std::int32_t b) {
            return rank(a) != rank(b) ? rank(a) > rank(b) : a < b;
        });
        float sum = 0;
        for (std::int64_t r = 0; r < e.used; ++r)
            sum += weights[order[static_cast<std::size_t>(r)]];
        for (std::int64_t r = 0; r < e.used; ++r) {
            const std::int32_t expert = order[static_cast<std::size_t>(r)];
            const auto slot = static_cast<std::size_t>(t * e.used + r);
            m_slotWeights[slot] = e.normalized ? weights[expert] / sum : weights[expert];
            m_slotsOf[static_cast<std::size_t>(expert)].push_back(static_cast<std::int32_t>(slot));
        }
    }
}

Result<void> DecoderSession::runExpert(const DecoderExperts& experts, std::int64_t expert, const float* x,
                                       RunControl& control) {
    const std::int64_t hidden = m_config.hiddenSize, width = m_config.experts.ffnSize;
    const auto index = static_cast<std::size_t>(expert);
    const std::vector<std::int32_t>& slots = m_slotsOf[index];
    const std::int64_t tokens = static_cast<std::int64_t>(slots.size());
    const Linear &gate = experts.gate[index], &up = experts.up[index], &down = experts.down[index];
    for (std::int64_t i = 0; i < tokens; ++i)
        std::copy_n(x + slots[static_cast<std::size_t>(i)] / m_config.experts.used * hidden, hidden,
                    m_gathered.data() + i * hidden);
    const ProductInput input{m_gathered.data(), tokens, hidden};
    const ProductTarget targets[] = {{&gate, m_gate.data(), width}, {&up, m_up.data(), width}};
    TRILOBIT_CHECK(m_multiplier.multiply(input, targets, control));
    activate(tokens, width);
    const ProductInput inner{m_gate.data(), tokens, width};
    const ProductTarget out[] = {{&down, m_gathered.data(), hidden}};
    TRILOBIT_CHECK(m_multiplier.multiply(inner, out, control));
    for (std::int64_t i = 0; i < tokens; ++i)
        std::copy_n(m_gathered.data() + i * hidden, hidden, m_slotOut.data() + slots[static_cast<std::size_t>(i)] * hidden);
    return {};
}

Result<void> DecoderSession::outputRows(std::int64_t first, std::int64_t tokens, float* logits, RunControl& control) {
    normRows(m_x.data() + first * m_config.hiddenSize, m_decoder->outputNorm(), tokens, m_normed.data());
    const ProductInput input{m_normed.data(), tokens, m_config.hiddenSize};
    const ProductTarget out[] = {{&m_decoder->output(), logits, m_config.vocabSize}};
    TRILOBIT_CHECK(m_multiplier.multiply(input, out, control));
    if (m_config.logitScale != 1)
        scale(logits, tokens * m_config.vocabSize, m_config.logitScale);
    if (m_config.logitCap > 0)
        kernels::capRow(logits, tokens * m_config.vocabSize, 1, m_config.logitCap);
    return {};
}

void DecoderSession::normRows(const float* x, const std::vector<float>& weight, std::int64_t tokens, float* y) {
    const std::int64_t width = static_cast<std::int64_t>(weight.size());
    m_multiplier.team().run(tokens, tokens * width >= kWorthThreads, [&](std::int64_t t, int) noexcept {
        m_multiplier.set().rows->rmsNorm(x + t * width, weight.data(), width, m_config.rmsEps, y + t * width);
    });
}

void DecoderSession::addRows(const float* x, std::int64_t count, float* y) const {
    m_multiplier.set().rows->addRow(x, count, y);
}

} // namespace trilobit
