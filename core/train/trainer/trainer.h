// Trainer: one training run from plan and batches to checkpoints, curves and a model.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/model/model.h"
#include "core/train/exporting/modelparts.h"
#include "core/train/state/trainstate.h"
#include "core/train/trainer/trainplan.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

/// Batches as a pure function of the step, so that a resumed run sees what it would have seen. May be called from any thread.
class BatchSource {
public:
    virtual ~BatchSource() = default;
    /// Fills ids and targets [rows * time]; targets are shifted, -100 is ignored. step >= 1.
    virtual void batch(std::int64_t step, std::int64_t rows, std::int64_t time, std::int32_t* ids,
                       std::int32_t* targets) const = 0;
};

struct TrainInputs {
    std::shared_ptr<const BatchSource> training;
    std::shared_ptr<const BatchSource> heldOut;      ///< batches 1 to plan.evaluateBatches; null: none
    std::shared_ptr<const Model> base;               ///< start weights, shape, metadata; null: plan.shape, from scratch
    std::shared_ptr<const Model> teacher;            ///< for distillation; null: base
    std::shared_ptr<const Tokenizer> tokenizer;      ///< goes into the result; null: base's
    Metadata tokenizerMetadata;                      ///< its GGUF keys when there is no base
};

struct TrainPoint {
    std::int64_t step = 0, steps = 0;
    double loss = 0, smoothedLoss = 0, learningRate = 0, gradNorm = 0, clipScale = 1, lambda = 1;
    double tokensPerSecond = 0, secondsLeft = 0, seconds = 0; ///< seconds: of training, over all sittings
    bool blocks = false;             ///< taught block by block: the loss is an error relative to what the teacher's blocks give
};

/// Shares of the codes of one block matrix, for schemes that lie on three levels.
struct TernaryShares {
    std::string tensor;                  ///< GGUF name
    double minus = 0, zero = 0, plus = 0;
    double flippedPerStep = 0;           ///< share of codes that changed in the step looked at
};

/// Latent weights of one block matrix, in units of their mean magnitude, apart by the code that each becomes.
struct LatentHistogram {
    std::string tensor;                  ///< GGUF name
    double unit = 0;                     ///< mean |w|
    double low = 0, high = 0;            ///< of the bins, in units; values beyond go to the outermost bins
    std::vector<std::uint64_t> minus, zero, plus; ///< per bin; schemes that are not ternary have everything in `zero`
    bool ternary = false;
};

/// Called from the training thread. Unset functions are not called.
struct TrainObserver {
    std::function<void(const TrainPoint&)> onStep;
    std::function<void(std::int64_t step, double heldOutLoss)> onEvaluation;
    std::function<void(std::int64_t step, const std::vector<TernaryShares>&)> onShares;
    std::function<void(std::int64_t step, const std::shared_ptr<const Model>&)> onSnapshot; ///< every plan.sampleEvery
    std::function<void(const std::string& path)> onCheckpoint;
    std::function<void(std::int64_t step, const LatentHistogram&)> onWeights; ///< answers weightsAsked; first and last, all
    std::function<std::string()> weightsAsked; ///< between steps: GGUF name of a block matrix to look at, or empty
    std::function<bool()> isPaused;      ///< asked between steps; true waits (a checkpoint is written first)
};

struct TrainCurves {
    std::vector<std::int64_t> steps, evaluationSteps;
    std::vector<double> loss, gradNorm, learningRate, heldOutLoss;
};
Json trainCurvesToJson(const TrainCurves& curves);

struct TrainResult {
    std::shared_ptr<const Model> model;  ///< as deployed
    TrainCurves curves;
    std::int64_t steps = 0;
    double finalLoss = 0, heldOutLoss = 0, tokensPerSecond = 0, seconds = 0;
    bool stopped = false;                ///< by the person, before the last step
};

class Trainer {
public:
    /// Errors: Usage (scheme, plan), OutOfMemory, what importWeights says.
    static Result<std::unique_ptr<Trainer>> create(TrainPlan plan, TrainInputs inputs, const EncodingRegistry& encodings,
                                                   int threads, RunControl& control);
    /// Goes on from a checkpoint of the same plan (schedule.steps and curves come from it). Errors: Io, Format.
    Result<void> resume(const std::string& checkpoint);
    /// Weights of another run's checkpoint, its optimizer forgotten: a full-precision run continued with quantization.
    Result<void> continueFrom(const std::string& checkpoint);
    /// Trains to the end. Cancelling the control stops after the current step, writes the checkpoint and returns a result
    /// with `stopped`. Errors: Numeric (the checkpoint written last is kept), Io.
    Result<TrainResult> run(const std::string& checkpoint, const TrainObserver& observer, RunControl& control);

    const TrainPlan& plan() const { return m_plan; }
    TrainDecoder<float>& decoder() { return m_state->decoder(); }
    const TrainCurves& curves() const { return m_curves; }
    std::int64_t stepsDone() const { return m_state->stepsDone(); }
    Result<std::shared_ptr<const Model>> exportModel(TrainedForm form, RunControl& control) const;

private:
    Trainer() = default;
    Result<void> setUpTeacher(int threads, RunControl& control);
    float distillLoss(TrainDecoder<float>& student, const std::int32_t* ids, const std::int32_t* targets, std::int64_t rows);
    /// Steps up to this one are block by block.
    std::int64_t blockSteps() const;
    Result<StepReport> step(const std::int32_t* ids, const std::int32_t* targets, std::int64_t count);
    double evaluate();
    Result<void> save(const std::string& path);
    void record(const TrainPoint& point);
    std::vector<std::vector<std::int8_t>> codes() const;
    /// Codes of one matrix into `codes`; false when its values do not lie on three levels. `what` is scratch.
    bool codesOf(const LinearSlot& slot, std::vector<float>& what, std::vector<std::int8_t>& codes) const;
    /// The matrix of that GGUF name, all matrices when it is empty.
    void reportWeights(std::string_view tensor, const TrainObserver& observer) const;
    void reportShares(const std::vector<std::vector<std::int8_t>>& before, const TrainObserver& observer) const;
    void fitToBudget(double secondsPerStep);

    TrainPlan m_plan;
    TrainInputs m_inputs;
    const EncodingRegistry* m_encodings = nullptr;
    Metadata m_metadata;
    std::unique_ptr<TrainState<float>> m_state;
    std::unique_ptr<TrainDecoder<float>> m_teacher;
    AlignedBuffer<float> m_rowLosses;
    TrainCurves m_curves;
    double m_seconds = 0, m_smoothed = 0, m_heldOutLoss = 0;
    bool m_budgetFitted = false;
};

} // namespace trilobit
