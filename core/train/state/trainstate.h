// TrainState: a decoder, its optimizer's moments and the step count: all that a checkpoint keeps.
#pragma once

#include "core/train/graph/decoder.h"
#include "core/train/optimizer/adamw.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace trilobit {

struct StepSettings {
    double learningRate = 1e-3, weightDecay = 0.1, lambda = 1;
    double clipNorm = 1;    ///< gradients of all tensors together; 0: no clipping
    AdamWConfig adam;
};

struct StepReport {
    double loss = 0;        ///< what the gradient is of: mean over the batch's counted targets
    double gradNorm = 0;    ///< before clipping
    double clipScale = 1;
};

/// A loss of another kind than next-token cross-entropy: given the decoder after forward(), leaves the gradient of the
/// logits in logits() (and may add to residual gradients by TrainDecoder::addResidualGradient) and returns the loss.
template <class Real>
using LossFunction = std::function<Real(TrainDecoder<Real>& decoder, const std::int32_t* ids, const std::int32_t* targets,
                                        std::int64_t rows)>;

/// Memory is planned in the constructor; a step allocates nothing.
template <class Real>
class TrainState {
public:
    TrainState(const ModelConfig& config, std::shared_ptr<const LinearScheme<Real>> scheme, NormKind norms,
               std::int64_t batch, std::int64_t time, int threads);

    TrainDecoder<Real>& decoder() { return m_decoder; }
    const TrainDecoder<Real>& decoder() const { return m_decoder; }
    std::int64_t stepsDone() const { return m_step; }
    void setStepsDone(std::int64_t step) { m_step = step; }
    /// Moments of a parameter; empty for a frozen one.
    std::span<Real> firstMoment(std::size_t index) { return moment(m_first, index); }
    std::span<Real> secondMoment(std::size_t index) { return moment(m_second, index); }
    /// The optimizer starts anew with the parameters as they are, and steps are counted from 0.
    void forgetMoments();
    /// Another loss begins: its gradients have another size, and moments of the old ones would make the first steps far too
    /// large. Steps go on being counted.
    void restartMoments();
    /// After resuming: the step at which restartMoments() was called, 0 if it was not.
    void setMomentsStart(std::int64_t step) { m_momentsStart = step; }

    /// Forward, loss, backward, clipping, update; counts the step. A loss or gradient that is not finite changes nothing
    /// but the gradients, and is an error (Numeric) that names the step.
    Result<StepReport> step(const std::int32_t* ids, const std::int32_t* targets, std::int64_t rows,
                            const StepSettings& settings, const LossFunction<Real>& loss = {});
    /// The same with TrainDecoder::teachBlocks(); the teacher has run the batch.
    Result<StepReport> stepBlocks(const TrainDecoder<Real>& teacher, std::int64_t rows, const StepSettings& settings);
    /// Loss of a batch without learning from it.
    Real evaluate(const std::int32_t* ids, const std::int32_t* targets, std::int64_t rows);

private:
    /// `loss` with its gradients in place: clipping, update, count.
    Result<StepReport> update(double loss, const StepSettings& settings);
    std::span<Real> moment(AlignedBuffer<Real>& buffer, std::size_t index) {
        const ParameterInfo& info = m_decoder.layout().list[index];
        return info.trained ? std::span<Real>{buffer.data() + m_offsets[index], info.count()} : std::span<Real>{};
    }

    TrainDecoder<Real> m_decoder;
    std::vector<std::size_t> m_offsets; ///< of trained parameters in the moments
    AlignedBuffer<Real> m_first, m_second;
    std::int64_t m_step = 0, m_momentsStart = 0;
};

extern template class TrainState<float>;
extern template class TrainState<double>;

} // namespace trilobit
