#include "core/train/state/trainstate.h"

#include "core/train/schemes/reduce.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

template <class Real>
TrainState<Real>::TrainState(const ModelConfig& config, std::shared_ptr<const LinearScheme<Real>> scheme, NormKind norms,
                             std::int64_t batch, std::int64_t time, int threads)
    : m_decoder(config, std::move(scheme), norms, batch, time, threads) {
    std::size_t total = 0;
    for (const ParameterInfo& info : m_decoder.layout().list) {
        m_offsets.push_back(total);
        if (info.trained)
            total += (info.count() + 15) / 16 * 16;
    }
    m_first = AlignedBuffer<Real>(total);
    m_second = AlignedBuffer<Real>(total);
    forgetMoments();
}

template <class Real>
void TrainState<Real>::forgetMoments() {
    m_step = 0;
    restartMoments();
}

template <class Real>
void TrainState<Real>::restartMoments() {
    std::fill(m_first.begin(), m_first.end(), Real(0));
    std::fill(m_second.begin(), m_second.end(), Real(0));
    m_momentsStart = m_step;
}

template <class Real>
Result<StepReport> TrainState<Real>::step(const std::int32_t* ids, const std::int32_t* targets, std::int64_t rows,
                                          const StepSettings& settings, const LossFunction<Real>& loss) {
    m_decoder.setLambda(static_cast<Real>(settings.lambda));
    m_decoder.zeroGradients();
    m_decoder.forward(ids, rows);
    const auto value = static_cast<double>(loss ? loss(m_decoder, ids, targets, rows) : m_decoder.loss(targets, rows));
    if (std::isfinite(value))
        m_decoder.backward(ids, rows);
    return update(value, settings);
}

template <class Real>
Result<StepReport> TrainState<Real>::stepBlocks(const TrainDecoder<Real>& teacher, std::int64_t rows,
                                                const StepSettings& settings) {
    m_decoder.setLambda(static_cast<Real>(settings.lambda));
    m_decoder.zeroGradients();
    return update(static_cast<double>(m_decoder.teachBlocks(teacher, rows)), settings);
}

template <class Real>
Result<StepReport> TrainState<Real>::update(double loss, const StepSettings& settings) {
    if (!std::isfinite(loss))
        return fail(ErrorCode::Numeric, "the loss of step " + std::to_string(m_step + 1) + " is not a finite number");
    const int threads = m_decoder.threads();
    StepReport report;
    report.loss = loss;
    double squares = 0;
    for (std::size_t i = 0; i < m_decoder.layout().list.size(); ++i) {
        const std::span<const Real> g = m_decoder.gradient(i);
        if (m_decoder.layout().list[i].trained) // frozen norms and embeddings gather gradients that nobody uses
            squares += static_cast<double>(blockSum<Real>(static_cast<std::int64_t>(g.size()), threads, [&](std::int64_t k) {
                return g[static_cast<std::size_t>(k)] * g[static_cast<std::size_t>(k)];
            }));
    }
    report.gradNorm = std::sqrt(squares);
    if (!std::isfinite(report.gradNorm))
        return fail(ErrorCode::Numeric, "the gradient of step " + std::to_string(m_step + 1) + " is not finite");
    if (settings.clipNorm > 0)
        report.clipScale = std::min(1.0, settings.clipNorm / (report.gradNorm + 1e-6));
    ++m_step;
    for (std::size_t i = 0; i < m_decoder.layout().list.size(); ++i) {
        const ParameterInfo& info = m_decoder.layout().list[i];
        if (info.trained)
            adamWStep<Real>(settings.adam, m_step - m_momentsStart, settings.learningRate, info.decays ? settings.weightDecay : 0,
                            report.clipScale, m_decoder.parameter(i), m_decoder.gradient(i), firstMoment(i),
                            secondMoment(i), threads);
    }
    return report;
}

template <class Real>
Real TrainState<Real>::evaluate(const std::int32_t* ids, const std::int32_t* targets, std::int64_t rows) {
    m_decoder.forward(ids, rows);
    return m_decoder.loss(targets, rows);
}

template class TrainState<float>;
template class TrainState<double>;

} // namespace trilobit
