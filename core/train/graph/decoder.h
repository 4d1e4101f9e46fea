// TrainDecoder: the engine's decoder graph, forward and backward over whole batches, memory planned once.
#pragma once

#include "core/train/gemm/gemm.h"
#include "core/train/graph/parameters.h"
#include "core/train/ops/attention.h"
#include "core/train/ops/rope.h"

#include <memory>
#include <vector>

namespace trilobit {

enum class NormKind { Rms, Layer };

/// One object per training run; not for several threads at once. Rows of a batch start at position 0 and are independent.
/// Every result has the same bits for any number of threads.
template <class Real>
class TrainDecoder {
public:
    /// `scheme` applies to the seven matrices of each block. batch * time rows at most per call.
    TrainDecoder(const ModelConfig& config, std::shared_ptr<const LinearScheme<Real>> scheme, NormKind norms,
                 std::int64_t batch, std::int64_t time, int threads);

    const ParameterLayout& layout() const { return m_layout; }
    const ModelConfig& config() const { return m_config; }
    std::span<Real> parameter(std::size_t index) { return slice(m_values, index); }
    std::span<const Real> parameter(std::size_t index) const {
        const ParameterInfo& info = m_layout.list[index];
        return {m_values.data() + info.offset, info.count()};
    }
    std::span<Real> gradient(std::size_t index) { return slice(m_gradients, index); }
    const LinearScheme<Real>& scheme() const { return *m_scheme; }
    /// Values of a slot's extras, in the scheme's order.
    std::vector<const Real*> extrasOf(const LinearSlot& slot) const;
    std::span<Real> values() { return {m_values.data(), m_values.size()}; }
    std::span<Real> gradients() { return {m_gradients.data(), m_gradients.size()}; }

    /// Normal(0, 0.02) matrices (output projections of blocks scaled by 1 / sqrt(2 layers)), ones for norms, extras from
    /// the scheme.
    void initialize(std::uint64_t seed);
    /// Only the extras, from the matrices as they are.
    void initializeExtras(std::uint64_t seed);

    /// Blend of the full-precision and the quantized matrix, 0 to 1 (1 at first): What = W + lambda (Q(W) - W).
    void setLambda(Real lambda) { m_lambda = lambda; }

    /// Runs the batch: ids [batch * time], `rows` of them (a multiple of time).
    void forward(const std::int32_t* ids, std::int64_t rows);
    /// forward() up to the residual stream after the last layer; logits() stay as they were.
    void forwardBlocks(const std::int32_t* ids, std::int64_t rows);
    /// Block by block: each block gets what the teacher's block got in its last forward pass and learns to give what that
    /// gave; no gradient goes from block to block. Mean over rows and blocks of |y - t|^2 / |t|^2; adds to gradients().
    Real teachBlocks(const TrainDecoder& teacher, std::int64_t rows);
    /// Mean cross-entropy over targets that are not -100 (NaN when there are none); leaves the logits' gradient in place.
    Real loss(const std::int32_t* targets, std::int64_t rows);
    /// For losses of other kinds: where the gradient of the logits goes, by default the logits' own memory. Asking for it
    /// gives it memory of its own from then on (zero it before adding).
    std::span<Real> logitGradient();
    /// weight * loss() added to logitGradient(); the logits stay.
    Real addCrossEntropy(const std::int32_t* targets, std::int64_t rows, Real weight);
    /// A further gradient of the residual stream after layer i (1 to layers), zeroed by forward(); backward() adds it.
    std::span<Real> residualGradient(std::size_t layer);
    /// After forward() and loss(): adds to gradients(). zeroGradients() first.
    void backward(const std::int32_t* ids, std::int64_t rows);
    void zeroGradients();

    /// [rows, vocabulary] after forward(), their gradient after loss().
    std::span<Real> logits() { return {m_logits.data(), m_logits.size()}; }
    /// Residual stream after layer i (0: embedding), [rows, hidden].
    std::span<const Real> residual(std::size_t layer) const { return m_layers[layer].input; }

    int threads() const { return m_threads; }

private:
    struct LayerState {
        AlignedBuffer<Real> input, attnNormed, q, k, v, attnOut, attnScaled, middle, ffnNormed, gate, up, active, scaled;
        AlignedBuffer<Real> attnMean, attnInverse, subMean, subInverse, ffnMean, ffnInverse, ffnSubMean, ffnSubInverse;
    };

    std::span<Real> slice(AlignedBuffer<Real>& buffer, std::size_t index) {
        const ParameterInfo& info = m_layout.list[index];
        return {buffer.data() + info.offset, info.count()};
    }
    const Real* value(std::size_t index) const { return m_values.data() + m_layout.list[index].offset; }
    Real* grad(std::size_t index) { return m_gradients.data() + m_layout.list[index].offset; }
    /// The matrix a product uses; prepared by prepareWeights().
    const Real* effective(const LinearSlot& slot) const;
    void prepareWeights();
    void norm(std::size_t weight, std::int64_t rows, std::int64_t cols, const Real* x, Real* y, Real* mean, Real* inverse);
    void normBackward(std::size_t weight, std::int64_t rows, std::int64_t cols, const Real* x, const Real* mean,
                      const Real* inverse, const Real* dy, Real* dx);
    /// Input as the products see it: x itself, or its quantized copy in scratch.
    const Real* seen(std::int64_t rows, std::int64_t in, const Real* x);
    void product(const LinearSlot& slot, std::int64_t rows, const Real* xhat, Real* y);
    void productBackward(const LinearSlot& slot, std::int64_t rows, const Real* xhat, const Real* dy, Real* dx,
                         bool accumulate);
    void forwardLayer(std::size_t index, std::int64_t rows);
    void backwardLayer(std::size_t index, std::int64_t rows, Real* dresidual);

    ModelConfig m_config;
    std::shared_ptr<const LinearScheme<Real>> m_scheme;
    NormKind m_norms;
    std::int64_t m_batch, m_time;
    int m_threads;
    Real m_lambda = 1;
    ParameterLayout m_layout;
    AlignedBuffer<Real> m_values, m_gradients, m_effective;
    std::vector<LayerState> m_layers; ///< one more than layers: the last holds the final residual
    AlignedBuffer<Real> m_logitGradient, m_scratchGradient;
    std::vector<AlignedBuffer<Real>> m_residualGradients; ///< by layer; empty unless asked for
    AlignedBuffer<Real> m_finalNormed, m_finalMean, m_finalInverse, m_logits, m_rowLosses;
    AlignedBuffer<Real> m_seen, m_dwhat, m_dhidden, m_dhidden2, m_dresidual, m_dwide, m_dwide2, m_dwide3, m_dq, m_dk, m_dv;
    Gemm<Real> m_gemm;
    Attention<Real> m_attention;
    ops::RopeTable<Real> m_rope;
};

extern template class TrainDecoder<float>;
extern template class TrainDecoder<double>;

} // namespace trilobit
