// The decoder graph of core/engine, written for batches, with its gradient.
#include "core/train/graph/decoder.h"

#include "core/train/ops/embedding.h"
#include "core/train/ops/gates.h"
#include "core/train/ops/losses.h"
#include "core/train/ops/norms.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace trilobit {

namespace {

template <class Real>
AlignedBuffer<Real> buffer(std::int64_t count) {
    AlignedBuffer<Real> out(static_cast<std::size_t>(count));
    std::fill(out.begin(), out.end(), Real(0));
    return out;
}

std::int64_t largestMatrix(const ParameterLayout& layout) {
    std::int64_t largest = 0;
    for (const LayerSlots& layer : layout.layers)
        for (const LinearSlot* slot : {&layer.q, &layer.k, &layer.v, &layer.o, &layer.gate, &layer.up, &layer.down})
            largest = std::max(largest, slot->out * slot->in);
    return largest;
}

} // namespace

template <class Real>
TrainDecoder<Real>::TrainDecoder(const ModelConfig& config, std::shared_ptr<const LinearScheme<Real>> scheme,
                                 NormKind norms, std::int64_t batch, std::int64_t time, int threads)
    : m_config(config), m_scheme(std::move(scheme)), m_norms(norms), m_batch(batch), m_time(time),
      m_threads(std::max(threads, 1)), m_layout(makeLayout(config, *m_scheme)), m_gemm(m_threads),
      m_attention({time, config.heads, config.kvHeads, config.headDim}, m_threads),
      m_rope(time, config.headDim, config.ropeBase) {
    const std::int64_t rows = batch * time, hidden = config.hiddenSize, ffn = config.ffnSize;
    const std::int64_t wide = config.heads * config.headDim, kv = config.kvHeads * config.headDim;
    m_values = buffer<Real>(static_cast<std::int64_t>(m_layout.total));
    m_gradients = buffer<Real>(static_cast<std::int64_t>(m_layout.total));
    if (m_scheme->changesWeight()) {
        m_effective = buffer<Real>(static_cast<std::int64_t>(m_layout.total));
        m_dwhat = buffer<Real>(largestMatrix(m_layout));
    }
    for (std::int64_t i = 0; i <= config.layers; ++i) {
        LayerState state;
        state.input = buffer<Real>(rows * hidden);
        if (i < config.layers) {
            for (auto* part : {&state.attnNormed, &state.middle, &state.ffnNormed})
                *part = buffer<Real>(rows * hidden);
            for (auto* part : {&state.q, &state.attnOut})
                *part = buffer<Real>(rows * wide);
            for (auto* part : {&state.k, &state.v})
                *part = buffer<Real>(rows * kv);
            for (auto* part : {&state.gate, &state.up, &state.active})
                *part = buffer<Real>(rows * ffn);
            for (auto* part : {&state.attnMean, &state.attnInverse, &state.ffnMean, &state.ffnInverse})
                *part = buffer<Real>(rows);
            if (config.subNorms) {
                state.attnScaled = buffer<Real>(rows * wide);
                state.scaled = buffer<Real>(rows * ffn);
                for (auto* part : {&state.subMean, &state.subInverse, &state.ffnSubMean, &state.ffnSubInverse})
                    *part = buffer<Real>(rows);
            }
        }
        m_layers.push_back(std::move(state));
    }
    m_finalNormed = buffer<Real>(rows * hidden);
    m_finalMean = buffer<Real>(rows);
    m_finalInverse = buffer<Real>(rows);
    m_logits = buffer<Real>(rows * config.vocabSize);
    m_rowLosses = buffer<Real>(rows);
    if (m_scheme->changesInput())
        m_seen = buffer<Real>(rows * std::max({hidden, wide, ffn}));
    for (auto* part : {&m_dhidden, &m_dhidden2, &m_dresidual})
        *part = buffer<Real>(rows * hidden);
    for (auto* part : {&m_dwide, &m_dwide2, &m_dwide3})
        *part = buffer<Real>(rows * std::max(wide, ffn));
    m_dq = buffer<Real>(rows * wide);
    m_dk = buffer<Real>(rows * kv);
    m_dv = buffer<Real>(rows * kv);
}

template <class Real>
void TrainDecoder<Real>::initialize(std::uint64_t seed) {
    Rng rng(seed);
    const double shrink = 1 / std::sqrt(2.0 * static_cast<double>(m_config.layers));
    for (std::size_t i = 0; i < m_layout.list.size(); ++i) {
        const ParameterInfo& info = m_layout.list[i];
        const std::span<Real> p = parameter(i);
        if (info.rows == 1 && !info.decays) {
            std::fill(p.begin(), p.end(), Real(1));
        } else if (info.decays) {
            const bool intoResidual = info.name.ends_with("o_proj.weight") || info.name.ends_with("down_proj.weight");
            for (Real& value : p)
                value = static_cast<Real>(rng.normal() * 0.02 * (intoResidual ? shrink : 1));
        }
    }
    initializeExtras(rng.next());
}

template <class Real>
void TrainDecoder<Real>::initializeExtras(std::uint64_t seed) {
    Rng rng(seed);
    for (const LayerSlots& layer : m_layout.layers)
        for (const LinearSlot* slot : layer.matrices()) {
            std::vector<Real*> extras;
            for (const std::size_t index : slot->extras)
                extras.push_back(parameter(index).data());
            m_scheme->initialize(slot->out, slot->in, parameter(slot->weight).data(), extras.data(), rng);
        }
}

template <class Real>
void TrainDecoder<Real>::zeroGradients() {
    std::fill(m_gradients.begin(), m_gradients.end(), Real(0));
}

template <class Real>
const Real* TrainDecoder<Real>::effective(const LinearSlot& slot) const {
    if (!slot.quantized || !m_scheme->changesWeight())
        return value(slot.weight);
    return m_effective.data() + m_layout.list[slot.weight].offset;
}

template <class Real>
std::vector<const Real*> TrainDecoder<Real>::extrasOf(const LinearSlot& slot) const {
    std::vector<const Real*> extras;
    for (const std::size_t index : slot.extras)
        extras.push_back(value(index));
    return extras;
}

template <class Real>
void TrainDecoder<Real>::prepareWeights() {
    if (!m_scheme->changesWeight())
        return;
    for (const LayerSlots& layer : m_layout.layers)
        for (const LinearSlot* slot : layer.matrices()) {
            const std::vector<const Real*> extras = extrasOf(*slot);
            Real* what = m_effective.data() + m_layout.list[slot->weight].offset;
            const Real* w = value(slot->weight);
            m_scheme->weight(slot->out, slot->in, w, extras.data(), what, m_threads);
            if (m_lambda != Real(1)) {
                const std::int64_t count = slot->out * slot->in;
#pragma omp parallel for num_threads(m_threads) schedule(static)
                for (std::int64_t i = 0; i < count; ++i)
                    what[i] = w[i] + m_lambda * (what[i] - w[i]);
            }
        }
}

template <class Real>
void TrainDecoder<Real>::norm(std::size_t weight, std::int64_t rows, std::int64_t cols, const Real* x, Real* y,
                              Real* mean, Real* inverse) {
    const Real eps = static_cast<Real>(m_config.rmsEps);
    if (m_norms == NormKind::Rms)
        ops::rmsNorm(rows, cols, x, value(weight), eps, y, inverse, m_threads);
    else
        ops::layerNorm(rows, cols, x, value(weight), eps, y, mean, inverse, m_threads);
}

template <class Real>
void TrainDecoder<Real>::normBackward(std::size_t weight, std::int64_t rows, std::int64_t cols, const Real* x,
                                      const Real* mean, const Real* inverse, const Real* dy, Real* dx) {
    if (m_norms == NormKind::Rms)
        ops::rmsNormBackward(rows, cols, x, value(weight), inverse, dy, dx, grad(weight), m_threads);
    else
        ops::layerNormBackward(rows, cols, x, value(weight), mean, inverse, dy, dx, grad(weight), m_threads);
}

template <class Real>
const Real* TrainDecoder<Real>::seen(std::int64_t rows, std::int64_t in, const Real* x) {
    if (!m_scheme->changesInput())
        return x;
    m_scheme->input(rows, in, x, m_seen.data(), m_threads);
    return m_seen.data();
}

template <class Real>
void TrainDecoder<Real>::product(const LinearSlot& slot, std::int64_t rows, const Real* xhat, Real* y) {
    m_gemm.linear(rows, slot.in, slot.out, xhat, effective(slot), y);
}

template <class Real>
void TrainDecoder<Real>::productBackward(const LinearSlot& slot, std::int64_t rows, const Real* xhat, const Real* dy,
                                         Real* dx, bool accumulate) {
    m_gemm.linearInputGradient(rows, slot.in, slot.out, dy, effective(slot), dx, accumulate);
    const bool trained = m_layout.list[slot.weight].trained;
    if (!slot.quantized || !m_scheme->changesWeight()) {
        if (trained)
            m_gemm.linearWeightGradient(rows, slot.in, slot.out, dy, xhat, grad(slot.weight), true);
        return;
    }
    m_gemm.linearWeightGradient(rows, slot.in, slot.out, dy, xhat, m_dwhat.data(), false);
    const std::vector<const Real*> extras = extrasOf(slot);
    std::vector<Real*> dextras;
    for (const std::size_t index : slot.extras)
        dextras.push_back(grad(index));
    m_scheme->weightGradient(slot.out, slot.in, value(slot.weight), extras.data(), m_dwhat.data(),
                             trained ? grad(slot.weight) : nullptr, dextras.data(), m_threads);
}

template <class Real>
void TrainDecoder<Real>::forwardLayer(std::size_t index, std::int64_t rows) {
    LayerState& s = m_layers[index];
    const LayerSlots& slots = m_layout.layers[index];
    const std::int64_t hidden = m_config.hiddenSize, ffn = m_config.ffnSize, wide = m_config.heads * m_config.headDim;

    norm(slots.attnNorm, rows, hidden, s.input.data(), s.attnNormed.data(), s.attnMean.data(), s.attnInverse.data());
    const Real* x = seen(rows, hidden, s.attnNormed.data());
    product(slots.q, rows, x, s.q.data());
    product(slots.k, rows, x, s.k.data());
    product(slots.v, rows, x, s.v.data());
    ops::rope(m_config.rope, m_rope, rows, m_time, m_config.heads, s.q.data(), false, m_threads);
    ops::rope(m_config.rope, m_rope, rows, m_time, m_config.kvHeads, s.k.data(), false, m_threads);
    m_attention.forward(s.q.data(), s.k.data(), s.v.data(), s.attnOut.data(), rows / m_time);
    const Real* attended = s.attnOut.data();
    if (m_config.subNorms) {
        norm(slots.attnSubNorm, rows, wide, attended, s.attnScaled.data(), s.subMean.data(), s.subInverse.data());
        attended = s.attnScaled.data();
    }
    product(slots.o, rows, seen(rows, wide, attended), s.middle.data());
    addTo(rows * hidden, s.input.data(), s.middle.data(), m_threads);

    norm(slots.ffnNorm, rows, hidden, s.middle.data(), s.ffnNormed.data(), s.ffnMean.data(), s.ffnInverse.data());
    x = seen(rows, hidden, s.ffnNormed.data());
    product(slots.gate, rows, x, s.gate.data());
    product(slots.up, rows, x, s.up.data());
    if (m_config.activation == Activation::Relu2)
        ops::relu2Gate(rows * ffn, s.gate.data(), s.up.data(), s.active.data(), m_threads);
    else
        ops::swiGlu(rows * ffn, s.gate.data(), s.up.data(), s.active.data(), m_threads);
    const Real* active = s.active.data();
    if (m_config.subNorms) {
        norm(slots.ffnSubNorm, rows, ffn, active, s.scaled.data(), s.ffnSubMean.data(), s.ffnSubInverse.data());
        active = s.scaled.data();
    }
    Real* out = m_layers[index + 1].input.data();
    product(slots.down, rows, seen(rows, ffn, active), out);
    addTo(rows * hidden, s.middle.data(), out, m_threads);
}

template <class Real>
void TrainDecoder<Real>::backwardLayer(std::size_t index, std::int64_t rows, Real* dresidual) {
    LayerState& s = m_layers[index];
    const LayerSlots& slots = m_layout.layers[index];
    const std::int64_t hidden = m_config.hiddenSize, ffn = m_config.ffnSize, wide = m_config.heads * m_config.headDim;
    Real* dactive = m_dwide.data();

    // Feed-forward: dresidual is the gradient of the layer's output and of `middle` through the skip.
    const Real* active = m_config.subNorms ? s.scaled.data() : s.active.data();
    productBackward(slots.down, rows, seen(rows, ffn, active), dresidual, dactive, false);
    if (m_config.subNorms) {
        normBackward(slots.ffnSubNorm, rows, ffn, s.active.data(), s.ffnSubMean.data(), s.ffnSubInverse.data(), dactive,
                     m_dwide2.data());
        dactive = m_dwide2.data();
    }
    Real* dgate = dactive == m_dwide.data() ? m_dwide2.data() : m_dwide.data();
    Real* dup = m_dwide3.data();
    if (m_config.activation == Activation::Relu2)
        ops::relu2GateBackward(rows * ffn, s.gate.data(), s.up.data(), dactive, dgate, dup, m_threads);
    else
        ops::swiGluBackward(rows * ffn, s.gate.data(), s.up.data(), dactive, dgate, dup, m_threads);
    const Real* x = seen(rows, hidden, s.ffnNormed.data());
    productBackward(slots.gate, rows, x, dgate, m_dhidden.data(), false);
    productBackward(slots.up, rows, x, dup, m_dhidden.data(), true);
    normBackward(slots.ffnNorm, rows, hidden, s.middle.data(), s.ffnMean.data(), s.ffnInverse.data(), m_dhidden.data(),
                 m_dhidden2.data());
    addTo(rows * hidden, m_dhidden2.data(), dresidual, m_threads);

    // Attention.
    const Real* attended = m_config.subNorms ? s.attnScaled.data() : s.attnOut.data();
    Real* dattended = m_dwide.data();
    productBackward(slots.o, rows, seen(rows, wide, attended), dresidual, dattended, false);
    if (m_config.subNorms) {
        normBackward(slots.attnSubNorm, rows, wide, s.attnOut.data(), s.subMean.data(), s.subInverse.data(), dattended,
                     m_dwide2.data());
        dattended = m_dwide2.data();
    }
    m_attention.backward(s.q.data(), s.k.data(), s.v.data(), dattended, m_dq.data(), m_dk.data(), m_dv.data(),
                         rows / m_time);
    ops::rope(m_config.rope, m_rope, rows, m_time, m_config.heads, m_dq.data(), true, m_threads);
    ops::rope(m_config.rope, m_rope, rows, m_time, m_config.kvHeads, m_dk.data(), true, m_threads);
    x = seen(rows, hidden, s.attnNormed.data());
    productBackward(slots.q, rows, x, m_dq.data(), m_dhidden.data(), false);
    productBackward(slots.k, rows, x, m_dk.data(), m_dhidden.data(), true);
    productBackward(slots.v, rows, x, m_dv.data(), m_dhidden.data(), true);
    normBackward(slots.attnNorm, rows, hidden, s.input.data(), s.attnMean.data(), s.attnInverse.data(), m_dhidden.data(),
                 m_dhidden2.data());
    addTo(rows * hidden, m_dhidden2.data(), dresidual, m_threads);
}

template <class Real>
void TrainDecoder<Real>::forwardBlocks(const std::int32_t* ids, std::int64_t rows) {
    prepareWeights();
    for (AlignedBuffer<Real>& gradient : m_residualGradients)
        std::fill(gradient.begin(), gradient.end(), Real(0));
    const std::int64_t hidden = m_config.hiddenSize;
    ops::embedding(rows, hidden, ids, value(m_layout.embedding), m_layers[0].input.data(), m_threads);
    for (std::size_t i = 0; i < m_layout.layers.size(); ++i)
        forwardLayer(i, rows);
}

template <class Real>
void TrainDecoder<Real>::forward(const std::int32_t* ids, std::int64_t rows) {
    forwardBlocks(ids, rows);
    const std::int64_t hidden = m_config.hiddenSize;
    norm(m_layout.finalNorm, rows, hidden, m_layers.back().input.data(), m_finalNormed.data(), m_finalMean.data(),
         m_finalInverse.data());
    product(m_layout.output, rows, m_finalNormed.data(), m_logits.data());
}

template <class Real>
Real TrainDecoder<Real>::teachBlocks(const TrainDecoder& teacher, std::int64_t rows) {
    prepareWeights();
    const std::int64_t hidden = m_config.hiddenSize;
    const Real weight = Real(1) / static_cast<Real>(rows * m_config.layers);
    Real error = 0;
    for (std::size_t i = 0; i < m_layout.layers.size(); ++i) {
        std::copy_n(teacher.residual(i).data(), rows * hidden, m_layers[i].input.data());
        forwardLayer(i, rows);
        error += ops::relativeError(rows, hidden, teacher.residual(i + 1).data(), m_layers[i + 1].input.data(), weight,
                                    m_dresidual.data(), m_rowLosses.data(), m_threads);
        backwardLayer(i, rows, m_dresidual.data());
    }
    return error;
}

template <class Real>
Real TrainDecoder<Real>::loss(const std::int32_t* targets, std::int64_t rows) {
    const auto counted = rows - std::count(targets, targets + rows, ops::kIgnoredTarget);
    if (counted == 0)
        return std::numeric_limits<Real>::quiet_NaN();
    Real* gradient = m_logitGradient.empty() ? m_logits.data() : m_logitGradient.data();
    return ops::crossEntropy(rows, m_config.vocabSize, m_logits.data(), targets, Real(1) / static_cast<Real>(counted),
                             gradient, m_rowLosses.data(), m_threads);
}

template <class Real>
std::span<Real> TrainDecoder<Real>::logitGradient() {
    if (m_logitGradient.empty())
        m_logitGradient = buffer<Real>(static_cast<std::int64_t>(m_logits.size()));
    return {m_logitGradient.data(), m_logitGradient.size()};
}

template <class Real>
Real TrainDecoder<Real>::addCrossEntropy(const std::int32_t* targets, std::int64_t rows, Real weight) {
    const auto counted = rows - std::count(targets, targets + rows, ops::kIgnoredTarget);
    if (counted == 0)
        return 0;
    if (m_scratchGradient.empty())
        m_scratchGradient = buffer<Real>(static_cast<std::int64_t>(m_logits.size()));
    const Real value = ops::crossEntropy(rows, m_config.vocabSize, m_logits.data(), targets,
                                         weight / static_cast<Real>(counted), m_scratchGradient.data(),
                                         m_rowLosses.data(), m_threads);
    addTo(rows * m_config.vocabSize, m_scratchGradient.data(), logitGradient().data(), m_threads);
    return value;
}

template <class Real>
std::span<Real> TrainDecoder<Real>::residualGradient(std::size_t layer) {
    if (m_residualGradients.empty())
        m_residualGradients.resize(m_layers.size());
    if (m_residualGradients[layer].empty())
        m_residualGradients[layer] = buffer<Real>(m_batch * m_time * m_config.hiddenSize);
    return {m_residualGradients[layer].data(), m_residualGradients[layer].size()};
}

template <class Real>
void TrainDecoder<Real>::backward(const std::int32_t* ids, std::int64_t rows) {
    const std::int64_t hidden = m_config.hiddenSize;
    const Real* dlogits = m_logitGradient.empty() ? m_logits.data() : m_logitGradient.data();
    productBackward(m_layout.output, rows, m_finalNormed.data(), dlogits, m_dhidden.data(), false);
    normBackward(m_layout.finalNorm, rows, hidden, m_layers.back().input.data(), m_finalMean.data(), m_finalInverse.data(),
                 m_dhidden.data(), m_dresidual.data());
    for (std::size_t i = m_layout.layers.size(); i-- > 0;) {
        if (!m_residualGradients.empty() && !m_residualGradients[i + 1].empty())
            addTo(rows * hidden, m_residualGradients[i + 1].data(), m_dresidual.data(), m_threads);
        backwardLayer(i, rows, m_dresidual.data());
    }
    if (m_layout.list[m_layout.embedding].trained)
        ops::embeddingBackward(rows, hidden, ids, m_dresidual.data(), grad(m_layout.embedding), m_threads);
}

template class TrainDecoder<float>;
template class TrainDecoder<double>;

} // namespace trilobit
